//! A priority that is used and that the definitions lack.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::places::{nearest_index, others, priorities_in, spoken_for};
use crate::corpus::{Corpus, Entry, Index};
use crate::diagnostic::{Finding, Fixability, Level, RuleInfo};
use crate::rules::Rule;
use crate::rules::severity::{scale, severity};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnknownPriority {}

impl Rule for UnknownPriority {
    const INFO: RuleInfo = RuleInfo {
        name: "unknown-priority",
        group: "escalation",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a priority that is used and not defined",
        docs: include_str!("unknown_priority.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = nearest_index(corpus, entry.file, has_priorities) else { return };
        let known = defined(index);
        let mut said = BTreeSet::new();
        for text in priorities_in(corpus, entry) {
            for name in unknown(&text.text, &known) {
                if !said.insert(name.clone()) {
                    continue;
                }
                let everywhere =
                    spoken_for(corpus, index, has_priorities).flat_map(|entry| priorities_in(corpus, entry));
                let places: Vec<_> = everywhere.filter(|other| unknown(&other.text, &known).contains(&name)).collect();
                // Once a priority, in the first document that names it.
                if places.first().is_some_and(|first| first.location.file == entry.file) {
                    let listed: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                    findings.push(Finding {
                        help: Some(format!("use one of {}, or define `{name}`", listed.join(", "))),
                        related: others(&places),
                        ..Finding::new(text.location, &name, format!("priority `{name}` is not defined"))
                    });
                }
            }
        }
    }
}

fn has_priorities(index: &Index) -> bool {
    !index.priorities.is_empty()
}

fn defined(index: &Index) -> BTreeSet<String> {
    let named = index.priorities.iter().map(|priority| severity(&priority.name));
    named.flat_map(|named| named.codes.into_iter().chain(named.words)).collect()
}

/// The priorities of a text that are of the defined scale and not among the defined ones. `SEV1` beside `P0` to `P3` is
/// of another scale, of which `mixed-severity-scale` speaks.
fn unknown(text: &str, known: &BTreeSet<String>) -> Vec<String> {
    let used = severity(text);
    let same_scale = |name: &String| known.iter().any(|known| scale(known) == scale(name) && known != scale(known));
    let codes = used.codes.into_iter().filter(same_scale);
    let by_words = !known.is_empty() && known.iter().all(|known| known == scale(known));
    let words = used.words.into_iter().filter(|_| by_words);
    codes.chain(words).filter(|name| !known.contains(name)).collect()
}
