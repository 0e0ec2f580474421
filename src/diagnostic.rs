//! What a check says: plain data, from a rule's finding to the diagnostic that every report format prints.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::source::{FileId, Span};

/// How grave a diagnostic is. `Error` fails a run unless `--fail-on` says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    /// The word that reports print and the config takes.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Place of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    pub file: FileId,
    pub span: Span,
}

/// A second place that helps to understand a finding, with what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub location: Location,
    pub message: String,
}

/// Whether a fix may be applied without a person reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    Safe,
    Unsafe,
}

/// What a fix may change on the rendered page, in the blocks that its edits touch. Elsewhere it may change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// How the same words are marked up: a link, its target, a check box, the language of a block.
    Markup,
    /// Words, or whole blocks. Code stays as it is.
    Text,
    /// Code.
    Code,
}

/// Replacement of a span by a text; an empty span inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub location: Location,
    pub replacement: String,
}

/// A change that removes the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub applicability: Applicability,
    pub effect: Effect,
    /// What the fix does, in the imperative: "insert the section from the template".
    pub message: String,
    pub edits: Vec<Edit>,
}

/// What a rule reports. Level, name and suppression are not the rule's business: `lint` adds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub location: Location,
    pub message: String,
    pub help: Option<String>,
    /// The thing the finding is about, for machines: a section id, a link target, …
    pub subject: String,
    pub related: Vec<Related>,
    pub fix: Option<Fix>,
    /// Nobody asked for it: it is reported as a warning at most.
    pub advisory: bool,
}

impl Finding {
    /// Starts a finding; the other fields are set with struct update or directly.
    pub fn new(location: Location, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Finding {
            location,
            message: message.into(),
            help: None,
            subject: subject.into(),
            related: Vec::new(),
            fix: None,
            advisory: false,
        }
    }
}

/// A finding with the name and level under which it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub rule: &'static str,
    pub level: Level,
    pub finding: Finding,
    /// Hash of rule, path, subject and the text at the place: stable when lines shift.
    pub fingerprint: String,
}

/// Which fixes a rule can offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fixability {
    None,
    Safe,
    Unsafe,
}

/// What is known of a rule without running it.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// Kebab-case; the rule's one identity.
    pub name: &'static str,
    pub group: &'static str,
    pub level: Level,
    pub fix: Fixability,
    /// Version that brought the rule.
    pub since: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// The rule's page in Markdown: its documentation and its test.
    pub docs: &'static str,
}

/// A mistake in the config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub message: String,
    pub help: Option<String>,
    /// Position of the config file among those that extend each other; 0 is the one that was opened.
    pub file: usize,
    /// Bytes of the config file.
    pub span: Range<usize>,
}

impl ConfigError {
    /// A mistake without a remedy, which struct update can add.
    pub fn at(file: usize, span: Range<usize>, message: impl Into<String>) -> Self {
        ConfigError { message: message.into(), help: None, file, span }
    }
}
