//! Standards: which sections a runbook must have. The presets are here, and what the config makes of them; a team's own
//! is read out of its index.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;

use super::config::{KeyLayer, NameOr, SectionLayer, StandardLayer, ValueKind, nearest};
use super::effective::HOUSE;
use super::metadata::{Fact, same_key};
use super::sections::{plain_name, section_id, section_name};
use crate::diagnostic::{ConfigError, Location};
use crate::document::slug;

/// A standard that runbooks are held to.
#[derive(Debug)]
pub struct Standard {
    /// `house` for one that an index states, else the name of a preset or of one in the config.
    pub name: String,
    /// In the order in which a runbook has them.
    pub sections: Vec<RequiredSection>,
    /// Whether the sections must stand in that order.
    pub ordered: bool,
    /// Keys that are required, and optional ones whose values are checked.
    pub metadata: Vec<RequiredKey>,
    pub title_form: Option<TitleForm>,
    pub guidelines: Vec<Guideline>,
    /// How dangerous commands are marked.
    pub warning_marker: Option<Marker>,
    /// Days after which a runbook is reviewed again; `None` where the standard does not say.
    pub review_interval_days: Option<u16>,
    pub origin: Origin,
}

/// Who asks for something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// The tool by itself.
    #[default]
    Preset,
    /// A place in an index page.
    Index(Location),
    /// An offset in a config file, by its position among those that extend each other.
    Config { file: usize, offset: usize },
}

impl Origin {
    /// The place in an index page.
    pub fn location(self) -> Option<Location> {
        match self {
            Origin::Index(location) => Some(location),
            Origin::Preset | Origin::Config { .. } => None,
        }
    }

    /// Whether a team asks for it, not only the tool.
    pub fn is_own(self) -> bool {
        self != Origin::Preset
    }
}

impl Standard {
    /// Whether it requires a section.
    pub fn asks_for(&self, id: &str) -> bool {
        self.sections.iter().any(|section| section.id == id)
    }

    /// The guideline that asks for something, if one does.
    pub fn guideline(&self, kind: GuidelineKind) -> Option<&Guideline> {
        self.guidelines.iter().find(|guideline| guideline.kind == Some(kind))
    }

    /// How messages say who asks: nothing where a related place shows it, else the standard's name.
    pub fn asker(&self, origin: Origin) -> String {
        match origin {
            Origin::Index(_) => String::new(),
            Origin::Preset => format!(", which the preset `{}` asks for", self.name),
            Origin::Config { .. } => format!(", which the standard `{}` of the config asks for", self.name),
        }
    }
}

impl RequiredSection {
    /// Whether a heading is one of the section's own names.
    pub fn is_named(&self, heading: &str) -> bool {
        let heading = plain_name(heading);
        plain_name(&self.name) == heading || self.aliases.iter().any(|alias| plain_name(alias) == heading)
    }

    /// Whether a team means this section by its id or one of its names.
    fn is_called(&self, name: &str) -> bool {
        self.id == name || self.is_named(name)
    }
}

impl RequiredKey {
    /// Whether a key of a runbook is this one.
    pub fn is_named(&self, key: &str) -> bool {
        same_key(key, &self.name) || self.aliases.iter().any(|alias| same_key(key, alias))
    }
}

/// A section that the standard asks for.
#[derive(Debug, Clone)]
pub struct RequiredSection {
    /// Known id (`post-incident`), or the name in kebab-case for a section of the team's own.
    pub id: String,
    pub name: String,
    /// Headings of the team's own under which it may also stand.
    pub aliases: Vec<String>,
    pub origin: Origin,
}

/// A standard that the tool knows by itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    pub name: String,
    /// Ids of `sections.toml`, in order.
    pub sections: Vec<String>,
    /// A document that follows the preset has one of these; any, where it is empty.
    #[serde(default)]
    pub telling: Vec<String>,
}

impl Preset {
    /// The preset as a standard.
    pub fn standard(&self) -> Standard {
        let required = |id: &String| RequiredSection {
            id: id.clone(),
            name: section_name(id).to_string(),
            aliases: Vec::new(),
            origin: Origin::Preset,
        };
        Standard { sections: self.sections.iter().map(required).collect(), ..Standard::empty(&self.name) }
    }
}

