//! A heading more than one level below the one before it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::Heading;
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SkippedHeadingLevel {}

impl Rule for SkippedHeadingLevel {
    const INFO: RuleInfo = RuleInfo {
        name: "skipped-heading-level",
        group: "sections",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a heading more than one level below the one before it",
        docs: include_str!("skipped_heading_level.md"),
    };

    fn check(&self, _corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let headings = entry.document.headings.iter().filter(|heading| heading.top_level);
        let pairs = headings.clone().zip(headings.skip(1));
        findings.extend(pairs.filter(|(above, below)| below.level > above.level + 1).map(|(above, below)| Finding {
            help: Some(help(above, below)),
            ..Finding::new(Location { file: entry.file, span: below.span }, &below.text, message(above, below))
        }));
    }
}

fn message(above: &Heading, below: &Heading) -> String {
    format!("level-{} heading directly under a level-{} one", below.level, above.level)
}

fn help(above: &Heading, below: &Heading) -> String {
    format!("write `{} {}`, or give it a parent", "#".repeat(above.level as usize + 1), below.text)
}
