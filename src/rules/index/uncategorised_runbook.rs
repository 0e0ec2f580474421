//! A runbook in a table of an index that is in none of its categories.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::names::{Name, names_of, names_of_row};
use super::rows::linked_rows;
use crate::corpus::{Corpus, Entry, Index, Target};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::source::FileId;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UncategorisedRunbook {}

impl Rule for UncategorisedRunbook {
    const INFO: RuleInfo = RuleInfo {
        name: "uncategorised-runbook",
        group: "index",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a runbook that is in a table of the index and in none of its categories",
        docs: include_str!("uncategorised_runbook.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file).filter(|index| !index.categories.is_empty()) else { return };
        let (files, names) = categorised(index, entry);
        let mut seen = BTreeSet::new();
        for row in linked_rows(index, entry) {
            // A row without a file has a greater fault.
            let Some(file) = row.link.file else { continue };
            let of_row = || names_of(corpus, file).into_iter().chain(names_of_row(&row, entry));
            let is_named = || of_row().any(|own| names.iter().any(|name| name.is(&own) || name.is_like(&own)));
            if files.contains(&file) || is_named() || !seen.insert(file) {
                continue;
            }
            let link = row.node(entry);
            findings.push(Finding {
                help: Some("add it to the category that fits".to_string()),
                related: vec![Related {
                    location: Location { file: entry.file, span: index.categories[0].span },
                    message: "the categories begin here".to_string(),
                }],
                ..Finding::new(
                    Location { file: entry.file, span: link.target_span },
                    &link.target,
                    format!("`{}` is in no category", link.target),
                )
            });
        }
    }
}

/// What the bullets of the categories link, and what they name.
fn categorised(index: &Index, entry: &Entry<'_>) -> (BTreeSet<FileId>, Vec<Name>) {
    let bullets = || index.categories.iter().flat_map(|category| &category.entries);
    let spans: Vec<_> = bullets().map(|bullet| bullet.span).collect();
    let links = entry.document.links.iter().zip(&entry.targets);
    let in_bullets = links.filter(|(link, _)| spans.iter().any(|span| span.contains(link.span)));
    let files = in_bullets.filter_map(|(_, target)| match target {
        Target::Document { file, .. } => Some(*file),
        _ => None,
    });
    (files.collect(), bullets().map(|bullet| Name::new(&bullet.name)).collect())
}
