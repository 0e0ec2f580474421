//! A step or a procedure that does not say how long it takes.

use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::asked;
use crate::corpus::{Corpus, Entry, Section, Step, parent};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::Heading;
use crate::rules::Rule;
use crate::settings::GuidelineKind;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct MissingTimeEstimate {
    /// Holds every runbook to it, whatever its standard says.
    always: bool,
}

impl Rule for MissingTimeEstimate {
    const INFO: RuleInfo = RuleInfo {
        name: "missing-time-estimate",
        group: "procedure",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a step or a procedure without a time, where the standard asks for it",
        docs: include_str!("missing_time_estimate.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(reason) = asked(corpus, entry, GuidelineKind::TimeEstimates, self.always) else { return };
        let procedures = entry.sections.iter().filter(|section| section.id.as_deref() == Some("procedure"));
        for section in procedures {
            let missing = missing(entry, section);
            findings.extend(missing.into_iter().map(|(span, subject, message, help)| Finding {
                help: Some(help),
                related: reason.related(),
                ..Finding::new(Location { file: entry.file, span }, subject, message)
            }));
        }
    }
}

/// Place, subject, message and help.
type Missing = (Span, String, String, String);

/// Where no part of a procedure has a time, the procedure lacks it; where some steps have, each other one does.
fn missing(entry: &Entry<'_>, section: &Section) -> Vec<Missing> {
    let heading = &entry.document.headings[section.heading];
    let span = Span { start: heading.span.start, end: heading.section_end };
    let steps: Vec<&Step> = entry.steps.iter().filter(|step| span.contains(step.span)).collect();
    let has_own = entry.estimates[section.heading].is_some();
    let has_inner = entry
        .document
        .headings
        .iter()
        .zip(&entry.estimates)
        .any(|(inner, estimate)| estimate.is_some() && span.contains(inner.span));
    let is_estimated = |step: &&Step| step.estimate.is_some();
    if !has_own && !has_inner && !steps.iter().any(is_estimated) {
        // What is empty is another rule's.
        let is_empty = !entry.document.paragraphs.iter().any(|paragraph| span.contains(paragraph.span));
        return if is_empty { Vec::new() } else { vec![of_procedure(heading, &steps)] };
    }
    let lacks = |step: &&Step| {
        let siblings = steps.iter().filter(|other| other.parent == step.parent && other.is_heading == step.is_heading);
        // A list whose items say it here and there has said it where it matters.
        step.is_heading && step.estimate.is_none() && siblings.into_iter().any(is_estimated)
    };
    let in_steps = steps.iter().filter(|step| lacks(step)).map(|step| {
        let help = format!("write the time behind the heading: `{} (5 minutes)`", heading_text(entry, step));
        (
            step.span,
            format!("step {}", step.number),
            format!("step {}, `{}`, has no time estimate", step.number, step.title),
            help,
        )
    });
    // A run of steps of which none has a time, under no heading that has one.
    let mut parents: Vec<Option<usize>> = steps.iter().filter(|step| step.is_heading).map(|step| step.parent).collect();
    parents.dedup();
    let bare = parents.into_iter().flatten().filter(|over| {
        let own: Vec<&&Step> = steps.iter().filter(|step| step.parent == Some(*over)).collect();
        !own.iter().any(|step| is_estimated(step)) && !is_under_estimate(entry, *over)
    });
    let in_rows = bare.map(|over| {
        let own: Vec<&Step> = steps.iter().copied().filter(|step| step.parent == Some(over)).collect();
        of_procedure(&entry.document.headings[over], &own)
    });
    in_steps.chain(in_rows).collect()
}

fn is_under_estimate(entry: &Entry<'_>, heading: usize) -> bool {
    std::iter::successors(Some(heading), |at| parent(&entry.document, *at)).any(|at| entry.estimates[at].is_some())
}

fn of_procedure(heading: &Heading, steps: &[&Step]) -> Missing {
    let count = steps.iter().filter(|step| step.is_heading).count();
    let message = match count {
        0 | 1 => format!("`{}` has no time estimate", heading.text),
        _ => format!("none of the {count} steps of `{}` has a time estimate", heading.text),
    };
    let help = match steps.iter().find(|step| step.is_heading) {
        Some(step) => format!("write it behind each step's heading: `{} (5 minutes)`", step.title),
        None => format!("write it behind the heading: `{} (5 minutes)`", heading.text),
    };
    (heading.span, "procedure".to_string(), message, help)
}

fn heading_text<'e>(entry: &'e Entry<'_>, step: &Step) -> &'e str {
    entry.document.headings.iter().find(|heading| heading.span == step.span).map_or("", |heading| heading.text.as_str())
}
