//! GitLab's code quality report, which merge requests show: <https://docs.gitlab.com/ci/testing/code_quality/>.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Layout, Report, plain, to_json};
use crate::diagnostic::{Diagnostic, Level};

/// The report as a JSON array. Paths must be relative to the repository for GitLab to show them.
pub fn gitlab(report: &Report<'_>) -> String {
    let mut seen = BTreeSet::new();
    let issues: Vec<Issue<'_>> =
        report.diagnostics.iter().map(|diagnostic| issue(report, diagnostic, &mut seen)).collect();
    to_json(&issues, Layout::Pretty) + "\n"
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

fn issue<'a>(report: &'a Report<'_>, diagnostic: &'a Diagnostic, seen: &mut BTreeSet<String>) -> Issue<'a> {
    let finding = &diagnostic.finding;
    let (start, end) = report.range(finding.location);
    // GitLab shows a description as one line.
    let notes = report.notes(finding).into_iter().map(|note| format!("; {note}"));
    Issue {
        description: plain(&finding.message).into_owned() + &notes.collect::<String>(),
        check_name: diagnostic.rule,
        fingerprint: unique(&diagnostic.fingerprint, seen),
        severity: severity(diagnostic.level),
        location: Place { path: report.path(finding.location), lines: Lines { begin: start.line, end: end.line } },
    }
}

/// GitLab drops an issue whose fingerprint another one has.
fn unique(fingerprint: &str, seen: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{fingerprint}-{number}"));
    let free = std::iter::once(fingerprint.to_string()).chain(numbered).find(|candidate| !seen.contains(candidate));
    let free = free.unwrap_or_default();
    seen.insert(free.clone());
    free
}

/// Its scale is info, minor, major, critical, blocker.
fn severity(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warning => "minor",
        Level::Error => "major",
    }
}
