//! Something in a command that the reader must fill in.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::command::{Form, Placeholder};
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnresolvedPlaceholder {}

impl Rule for UnresolvedPlaceholder {
    const INFO: RuleInfo = RuleInfo {
        name: "unresolved-placeholder",
        group: "commands",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "something in a command that the reader must fill in",
        docs: include_str!("unresolved_placeholder.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let mut by_name: BTreeMap<&str, Vec<&Placeholder>> = BTreeMap::new();
        for placeholder in &entry.placeholders {
            by_name.entry(&placeholder.name).or_default().push(placeholder);
        }
        let mut all: Vec<Vec<&Placeholder>> = by_name.into_values().collect();
        all.sort_by_key(|uses| uses[0].span);
        findings.extend(all.iter().map(|uses| finding(corpus, entry, uses)));
    }
}

/// Once a document and name: one value fills all of them.
fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, uses: &[&Placeholder]) -> Finding {
    let first = uses[0];
    let (message, help) = match first.form {
        Form::Variable => (
            format!("`${}` is set nowhere in this document", first.text),
            format!("set it in a step before, `{}=…`; the page asks the reader for it", first.text),
        ),
        _ => (
            format!("`{}` is left to the reader", corpus.source(entry.file).slice(first.span)),
            "say in the step before how to find it; the page asks the reader for it".to_string(),
        ),
    };
    let place = |placeholder: &Placeholder| Location { file: entry.file, span: placeholder.span };
    let others = uses[1..].iter().map(|other| Related { location: place(other), message: "and here".to_string() });
    Finding { help: Some(help), related: others.collect(), ..Finding::new(place(first), &first.name, message) }
}
