//! Priorities of two scales in one handbook.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::places::{nearest_index, priorities_in};
use crate::corpus::{Corpus, Entry, Index};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::rules::severity::{scale, severity};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MixedSeverityScale {}

impl Rule for MixedSeverityScale {
    const INFO: RuleInfo = RuleInfo {
        name: "mixed-severity-scale",
        group: "escalation",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "priorities of two scales in one handbook, such as P0 to P3 and Low to Critical",
        docs: include_str!("mixed_severity_scale.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let uses = priorities_in(corpus, entry);
        if uses.is_empty() {
            return;
        }
        let Some((base, base_name, base_place)) = base_scale(corpus, entry) else { return };
        let mut said = BTreeSet::new();
        for text in uses {
            for (own, name) in scales(&text.text) {
                if base.contains(own) || !said.insert(own) || is_used_before(corpus, entry, own) {
                    continue;
                }
                findings.push(Finding {
                    help: Some("use one scale, so that nobody must translate".to_string()),
                    related: vec![Related { location: base_place, message: "the other scale".to_string() }],
                    ..Finding::new(text.location, &name, format!("`{name}` and `{base_name}` are of different scales"))
                });
            }
        }
    }
}

const WORDS: &str = "words";

/// The scales of a text, each with one of its priorities.
fn scales(text: &str) -> Vec<(&'static str, String)> {
    let used = severity(text);
    let of_code = |code: &String| if scale(code) == "P" { "P" } else { "SEV" };
    let mut found: Vec<(&'static str, String)> = used.codes.iter().map(|code| (of_code(code), code.clone())).collect();
    // `P1 (Critical)` says one thing twice.
    if found.is_empty() {
        found.extend(used.words.into_iter().map(|word| (WORDS, word)));
    }
    found
}

/// The scales of the definitions; where there are none, that of the first document with a priority.
fn base_scale(corpus: &Corpus<'_>, entry: &Entry<'_>) -> Option<(BTreeSet<&'static str>, String, Location)> {
    let defines = |index: &Index| !index.priorities.is_empty();
    if let Some(index) = nearest_index(corpus, entry.file, defines) {
        let first = index.priorities.first()?;
        // Definitions may say what each word means: `P1 (Critical)`.
        let named = index.priorities.iter().map(|priority| (scales(&priority.name), severity(&priority.name)));
        let base: BTreeSet<_> = named
            .flat_map(|(codes, named)| {
                let words = named.words.into_iter().map(|_| WORDS);
                codes.into_iter().map(|(scale, _)| scale).chain(words).collect::<Vec<_>>()
            })
            .collect();
        let place = Location { file: index.file, span: first.span };
        return (!base.is_empty()).then(|| (base, first.name.clone(), place));
    }
    let mut uses = corpus.entries.iter().flat_map(|entry| priorities_in(corpus, entry));
    uses.find_map(|text| {
        let (own, name) = scales(&text.text).into_iter().next()?;
        Some((BTreeSet::from([own]), name, text.location))
    })
}

/// A second scale is worth one finding.
fn is_used_before(corpus: &Corpus<'_>, entry: &Entry<'_>, own: &str) -> bool {
    let before = corpus.entries.iter().take_while(|other| other.file != entry.file);
    before
        .flat_map(|other| priorities_in(corpus, other))
        .any(|text| scales(&text.text).iter().any(|(scale, _)| *scale == own))
}
