//! A row of an index table that leads to a missing file.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Index, Target, path};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeadIndexRow {}

impl Rule for DeadIndexRow {
    const INFO: RuleInfo = RuleInfo {
        name: "dead-index-row",
        group: "index",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a row of an index table whose runbook does not exist",
        docs: include_str!("dead_index_row.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        for row in index.tables.iter().flat_map(|table| &table.rows) {
            let link = &entry.document.links[row.link.link];
            let Target::Missing { path: missing } = &entry.targets[row.link.link] else { continue };
            let place = Location { file: entry.file, span: link.target_span };
            findings.push(Finding {
                help: Some(help(corpus, entry, missing)),
                related: other_links(index, entry, row.link.link, missing),
                ..Finding::new(place, &link.target, format!("the row leads to `{}`, which does not exist", link.target))
            });
        }
    }
}

/// A runbook that several rows want is missing once in each; a list that names it too is part of the same fault.
fn other_links(index: &Index, entry: &Entry<'_>, row_link: usize, missing: &str) -> Vec<Related> {
    let in_rows = |link: usize| index.tables.iter().flat_map(|table| &table.rows).any(|row| row.link.link == link);
    let same = |link: usize| matches!(&entry.targets[link], Target::Missing { path } if path == missing);
    (0..entry.targets.len())
        .filter(|link| *link != row_link && !in_rows(*link) && same(*link))
        .map(|link| Related {
            location: Location { file: entry.file, span: entry.document.links[link].target_span },
            message: "linked here too".to_string(),
        })
        .collect()
}

fn help(corpus: &Corpus<'_>, entry: &Entry<'_>, missing: &str) -> String {
    let here = &corpus.source(entry.file).path;
    match corpus.known_paths.nearest(missing) {
        Some(meant) => format!("did you mean `{}`?", path::relative(here, meant)),
        None => format!("write `{missing}`, or remove the row until it is written"),
    }
}
