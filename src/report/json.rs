//! The report as JSON. Its names are a contract: others rely on them.

use serde::Serialize;

use super::{Counts, Layout, Report, to_json};
use crate::diagnostic::{Applicability, Diagnostic, Location};
use crate::source::Position;

/// The report as one JSON document with a final newline. With `paths` relative to the working directory for the
/// terminal, relative to the root for the site.
pub fn json(report: &Report<'_>) -> String {
    let counts = Counts::of(report.diagnostics);
    let document = Document {
        schema_version: 1,
        tool: Tool { name: "runbook-site", version: env!("CARGO_PKG_VERSION") },
        summary: Summary {
            documents: report.documents,
            runbooks: report.runbooks,
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            fixable: counts.fixable,
            fixable_unsafe: counts.fixable_unsafe,
            suppressed: report.hidden.suppressed,
            baselined: report.hidden.baselined,
        },
        diagnostics: report.diagnostics.iter().map(|diagnostic| entry(report, diagnostic)).collect(),
    };
    to_json(&document, Layout::Pretty) + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    summary: Summary,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    documents: usize,
    runbooks: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    fixable: usize,
    fixable_unsafe: usize,
    suppressed: usize,
    baselined: usize,
}

/// A finding.
#[derive(Serialize)]
pub(super) struct Entry<'a> {
    rule: &'static str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    path: &'a str,
    start: Place,
    end: Place,
    subject: &'a str,
    related: Vec<Related<'a>>,
    fix: Option<Fix<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
    offset: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    path: &'a str,
    start: Place,
    end: Place,
    message: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    applicability: Applicability,
    message: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    path: &'a str,
    start_offset: u32,
    end_offset: u32,
    replacement: &'a str,
}

/// The finding as all JSON formats of ours have it.
pub(super) fn entry<'a>(report: &Report<'a>, diagnostic: &'a Diagnostic) -> Entry<'a> {
    let finding = &diagnostic.finding;
    let (path, start, end) = place(report, finding.location);
    let related = finding.related.iter().map(|related| {
        let (path, start, end) = place(report, related.location);
        Related { path, start, end, message: &related.message }
    });
    let fix = finding.fix.as_ref().map(|fix| Fix {
        applicability: fix.applicability,
        message: &fix.message,
        edits: fix
            .edits
            .iter()
            .map(|edit| Edit {
                path: &report.paths[edit.location.file.index()],
                start_offset: edit.location.span.start,
                end_offset: edit.location.span.end,
                replacement: &edit.replacement,
            })
            .collect(),
    });
    Entry {
        rule: diagnostic.rule,
        level: diagnostic.level.name(),
        message: &finding.message,
        help: finding.help.as_deref(),
        path,
        start,
        end,
        subject: &finding.subject,
        related: related.collect(),
        fix,
        fingerprint: &diagnostic.fingerprint,
    }
}

fn place<'a>(report: &Report<'a>, location: Location) -> (&'a str, Place, Place) {
    let (start, end) = report.range(location);
    let at = |position: Position, offset: u32| Place { line: position.line, column: position.column, offset };
    (&report.paths[location.file.index()], at(start, location.span.start), at(end, location.span.end))
}