/// The presets in the order in which they are tried.
pub fn presets() -> &'static [Preset] {
    static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
        #[derive(Deserialize)]
        struct File {
            preset: Vec<Preset>,
        }
        let file: File = toml::from_str(include_str!("presets.toml")).expect("presets.toml is part of the program");
        file.preset
    });
    &PRESETS
}

/// A metadata key that the standard asks for.
#[derive(Debug, Clone)]
pub struct RequiredKey {
    /// `None` for a key of the team's own.
    pub fact: Option<Fact>,
    /// As the template writes it.
    pub name: String,
    /// Keys of the team's own under which it may also stand.
    pub aliases: Vec<String>,
    /// What the template has for a value, such as `[Team/Individual]`.
    pub placeholder: String,
    /// What its values are.
    pub kind: ValueKind,
    /// The allowed values; all where it is empty.
    pub values: Vec<String>,
    /// Whether it may be absent.
    pub optional: bool,
    pub origin: Origin,
}

/// How titles begin: `Runbook: `.
#[derive(Debug, Clone)]
pub struct TitleForm {
    pub prefix: String,
    pub origin: Origin,
}

impl TitleForm {
    /// Reads the form from a title with a blank, such as `Runbook: [Title]`; `None` without words before the blank.
    pub fn of(title: &str, origin: Origin) -> Option<TitleForm> {
        let prefix = title.split(['[', '<', '{']).next().unwrap_or_default();
        let is_form = prefix.len() < title.len() && prefix.contains(|c: char| c.is_alphanumeric());
        is_form.then(|| TitleForm { prefix: prefix.to_string(), origin })
    }
}

/// How dangerous commands are marked: `⚠️ WARNING`.
#[derive(Debug, Clone)]
pub struct Marker {
    pub text: String,
    pub origin: Origin,
}

/// A formatting guideline of the index, in the words of the team.
#[derive(Debug, Clone)]
pub struct Guideline {
    pub text: String,
    /// What it asks for; `None` where no rule enforces it.
    pub kind: Option<GuidelineKind>,
    pub origin: Origin,
}

/// What a guideline asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GuidelineKind {
    NumberedSteps,
    CodeBlocks,
    ExpectedOutput,
    DangerMarkers,
    TimeEstimates,
    Checklists,
}

/// Words that tell what a guideline asks for: all of one row must occur.
const GUIDELINE_WORDS: [(GuidelineKind, &[&str]); 9] = [
    (GuidelineKind::ExpectedOutput, &["expected", "output"]),
    (GuidelineKind::ExpectedOutput, &["output", "example"]),
    (GuidelineKind::DangerMarkers, &["dangerous"]),
    (GuidelineKind::DangerMarkers, &["destructive"]),
    (GuidelineKind::DangerMarkers, &["mark", "warning"]),
    (GuidelineKind::NumberedSteps, &["number", "step"]),
    (GuidelineKind::TimeEstimates, &["time", "estimate"]),
    (GuidelineKind::Checklists, &["check", "list"]),
    (GuidelineKind::CodeBlocks, &["code block"]),
];

impl GuidelineKind {
    /// What a guideline asks for, by its words.
    pub fn of(text: &str) -> Option<GuidelineKind> {
        let text = text.to_lowercase();
        let found = GUIDELINE_WORDS.iter().find(|(_, words)| words.iter().all(|word| text.contains(word)));
        found.map(|(kind, _)| *kind)
    }

    /// As the config names it.
    pub fn name(self) -> &'static str {
        match self {
            GuidelineKind::NumberedSteps => "numbered-steps",
            GuidelineKind::CodeBlocks => "code-blocks",
            GuidelineKind::ExpectedOutput => "expected-output",
            GuidelineKind::DangerMarkers => "danger-markers",
            GuidelineKind::TimeEstimates => "time-estimates",
            GuidelineKind::Checklists => "checklists",
        }
    }
}

