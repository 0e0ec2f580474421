//! The colours of the config as a style sheet of design tokens, and whether text in them can be read.
//!
//! The tokens are those of the default theme. What the config does not say comes from the theme: its tokens are read
//! where they are written as `--name: light-dark(#…, #…)` or `--name: #…`.

use std::collections::BTreeMap;

use super::Theme;
use crate::diagnostic::ConfigError;
use crate::settings::{Colour, SiteColor, SiteColors};

/// What WCAG 2.2 asks of text, and of the edges of fields.
const TEXT: f64 = 4.5;
const EDGE: f64 = 3.0;
/// What a colour is lightened to that is made for the dark scheme: bright text on black needs more than the least.
const DARK_TEXT: f64 = 7.0;

/// The two schemes, in the order of `light-dark()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Light,
    Dark,
}

/// Colours of the config, the token of the theme that each replaces, and the one for its background.
const MEANINGS: [(&str, &str, &str); 4] = [
    ("accent", "link", "link-soft"),
    ("danger", "danger", "danger-soft"),
    ("warn", "warn", "warn-soft"),
    ("ok", "ok", "ok-soft"),
];

/// Tokens of code, which must be read on another ground, too.
const CODE: [&str; 6] = ["hl-keyword", "hl-name", "hl-string", "hl-value", "hl-type", "hl-quiet"];

/// Tokens with their colours in the light and the dark scheme.
type Tokens = BTreeMap<&'static str, [Option<Colour>; 2]>;

/// A style sheet with the tokens that the config changes; `None` where it changes none. A colour that cannot be read on
/// what lies behind it is a mistake of the config.
pub fn stylesheet(colors: &SiteColors, theme: &Theme) -> Result<Option<String>, ConfigError> {
    if colors.named().next().is_none() {
        return Ok(None);
    }
    let theme = theme_tokens(theme);
    let mut changed = Tokens::new();
    for (at, scheme) in [Scheme::Light, Scheme::Dark].into_iter().enumerate() {
        for (name, colour) in scheme_tokens(colors, &theme, scheme)? {
            changed.entry(name).or_default()[at] = Some(colour);
        }
    }
    let lines = changed.iter().filter_map(|(name, schemes)| {
        let known = theme.get(name).copied().unwrap_or_default();
        let [light, dark] = [schemes[0].or(known[0])?, schemes[1].or(known[1])?];
        Some(format!("    --{name}: light-dark({light}, {dark});\n"))
    });
    // Print has a ground of its own, and who asks for more contrast than usual gets the theme's.
    Ok(Some(format!(
        "/* Colours of runbook-site.toml, and what is made of them. */\n\
         @media screen and (not (prefers-contrast: more)) {{\n  :root:not([data-theme=\"contrast\"]) {{\n{}  }}\n}}\n",
        lines.collect::<String>()
    )))
}

/// The tokens that the config changes in one scheme.
fn scheme_tokens(
    colors: &SiteColors,
    theme: &Tokens,
    scheme: Scheme,
) -> Result<Vec<(&'static str, Colour)>, ConfigError> {
    let known = |name: &str, otherwise: Colour| {
        theme.get(name).and_then(|schemes| schemes[scheme as usize]).unwrap_or(otherwise)
    };
    let (paper, print) = match scheme {
        Scheme::Light => (Colour::WHITE, Colour::BLACK),
        Scheme::Dark => (Colour::BLACK, Colour::WHITE),
    };
    let own = |color: &Option<SiteColor>| color.as_ref().and_then(|color| stated(color, scheme));
    let ground = own(&colors.ground).unwrap_or_else(|| known("ground", paper));
    let ink = own(&colors.ink).unwrap_or_else(|| known("ink", print));
    let is_own_ground = own(&colors.ground).is_some() || own(&colors.ink).is_some();
    let mut tokens = Vec::new();
    let (surface, raised, code) = match is_own_ground {
        false => (known("surface", paper), known("raised", ground), known("code", ground)),
        true => {
            let surface = match scheme {
                Scheme::Light => ground.mixed(Colour::WHITE, 0.6),
                Scheme::Dark => ground.mixed(ink, 0.035),
            };
            let (raised, code) = (ground.mixed(ink, 0.06), ground.mixed(ink, 0.03));
            for (name, setting) in [("ground", &colors.ground), ("ink", &colors.ink)] {
                if let Some(setting) = setting.as_ref().filter(|setting| stated(setting, scheme).is_some()) {
                    readable(name, setting, ink, &[ground, surface, raised], print, scheme)?;
                }
            }
            let legible = |share: f64| ink.mixed(ground, share).legible(ink, &[ground, surface, raised], TEXT);
            tokens.extend([
                ("ground", ground),
                ("ink", ink),
                ("surface", surface),
                ("raised", raised),
                ("code", code),
                ("line", ground.mixed(ink, 0.13)),
                ("line-strong", ground.mixed(ink, 0.32)),
                ("edge", ground.mixed(ink, 0.5).legible(ink, &[ground, surface], EDGE)),
                ("ink-2", legible(0.2)),
                ("ink-3", legible(0.35)),
            ]);
            let highlights = CODE.into_iter().map(|name| (name, known(name, ink).legible(ink, &[code], TEXT)));
            tokens.extend(highlights);
            (surface, raised, code)
        }
    };
    let grounds = [ground, surface, raised, code];
    for (name, token, soft) in MEANINGS {
        let setting = colors.named().find(|(known, _)| *known == name).map(|(_, color)| color);
        let colour = match setting {
            None if !is_own_ground => continue,
            None => known(token, ink).legible(ink, &grounds, TEXT),
            Some(setting) => match (stated(setting, scheme), setting.colors.light) {
                (Some(colour), _) => {
                    readable(name, setting, colour, &grounds, print, scheme)?;
                    colour
                }
                (None, Some(light)) => light.legible(Colour::WHITE, &grounds, DARK_TEXT),
                (None, None) => known(token, ink).legible(ink, &grounds, TEXT),
            },
        };
        tokens.push((token, colour));
        tokens.push((soft, background(colour, ground)));
    }
    Ok(tokens)
}

