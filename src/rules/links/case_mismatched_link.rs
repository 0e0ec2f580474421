//! A link that differs from its file by case only.

use schemars::JsonSchema;
use serde::Deserialize;

use super::checked::{Written, written};
use super::missing::replace;
use crate::corpus::{Corpus, Entry, path};
use crate::diagnostic::{Applicability, Finding, Fixability, Level, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CaseMismatchedLink {}

impl Rule for CaseMismatchedLink {
    const INFO: RuleInfo = RuleInfo {
        name: "case-mismatched-link",
        group: "links",
        level: Level::Error,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "a link that differs from its file by case only",
        docs: include_str!("case_mismatched_link.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if entry.case_mismatches.is_empty() {
            return;
        }
        for written in written(entry) {
            if let Some(mismatch) = entry.case_mismatches.iter().find(|mismatch| mismatch.link == written.index) {
                findings.push(finding(corpus, entry, &written, &mismatch.path));
            }
        }
    }
}

fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, written: &Written<'_>, actual: &str) -> Finding {
    let source = corpus.source(entry.file);
    let target = &written.link.target;
    let name = target.split(['#', '?']).next().unwrap_or(target);
    // The form of the link is the author's: only the letters change.
    let to = match name {
        _ if name.starts_with('/') => in_form_of(name, actual),
        _ if name.starts_with("./") => format!("./{}", path::relative(&source.path, actual)),
        _ => path::relative(&source.path, actual),
    };
    let fix = written.path_span(source).map(|span| {
        let message = format!("write `{to}`");
        replace(entry, span, path::percent_encode(&to), message, Applicability::Safe)
    });
    Finding {
        help: Some(format!("write `{to}`")),
        related: written.uses(entry),
        fix,
        ..Finding::new(written.place(entry), target, format!("`{name}` differs from `{to}` by case"))
    }
}

/// As much of the end of `actual` as the absolute link has parts.
fn in_form_of(absolute: &str, actual: &str) -> String {
    let parts = path::join("", absolute).split('/').count();
    let actual: Vec<&str> = actual.split('/').collect();
    format!("/{}", actual[actual.len().saturating_sub(parts)..].join("/"))
}
