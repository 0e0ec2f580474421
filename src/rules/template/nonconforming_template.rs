//! A template that breaks the standard of its own index.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Template, TemplateSection, longest_run};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::settings::{Guideline, GuidelineKind, RequiredSection, Standard};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NonconformingTemplate {}

impl Rule for NonconformingTemplate {
    const INFO: RuleInfo = RuleInfo {
        name: "nonconforming-template",
        group: "template",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a template that breaks the standard of its own index",
        docs: include_str!("nonconforming_template.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        let (Some(template), Some(standard)) = (&index.template, index.standard) else { return };
        // What was cut off cannot be judged.
        if template.cut_at.is_some() {
            return;
        }
        let standard = &corpus.standards[standard];
        let is_missing =
            |required: &&RequiredSection| !template.sections.iter().any(|section| section.id == required.id);
        findings.extend(standard.sections.iter().filter(is_missing).map(|section| missing(entry, template, section)));
        findings.extend(misordered(entry, template, standard));
        let is_not_shown = |guideline: &&Guideline| guideline.kind.is_some_and(|kind| !template.shows.contains(&kind));
        let not_shown = standard.guidelines.iter().filter(is_not_shown);
        findings.extend(not_shown.filter_map(|guideline| against(entry, template, guideline)));
    }
}

fn missing(entry: &Entry<'_>, template: &Template, section: &RequiredSection) -> Finding {
    Finding {
        help: Some(format!("write `## {}` in the template", section.name)),
        related: section
            .origin
            .location()
            .map(|location| Related { location, message: "required here".to_string() })
            .into_iter()
            .collect(),
        ..Finding::new(
            Location { file: entry.file, span: template.fences.0 },
            &section.id,
            format!("the template has no `{}` section, which its index requires", section.name),
        )
    }
}

/// The sections moved least out of the standard's order.
fn misordered(entry: &Entry<'_>, template: &Template, standard: &Standard) -> Vec<Finding> {
    let order = |section: &TemplateSection| standard.sections.iter().position(|required| required.id == section.id);
    let placed: Vec<(usize, &TemplateSection)> =
        template.sections.iter().filter_map(|section| Some((order(section)?, section))).collect();
    let run = longest_run(&placed, |a, b| a.0 <= b.0);
    let moved = placed.iter().enumerate().filter(|(at, _)| !run.contains(at));
    moved
        .map(|(_, (order, section))| Finding {
            help: Some("put it in the order of the required sections, or change that order".to_string()),
            related: standard.sections[*order]
                .origin
                .location()
                .map(|location| Related { location, message: "its place".to_string() })
                .into_iter()
                .collect(),
            ..Finding::new(
                Location { file: entry.file, span: section.span },
                &section.id,
                format!("`{}` is out of the order that the index requires", section.heading),
            )
        })
        .collect()
}

/// Subject of a guideline, what the template lacks, and what to type.
const GUIDELINES: [(GuidelineKind, &str, &str, &str); 4] = [
    (GuidelineKind::NumberedSteps, "numbered-steps", "no numbered step", "write `### Step 1: [Step title]`"),
    (
        GuidelineKind::ExpectedOutput,
        "expected-output",
        "no expected output behind its command",
        "write `**Expected output**:` and a code block behind the command",
    ),
    (
        GuidelineKind::TimeEstimates,
        "time-estimates",
        "no time estimate in its sections",
        "write `([X] minutes)` behind the titles of its steps",
    ),
    (GuidelineKind::Checklists, "checklists", "no check list", "write `- [ ]` before the points of its lists"),
];

fn against(entry: &Entry<'_>, template: &Template, guideline: &Guideline) -> Option<Finding> {
    let (_, subject, lacks, help) = GUIDELINES.iter().find(|(kind, ..)| Some(*kind) == guideline.kind)?;
    Some(Finding {
        help: Some(help.to_string()),
        related: guideline
            .origin
            .location()
            .map(|location| Related { location, message: "the guideline".to_string() })
            .into_iter()
            .collect(),
        ..Finding::new(
            Location { file: entry.file, span: template.fences.0 },
            *subject,
            format!("the template has {lacks}, which its index asks for: \"{}\"", guideline.text),
        )
    })
}