fn stated(color: &SiteColor, scheme: Scheme) -> Option<Colour> {
    match scheme {
        Scheme::Light => color.colors.light,
        Scheme::Dark => color.colors.dark,
    }
}

/// As much of a colour on the ground as leaves text in it legible.
fn background(colour: Colour, ground: Colour) -> Colour {
    let mut shares = (0..=12).rev().map(|share| ground.mixed(colour, f64::from(share) / 100.0));
    shares.find(|soft| colour.contrast(*soft) >= TEXT).unwrap_or(ground)
}

/// An error where text of a colour cannot be read on one of the grounds.
fn readable(
    name: &str,
    setting: &SiteColor,
    colour: Colour,
    grounds: &[Colour],
    towards: Colour,
    scheme: Scheme,
) -> Result<(), ConfigError> {
    let worst = grounds.iter().min_by(|a, b| colour.contrast(**a).total_cmp(&colour.contrast(**b)));
    let Some(worst) = worst.filter(|worst| colour.contrast(**worst) < TEXT) else { return Ok(()) };
    let (word, key) = match scheme {
        Scheme::Light => ("light", "light"),
        Scheme::Dark => ("dark", "dark"),
    };
    let message = format!(
        "`{name}`: text of `{colour}` on `{worst}` has a contrast of {:.1}:1 in the {word} scheme, and needs {TEXT}:1",
        // A ratio just below must not be rounded up to what is asked for.
        (colour.contrast(*worst) * 10.0).floor() / 10.0
    );
    let nearest = colour.legible(towards, grounds, TEXT);
    let help = match grounds.iter().all(|ground| nearest.contrast(*ground) >= TEXT) {
        true if matches!(name, "ground" | "ink") => format!("with this ground, `ink` can be `{nearest}`"),
        true => format!(
            "`{nearest}` is the nearest that can be read; `{name} = {{ light = …, dark = … }}` sets `{key}` alone"
        ),
        false => "choose a ground that is lighter in the light scheme and darker in the dark one".to_string(),
    };
    Err(ConfigError { help: Some(help), ..ConfigError::at(setting.file, setting.span.clone(), message) })
}

/// The tokens of a theme, from the style sheets that set them for all pages.
fn theme_tokens(theme: &Theme) -> Tokens {
    let sheets = ["assets/style.css", Theme::OWN_STYLES].into_iter().filter_map(|path| theme.assets.get(path));
    let texts: Vec<_> = sheets.map(|bytes| String::from_utf8_lossy(bytes)).collect();
    let names = ["ground", "surface", "raised", "ink", "ink-2", "ink-3", "line", "line-strong", "edge", "code"];
    let meanings = MEANINGS.into_iter().flat_map(|(_, token, soft)| [token, soft]);
    let mut tokens = Tokens::new();
    for name in names.into_iter().chain(CODE).chain(meanings) {
        // A later sheet goes before an earlier one; within one, the first place is the plain one, and those behind it
        // stand under conditions.
        if let Some(found) = texts.iter().rev().find_map(|text| token(text, name)) {
            tokens.insert(name, found);
        }
    }
    tokens
}

