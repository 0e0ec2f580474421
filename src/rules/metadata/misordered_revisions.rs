//! A Revision History whose dates are in no order, or disagree with Last Updated.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Revision, longest_run, parse_date};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MisorderedRevisions {}

impl Rule for MisorderedRevisions {
    const INFO: RuleInfo = RuleInfo {
        name: "misordered-revisions",
        group: "metadata",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a Revision History out of order, or not up to date with Last Updated",
        docs: include_str!("misordered_revisions.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        let revisions: Vec<(&Revision, Date)> = index
            .revisions
            .iter()
            .filter(|revision| is_history(entry, revision))
            .filter_map(|revision| Some((revision, parse_date(revision.date.trim())?)))
            .collect();
        findings.extend(misplaced(&revisions).map(|(revision, date)| Finding {
            help: Some("order the rows by their dates, or correct the date".to_string()),
            ..Finding::new(
                Location { file: entry.file, span: revision.span },
                &revision.version,
                format!("the revision of {date} is out of order"),
            )
        }));
        let Some((newest, date)) = revisions.iter().max_by_key(|(_, date)| date) else { return };
        let Some(value) = entry.metadata.get(Fact::LastUpdated) else { return };
        let Some(updated) = value.date().filter(|updated| updated != date) else { return };
        findings.push(Finding {
            help: Some(match updated < *date {
                true => format!("set it to {date}, or correct the date of the revision"),
                false => "add the revision, or set the date of the newest one".to_string(),
            }),
            related: vec![Related {
                location: Location { file: entry.file, span: newest.span },
                message: "the newest revision".to_string(),
            }],
            ..Finding::new(
                Location { file: entry.file, span: value.value_span },
                Fact::LastUpdated.id(),
                format!("`{}` is {updated}, but the newest revision is of {date}", Fact::LastUpdated.name()),
            )
        });
    }
}

/// Other tables have dates too: a calendar of drills, a list of incidents.
fn is_history(entry: &Entry<'_>, revision: &Revision) -> bool {
    let heading = entry.document.heading_over(revision.span.start);
    let heading = heading.map_or(String::new(), |heading| heading.text.to_lowercase());
    ["revision", "history", "changelog", "change log", "versions"].iter().any(|word| heading.contains(word))
}

/// The rows outside the longest run in order, oldest first or newest first.
fn misplaced<'r>(revisions: &'r [(&'r Revision, Date)]) -> impl Iterator<Item = (&'r Revision, Date)> {
    let upwards = longest_run(revisions, |a, b| a.1 <= b.1);
    let downwards = longest_run(revisions, |a, b| a.1 >= b.1);
    let run = if downwards.len() > upwards.len() { downwards } else { upwards };
    revisions.iter().enumerate().filter(move |(at, _)| !run.contains(at)).map(|(_, row)| *row)
}
