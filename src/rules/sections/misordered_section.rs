//! A section that stands elsewhere than the document's standard has it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind, longest_run};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::document::Heading;
use crate::rules::Rule;
use crate::settings::{Origin, RequiredSection, Standard};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MisorderedSection {}

impl Rule for MisorderedSection {
    const INFO: RuleInfo = RuleInfo {
        name: "misordered-section",
        group: "sections",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a section out of the standard's order",
        docs: include_str!("misordered_section.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if entry.kind != Kind::Runbook {
            return;
        }
        let Some(standard) = corpus.standard_of(entry).filter(|standard| standard.ordered) else { return };
        let placed = placed(entry, standard);
        let run = longest_run(&placed, |a, b| a.order < b.order);
        let kept: Vec<&Placed<'_>> = run.iter().map(|at| &placed[*at]).collect();
        // Of several sections of one name it is enough that one stands in its place.
        let is_kept = |order: usize| kept.iter().any(|section| section.order == order);
        let moved = placed.iter().enumerate().filter(|(at, section)| !run.contains(at) && !is_kept(section.order));
        let mut said = BTreeSet::new();
        let moved = moved.filter(|(_, section)| said.insert(section.order));
        findings.extend(moved.map(|(_, section)| finding(entry, standard, section, &kept)));
    }
}

/// A section of the standard where the document has it.
struct Placed<'e> {
    /// Position in the standard.
    order: usize,
    required: &'e RequiredSection,
    heading: &'e Heading,
}

/// The sections in the order of the document. Those inside another one stand where their parent stands, and a section
/// that is the procedure only by what is in it has no place by its name.
fn placed<'e>(entry: &'e Entry<'_>, standard: &'e Standard) -> Vec<Placed<'e>> {
    let headings = &entry.document.headings;
    let named = entry.sections.iter().filter(|section| !section.inferred);
    let mut named = named.filter_map(|section| {
        let id = section.id.as_deref()?;
        let order = standard.sections.iter().position(|required| required.id == id)?;
        Some(Placed { order, required: &standard.sections[order], heading: &headings[section.heading] })
    });
    let mut placed: Vec<Placed<'e>> = Vec::new();
    for section in named.by_ref() {
        let is_inside = placed.last().is_some_and(|last| section.heading.span.start < last.heading.section_end);
        let is_main = placed.first().is_none_or(|first| section.heading.level == first.heading.level);
        if !is_inside && is_main {
            placed.push(section);
        }
    }
    placed
}

fn finding(entry: &Entry<'_>, standard: &Standard, section: &Placed<'_>, kept: &[&Placed<'_>]) -> Finding {
    let own = section.heading.span.start;
    let later = kept.iter().find(|other| other.order < section.order && other.heading.span.start > own);
    let earlier = kept.iter().rev().find(|other| other.order > section.order && other.heading.span.start < own);
    let (other, message, place) = match (later, earlier) {
        (Some(other), _) => (other, "stands before", "behind"),
        (None, Some(other)) => (other, "stands behind", "before"),
        // Outside the run, there is always one that it should change places with.
        (None, None) => (&kept[0], "is out of order beside", "beside"),
    };
    let by = match standard.origin {
        Origin::Index(_) => "the standard".to_string(),
        Origin::Preset => format!("the preset `{}`", standard.name),
        Origin::Config { .. } => format!("the standard `{}`", standard.name),
    };
    let mut related = vec![Related {
        location: Location { file: entry.file, span: other.heading.span },
        message: format!("{by} has it {place} this one"),
    }];
    related.extend(
        section.required.origin.location().map(|location| Related { location, message: "its place".to_string() }),
    );
    Finding {
        help: Some(format!("move the section {place} `{}`", other.heading.text)),
        related,
        ..Finding::new(
            Location { file: entry.file, span: section.heading.span },
            &section.required.id,
            format!("`{}` {message} `{}`, against {by}", section.heading.text, other.heading.text),
        )
    }
}
