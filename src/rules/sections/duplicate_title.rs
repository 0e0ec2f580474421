//! Two runbooks with one title.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DuplicateTitle {}

impl Rule for DuplicateTitle {
    const INFO: RuleInfo = RuleInfo {
        name: "duplicate-title",
        group: "sections",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "two runbooks with one title",
        docs: include_str!("duplicate_title.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(title) = own_title(entry) else { return };
        let path = &corpus.source(entry.file).path;
        // Files are in the order of their paths: the first one with the title keeps it.
        let before = &corpus.entries[..entry.file.index()];
        let Some(first) = before.iter().find(|other| {
            other.title.trim() == title
                && own_title(other).is_some()
                && !are_translations(&corpus.source(other.file).path, path)
        }) else {
            return;
        };
        findings.push(Finding {
            help: Some("say in the title what sets the two apart, or make one runbook of them".to_string()),
            related: vec![Related {
                location: Location { file: first.file, span: span(first) },
                message: "the other one".to_string(),
            }],
            ..Finding::new(
                Location { file: entry.file, span: span(entry) },
                title,
                format!("`{}` has the title `{title}` too", corpus.source(first.file).path),
            )
        });
    }
}

/// The title of a runbook, where the author gave it one.
fn own_title<'e>(entry: &'e Entry<'_>) -> Option<&'e str> {
    let front_matter = entry.document.front_matter.as_ref().and_then(|block| block.get("title"));
    let is_given = entry.document.title_heading().is_some() || front_matter.is_some();
    (entry.kind == Kind::Runbook && is_given).then(|| entry.title.trim())
}

/// `docs/en/restart.md` and `docs/de/restart.md`, which may well have one title.
fn are_translations(a: &str, b: &str) -> bool {
    let is_language = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let same_depth = a.split('/').count() == b.split('/').count();
    let differing: Vec<(&str, &str)> = a.split('/').zip(b.split('/')).filter(|(a, b)| a != b).collect();
    same_depth && matches!(differing.as_slice(), [(a, b)] if is_language(a) && is_language(b))
}

fn span(entry: &Entry<'_>) -> Span {
    entry.document.title_heading().map_or(Span::default(), |title| title.span)
}
