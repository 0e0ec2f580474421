//! A step, a scenario or all steps together that take longer than the runbook says.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Duration, Entry, Estimate, Step, Value, is_scenario, split_estimate};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExceededTimeEstimate {}

impl Rule for ExceededTimeEstimate {
    const INFO: RuleInfo = RuleInfo {
        name: "exceeded-time-estimate",
        group: "procedure",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a step, a scenario, or the sum of the steps, outside the runbook's own time",
        docs: include_str!("exceeded_time_estimate.md"),
    };

    fn check(&self, _: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(value) = entry.metadata.get(Fact::EstimatedTime) else { return };
        let Some(whole) = value.duration().as_ref().and_then(Range::of) else { return };
        let longer = longer_parts(entry, whole, value);
        let sums = rows(entry).into_iter().filter_map(|row| sum(entry, &row, whole, value));
        let sums: Vec<Finding> = if longer.is_empty() { sums.collect() } else { Vec::new() };
        findings.extend(longer.into_iter().chain(sums));
    }
}

/// Minutes, both ends known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    min: u32,
    max: u32,
}

impl Range {
    /// What varies, counts for each of many, or has no upper end, cannot be compared.
    fn of(duration: &Duration) -> Option<Range> {
        let max = duration.max_minutes.filter(|_| !duration.varies && duration.per.is_none())?;
        Some(Range { min: duration.min_minutes.unwrap_or(0), max })
    }

    fn shown(self) -> String {
        match self {
            Range { min: 1, max: 1 } => "1 minute".to_string(),
            Range { min, max } if min == max => format!("{max} minutes"),
            Range { min, max } => format!("{min}-{max} minutes"),
        }
    }
}

/// Steps and procedures each longer than the whole.
fn longer_parts(entry: &Entry<'_>, whole: Range, value: &Value) -> Vec<Finding> {
    let exceeds = |estimate: &Estimate| Range::of(&estimate.duration).is_some_and(|part| part.max > whole.max);
    let steps = entry.steps.iter().filter_map(|step| {
        let estimate = step.estimate.as_ref().filter(|estimate| exceeds(estimate))?;
        let name = format!("step {}", step.number);
        Some(longer(entry, step.span, name, &estimate.text, value))
    });
    let scenarios = entry.sections.iter().filter_map(|section| {
        let heading = &entry.document.headings[section.heading];
        let is_one = section.id.as_deref() == Some("procedure") || is_scenario(&heading.text);
        let estimate = entry.estimates[section.heading].as_ref().filter(|estimate| exceeds(estimate))?;
        let is_step = entry.steps.iter().any(|step| step.span == heading.span);
        (is_one && !is_step).then(|| {
            longer(entry, heading.span, format!("`{}`", split_estimate(&heading.text).0), &estimate.text, value)
        })
    });
    steps.chain(scenarios).collect()
}

fn longer(entry: &Entry<'_>, span: Span, name: String, takes: &str, value: &Value) -> Finding {
    let message = format!("{name} takes `{takes}`, the whole runbook `{}`", value.text);
    finding(entry, span, name.trim_matches('`'), message, value)
}

/// Steps that are done one after the other: headings under one heading.
fn rows<'e>(entry: &'e Entry<'_>) -> Vec<Vec<&'e Step>> {
    let mut rows: Vec<Vec<&Step>> = Vec::new();
    for step in entry.steps.iter().filter(|step| step.is_heading) {
        match rows.iter_mut().find(|row| row[0].parent == step.parent) {
            Some(row) => row.push(step),
            None => rows.push(vec![step]),
        }
    }
    rows
}

/// The sum of a row, where it lies outside the whole. It lies below only where all that is to be done is counted.
fn sum(entry: &Entry<'_>, row: &[&Step], whole: Range, value: &Value) -> Option<Finding> {
    let ranges: Vec<Option<Range>> =
        row.iter().map(|step| step.estimate.as_ref().and_then(|estimate| Range::of(&estimate.duration))).collect();
    let known: Vec<Range> = ranges.iter().copied().flatten().collect();
    let add = |of: fn(&Range) -> u32| known.iter().map(of).fold(0, u32::saturating_add);
    let sum = Range { min: add(|range| range.min), max: add(|range| range.max) };
    let counts_all = known.len() == row.len() && row.len() == entry.steps.len();
    let elsewhere = if counts_all { beside_steps(entry) } else { 0 };
    let side = if sum.min > whole.max && known.len() > 1 {
        "more"
    } else if counts_all && known.len() > 1 && sum.max.saturating_add(elsewhere) < whole.min {
        "less"
    } else {
        return None;
    };
    let over = row[0].parent.map(|parent| entry.document.headings[parent].span).unwrap_or(value.span);
    let message =
        format!("the {} steps take {} together, {side} than the runbook's `{}`", known.len(), sum.shown(), value.text);
    Some(finding(entry, over, Fact::EstimatedTime.id(), message, value))
}

/// The longest time of all sections beside the steps: the rest of the whole may be spent there. What stands under the
/// title is the whole.
fn beside_steps(entry: &Entry<'_>) -> u32 {
    let headings = entry.document.headings.iter().zip(&entry.estimates);
    let is_step = |span: Span| entry.steps.iter().any(|step| step.body.contains(span));
    let beside = headings.filter(|(heading, _)| heading.level > 1 && !is_step(heading.span));
    let ranges = beside.filter_map(|(_, estimate)| Range::of(&estimate.as_ref()?.duration));
    ranges.map(|range| range.max).fold(0, u32::saturating_add)
}

fn finding(entry: &Entry<'_>, span: Span, subject: &str, message: String, value: &Value) -> Finding {
    Finding {
        help: Some("correct the estimate of the part, or `Estimated Time` at the head".to_string()),
        related: vec![Related {
            location: Location { file: entry.file, span: value.value_span },
            message: "the whole runbook".to_string(),
        }],
        ..Finding::new(Location { file: entry.file, span }, subject, message)
    }
}
