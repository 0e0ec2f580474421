//! Two rows of an index that lead to one runbook where one row is meant.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::agreement::agree;
use super::rows::{LinkedRow, content, linked_rows};
use crate::corpus::{Column, Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::settings::Settings;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DuplicateIndexRow {}

const COMPARED: [(Column, &str); 3] = [
    (Column::EstimatedTime, "the time"),
    (Column::ApprovalRequired, "the approval"),
    (Column::Priority, "the priority"),
];

impl Rule for DuplicateIndexRow {
    const INFO: RuleInfo = RuleInfo {
        name: "duplicate-index-row",
        group: "index",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "one runbook in two rows of a table, or in two rows of an index that disagree",
        docs: include_str!("duplicate_index_row.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        let mut by_target: BTreeMap<_, Vec<LinkedRow<'_>>> = BTreeMap::new();
        for row in linked_rows(index, entry) {
            let earlier = by_target.entry(row.leads_to(entry)).or_default();
            findings.extend(against(corpus, entry, &row, earlier));
            earlier.push(row);
        }
    }
}

/// A row beside those that lead to the same place before it. One finding says enough of a row.
fn against(corpus: &Corpus<'_>, entry: &Entry<'_>, row: &LinkedRow<'_>, earlier: &[LinkedRow<'_>]) -> Option<Finding> {
    let link = row.node(entry);
    let at = |span: Span| Location { file: entry.file, span };
    if let Some(other) = earlier.iter().find(|other| other.table == row.table) {
        let difference =
            COMPARED.iter().find_map(|(column, called)| differ(corpus.settings, row, other, *column).map(|_| *called));
        return Some(Finding {
            help: Some(match difference {
                Some(called) => format!("keep one row; they differ in {}", called.trim_start_matches("the ")),
                None => "keep one row, or lead each to the part of the runbook that it means".to_string(),
            }),
            related: vec![Related { location: at(other.node(entry).span), message: "the other row".to_string() }],
            ..Finding::new(
                at(link.target_span),
                &link.target,
                format!("`{}` stands in two rows of this table", link.target),
            )
        });
    }
    let source = corpus.source(entry.file);
    earlier.iter().find_map(|other| {
        let (column, called) =
            COMPARED.iter().find(|(column, _)| differ(corpus.settings, row, other, *column).is_some())?;
        let (own, others) = differ(corpus.settings, row, other, *column)?;
        let (cell, other_cell) = (row.row.cell(*column)?, other.row.cell(*column)?);
        Some(Finding {
            help: Some("give both rows the same value".to_string()),
            related: vec![Related { location: at(content(source, other_cell)), message: "the other row".to_string() }],
            ..Finding::new(
                at(content(source, cell)),
                &link.target,
                format!("{called} of `{}` is `{own}` here and `{others}` in another row", link.target),
            )
        })
    })
}

/// What two rows say of a fact, where they contradict each other.
fn differ<'c>(
    settings: &Settings,
    row: &LinkedRow<'c>,
    other: &LinkedRow<'c>,
    column: Column,
) -> Option<(&'c str, &'c str)> {
    let (own, others) = (row.row.cell(column)?.text.as_str(), other.row.cell(column)?.text.as_str());
    (agree(settings, column.fact()?, own, others) == Some(false)).then_some((own, others))
}
