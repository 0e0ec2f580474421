//! A section that the standard requires, with nothing under its heading.

use pulldown_cmark::Event;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind, split_number};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::{Document, Heading};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EmptySection {}

impl Rule for EmptySection {
    const INFO: RuleInfo = RuleInfo {
        name: "empty-section",
        group: "sections",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a section that the standard requires, with nothing in it",
        docs: include_str!("empty_section.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if entry.kind != Kind::Runbook {
            return;
        }
        let Some(standard) = corpus.standard_of(entry) else { return };
        for required in &standard.sections {
            let mut headings = entry.sections_named(&required.id);
            let Some(first) = headings.next() else { continue };
            if has_content(&entry.document, first) || headings.any(|heading| has_content(&entry.document, heading)) {
                continue;
            }
            findings.push(Finding {
                help: Some("where there is nothing to say, say why: \"Not applicable: …\"".to_string()),
                ..Finding::new(
                    Location { file: entry.file, span: first.span },
                    &required.id,
                    format!("nothing under `{}`", first.text),
                )
            });
        }
    }
}

/// Headings alone are no content, nor are comments, rules and empty blocks; what stands under deeper headings is, and
/// numbered steps whose headings are of the section's own level.
fn has_content(document: &Document<'_>, heading: &Heading) -> bool {
    let next = document.headings.iter().find(|next| next.span.start >= heading.section_end);
    if next.is_some_and(|next| next.level == heading.level && split_number(&next.text).is_some()) {
        return true;
    }
    let span = document.section_span(heading);
    let html = || {
        let inside = document.events.iter().filter(|(_, range)| span.contains(range.clone().into()));
        let html: String =
            inside.filter_map(|(event, _)| if let Event::Html(html) = event { Some(&**html) } else { None }).collect();
        // What stands between comments, and before the first one.
        html.split("-->").any(|part| !part.split("<!--").next().unwrap_or_default().trim().is_empty())
    };
    document.paragraphs.iter().any(|paragraph| span.contains(paragraph.span))
        || document.code_blocks.iter().any(|block| span.contains(block.span) && !block.text.trim().is_empty())
        || document.tables.iter().any(|table| span.contains(table.span) && !table.rows.is_empty())
        || html()
}
