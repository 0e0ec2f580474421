//! Another mark than the standard's before a destructive command.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::dangerous::destructive;
use crate::corpus::{Corpus, Cover, Entry, Warning, WarningForm};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::settings::Marker;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NonstandardWarning {}

impl Rule for NonstandardWarning {
    const INFO: RuleInfo = RuleInfo {
        name: "nonstandard-warning",
        group: "commands",
        level: Level::Warning,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "another mark before a destructive command than the standard asks for",
        docs: include_str!("nonstandard_warning.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let marker = corpus.standard_of(entry).and_then(|standard| standard.warning_marker.as_ref());
        let Some(marker) = marker else { return };
        let mut said = BTreeSet::new();
        for (block, commands) in destructive(entry) {
            for command in commands {
                if let Cover::Covered(warning) = entry.cover_of(block, command)
                    && warning.form == WarningForm::Other
                    && said.insert(warning.span)
                {
                    findings.push(finding(corpus, entry, warning, marker));
                }
            }
        }
    }
}

fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, warning: &Warning, marker: &Marker) -> Finding {
    let source = corpus.source(entry.file);
    let text = source.slice(warning.span).lines().next().unwrap_or_default();
    let start: String = text.chars().take(40).collect();
    let cut = if start.len() < text.len() { " …" } else { "" };
    let place =
        Location { file: entry.file, span: Span { end: warning.span.start + text.len() as u32, ..warning.span } };
    let mut finding = Finding::new(
        place,
        &marker.text,
        format!("the warning `{}{cut}` is not marked with `{}`", start.trim_end(), marker.text),
    );
    finding.help = Some(format!("start it with `{}:`", marker.text));
    finding.related.extend(
        marker
            .origin
            .location()
            .map(|location| Related { location, message: "the standard asks for it here".to_string() }),
    );
    finding.fix = add_marker(source, entry, warning, marker);
    finding
}

/// Puts the mark at the start, in place of a sign that stands there. In a heading it would change the anchor.
fn add_marker(source: &Source, entry: &Entry<'_>, warning: &Warning, marker: &Marker) -> Option<Fix> {
    let in_heading = entry.document.headings.iter().any(|heading| heading.span.contains(warning.span));
    if in_heading {
        return None;
    }
    let text = source.slice(warning.span);
    let in_code = entry.document.code_blocks.iter().any(|block| block.span.contains(warning.span));
    let lead = if in_code { text.len() - text.trim_start_matches(['#', '-', ' ', '/']).len() } else { 0 };
    let sign = text[lead..]
        .trim_start_matches(['⚠', '\u{fe0f}', '🚨', '🛑', '⛔', '☠', '💀', '🔥', '❗', '‼', '🔴', '☢', ' ']);
    let start = warning.span.start as usize + lead;
    let end = warning.span.start as usize + text.len() - sign.len();
    Some(Fix {
        applicability: Applicability::Safe,
        effect: if in_code { Effect::Code } else { Effect::Text },
        message: format!("start it with `{}:`", marker.text),
        edits: vec![Edit {
            location: Location { file: entry.file, span: Span::new(start, end.max(start)) },
            replacement: format!("{}: ", marker.text),
        }],
    })
}
