//! Colours as the config writes them, and how well one can be read on another.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

/// An opaque colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl Colour {
    pub const BLACK: Colour = Colour { red: 0, green: 0, blue: 0 };
    pub const WHITE: Colour = Colour { red: 255, green: 255, blue: 255 };

    /// Reads `#rgb` or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let channel = |at: usize| match digits.len() {
            3 => u8::from_str_radix(&digits[at..=at].repeat(2), 16).ok(),
            6 => u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok(),
            _ => None,
        };
        Some(Colour { red: channel(0)?, green: channel(1)?, blue: channel(2)? })
    }

    /// The contrast with another colour as WCAG 2 defines it, from 1 to 21.
    /// <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour with a share of another one in it, from 0 to 1.
    pub fn mixed(self, other: Colour, share: f64) -> Colour {
        let mix = |own: u8, other: u8| (f64::from(own) + (f64::from(other) - f64::from(own)) * share).round() as u8;
        Colour { red: mix(self.red, other.red), green: mix(self.green, other.green), blue: mix(self.blue, other.blue) }
    }

    /// This colour if it has a contrast with all of `grounds`, else as little of `other` mixed in as gives it; `other`
    /// itself where nothing does.
    pub fn legible(self, other: Colour, grounds: &[Colour], contrast: f64) -> Colour {
        let steps = (0..=100).map(|step| self.mixed(other, f64::from(step) / 100.0));
        let mut fitting = steps.filter(|colour| grounds.iter().all(|ground| colour.contrast(*ground) >= contrast));
        fitting.next().unwrap_or(other)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Colour::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is no colour of the form `#rgb` or `#rrggbb`, such as `#0b5d52`"
            ))
        })
    }
}

impl JsonSchema for Colour {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Colour".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_hexadecimal() {
        let teal = Some(Colour { red: 0x0b, green: 0x5d, blue: 0x52 });
        assert_eq!((Colour::parse("#0b5d52"), Colour::parse("#0B5D52")), (teal, teal));
        assert_eq!(Colour::parse("#fff"), Some(Colour::WHITE));
        for text in ["", "#", "teal", "#12", "#12345", "#0b5d5280", "0b5d52", "#ggg", "#éé", "#+12"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
        assert_eq!(teal.map(|colour| colour.to_string()).as_deref(), Some("#0b5d52"));
    }

    /// The figures are those of the examples at <https://webaim.org/resources/contrastchecker/>.
    #[test]
    fn contrast_is_that_of_wcag() {
        let colour = |text| Colour::parse(text).expect("a colour");
        for (a, b, contrast) in [("#000", "#fff", 21.0), ("#777777", "#fff", 4.48), ("#0000ff", "#fff", 8.59)] {
            assert!((colour(a).contrast(colour(b)) - contrast).abs() < 0.01, "{a} on {b}");
        }
        let mended = colour("#7fd1c7").legible(Colour::BLACK, &[Colour::WHITE], 4.5);
        assert!(mended.contrast(Colour::WHITE) >= 4.5 && mended.contrast(Colour::WHITE) < 4.8, "{mended}");
    }
}