/// Reads `--name: light-dark(#…, #…)` or `--name: #…`.
fn token(css: &str, name: &str) -> Option<[Option<Colour>; 2]> {
    let value = css.split_once(&format!("--{name}:"))?.1.split([';', '}']).next()?.trim();
    match value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')')) {
        Some(both) => {
            let (light, dark) = both.split_once(',')?;
            Some([Colour::parse(light.trim()), Colour::parse(dark.trim())])
        }
        None => Some([Colour::parse(value), Colour::parse(value)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn sheet(colors: &str) -> Result<Option<String>, ConfigError> {
        let settings = Settings::parse(&format!("[site.colors]\n{colors}\n")).expect("valid");
        stylesheet(&settings.site.colors, &Theme::default_theme())
    }

    fn tokens(colors: &str) -> Tokens {
        let sheet = sheet(colors).expect("legible").expect("a style sheet");
        MEANINGS
            .into_iter()
            .flat_map(|(_, token, soft)| [token, soft])
            .chain(["ground", "surface", "raised", "ink", "ink-2", "ink-3", "edge", "code"])
            .chain(CODE)
            .filter_map(|name| Some((name, token(&sheet, name)?)))
            .collect()
    }

    #[test]
    fn without_colours_there_is_no_style_sheet() {
        assert_eq!(sheet(""), Ok(None));
    }

    #[test]
    fn one_colour_is_kept_in_the_light_scheme_and_lightened_for_the_dark_one() {
        let tokens = tokens("accent = \"#0b5d52\"");
        assert_eq!(tokens.keys().copied().collect::<Vec<_>>(), ["link", "link-soft"]);
        let [light, dark] = tokens["link"];
        assert_eq!(light, Colour::parse("#0b5d52"));
        let ground = Colour::parse("#151513").expect("the ground of the dark scheme");
        assert!(dark.is_some_and(|dark| dark.contrast(ground) >= DARK_TEXT), "{dark:?}");
    }

    #[test]
    fn all_text_can_be_read_on_a_ground_of_ones_own() {
        let grounds = [
            "ground = \"#f4ecd8\"",
            "ground = { light = \"#ffffff\", dark = \"#1b2838\" }",
            "ink = \"#333\"",
            "ground = { light = \"#dfe8e2\" }\nink = { light = \"#10241a\" }",
        ];
        for colors in grounds {
            let tokens = tokens(colors);
            for (text, schemes) in &tokens {
                if ["ground", "surface", "raised", "code", "edge"].contains(text) || text.ends_with("-soft") {
                    continue;
                }
                for (at, colour) in schemes.iter().enumerate() {
                    let behind = if text.starts_with("hl-") { "code" } else { "raised" };
                    let contrast = colour.expect("a colour").contrast(tokens[behind][at].expect("a ground"));
                    assert!(contrast >= TEXT, "{colors}: {text} on {behind}: {contrast}");
                }
            }
            for (_, token, soft) in MEANINGS {
                for at in [0, 1] {
                    let contrast = tokens[token][at].expect("a colour").contrast(tokens[soft][at].expect("a ground"));
                    assert!(contrast >= TEXT, "{colors}: {token} on {soft}: {contrast}");
                }
            }
        }
    }

    #[test]
    fn colours_that_cannot_be_read_are_mistakes_with_a_remedy() {
        let cases = [
            (
                "accent = \"#7fd1c7\"",
                "`accent`: text of `#7fd1c7` on `#f2f0e9` has a contrast of 1.5:1 in the light scheme",
            ),
            (
                "danger = { dark = \"#a51a13\" }",
                "`danger`: text of `#a51a13` on `#262621` has a contrast of 1.9:1 in the dark scheme",
            ),
            ("ground = \"#777777\"", "`ground`: text of `#1c1b18` on"),
            ("ink = \"#999\"", "`ink`: text of `#999999` on"),
        ];
        for (colors, message) in cases {
            let error = sheet(colors).expect_err(colors);
            assert!(error.message.starts_with(message), "{colors}: {}", error.message);
            let help = error.help.expect("a remedy");
            if let Some(mended) = help.split('`').find_map(Colour::parse).filter(|_| colors.starts_with("accent")) {
                assert!(sheet(&format!("accent = \"{mended}\"")).is_ok(), "{help}");
            }
        }
    }
}
