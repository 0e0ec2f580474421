//! `runbook-site.toml`. A mistake in it is an error with the place in the file; without the file all has a default.

use std::collections::BTreeMap;
use std::ops::Range;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{ConfigError, Level};

/// The decoded config.
#[derive(Debug, Default)]
pub struct Settings {
    /// Folder with the runbooks, relative to the config file.
    pub root: Option<String>,
    /// Which documents are read; all where it is `None`.
    pub include: Option<GlobSet>,
    /// Which documents and folders are left out.
    pub exclude: Option<GlobSet>,
    pub site: SiteSettings,
    /// By rule or group name, in the order of their names. The registry checks the names and decodes the options.
    pub rules: BTreeMap<String, RuleSetting>,
}

/// `[site]`
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SiteSettings {
    /// Name of the handbook; the title of the root's index where it is not given.
    pub title: Option<String>,
    /// A line under the title, such as the team's name.
    pub subtitle: Option<String>,
    pub footer: Option<String>,
    /// Folder whose files override those of the default theme, relative to the config file.
    pub theme: Option<String>,
    /// Address under which the files of the root folder can be read, such as
    /// `https://git.example/team/handbook/blob/main/runbooks`; links that leave the root go there.
    pub repository: Option<String>,
}

/// What the config says of a rule or group.
#[derive(Debug, Clone)]
pub struct RuleSetting {
    pub level: Option<LevelSetting>,
    /// The rule's own options, not decoded yet.
    pub options: toml::Table,
    /// Place of the name in the config file.
    pub name_span: Range<usize>,
    /// Place of the value in the config file.
    pub span: Range<usize>,
}

/// A level, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelSetting {
    Off,
    At(Level),
}

impl Settings {
    /// Decodes the text of a config file.
    pub fn parse(text: &str) -> Result<Settings, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| toml_error(&error, text))?;
        let mut rules = BTreeMap::new();
        for (name, value) in file.rules {
            let setting = rule_setting(&name, value)?;
            rules.insert(name.into_inner(), setting);
        }
        Ok(Settings {
            root: file.root,
            include: file.include.map(|globs| glob_set(&globs)).transpose()?,
            exclude: file.exclude.map(|globs| glob_set(&globs)).transpose()?,
            site: file.site,
            rules,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    root: Option<String>,
    include: Option<Vec<Spanned<String>>>,
    exclude: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    site: SiteSettings,
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
}

fn toml_error(error: &toml::de::Error, text: &str) -> ConfigError {
    let span = error.span().unwrap_or(0..text.len().min(1));
    let message = error.message().replace('\n', " ");
    // serde lists what it expected; the nearest of these is what was meant.
    let help = message.split_once("expected one of ").and_then(|(head, expected)| {
        let written = head.split('`').nth(1)?;
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        nearest(written, &known).map(|name| format!("did you mean `{name}`?"))
    });
    ConfigError { message, help, span }
}

fn glob_set(patterns: &[Spanned<String>]) -> Result<GlobSet, ConfigError> {
    let invalid = |pattern: &Spanned<String>, error: globset::Error| ConfigError {
        message: format!("invalid glob `{}`: {}", pattern.get_ref(), error.kind()),
        help: None,
        span: pattern.span(),
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        // As in `.gitignore`, `*` stays within a folder and `**` does not.
        let glob = GlobBuilder::new(pattern.get_ref()).literal_separator(true).build();
        set.add(glob.map_err(|error| invalid(pattern, error))?);
    }
    set.build().map_err(|error| ConfigError { message: error.to_string(), help: None, span: 0..0 })
}

const LEVELS: [(&str, LevelSetting); 4] = [
    ("off", LevelSetting::Off),
    ("info", LevelSetting::At(Level::Info)),
    ("warning", LevelSetting::At(Level::Warning)),
    ("error", LevelSetting::At(Level::Error)),
];

fn rule_setting(name: &Spanned<String>, value: Spanned<toml::Value>) -> Result<RuleSetting, ConfigError> {
    let (name_span, span) = (name.span(), value.span());
    let (level, options) = match value.into_inner() {
        toml::Value::String(level) => (Some(level), toml::Table::new()),
        toml::Value::Table(mut options) => match options.remove("level") {
            None => (None, options),
            Some(toml::Value::String(level)) => (Some(level), options),
            Some(other) => return Err(level_error(&format!("the {}", other.type_str()), span)),
        },
        other => return Err(level_error(&format!("the {}", other.type_str()), span)),
    };
    let level = match level {
        None => None,
        Some(word) => match LEVELS.iter().find(|(name, _)| *name == word) {
            Some((_, level)) => Some(*level),
            None => return Err(level_error(&format!("`{word}`"), span)),
        },
    };
    Ok(RuleSetting { level, options, name_span, span })
}

fn level_error(written: &str, span: Range<usize>) -> ConfigError {
    ConfigError {
        message: format!("{written} is not a level; expected `error`, `warning`, `info` or `off`"),
        help: Some("write `rule-name = \"warning\"`, or a table with `level` and the rule's options".to_string()),
        span,
    }
}

/// The known name that was most likely meant.
pub fn nearest<'n>(written: &str, known: &[&'n str]) -> Option<&'n str> {
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(written, name), *name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (String, Option<String>, String) {
        let error = Settings::parse(text).expect_err("a mistake");
        (error.message, error.help, text[error.span].to_string())
    }

    #[test]
    fn a_good_config_is_read() {
        let text = "root = \"docs\"\nexclude = [\"drafts/**\", \"*.tmp.md\"]\n[site]\ntitle = \"Ops\"\n[rules]\n\
                    dead-link = \"warning\"\nmissing-section = { level = \"off\", planned = true }\n";
        let settings = Settings::parse(text).expect("valid");
        assert_eq!(settings.root.as_deref(), Some("docs"));
        let exclude = settings.exclude.expect("a set");
        assert!(exclude.is_match("drafts/a.md") && exclude.is_match("x.tmp.md") && !exclude.is_match("a/x.tmp.md"));
        assert_eq!(settings.rules["dead-link"].level, Some(LevelSetting::At(Level::Warning)));
        assert_eq!(settings.rules["missing-section"].level, Some(LevelSetting::Off));
        assert!(settings.rules["missing-section"].options.contains_key("planned"));
    }

    #[test]
    fn mistakes_have_a_place_and_a_remedy() {
        let (message, help, place) = error("[rule]\n");
        assert!(message.starts_with("unknown field `rule`"), "{message}");
        assert_eq!((help.as_deref(), place.as_str()), (Some("did you mean `rules`?"), "rule"));
        let (message, _, place) = error("exclude = [\"a/{b\"]\n");
        assert!(message.starts_with("invalid glob `a/{b`"), "{message}");
        assert_eq!(place, "\"a/{b\"");
        let (message, _, place) = error("[rules]\ndead-link = \"fatal\"\n");
        assert_eq!(message, "`fatal` is not a level; expected `error`, `warning`, `info` or `off`");
        assert_eq!(place, "\"fatal\"");
    }
}
