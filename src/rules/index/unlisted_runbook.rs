//! A runbook that no row or list of its index leads to.

use schemars::JsonSchema;
use serde::Deserialize;

use super::listing::{list_in, nearest_listing};
use crate::corpus::{Corpus, Entry, Index, Kind, path};
use crate::diagnostic::{Applicability, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::source::{FileId, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnlistedRunbook {}

impl Rule for UnlistedRunbook {
    const INFO: RuleInfo = RuleInfo {
        name: "unlisted-runbook",
        group: "index",
        level: Level::Error,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a runbook that no row of its index leads to",
        docs: include_str!("unlisted_runbook.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if entry.kind != Kind::Runbook {
            return;
        }
        let Some(index) = corpus.index_over(entry.file) else { return };
        let listed = corpus.indexes.iter().any(|index| index.entries().any(|link| link.file == Some(entry.file)));
        if listed || !keeps_a_list(corpus, index) {
            return;
        }
        let span = entry.document.title_heading().map_or(Span::default(), |title| title.span);
        let path = &corpus.source(entry.file).path;
        let index_path = &corpus.source(index.file).path;
        findings.push(Finding {
            help: Some(format!("add a row for `{}` to `{index_path}`", path::relative(index_path, path))),
            related: vec![Related {
                location: Location { file: index.file, span: first_place(corpus, index) },
                message: "the index".to_string(),
            }],
            fix: list_it(corpus, index, entry),
            ..Finding::new(
                Location { file: entry.file, span },
                path,
                format!("no row of `{index_path}` leads to this runbook"),
            )
        });
    }
}

/// An index that states the standard lists every runbook under it. Any other page of links is held to it only where it
/// lists most of the runbooks for which it is the nearest index: else it is a choice, not a list.
fn keeps_a_list(corpus: &Corpus<'_>, index: &Index) -> bool {
    if index.standard.is_some() {
        return true;
    }
    let under = |entry: &&Entry<'_>| {
        entry.kind == Kind::Runbook && corpus.index_over(entry.file).is_some_and(|over| over.file == index.file)
    };
    let runbooks: Vec<FileId> = corpus.entries.iter().filter(under).map(|entry| entry.file).collect();
    let listed = runbooks.iter().filter(|file| index.entries().any(|link| link.file == Some(**file))).count();
    listed * 2 > runbooks.len()
}

fn first_place(corpus: &Corpus<'_>, index: &Index) -> Span {
    let document = &corpus.entry(index.file).document;
    let table = index.tables.first().map(|table| document.tables[table.table].span);
    let link = || index.listed.first().map(|entry| document.links[entry.link].span);
    table.or_else(link).unwrap_or_default()
}

fn list_it(corpus: &Corpus<'_>, index: &Index, entry: &Entry<'_>) -> Option<Fix> {
    let listing = nearest_listing(corpus, index, &corpus.source(entry.file).path)?;
    Some(Fix {
        applicability: Applicability::Unsafe,
        effect: Effect::Text,
        message: "add it to the index".to_string(),
        edits: vec![list_in(corpus, index, &listing, entry)],
    })
}