/// `[standards.NAME]` of one config file.
#[derive(Debug)]
pub struct StandardSetting {
    /// Position of the config file among those that extend each other.
    pub file: usize,
    /// Place of the name in the config file.
    pub name_span: Range<usize>,
    pub layer: StandardLayer,
}

/// `[standards]` of all config files by name; of one name, those of extended files come first.
pub type StandardSettings = BTreeMap<String, Vec<StandardSetting>>;

/// The presets as the config changes them, then the config's own standards by name.
pub fn resolve_standards(settings: &StandardSettings) -> Result<Vec<Standard>, ConfigError> {
    let own = settings.keys().filter(|name| *name != HOUSE && preset(name).is_none());
    let names = presets().iter().map(|preset| &preset.name).chain(own);
    let standards = names.map(|name| resolve(name, settings, &mut Vec::new())).collect::<Result<Vec<_>, _>>()?;
    if let Some((setting, base)) = settings.get(HOUSE).and_then(|chain| extended(chain)) {
        let message = "`house` is what an index states; it extends nothing";
        return Err(ConfigError {
            help: Some("write what differs from the index, or name the standard otherwise".to_string()),
            ..ConfigError::at(setting.file, base.span(), message)
        });
    }
    Ok(standards)
}

/// Lays what the config says of a standard over it.
pub fn apply(chain: &[StandardSetting], standard: Standard) -> Result<Standard, ConfigError> {
    chain.iter().try_fold(standard, |standard, setting| setting.apply(standard))
}

fn resolve<'s>(
    name: &'s str,
    settings: &'s StandardSettings,
    extending: &mut Vec<&'s str>,
) -> Result<Standard, ConfigError> {
    extending.push(name);
    let chain = settings.get(name).map_or(&[][..], Vec::as_slice);
    let base = match extended(chain) {
        None => preset(name).map_or_else(|| Standard::empty(name), Preset::standard),
        Some((setting, base)) => {
            let wrong = |message: String| ConfigError::at(setting.file, base.span(), message);
            let base_name = base.get_ref().as_str();
            // A preset that extends itself means the one that the tool has.
            let is_known = preset(base_name).is_some() || settings.contains_key(base_name) && base_name != HOUSE;
            if !is_known {
                let known: Vec<&str> = presets()
                    .iter()
                    .map(|preset| preset.name.as_str())
                    .chain(settings.keys().map(String::as_str).filter(|known| *known != HOUSE && *known != name))
                    .collect();
                let message = format!("`{name}` extends `{base_name}`, which is no standard");
                let help = nearest(base_name, &known).map(|name| format!("did you mean `{name}`?"));
                let list = || format!("write one of {}", known.join(", "));
                return Err(ConfigError { help: help.or_else(|| Some(list())), ..wrong(message) });
            }
            if extending.contains(&base_name) {
                let turn = if base_name == name { "itself" } else { "one that extends it" };
                return Err(ConfigError {
                    help: Some("name a preset, or leave `extends` out".to_string()),
                    ..wrong(format!("the standard `{name}` extends {turn}"))
                });
            }
            Standard { name: name.to_string(), ..resolve(base_name, settings, extending)? }
        }
    };
    apply(chain, base)
}

/// The last file's word on what a standard extends.
fn extended(chain: &[StandardSetting]) -> Option<(&StandardSetting, &toml::Spanned<String>)> {
    chain.iter().rev().find_map(|setting| Some((setting, setting.layer.extends.as_ref()?)))
}

fn preset(name: &str) -> Option<&'static Preset> {
    presets().iter().find(|preset| preset.name == name)
}

impl Standard {
    fn empty(name: &str) -> Self {
        Standard {
            name: name.to_string(),
            sections: Vec::new(),
            ordered: true,
            metadata: Vec::new(),
            title_form: None,
            guidelines: Vec::new(),
            warning_marker: None,
            review_interval_days: None,
            origin: Origin::Preset,
        }
    }
}

