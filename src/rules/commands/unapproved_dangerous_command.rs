//! A destructive command in a runbook that needs nobody's approval.

use schemars::JsonSchema;
use serde::Deserialize;

use super::dangerous::{destructive, first_line, shown, subject};
use crate::corpus::{Corpus, Entry, Kind, Value};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnapprovedDangerousCommand {}

impl Rule for UnapprovedDangerousCommand {
    const INFO: RuleInfo = RuleInfo {
        name: "unapproved-dangerous-command",
        group: "commands",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a destructive command in a runbook that needs nobody's approval",
        docs: include_str!("unapproved_dangerous_command.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(standard) = corpus.standard_of(entry).filter(|_| entry.kind == Kind::Runbook) else { return };
        let asks = standard.metadata.iter().any(|key| key.fact == Some(Fact::ApprovalRequired));
        let stated = entry.metadata.get(Fact::ApprovalRequired);
        if !asks || stated.is_some_and(|value| !is_none(&value.text)) {
            return;
        }
        // Once a document: one approval is for all of it.
        let Some((_, commands)) = destructive(entry).into_iter().next() else { return };
        let place = Location { file: entry.file, span: first_line(commands[0], entry) };
        let what = match stated {
            Some(value) => format!("the approval is `{}`", value.text),
            None => "no approval is stated".to_string(),
        };
        let mut finding = Finding::new(
            place,
            subject(commands[0]),
            format!("`{}` {}, and {what}", shown(commands[0]), commands[0].reason),
        );
        finding.help = Some("write who approves it, as in `**Approval Required**: Yes - DBA`".to_string());
        finding.related.extend(stated.map(|value| stated_here(entry, value)));
        findings.push(finding);
    }
}

fn stated_here(entry: &Entry<'_>, value: &Value) -> Related {
    let location = Location { file: entry.file, span: value.value_span };
    Related { location, message: "no approval is needed, it says here".to_string() }
}

/// `None`, `No`, `-`, `Not required (any time)`
fn is_none(text: &str) -> bool {
    let bare =
        text.split(['(', ',', ';', '–', '—']).next().unwrap_or_default().trim().trim_end_matches('.').to_lowercase();
    let first = bare.split(" - ").next().unwrap_or_default().trim();
    matches!(first, "" | "-" | "no" | "none" | "n/a" | "na" | "not required" | "not needed" | "no approval" | "false")
}
