//! Checks written as plain bullets.

use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::{Reason, asked};
use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, RuleInfo};
use crate::document::{Heading, Item};
use crate::rules::Rule;
use crate::settings::GuidelineKind;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct UncheckedList {
    /// Holds every runbook to it, whatever its standard says.
    always: bool,
}

/// The sections that are worked off item by item.
const CHECKED: [&str; 3] = ["prerequisites", "verification", "post-incident"];

impl Rule for UncheckedList {
    const INFO: RuleInfo = RuleInfo {
        name: "unchecked-list",
        group: "procedure",
        level: Level::Info,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "checks written as plain bullets, where the standard has check lists",
        docs: include_str!("unchecked_list.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let source = corpus.source(entry.file);
        for id in CHECKED {
            let Some(reason) = self.reason(corpus, entry, id) else { continue };
            for heading in entry.sections_named(id) {
                let plain = plain_items(entry, heading);
                let Some(first) = plain.first() else { continue };
                findings.push(Finding {
                    help: Some(format!("write `{} [ ] …`", source.slice(first.marker))),
                    related: reason.related(),
                    fix: Some(fix(source, entry, &plain)),
                    ..Finding::new(
                        Location { file: entry.file, span: first_line(source, first) },
                        id,
                        format!("{} of `{}` without check boxes", count(plain.len()), heading.text),
                    )
                });
            }
        }
    }
}

impl UncheckedList {
    /// A guideline asks for check lists, or the template of the index has one in the section.
    fn reason(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, id: &str) -> Option<Reason> {
        let of_template = || {
            let origin = corpus.standard_of(entry).filter(|_| entry.kind == Kind::Runbook)?.origin.location()?;
            let template = corpus.index_at(origin.file)?.template.as_ref()?;
            let (_, span) = template.checklists.iter().find(|(section, _)| section == id)?;
            Some(Reason::stated(Location { span: *span, ..origin }, "the template's check list".to_string()))
        };
        of_template().or_else(|| asked(corpus, entry, GuidelineKind::Checklists, self.always))
    }
}

/// The plain bullets of a section's lists. Beside a check list, another list says something else; links are to be read.
fn plain_items<'e>(entry: &'e Entry<'_>, heading: &Heading) -> Vec<&'e Item> {
    let under = entry.document.section_span(heading);
    let bullets = entry.document.items.iter().filter(|item| item.depth == 0 && !item.ordered);
    let items: Vec<&Item> = bullets.filter(|item| under.contains(item.span)).collect();
    let checked: Vec<usize> = items.iter().filter(|item| item.checked.is_some()).map(|item| item.list).collect();
    let is_link = |item: &Item| {
        entry.document.links[item.links.clone()].first().is_some_and(|link| link.text.trim() == item.text)
    };
    let plain = items.into_iter().filter(|item| item.checked.is_none() && !item.text.is_empty() && !is_link(item));
    plain.filter(|item| checked.is_empty() || checked.contains(&item.list)).collect()
}

fn count(items: usize) -> String {
    if items == 1 { "one item".to_string() } else { format!("{items} items") }
}

fn first_line(source: &Source, item: &Item) -> Span {
    let text = source.slice(item.span);
    Span { end: item.span.start + text.find(['\n', '\r']).unwrap_or(text.len()) as u32, ..item.span }
}

fn fix(source: &Source, entry: &Entry<'_>, items: &[&Item]) -> Fix {
    let edits = items.iter().map(|item| {
        let behind = source.slice(Span { start: item.marker.end, end: item.span.end });
        let start = item.marker.end as usize + behind.len() - behind.trim_start_matches([' ', '\t']).len();
        Edit { location: Location { file: entry.file, span: Span::new(start, start) }, replacement: "[ ] ".to_string() }
    });
    Fix {
        applicability: Applicability::Safe,
        effect: Effect::Markup,
        message: "make check boxes".to_string(),
        edits: edits.collect(),
    }
}
