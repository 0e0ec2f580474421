//! A fence inside the template's own fence that a copy of the template gets wrong.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Template};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BrokenTemplateFence {}

impl Rule for BrokenTemplateFence {
    const INFO: RuleInfo = RuleInfo {
        name: "broken-template-fence",
        group: "template",
        level: Level::Warning,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "a fence inside the template that copies out broken",
        docs: include_str!("broken_template_fence.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(template) = corpus.index_at(entry.file).and_then(|index| index.template.as_ref()) else { return };
        let source = corpus.source(entry.file);
        match (template.escaped_fences.first(), template.cut_at) {
            (_, Some(cut)) => findings.push(cut_off(entry, source, template, cut)),
            (Some(first), None) => findings.push(escaped(entry, source, template, *first)),
            (None, None) => {}
        }
    }
}

fn escaped(entry: &Entry<'_>, source: &Source, template: &Template, first: Span) -> Finding {
    let at = |span: Span| Location { file: entry.file, span };
    let outer = longer_fence(source, template);
    let likewise = template.escaped_fences[1..].iter();
    let related = likewise.map(|span| Related { location: at(*span), message: "likewise".to_string() });
    let edit = |span: Span, replacement: String| Edit { location: at(span), replacement };
    // Without its end, the outer fence would be longer than the next one that could close it.
    let fix = template.fences.1.map(|close| {
        let inner = template.escaped_fences.iter().map(|span| edit(*span, plain(source.slice(*span))));
        let edits = [edit(template.fences.0, outer.clone())].into_iter().chain(inner);
        Fix {
            applicability: Applicability::Safe,
            effect: Effect::Code,
            message: "put a longer fence around the template".to_string(),
            edits: edits.chain([edit(close, outer.clone())]).collect(),
        }
    });
    Finding {
        help: Some(format!("begin and end the template with {}, and leave out the backslashes inside", words(&outer))),
        related: related.collect(),
        fix,
        ..Finding::new(
            at(first),
            "template",
            "a fence whose back-ticks have backslashes is copied with them: it opens no code block",
        )
    }
}

fn cut_off(entry: &Entry<'_>, source: &Source, template: &Template, cut: Span) -> Finding {
    let outer = longer_fence(source, template);
    Finding {
        help: Some(format!("begin the template with {}, and end it so where it is to end", words(&outer))),
        related: template
            .fences
            .1
            .map(|close| Related {
                location: Location { file: entry.file, span: close },
                message: "the template ends here".to_string(),
            })
            .into_iter()
            .collect(),
        ..Finding::new(
            Location { file: entry.file, span: cut },
            "template",
            "the end of this fence ends the template: what follows is part of the index",
        )
    }
}

/// One mark more than any fence of its kind inside.
fn longer_fence(source: &Source, template: &Template) -> String {
    let own = source.slice(template.fences.0);
    let mark = own.chars().next().unwrap_or('`');
    let runs = template.text.lines().map(|line| line.trim_start().chars().take_while(|c| *c == mark).count());
    let longest = runs.max().unwrap_or(0);
    mark.to_string().repeat(own.len().max(longest + 1))
}

/// `4 back-ticks`: the marks themselves cannot be counted at a glance.
fn words(fence: &str) -> String {
    let name = if fence.starts_with('~') { "tildes" } else { "back-ticks" };
    format!("{} {name}", fence.len())
}

fn plain(escaped: &str) -> String {
    escaped.replace('\\', "")
}
