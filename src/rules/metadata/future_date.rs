//! A last update that has not happened yet.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FutureDate {}

impl Rule for FutureDate {
    const INFO: RuleInfo = RuleInfo {
        name: "future-date",
        group: "metadata",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a last update that lies after today",
        docs: include_str!("future_date.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(today) = corpus.facts.today else { return };
        let Some(value) = entry.metadata.get(Fact::LastUpdated) else { return };
        let Some(date) = value.date().filter(|date| *date > today) else { return };
        findings.push(Finding {
            help: Some("write the day on which the text was last changed or checked".to_string()),
            ..Finding::new(
                Location { file: entry.file, span: value.value_span },
                Fact::LastUpdated.id(),
                format!("`{}` lies in the future: {date} is after today, {today}", Fact::LastUpdated.name()),
            )
        });
    }
}
