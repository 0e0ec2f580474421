//! Diagnostics as bytes: one file per format.

mod badge;
mod concise;
mod full;
mod github;
mod gitlab;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod sarif;
mod statistics;
mod xml;

use std::borrow::Cow;

use serde::Serialize;

use crate::diagnostic::{Applicability, Diagnostic, Finding, Level, Location};
use crate::source::{Position, Source};

pub use badge::badge;
pub use concise::concise;
pub use full::{Look, config_error, full, is_long, wrap};
pub use github::{github, github_summary};
pub use gitlab::gitlab;
pub use json::json;
pub use json_lines::json_lines;
pub use junit::junit;
pub use markdown::markdown;
pub use sarif::sarif;
pub use statistics::statistics;

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// By file id.
    pub sources: &'a [&'a Source],
    /// How each source is named, in the order of `sources`.
    pub paths: &'a [String],
    pub diagnostics: &'a [Diagnostic],
    pub hidden: Hidden,
    pub documents: usize,
    pub runbooks: usize,
}

/// How many findings are known and not reported.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    /// Allowed by comments of the documents.
    pub suppressed: usize,
    /// Listed in the baseline.
    pub baselined: usize,
}

impl Report<'_> {
    /// How the file of a location is named.
    pub fn path(&self, location: Location) -> &str {
        &self.paths[location.file.index()]
    }

    /// Where a location starts, and where it ends: behind its last character.
    pub fn range(&self, location: Location) -> (Position, Position) {
        let source = &self.sources[location.file.index()];
        (source.position(location.span.start), source.position(location.span.end))
    }

    /// `path:line:column`, without steering characters.
    fn place(&self, location: Location) -> String {
        let (start, _) = self.range(location);
        format!("{}:{}:{}", plain(self.path(location)), start.line, start.column)
    }

    /// What an author needs to know beside the message, a line each, without steering characters.
    fn notes(&self, finding: &Finding) -> Vec<String> {
        let help = finding.help.iter().map(|help| format!("help: {}", plain(help)));
        let related = finding
            .related
            .iter()
            .map(|related| format!("{}: {}", plain(&related.message), self.place(related.location)));
        help.chain(related).collect()
    }
}

/// Counts of a report.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    /// Findings with a safe fix.
    pub fixable: usize,
    /// Findings with an unsafe fix.
    pub fixable_unsafe: usize,
}

impl Counts {
    /// Counts diagnostics.
    pub fn of<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Counts {
        let mut counts = Counts::default();
        for diagnostic in diagnostics {
            match diagnostic.level {
                Level::Error => counts.errors += 1,
                Level::Warning => counts.warnings += 1,
                Level::Info => counts.infos += 1,
            }
            match diagnostic.finding.fix.as_ref().map(|fix| fix.applicability) {
                Some(Applicability::Safe) => counts.fixable += 1,
                Some(Applicability::Unsafe) => counts.fixable_unsafe += 1,
                None => {}
            }
        }
        counts
    }

    /// All findings.
    pub fn total(&self) -> usize {
        self.errors + self.warnings + self.infos
    }
}

/// `1 error`, `3 errors`
pub fn count(number: usize, noun: &str) -> String {
    let plural = match number {
        1 => "",
        _ if noun.ends_with('x') => "es",
        _ => "s",
    };
    format!("{number} {noun}{plural}")
}

/// The counts that are not zero in words, the gravest first: `2 errors, 1 warning`.
pub fn count_words(counts: &Counts) -> String {
    let parts = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info")];
    let words: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(*number, noun)).collect();
    words.join(", ")
}

/// What was checked: `14 runbooks and 3 other documents`.
pub fn scope_words(report: &Report<'_>) -> String {
    let others = report.documents.saturating_sub(report.runbooks);
    match (report.runbooks, others) {
        (0, others) => count(others, "document"),
        (runbooks, 0) => count(runbooks, "runbook"),
        (runbooks, others) => format!("{} and {}", count(runbooks, "runbook"), count(others, "other document")),
    }
}

/// Text that cannot steer a terminal or hide its order: control and bidirectional characters are written as `\u{…}`.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_steering) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars().map(|c| if is_steering(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect(),
    )
}

/// A value as JSON whose bytes cannot steer a terminal: such characters are escaped, and mean the same.
fn to_json(value: &impl Serialize, layout: Layout) -> String {
    let json = match layout {
        Layout::Pretty => serde_json::to_string_pretty(value),
        Layout::Line => serde_json::to_string(value),
    };
    // Only maps with keys that are no strings fail to serialise, and there are none.
    let json = json.unwrap_or_default();
    // Those below U+0080 are escaped already, save U+007F. All are in the basic plane and stand within strings.
    let is_left = |c: char| c >= '\u{7f}' && is_steering(c);
    if !json.contains(is_left) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        match is_left(character) {
            true => escaped.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => escaped.push(character),
        }
    }
    escaped
}

/// How JSON is laid out.
enum Layout {
    Pretty,
    Line,
}

/// Characters that change how others are shown. Tabs do no harm.
fn is_steering(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
