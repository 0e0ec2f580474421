//! A runbook that nobody has looked at for longer than its review interval.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Interval, Kind, Value, parse_interval};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OverdueReview {
    /// Days after the last update, where neither the runbook nor its standard states an interval.
    interval_days: u16,
}

impl Default for OverdueReview {
    fn default() -> Self {
        OverdueReview { interval_days: 180 }
    }
}

impl Rule for OverdueReview {
    const INFO: RuleInfo = RuleInfo {
        name: "overdue-review",
        group: "metadata",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a runbook whose review is due",
        docs: include_str!("overdue_review.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(today) = corpus.facts.today else { return };
        let standard = corpus.standard_of(entry).filter(|standard| standard.origin.is_own());
        let usual = standard.map(|standard| standard.review_interval_days.unwrap_or(self.interval_days));
        let Some((fact, value, due, message)) = due(entry, usual) else { return };
        if entry.kind == Kind::Index || due >= today {
            return;
        }
        findings.push(Finding {
            help: Some("follow it in a drill, mend what is no longer so, and set the date".to_string()),
            ..Finding::new(Location { file: entry.file, span: value.value_span }, fact.id(), message)
        });
    }
}

/// The value that tells when the next review is due, with its fact, that day, and what to say when it is over. `usual_days` is the
/// interval of runbooks that state none; without it they are not due.
fn due<'e>(entry: &'e Entry<'_>, usual_days: Option<u16>) -> Option<(Fact, &'e Value, Date, String)> {
    if let Some(value) = entry.metadata.get(Fact::NextReview)
        && let Some(due) = value.date()
    {
        return Some((Fact::NextReview, value, due, format!("the review was due on {due}")));
    }
    let own = entry.metadata.get(Fact::ReviewIn).and_then(|value| parse_interval(&value.text));
    let usual = usual_days.map(|days| Interval { months: 0, days: i32::from(days) });
    let interval = own.or(usual)?;
    let value = entry.metadata.get(Fact::LastUpdated)?;
    let updated = value.date()?;
    let due = interval.after(updated)?;
    Some((Fact::LastUpdated, value, due, format!("last updated on {updated}: a review was due on {due}")))
}
