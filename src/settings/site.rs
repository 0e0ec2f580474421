//! `[site]`: what a team says of its site. Decoded here, one table of one file, and put over that of the file that it
//! extends. Whether the files that it names are there and are what they should be is seen when the site is built.

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::colour::Colour;

/// `[site]` of one file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "SiteSettings")]
pub struct SiteLayer {
    /// Name of the handbook. Default: the title of the root's index.
    #[schemars(with = "Option<String>")]
    pub title: Option<Spanned<String>>,
    /// A line under the title, such as the team's name.
    #[schemars(with = "Option<String>")]
    pub subtitle: Option<Spanned<String>>,
    /// Default: the title.
    #[schemars(with = "Option<String>")]
    pub footer: Option<Spanned<String>>,
    /// Folder whose files override those of the default theme, relative to the config file; or the name of a theme that is
    /// part of the program.
    #[schemars(with = "Option<String>")]
    pub theme: Option<Spanned<String>>,
    /// Address under which the files of the root folder can be read, such as
    /// `https://git.example/team/handbook/blob/main/runbooks`. Links that leave the root go there.
    #[schemars(with = "Option<String>")]
    pub repository: Option<Spanned<String>>,
    /// Address at which the site is served, such as `https://ops.example/runbooks/`; `build --base-url` goes before it. It
    /// brings `sitemap.xml`, `feed.xml`, `404.html` and the tags that previews read.
    #[serde(default, deserialize_with = "base_url")]
    #[schemars(with = "Option<String>", regex(pattern = r"^https?://[^/?#\s@<>]+(/[^?#\s<>]*)?$"))]
    pub base_url: Option<Spanned<String>>,
    /// Address at which a document is edited, with `{path}` for its path from the root. Default: no link to it.
    #[serde(default, deserialize_with = "edit")]
    #[schemars(with = "Option<String>", regex(pattern = r"^https?://[^\s]*\{path\}[^\s]*$"))]
    pub edit: Option<Spanned<String>>,
    /// Language of the handbook, such as `en` or `pt-BR`, for screen readers and hyphenation. Default: `en`.
    #[serde(default, deserialize_with = "language")]
    #[schemars(with = "Option<String>", regex(pattern = r"^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$"))]
    pub language: Option<Spanned<String>>,
    /// Picture before the title, relative to the config file: SVG, PNG, JPEG, GIF, WebP or AVIF.
    #[schemars(with = "Option<String>")]
    pub logo: Option<Spanned<String>>,
    /// Picture for the browser's tab, relative to the config file: SVG, PNG, ICO, or as `logo`.
    #[schemars(with = "Option<String>")]
    pub icon: Option<Spanned<String>>,
    /// Style sheets that pages load behind those of the theme, relative to the config file.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub css: Vec<Spanned<String>>,
    /// Colours in the place of the theme's.
    #[serde(default)]
    pub colors: ColorsLayer,
}

/// `[site.colors]`: each a colour, or one for each scheme as `{ light = "#…", dark = "#…" }`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "SiteColors")]
pub struct ColorsLayer {
    /// Links, the focus, what is chosen.
    #[schemars(with = "Option<Colors>")]
    pub accent: Option<Spanned<Colors>>,
    /// What destroys, and what is wrong.
    #[schemars(with = "Option<Colors>")]
    pub danger: Option<Spanned<Colors>>,
    /// What disrupts, and what is doubtful.
    #[schemars(with = "Option<Colors>")]
    pub warn: Option<Spanned<Colors>>,
    /// What is in order.
    #[schemars(with = "Option<Colors>")]
    pub ok: Option<Spanned<Colors>>,
    /// Behind everything. Surfaces and lines are made of it and of `ink`.
    #[schemars(with = "Option<Colors>")]
    pub ground: Option<Spanned<Colors>>,
    /// Text.
    #[schemars(with = "Option<Colors>")]
    pub ink: Option<Spanned<Colors>>,
}

/// A colour in the light and in the dark scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colors {
    pub light: Option<Colour>,
    pub dark: Option<Colour>,
}

/// By hand: serde's untagged enums lose the places of mistakes inside.
impl<'de> Deserialize<'de> for Colors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ColorsVisitor;
        impl<'de> Visitor<'de> for ColorsVisitor {
            type Value = Colors;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a colour such as \"#0b5d52\", or { light = \"#…\", dark = \"#…\" }")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Colors, E> {
                let light = Colour::deserialize(serde::de::value::StrDeserializer::new(text))?;
                Ok(Colors { light: Some(light), dark: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Colors, A::Error> {
                let schemes = Schemes::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Colors { light: schemes.light, dark: schemes.dark })
            }
        }
        deserializer.deserialize_any(ColorsVisitor)
    }
}

