//! An entry of the baseline whose finding is gone.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::source::{FileId, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StaleBaseline {}

/// The rule's name, by which `lint` asks whether it is on.
pub const STALE_BASELINE: &str = StaleBaseline::INFO.name;

impl Rule for StaleBaseline {
    const INFO: RuleInfo = RuleInfo {
        name: "stale-baseline",
        group: "housekeeping",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "an entry of the baseline whose finding is gone",
        docs: include_str!("stale_baseline.md"),
    };
}

/// What is to be said of an entry that stands at `span` of the baseline.
pub fn stale_baseline(file: FileId, span: Span, rule: &str, path: &str, subject: &str) -> Finding {
    let about = if subject.is_empty() { String::new() } else { format!(" on `{subject}`") };
    Finding {
        help: Some(
            "remove the line, or write the baseline anew with `runbook-site check --write-baseline`".to_string(),
        ),
        ..Finding::new(
            Location { file, span },
            format!("{path} {rule} {subject}").trim_end(),
            format!("`{rule}`{about} is gone from {path}"),
        )
    }
}
