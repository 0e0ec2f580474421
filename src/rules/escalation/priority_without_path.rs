//! A defined priority for which nobody is called.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::places::narrowed;
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::rules::severity::severity;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PriorityWithoutPath {}

impl Rule for PriorityWithoutPath {
    const INFO: RuleInfo = RuleInfo {
        name: "priority-without-path",
        group: "escalation",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a defined priority without an escalation path, where others have one",
        docs: include_str!("priority_without_path.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        // A path without a priority is that of all.
        let Some(first) = index.escalation.first().and_then(|path| path.bands.first()) else { return };
        if index.escalation.iter().any(|path| path.priority.is_empty()) {
            return;
        }
        let names = |text: &str| -> BTreeSet<String> {
            let named = severity(text);
            named.codes.into_iter().chain(named.words).collect()
        };
        let with_path: BTreeSet<String> = index.escalation.iter().flat_map(|path| names(&path.priority)).collect();
        let source = corpus.source(entry.file);
        for priority in &index.priorities {
            let own = names(&priority.name);
            if own.is_empty() || !own.is_disjoint(&with_path) {
                continue;
            }
            let row = Location { file: entry.file, span: priority.span };
            findings.push(Finding {
                help: Some(format!("say who is called for `{}`, and after what time", priority.name)),
                related: vec![Related {
                    location: Location { file: entry.file, span: first.span },
                    message: "the first escalation path".to_string(),
                }],
                ..Finding::new(
                    narrowed(source, priority.name.clone(), row).location,
                    &priority.name,
                    format!("priority `{}` has no escalation path", priority.name),
                )
            });
        }
    }
}