/// A colour for each scheme; a scheme that is not named keeps that of the theme.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Schemes {
    light: Option<Colour>,
    dark: Option<Colour>,
}

impl JsonSchema for Colors {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Colors".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (one, both) = (generator.subschema_for::<Colour>(), generator.subschema_for::<Schemes>());
        schemars::json_schema!({ "anyOf": [one, both] })
    }
}

/// `[site]` of all files together.
#[derive(Debug, Clone, Default)]
pub struct SiteSettings {
    pub title: Option<String>,
    pub subtitle: Option<String>,
    pub footer: Option<String>,
    pub theme: Option<SitePath>,
    pub repository: Option<String>,
    /// Ends with `/`.
    pub base_url: Option<String>,
    /// Holds `{path}`.
    pub edit: Option<String>,
    pub language: Option<String>,
    pub logo: Option<SitePath>,
    pub icon: Option<SitePath>,
    /// Those of the extended file first, so that those of the extending one prevail.
    pub css: Vec<SitePath>,
    pub colors: SiteColors,
    /// Where each of the texts above is said, by its key.
    pub places: BTreeMap<&'static str, SitePlace>,
}

/// A place of the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SitePlace {
    /// Position of the config file among those that extend each other.
    pub file: usize,
    /// In bytes.
    pub offset: usize,
}

/// A path of the config, with its place there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePath {
    /// Relative to the config file that names it.
    pub path: String,
    /// Position of that file among those that extend each other.
    pub file: usize,
    pub span: Range<usize>,
}

/// `[site.colors]` of all files together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteColors {
    pub accent: Option<SiteColor>,
    pub danger: Option<SiteColor>,
    pub warn: Option<SiteColor>,
    pub ok: Option<SiteColor>,
    pub ground: Option<SiteColor>,
    pub ink: Option<SiteColor>,
}

impl SiteColors {
    /// All that are set, by their names.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &SiteColor)> {
        let all = [
            ("accent", &self.accent),
            ("danger", &self.danger),
            ("warn", &self.warn),
            ("ok", &self.ok),
            ("ground", &self.ground),
            ("ink", &self.ink),
        ];
        all.into_iter().filter_map(|(name, color)| Some((name, color.as_ref()?)))
    }
}

/// A colour of the config, with its place there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteColor {
    pub colors: Colors,
    /// Position of the config file among those that extend each other.
    pub file: usize,
    pub span: Range<usize>,
}

impl SiteSettings {
    /// These settings with those of a file that extends them put over.
    pub fn under(self, layer: SiteLayer, file: usize) -> SiteSettings {
        let placed = |path: Spanned<String>| SitePath { span: path.span(), path: path.into_inner(), file };
        let color = |color: Spanned<Colors>| SiteColor { span: color.span(), colors: color.into_inner(), file };
        let (own, base) = (layer.colors, self.colors);
        let mut places = self.places;
        let mut text = |key, own: Option<Spanned<String>>, base: Option<String>| match own {
            None => base,
            Some(own) => {
                places.insert(key, SitePlace { file, offset: own.span().start });
                Some(own.into_inner())
            }
        };
        SiteSettings {
            title: text("title", layer.title, self.title),
            subtitle: text("subtitle", layer.subtitle, self.subtitle),
            footer: text("footer", layer.footer, self.footer),
            theme: layer.theme.map(placed).or(self.theme),
            repository: text("repository", layer.repository, self.repository),
            base_url: text("base-url", layer.base_url, self.base_url),
            edit: text("edit", layer.edit, self.edit),
            language: text("language", layer.language, self.language),
            logo: layer.logo.map(placed).or(self.logo),
            icon: layer.icon.map(placed).or(self.icon),
            css: self.css.into_iter().chain(layer.css.into_iter().map(placed)).collect(),
            colors: SiteColors {
                accent: own.accent.map(color).or(base.accent),
                danger: own.danger.map(color).or(base.danger),
                warn: own.warn.map(color).or(base.warn),
                ok: own.ok.map(color).or(base.ok),
                ground: own.ground.map(color).or(base.ground),
                ink: own.ink.map(color).or(base.ink),
            },
            places,
        }
    }
}

/// Reads the address at which a site is served, and ends it with `/`.
pub fn parse_base_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let wrong = |c: char| c.is_whitespace() || c.is_control() || "?#<>\"'\\`{}".contains(c);
    let usable = |rest: &str| {
        let host = rest.split('/').next().unwrap_or_default();
        // Who signs in would stand on every page.
        !host.is_empty() && !host.contains('@') && !rest.contains(wrong)
    };
    match rest.is_some_and(usable) {
        true => Ok(format!("{}/", text.trim_end_matches('/'))),
        false => Err(format!("`{text}` is no address such as https://ops.example/runbooks/")),
    }
}

