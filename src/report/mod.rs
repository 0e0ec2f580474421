//! Diagnostics as bytes: one file per format.

mod concise;
mod full;
mod json;
mod statistics;

use std::borrow::Cow;

use crate::diagnostic::{Applicability, Diagnostic, Level};
use crate::source::Source;

pub use concise::concise;
pub use full::{Look, config_error, full, is_long};
pub use json::json;
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

/// Text that cannot steer a terminal or hide its order: control and bidirectional characters are written as `\u{…}`.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_steering) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars().map(|c| if is_steering(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect(),
    )
}

/// Characters that change how others are shown. Tabs do no harm.
fn is_steering(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
