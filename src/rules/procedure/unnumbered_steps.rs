//! A procedure whose steps have no numbers.

use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::asked;
use crate::corpus::{Corpus, Entry, read_number};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::Table;
use crate::rules::Rule;
use crate::settings::GuidelineKind;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct UnnumberedSteps {
    /// Holds every runbook to it, whatever its standard says.
    always: bool,
}

impl Rule for UnnumberedSteps {
    const INFO: RuleInfo = RuleInfo {
        name: "unnumbered-steps",
        group: "procedure",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a procedure without numbered steps, where the standard asks for them",
        docs: include_str!("unnumbered_steps.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(reason) = asked(corpus, entry, GuidelineKind::NumberedSteps, self.always) else { return };
        for heading in entry.sections_named("procedure") {
            let span = Span { start: heading.span.start, end: heading.section_end };
            if !is_numbered(entry, span) && has_several_parts(entry, span) {
                findings.push(Finding {
                    help: Some("write `### Step 1: …` over each step, or number the list: `1. …`".to_string()),
                    related: reason.related(),
                    ..Finding::new(
                        Location { file: entry.file, span: heading.span },
                        "procedure",
                        format!("`{}` has no numbered steps", heading.text),
                    )
                });
            }
        }
    }
}

/// Steps, `**1. Bold**` paragraphs and tables of steps.
fn is_numbered(entry: &Entry<'_>, section: Span) -> bool {
    let document = &entry.document;
    let mut paragraphs = document.paragraphs.iter().filter(|paragraph| section.contains(paragraph.span));
    entry.steps.iter().any(|step| section.contains(step.span))
        || paragraphs.any(|paragraph| read_number(&paragraph.text).is_some())
        || document.items.iter().any(|item| item.ordered && section.contains(item.span))
        || document.tables.iter().any(|table| section.contains(table.span) && counts_steps(table))
}

fn counts_steps(table: &Table) -> bool {
    let header = table.header.first().map(|cell| cell.text.to_lowercase());
    header.is_some_and(|header| ["#", "step", "no", "no.", "nr", "nr.", "№"].contains(&header.as_str()))
}

/// A sentence and the command that it speaks of are one thing to do: there is nothing to number.
fn has_several_parts(entry: &Entry<'_>, section: Span) -> bool {
    let document = &entry.document;
    let paragraphs = document.paragraphs.iter().filter(|paragraph| section.contains(paragraph.span)).count();
    let blocks = document.code_blocks.iter().filter(|block| section.contains(block.span)).count();
    let headings = document.headings.iter().filter(|heading| section.contains(heading.span)).count();
    paragraphs + blocks > 2 || headings > 2
}
