//! SARIF 2.1.0, which code scanning and editors read:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html>.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Layout, Report, plain, to_json};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Level, Location, RuleInfo};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Where the tool is found.
const INFORMATION: &str = concat!("https://crates.io/crates/", env!("CARGO_PKG_NAME"));
/// The folder that paths are relative to; who reads the file says where that is.
const BASE: &str = "%SRCROOT%";
/// Name and version of the fingerprint. A change of what goes into it needs a new version.
const FINGERPRINT: &str = "runbookSite/v1";

/// The report as one SARIF log. `rules` are those that may have run; one that is only named by a finding is added.
pub fn sarif(report: &Report<'_>, rules: &[&RuleInfo]) -> String {
    let mut descriptors: Vec<Value> = rules.iter().map(|info| descriptor(info)).collect();
    let mut indexes: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, info)| (info.name, at)).collect();
    for diagnostic in report.diagnostics {
        indexes.entry(diagnostic.rule).or_insert_with(|| {
            descriptors.push(json!({ "id": diagnostic.rule }));
            descriptors.len() - 1
        });
    }
    let results: Vec<Value> =
        report.diagnostics.iter().map(|diagnostic| result(report, diagnostic, &indexes)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "runbook-site",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": INFORMATION,
                    "rules": descriptors,
                },
            },
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": { BASE: { "description": { "text": "the folder that paths are relative to" } } },
            "results": results,
        }],
    });
    to_json(&log, Layout::Pretty) + "\n"
}

/// What code scanning shows of a rule.
fn descriptor(info: &RuleInfo) -> Value {
    json!({
        "id": info.name,
        "shortDescription": { "text": info.summary },
        "fullDescription": { "text": opening(info.docs) },
        "help": { "text": info.docs, "markdown": info.docs },
        "defaultConfiguration": { "level": level(info.level) },
        "properties": { "tags": [info.group], "problem.severity": problem_severity(info.level) },
    })
}

/// The first paragraph of a rule's page, as one line.
fn opening(docs: &str) -> String {
    let lines = docs.lines().skip_while(|line| line.starts_with('#') || line.trim().is_empty());
    lines.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

fn result(report: &Report<'_>, diagnostic: &Diagnostic, indexes: &BTreeMap<&str, usize>) -> Value {
    let finding = &diagnostic.finding;
    let related = finding.related.iter().enumerate().map(|(at, related)| {
        json!({
            "id": at + 1,
            "message": { "text": text(&related.message) },
            "physicalLocation": physical(report, related.location),
        })
    });
    let mut result = json!({
        "ruleId": diagnostic.rule,
        "ruleIndex": indexes.get(diagnostic.rule),
        "level": level(diagnostic.level),
        "message": { "text": message(diagnostic) },
        "locations": [{ "physicalLocation": physical(report, finding.location) }],
        "partialFingerprints": { FINGERPRINT: diagnostic.fingerprint },
        "properties": { "subject": finding.subject },
    });
    if !finding.related.is_empty() {
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([fix_of(report, fix)]);
    }
    result
}

/// The message with the help, and a link to each related place.
fn message(diagnostic: &Diagnostic) -> String {
    let finding = &diagnostic.finding;
    let help = finding.help.iter().map(|help| format!("\nhelp: {}", text(help)));
    let related = finding.related.iter().enumerate();
    let links = related.map(|(at, related)| format!("\n[{}]({})", bracketed(&related.message), at + 1));
    text(&finding.message) + &help.chain(links).collect::<String>()
}

/// Text of a message without steering characters. Where it would be read as a link, its brackets are escaped.
fn text(text: &str) -> String {
    if text.contains("](") { bracketed(text) } else { plain(text).into_owned() }
}

fn bracketed(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn physical(report: &Report<'_>, location: Location) -> Value {
    json!({ "artifactLocation": artifact(report.path(location)), "region": region(report, location) })
}

fn region(report: &Report<'_>, location: Location) -> Value {
    let (start, end) = report.range(location);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// An address is relative to the base. A path that leaves it, or that names a drive, stands for itself.
fn artifact(path: &str) -> Value {
    let is_drive = |start: &str| start.len() == 2 && start.ends_with(':');
    let uri = utf8_percent_encode(path, PATH).to_string();
    match path.split('/').next() {
        Some("") => json!({ "uri": format!("file://{uri}") }),
        Some(start) if is_drive(start) => json!({ "uri": format!("file:///{uri}") }),
        Some("..") => json!({ "uri": uri }),
        _ => json!({ "uri": uri, "uriBaseId": BASE }),
    }
}

/// What is escaped in a path: all but the unreserved characters of RFC 3986 and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

fn fix_of(report: &Report<'_>, fix: &Fix) -> Value {
    let mut by_file: BTreeMap<u32, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        by_file.entry(edit.location.file.0).or_default().push(edit);
    }
    let replacement = |edit: &&Edit| {
        json!({
            "deletedRegion": region(report, edit.location),
            "insertedContent": { "text": edit.replacement },
        })
    };
    let changes = by_file.values().map(|edits| {
        json!({
            "artifactLocation": artifact(report.path(edits[0].location)),
            "replacements": edits.iter().map(replacement).collect::<Vec<_>>(),
        })
    });
    let caution = match fix.applicability {
        Applicability::Safe => "",
        Applicability::Unsafe => " (unsafe: read it before you apply it)",
    };
    json!({
        "description": { "text": text(&fix.message) + caution },
        "artifactChanges": changes.collect::<Vec<_>>(),
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

/// The scale by which code scanning sorts and filters.
fn problem_severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "recommendation",
    }
}
