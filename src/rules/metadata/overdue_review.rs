//! A runbook that nobody has looked at for longer than its review interval.

use jiff::civil::Date;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Interval, Kind, Value, parse_interval};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OverdueReview {
    /// Days after the last update, where the runbook states neither an interval nor a day.
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
        let is_held = corpus.standard_of(entry).is_some_and(|standard| standard.origin.is_some());
        let Some((value, due, message)) = self.due(entry, is_held) else { return };
        if entry.kind == Kind::Index || due >= today {
            return;
        }
        findings.push(Finding {
            help: Some("follow it in a drill, mend what is no longer so, and set the date".to_string()),
            ..Finding::new(Location { file: entry.file, span: value.value_span }, Fact::LastUpdated.id(), message)
        });
    }
}

impl OverdueReview {
    /// The value that tells when the next review is due, that day, and what to say when it is over.
    fn due<'e>(&self, entry: &'e Entry<'_>, is_held: bool) -> Option<(&'e Value, Date, String)> {
        if let Some(value) = entry.metadata.get(Fact::NextReview)
            && let Some(due) = value.date()
        {
            return Some((value, due, format!("the review was due on {due}")));
        }
        let own = entry.metadata.get(Fact::ReviewIn).and_then(|value| parse_interval(&value.text));
        let usual = Interval { months: 0, days: i32::from(self.interval_days) };
        let interval = own.or_else(|| is_held.then_some(usual))?;
        let value = entry.metadata.get(Fact::LastUpdated)?;
        let updated = value.date()?;
        let due = interval.after(updated)?;
        Some((value, due, format!("last updated on {updated}: a review was due on {due}")))
    }
}