impl StandardSetting {
    fn apply(&self, mut standard: Standard) -> Result<Standard, ConfigError> {
        let layer = &self.layer;
        let at = |span: &Range<usize>| Origin::Config { file: self.file, offset: span.start };
        let whole = at(&self.name_span);
        if let Some(sections) = &layer.sections {
            standard.sections = sections.iter().map(|section| required_section(section, at(&section.span))).collect();
        }
        for section in &layer.extra_sections {
            let required = required_section(section, at(&section.span));
            standard.sections.retain(|known| known.id != required.id);
            let position = match &section.value.after {
                None => standard.sections.len(),
                Some(after) => 1 + self.section_position(&standard, after)?,
            };
            standard.sections.insert(position, required);
        }
        for name in &layer.optional_sections {
            let position = self.section_position(&standard, name)?;
            standard.sections.remove(position);
        }
        if let Some(keys) = &layer.metadata {
            standard.metadata.clear();
            standard.metadata.extend(keys.iter().map(|key| required_key(key, at(&key.span))));
        }
        for key in &layer.extra_metadata {
            standard.metadata.retain(|known| !known.is_named(&key.value.name));
            standard.metadata.push(required_key(key, at(&key.span)));
        }
        for name in &layer.optional_metadata {
            let known: Vec<&str> = standard.metadata.iter().map(|key| key.name.as_str()).collect();
            let Some(position) = standard.metadata.iter().position(|key| key.is_named(name.get_ref())) else {
                let message = format!("`{}` is no metadata key of the standard `{}`", name.get_ref(), standard.name);
                return Err(self.unknown(name, message, &known));
            };
            standard.metadata[position].optional = true;
        }
        if let Some(title) = &layer.title {
            // Without a blank, the whole text is the beginning.
            let prefix = TitleForm { prefix: title.clone(), origin: whole };
            standard.title_form = Some(TitleForm::of(title, whole).unwrap_or(prefix));
        }
        for kind in &layer.guidelines {
            if standard.guideline(*kind).is_none() {
                let text = kind.name().to_string();
                standard.guidelines.push(Guideline { text, kind: Some(*kind), origin: whole });
            }
        }
        if let Some(text) = &layer.warning_marker {
            standard.warning_marker = Some(Marker { text: text.clone(), origin: whole });
        }
        standard.ordered = layer.ordered.unwrap_or(standard.ordered);
        standard.review_interval_days = layer.review_interval_days.or(standard.review_interval_days);
        if standard.origin == Origin::Preset {
            standard.origin = whole;
        }
        Ok(standard)
    }

    fn section_position(&self, standard: &Standard, name: &toml::Spanned<String>) -> Result<usize, ConfigError> {
        let position = standard.sections.iter().position(|section| section.is_called(name.get_ref()));
        position.ok_or_else(|| {
            let known: Vec<&str> = standard.sections.iter().map(|section| section.id.as_str()).collect();
            let message = format!("`{}` is no section of the standard `{}`", name.get_ref(), standard.name);
            self.unknown(name, message, &known)
        })
    }

    fn unknown(&self, name: &toml::Spanned<String>, message: String, known: &[&str]) -> ConfigError {
        let help = match nearest(name.get_ref(), known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.is_empty() => "it has none".to_string(),
            None => format!("write one of {}", known.join(", ")),
        };
        ConfigError { help: Some(help), ..ConfigError::at(self.file, name.span(), message) }
    }
}

fn required_section(section: &NameOr<SectionLayer>, origin: Origin) -> RequiredSection {
    let SectionLayer { name, aliases, .. } = &section.value;
    let known = super::section_kinds().iter().find(|kind| kind.id == *name);
    let id = known.map(|kind| kind.id.as_str()).or_else(|| section_id(name));
    RequiredSection {
        id: id.map_or_else(|| slug(name), str::to_string),
        name: known.map_or_else(|| name.clone(), |kind| kind.name.clone()),
        aliases: aliases.clone(),
        origin,
    }
}

fn required_key(key: &NameOr<KeyLayer>, origin: Origin) -> RequiredKey {
    let KeyLayer { name, aliases, kind, values, optional } = key.value.clone();
    RequiredKey {
        fact: Fact::of_key(&name).map(|(fact, _)| fact),
        name,
        aliases,
        placeholder: String::new(),
        kind,
        values,
        optional,
        origin,
    }
}
