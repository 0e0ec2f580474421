//! A reference link whose label is not defined.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::nearest;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UndefinedReference {}

impl Rule for UndefinedReference {
    const INFO: RuleInfo = RuleInfo {
        name: "undefined-reference",
        group: "links",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a reference link whose label is not defined",
        docs: include_str!("undefined_reference.md"),
    };

    fn check(&self, _: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let defined: Vec<&str> = entry.document.reference_labels.iter().map(String::as_str).collect();
        for reference in &entry.document.undefined_references {
            let label = &reference.label;
            findings.push(Finding {
                help: Some(match nearest(label, &defined) {
                    Some(meant) => format!("did you mean `[{meant}]`?"),
                    None => format!("add the line `[{label}]: target`, or write `[text](target)`"),
                }),
                ..Finding::new(
                    Location { file: entry.file, span: reference.span },
                    label,
                    format!("no definition of `[{label}]`: the brackets show as text"),
                )
            });
        }
    }
}
