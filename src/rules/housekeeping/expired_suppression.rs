//! A comment that allowed something until a day that is over.

use schemars::JsonSchema;
use serde::Deserialize;

use super::suppressions::expiry;
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExpiredSuppression {}

impl Rule for ExpiredSuppression {
    const INFO: RuleInfo = RuleInfo {
        name: "expired-suppression",
        group: "housekeeping",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a comment that allows something until a day that is over",
        docs: include_str!("expired_suppression.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for suppression in entry.document.suppressions.iter().filter(|suppression| suppression.problem.is_none()) {
            let Some(last) = expiry(suppression, corpus.facts.today) else { continue };
            let rules: Vec<&str> = suppression.rules.iter().map(|rule| rule.text.as_str()).collect();
            let span = suppression.until.as_ref().map_or(suppression.span, |until| until.span);
            findings.push(Finding {
                help: Some(format!(
                    "mend what `{0}` reports and remove the comment, or write a later day if the reason still holds: {1}",
                    rules.join("`, `"),
                    suppression.reason
                )),
                ..Finding::new(
                    Location { file: entry.file, span },
                    rules.join(", "),
                    format!("`{}` was allowed until {last}", rules.join("`, `")),
                )
            });
        }
    }
}