/// Decodes a text that `read` takes and may change.
fn text<'de, D: Deserializer<'de>>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<String, String>,
) -> Result<Option<Spanned<String>>, D::Error> {
    let written = Spanned::<String>::deserialize(deserializer)?;
    let text = read(written.get_ref()).map_err(Error::custom)?;
    Ok(Some(Spanned::new(written.span(), text)))
}

fn base_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<String>>, D::Error> {
    text(deserializer, parse_base_url)
}

fn edit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<String>>, D::Error> {
    text(deserializer, |text| {
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        match is_web && text.contains("{path}") && !text.contains(char::is_whitespace) {
            true => Ok(text.to_string()),
            false => Err(format!(
                "`{text}` is no address that holds `{{path}}`, such as https://git.example/team/handbook/edit/main/{{path}}"
            )),
        }
    })
}

fn language<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<String>>, D::Error> {
    let is_first = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_other = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text(deserializer, |text| {
        let mut parts = text.split('-');
        match parts.next().is_some_and(is_first) && parts.all(is_other) {
            true => Ok(text.to_string()),
            false => Err(format!("`{text}` is no language tag, such as `en`, `de` or `pt-BR`")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    fn site(text: &str) -> Result<SiteSettings, String> {
        Settings::parse(&format!("[site]\n{text}\n")).map(|settings| settings.site).map_err(|error| error.message)
    }

    #[test]
    fn addresses_of_the_site_end_with_a_slash() {
        for (written, read) in [
            ("https://ops.example", "https://ops.example/"),
            ("http://localhost:8080/a/b", "http://localhost:8080/a/b/"),
            ("https://ops.example/a//", "https://ops.example/a/"),
        ] {
            assert_eq!(parse_base_url(written).as_deref(), Ok(read));
        }
        for wrong in [
            "ops",
            "ftp://a",
            "https://",
            "https:///a",
            "https://a b",
            "https://a/?q",
            "https://u:p@a/",
            "https://a/\"x",
        ] {
            assert!(parse_base_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn mistakes_say_what_is_expected() {
        let cases = [
            ("base-url = \"ops\"", "`ops` is no address such as https://ops.example/runbooks/"),
            ("edit = \"https://git.example/edit\"", "`https://git.example/edit` is no address that holds `{path}`"),
            ("language = \"English, of course\"", "`English, of course` is no language tag"),
            ("colors = { accent = \"teal\" }", "`teal` is no colour of the form `#rgb` or `#rrggbb`"),
            ("colors = { accent = { light = \"#12\" } }", "`#12` is no colour"),
            ("colors = { accent = { lihgt = \"#123\" } }", "unknown field `lihgt`"),
            ("colors = { accnt = \"#123\" }", "unknown field `accnt`"),
            ("colors = { accent = 3 }", "invalid type: integer `3`, expected a colour such as \"#0b5d52\""),
        ];
        for (text, message) in cases {
            let found = site(text).expect_err(text);
            assert!(found.starts_with(message), "{text}: {found}");
        }
    }

    #[test]
    fn a_colour_holds_for_the_light_scheme_or_for_each() {
        let accent = |text: &str| site(&format!("colors = {{ accent = {text} }}")).expect("valid").colors.accent;
        let colour = |text: &str| Colour::parse(text);
        let one = accent("\"#0b5d52\"").expect("a colour");
        assert_eq!(one.colors, Colors { light: colour("#0b5d52"), dark: None });
        let both = accent("{ light = \"#0b5d52\", dark = \"#8fd\" }").expect("two colours");
        assert_eq!(both.colors, Colors { light: colour("#0b5d52"), dark: colour("#8fd") });
    }

    #[test]
    fn style_sheets_of_the_extended_file_go_first() {
        let layer = |text: &str| toml::from_str::<SiteLayer>(text).expect("valid");
        let base = SiteSettings::default().under(layer("css = [\"base.css\"]\nlogo = \"base.svg\""), 1);
        let both = base.under(layer("css = [\"own.css\"]"), 0);
        let paths: Vec<(&str, usize)> = both.css.iter().map(|css| (css.path.as_str(), css.file)).collect();
        assert_eq!(paths, [("base.css", 1), ("own.css", 0)]);
        assert_eq!(both.logo.map(|logo| logo.file), Some(1));
    }
}
