//! Standards: which sections a runbook must have. The presets are here; a team's own is read out of its index.

use std::sync::LazyLock;

use serde::Deserialize;

use super::metadata::Fact;
use super::sections::{plain_name, section_name};
use crate::diagnostic::Location;

/// A standard that runbooks are held to.
#[derive(Debug)]
pub struct Standard {
    /// `house` for one that an index states, else the preset's name.
    pub name: String,
    /// In the order in which a runbook has them.
    pub sections: Vec<RequiredSection>,
    pub metadata: Vec<RequiredKey>,
    pub title_form: Option<TitleForm>,
    pub guidelines: Vec<Guideline>,
    /// The index page's heading that states it.
    pub origin: Option<Location>,
}

impl Standard {
    /// Whether it requires a section.
    pub fn asks_for(&self, id: &str) -> bool {
        self.sections.iter().any(|section| section.id == id)
    }
}

impl RequiredSection {
    /// Whether a heading is the section's own name.
    pub fn is_named(&self, heading: &str) -> bool {
        plain_name(&self.name) == plain_name(heading)
    }
}

/// A section that the standard asks for.
#[derive(Debug, Clone)]
pub struct RequiredSection {
    /// Known id (`post-incident`), or the name in kebab-case for a section of the team's own.
    pub id: String,
    pub name: String,
    /// Where the index asks for it.
    pub origin: Option<Location>,
}

/// A standard that the tool knows by itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    pub name: String,
    /// Ids of `sections.toml`, in order.
    pub sections: Vec<String>,
}

impl Preset {
    /// The preset as a standard.
    pub fn standard(&self) -> Standard {
        let required =
            |id: &String| RequiredSection { id: id.clone(), name: section_name(id).to_string(), origin: None };
        Standard {
            name: self.name.clone(),
            sections: self.sections.iter().map(required).collect(),
            metadata: Vec::new(),
            title_form: None,
            guidelines: Vec::new(),
            origin: None,
        }
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
    /// What the template has for a value, such as `[Team/Individual]`.
    pub placeholder: String,
    pub origin: Option<Location>,
}

/// How titles begin: `Runbook: `.
#[derive(Debug, Clone)]
pub struct TitleForm {
    pub prefix: String,
    pub origin: Location,
}

/// A formatting guideline of the index, in the words of the team.
#[derive(Debug, Clone)]
pub struct Guideline {
    pub text: String,
    /// What it asks for; `None` where no rule enforces it.
    pub kind: Option<GuidelineKind>,
    pub origin: Location,
}

/// What a guideline asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}
