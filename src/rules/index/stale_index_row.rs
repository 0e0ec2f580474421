//! A row of an index table that says something else than its runbook.

use schemars::JsonSchema;
use serde::Deserialize;

use super::agreement::agree;
use super::rows::{LinkedRow, content, linked_rows};
use crate::corpus::{Column, Corpus, Entry, Value};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;
use crate::source::FileId;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StaleIndexRow {}

const REPEATED: [Column; 4] = [Column::EstimatedTime, Column::ApprovalRequired, Column::Priority, Column::Owner];

impl Rule for StaleIndexRow {
    const INFO: RuleInfo = RuleInfo {
        name: "stale-index-row",
        group: "index",
        level: Level::Warning,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "a row whose time, approval, priority or owner differs from that of the runbook",
        docs: include_str!("stale_index_row.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        for row in linked_rows(index, entry) {
            // A row that leads to a part of a runbook may give the time of that part.
            let is_part = row.node(entry).target.contains('#');
            if let Some(file) = row.link.file.filter(|_| !is_part) {
                findings.extend(REPEATED.into_iter().filter_map(|column| compare(corpus, entry, &row, file, column)));
            }
        }
    }
}

fn compare(
    corpus: &Corpus<'_>,
    entry: &Entry<'_>,
    row: &LinkedRow<'_>,
    file: FileId,
    column: Column,
) -> Option<Finding> {
    let fact = column.fact()?;
    let cell = row.row.cell(column)?;
    let value = corpus.entry(file).metadata.get(fact)?;
    if agree(corpus.settings, fact, &cell.text, &value.text) != Some(false) {
        return None;
    }
    let place = Location { file: entry.file, span: content(corpus.source(entry.file), cell) };
    let path = &corpus.source(file).path;
    Some(Finding {
        help: Some(format!("write `{}`, or correct the runbook", value.text)),
        related: vec![Related {
            location: Location { file, span: value.span },
            message: "the runbook's own value".to_string(),
        }],
        fix: Some(take_over(place, fact, value)),
        ..Finding::new(
            place,
            fact.id(),
            format!("{} is `{}` here, `{}` in `{path}`", called(fact), cell.text, value.text),
        )
    })
}

fn called(fact: Fact) -> &'static str {
    match fact {
        Fact::EstimatedTime => "the time",
        Fact::ApprovalRequired => "the approval",
        Fact::Priority => "the priority",
        _ => "the owner",
    }
}

/// Who must agree and how urgent it is are decisions: a person must say which of the two values is the right one.
fn take_over(place: Location, fact: Fact, value: &Value) -> Fix {
    Fix {
        effect: Effect::Text,
        applicability: match fact {
            Fact::EstimatedTime | Fact::Owner => Applicability::Safe,
            _ => Applicability::Unsafe,
        },
        message: "take the runbook's value".to_string(),
        edits: vec![Edit { location: place, replacement: value.text.replace('|', "\\|") }],
    }
}
