//! `runbook-site.toml` as it is written: one file decoded, with the place of each mistake. Nothing is required.
//!
//! What several files that extend each other mean together is in `settings.rs`.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::site::SiteLayer;
use super::standard::GuidelineKind;
use crate::command::Pack;
use crate::diagnostic::ConfigError;

/// One config file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "runbook-site.toml")]
pub struct ConfigLayer {
    /// Another config file, relative to this one, whose values hold where this file has none.
    #[schemars(with = "Option<String>")]
    pub extends: Option<Spanned<String>>,
    /// Folder with the runbooks, relative to this file. Default: the folder of this file.
    pub root: Option<String>,
    /// Globs of the documents that are read, from the root. Default: all.
    #[schemars(with = "Option<Vec<String>>")]
    pub include: Option<Vec<Spanned<String>>>,
    /// Globs of documents, files and folders that are left out.
    #[schemars(with = "Option<Vec<String>>")]
    pub exclude: Option<Vec<Spanned<String>>>,
    /// Globs of runbooks that are promised and not written yet: links and rows that lead to them are no fault.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub planned: Vec<Spanned<String>>,
    /// What documents are, by glob: `runbook`, `page`, `index`, or the name of a standard. The last glob that matches
    /// decides.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub kinds: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Standards by name. `house` changes the one that an index states, the name of a preset changes the preset.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, StandardLayer>")]
    pub standards: BTreeMap<Spanned<String>, StandardLayer>,
    /// What a team knows of its programs: their rules are tried before the tool's own.
    #[serde(default)]
    #[schemars(with = "Vec<Pack>")]
    pub packs: Vec<Spanned<Pack>>,
    /// Roles under their usual names.
    #[serde(default)]
    pub roles: BTreeMap<String, RoleLayer>,
    #[serde(default)]
    pub site: SiteLayer,
    /// Levels and options by the name of a rule or group.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub rules: RuleTable,
    /// Levels and options for some documents. Later ones go before earlier ones.
    #[serde(default)]
    pub overrides: Vec<OverrideLayer>,
}

/// `[rules]`: names with a level or a table, not decoded yet.
pub type RuleTable = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

/// `[[overrides]]`
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OverrideLayer {
    /// Globs of the documents, from the root.
    #[schemars(with = "Vec<String>")]
    pub files: Vec<Spanned<String>>,
    /// As in `[rules]`.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub rules: RuleTable,
}

/// `[roles."Engineering Manager"]`
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RoleLayer {
    /// Other names under which runbooks ask for the role.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How the role is reached, where no contact table says it.
    pub contact: Option<String>,
}

/// `[standards.NAME]`. What it does not say holds as in the standard that it extends.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StandardLayer {
    /// Name of a preset or of another standard of the config.
    #[schemars(with = "Option<String>")]
    pub extends: Option<Spanned<String>>,
    /// Form of titles, such as `Runbook: [Title]`.
    pub title: Option<String>,
    /// The required sections in their order; they replace those of the extended standard.
    pub sections: Option<Vec<NameOr<SectionLayer>>>,
    /// Required sections that are added at the end, or behind the one that `after` names.
    #[serde(default)]
    pub extra_sections: Vec<NameOr<SectionLayer>>,
    /// Sections that are not required, by name.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub optional_sections: Vec<Spanned<String>>,
    /// Whether the sections must stand in this order. Default: true.
    pub ordered: Option<bool>,
    /// The required metadata keys; they replace those of the extended standard.
    pub metadata: Option<Vec<NameOr<KeyLayer>>>,
    /// Metadata keys that are added.
    #[serde(default)]
    pub extra_metadata: Vec<NameOr<KeyLayer>>,
    /// Metadata keys that are not required, by name.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub optional_metadata: Vec<Spanned<String>>,
    /// Days after which a runbook is reviewed again.
    pub review_interval_days: Option<u16>,
    /// Guidelines that are asked for, beside those of the extended standard.
    #[serde(default)]
    pub guidelines: Vec<GuidelineKind>,
    /// How dangerous commands are marked, such as `⚠️ WARNING`.
    pub warning_marker: Option<String>,
}

/// A required section.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionLayer {
    /// Its heading, or one of the known ids, such as `post-incident`.
    pub name: String,
    /// Other headings under which it may stand.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Name of the section behind which it stands; only in `extra-sections`.
    #[schemars(with = "Option<String>")]
    pub after: Option<Spanned<String>>,
}

/// A metadata key.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KeyLayer {
    /// As runbooks write it, such as `Service Tier`.
    pub name: String,
    /// Other keys under which it may stand.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What its values are. Default: any text.
    #[serde(rename = "type", default)]
    pub kind: ValueKind,
    /// The allowed values; case does not count.
    #[serde(default)]
    pub values: Vec<String>,
    /// Whether it may be absent; its values are checked where it is there.
    #[serde(default)]
    pub optional: bool,
}

/// What the values of a metadata key are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    #[default]
    Text,
    /// `YYYY-MM-DD`
    Date,
    /// `5-15 minutes`
    Duration,
    Number,
    /// `https://…`
    Url,
}

/// A name alone, or a table that has one.
#[derive(Debug, Clone)]
pub struct NameOr<T> {
    pub value: T,
    /// Place in the config file.
    pub span: Range<usize>,
}

/// What a name alone means.
pub trait Named {
    fn named(name: &str) -> Self;
}

impl Named for SectionLayer {
    fn named(name: &str) -> Self {
        SectionLayer { name: name.to_string(), ..SectionLayer::default() }
    }
}

impl Named for KeyLayer {
    fn named(name: &str) -> Self {
        KeyLayer { name: name.to_string(), ..KeyLayer::default() }
    }
}

/// By hand: serde's untagged enums lose the places of mistakes inside.
impl<'de, T: Named + Deserialize<'de>> Deserialize<'de> for NameOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Inner<T>(T);
        struct NameVisitor<T>(PhantomData<T>);
        impl<'de, T: Named + Deserialize<'de>> Visitor<'de> for NameVisitor<T> {
            type Value = Inner<T>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name, or a table with `name`")
            }
            fn visit_str<E>(self, name: &str) -> Result<Inner<T>, E> {
                Ok(Inner(T::named(name)))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Inner<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Inner)
            }
        }
        impl<'de, T: Named + Deserialize<'de>> Deserialize<'de> for Inner<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(NameVisitor(PhantomData))
            }
        }
        let spanned = Spanned::<Inner<T>>::deserialize(deserializer)?;
        let span = spanned.span();
        Ok(NameOr { value: spanned.into_inner().0, span })
    }
}

impl<T: JsonSchema> JsonSchema for NameOr<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("NameOr{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, table] })
    }
}

impl ConfigLayer {
    /// Decodes the text of a config file. `file` is its position among the files that extend each other.
    pub fn parse(text: &str, file: usize) -> Result<ConfigLayer, ConfigError> {
        toml::from_str(text).map_err(|error| toml_error(&error, text, file))
    }
}

fn toml_error(error: &toml::de::Error, text: &str, file: usize) -> ConfigError {
    let span = error.span().unwrap_or(0..text.len().min(1));
    let message = error.message().replace('\n', " ");
    ConfigError { help: meant(&message), message, file, span }
}

/// The name that was most likely meant, where serde says which ones it expected.
pub fn meant(message: &str) -> Option<String> {
    let (head, expected) = message.split_once("expected ")?;
    let written = head.split('`').nth(1)?;
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    nearest(written, &known).map(|name| format!("did you mean `{name}`?"))
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
