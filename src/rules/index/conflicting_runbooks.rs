//! Two runbooks whose files have one name.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, INDEX_NAMES, Kind, path, strip_document_ending};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ConflictingRunbooks {}

impl Rule for ConflictingRunbooks {
    const INFO: RuleInfo = RuleInfo {
        name: "conflicting-runbooks",
        group: "index",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "two runbooks of one file name in different folders",
        docs: include_str!("conflicting_runbooks.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let own = &corpus.source(entry.file).path;
        let Some(name) = base_name(own).filter(|_| entry.kind == Kind::Runbook) else { return };
        let conflicts = |other: &&Entry<'_>| {
            let path = &corpus.source(other.file).path;
            other.kind == Kind::Runbook
                && base_name(path).is_some_and(|other| other == name)
                && path::folder(path) != path::folder(own)
                && language(path) == language(own)
        };
        // The first of them is reported nowhere: it is the related place of all others.
        let Some(first) = corpus.entries.iter().filter(|other| other.file < entry.file).find(conflicts) else { return };
        let place = |entry: &Entry<'_>| Location {
            file: entry.file,
            span: entry.document.title_heading().map_or(Span::default(), |title| title.span),
        };
        let other = &corpus.source(first.file).path;
        findings.push(Finding {
            help: Some("say in the name what sets them apart, or merge them".to_string()),
            related: vec![Related { location: place(first), message: "the other runbook".to_string() }],
            ..Finding::new(place(entry), path::file_name(own), format!("`{other}` has the same file name"))
        });
    }
}

/// File name without ending in lower case; `None` for a folder's own page.
fn base_name(path: &str) -> Option<String> {
    let name = strip_document_ending(path::file_name(path))?.to_lowercase();
    (!INDEX_NAMES.iter().any(|own| own.eq_ignore_ascii_case(&name))).then_some(name)
}

/// The folder of a path that is named for a language: `docs/de/disk-full.md` → `de`. Translations share their names.
fn language(path: &str) -> Option<&str> {
    LANGUAGES.iter().find_map(|code| {
        let is_it = |part: &&str| {
            part.split(['-', '_']).next().is_some_and(|start| start.eq_ignore_ascii_case(code)) && part.len() <= 5
        };
        path::folder(path).split('/').find(is_it)
    })
}

const LANGUAGES: [&str; 20] = [
    "en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk", "cs", "sv", "da", "fi", "tr", "zh", "ja", "ko", "ar",
    "hi",
];
