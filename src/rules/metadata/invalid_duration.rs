//! An estimate that cannot be read as a length of time.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InvalidDuration {}

impl Rule for InvalidDuration {
    const INFO: RuleInfo = RuleInfo {
        name: "invalid-duration",
        group: "metadata",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "an estimated time that cannot be read",
        docs: include_str!("invalid_duration.md"),
    };

    fn check(&self, _corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if entry.kind != Kind::Runbook {
            return;
        }
        let Some(value) = entry.metadata.get(Fact::EstimatedTime) else { return };
        if value.duration().is_some() || value.is_computed() || value.text.starts_with(['[', '<']) {
            return;
        }
        findings.push(Finding {
            help: Some("write a number or a range with its unit, such as `15-30 minutes`, or `Varies`".to_string()),
            ..Finding::new(
                Location { file: entry.file, span: value.value_span },
                Fact::EstimatedTime.id(),
                format!("`{}` is not a length of time: `{}`", Fact::EstimatedTime.name(), value.text.trim()),
            )
        });
    }
}
