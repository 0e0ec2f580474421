//! A first band that is longer than the response time of its priority.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::rules::severity::severity;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SlowFirstResponse {}

impl Rule for SlowFirstResponse {
    const INFO: RuleInfo = RuleInfo {
        name: "slow-first-response",
        group: "escalation",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a first escalation band longer than the response time of its priority",
        docs: include_str!("slow_first_response.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        for path in &index.escalation {
            let first = path.bands.iter().min_by_key(|band| (band.from_minutes, band.to_minutes));
            let Some((band, to)) = first.and_then(|band| Some((band, band.to_minutes?))) else { continue };
            let named = severity(&path.priority);
            let of_path = index.priorities.iter().find(|priority| {
                let own = severity(&priority.name);
                !own.codes.is_disjoint(&named.codes) || !own.words.is_disjoint(&named.words)
            });
            let Some((priority, response)) = of_path.and_then(|found| Some((found, found.response_minutes?))) else {
                continue;
            };
            if to > response {
                findings.push(Finding {
                    help: Some(format!("end the band at {response} minutes, or change the response time")),
                    related: vec![Related {
                        location: Location { file: entry.file, span: priority.span },
                        message: "the response time".to_string(),
                    }],
                    ..Finding::new(
                        Location { file: entry.file, span: band.span },
                        &path.priority,
                        format!("the first band of `{}` is {to} minutes, its response time {response}", path.priority),
                    )
                });
            }
        }
    }
}
