//! A document that could not be read, and so was not checked.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnreadableFile {}

impl Rule for UnreadableFile {
    const INFO: RuleInfo = RuleInfo {
        name: "unreadable-file",
        group: "housekeeping",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a document that could not be read",
        docs: include_str!("unreadable_file.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(problem) = &corpus.source(entry.file).problem else { return };
        let place = Location { file: entry.file, span: Span::default() };
        findings.push(Finding {
            help: Some("the file was not checked: save it as UTF-8 text, or leave it out with `exclude`".to_string()),
            ..Finding::new(place, "", format!("cannot read the file: {problem}"))
        });
    }
}
