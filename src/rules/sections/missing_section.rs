//! A section that the document's standard asks for is not there.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::document::CodeBlock;
use crate::rules::Rule;
use crate::settings::{RequiredSection, Standard, section_ids};
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MissingSection {}

impl Rule for MissingSection {
    const INFO: RuleInfo = RuleInfo {
        name: "missing-section",
        group: "sections",
        level: Level::Error,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a section that the standard requires is absent",
        docs: include_str!("missing_section.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if entry.kind != Kind::Runbook {
            return;
        }
        let Some(standard) = corpus.standard_of(entry) else { return };
        for (order, required) in standard.sections.iter().enumerate() {
            if !entry.has_section(required) && corpus.is_asked(entry, &required.id) {
                findings.push(finding(corpus, entry, standard, required, order));
            }
        }
    }
}

fn finding(
    corpus: &Corpus<'_>,
    entry: &Entry<'_>,
    standard: &Standard,
    required: &RequiredSection,
    order: usize,
) -> Finding {
    let title = entry.document.title_heading().map_or(Span::default(), |title| title.span);
    let place = Location { file: entry.file, span: title };
    Finding {
        help: Some(help(corpus, entry, required)),
        related: required
            .origin
            .location()
            .map(|location| Related { location, message: "required here".to_string() })
            .into_iter()
            .collect(),
        fix: insert(corpus, entry, standard, required, order),
        ..Finding::new(place, &required.id, message(standard, required))
    }
}

fn message(standard: &Standard, required: &RequiredSection) -> String {
    format!("no `{}` section{}", required.name, standard.asker(required.origin))
}

fn help(corpus: &Corpus<'_>, entry: &Entry<'_>, required: &RequiredSection) -> String {
    if let Some((block, heading)) = swallowed(entry, required) {
        let line = corpus.source(entry.file).position(block.span.start).line;
        return format!("close the code block that begins on line {line}: `{heading}` stands inside it");
    }
    let word = required.name.to_lowercase();
    let near =
        entry.document.headings.iter().find(|heading| heading.level > 1 && heading.text.to_lowercase().contains(&word));
    match near {
        Some(heading) => format!("write `## {}`; `{}` is not that section", required.name, heading.text),
        None => format!("write `## {}`; where there is nothing to say, say why: \"Not applicable: …\"", required.name),
    }
}

/// The section's heading inside a code block that is never closed, with the block.
fn swallowed<'e>(entry: &'e Entry<'_>, required: &RequiredSection) -> Option<(&'e CodeBlock, &'e str)> {
    let is_own = |text: &str| section_ids(text).iter().any(|(id, _)| *id == required.id) || required.is_named(text);
    let open = entry.document.code_blocks.iter().filter(|block| !block.closed);
    open.flat_map(|block| block.text.lines().map(move |line| (block, line.trim())))
        .find(|(_, line)| line.starts_with("##") && is_own(line.trim_start_matches('#')))
}

/// Where the section belongs: before the first one that the standard wants behind it. `None` is the end of the file.
fn place(entry: &Entry<'_>, standard: &Standard, order: usize) -> Option<usize> {
    let later = &standard.sections[order + 1..];
    let next = later.iter().flat_map(|section| entry.sections_named(&section.id)).filter(|heading| heading.level <= 2);
    next.map(|heading| heading.span.start as usize).min()
}

/// Puts the section where it belongs. Nothing can be put behind a code block that is never closed.
fn insert(
    corpus: &Corpus<'_>,
    entry: &Entry<'_>,
    standard: &Standard,
    required: &RequiredSection,
    order: usize,
) -> Option<Fix> {
    let source = corpus.source(entry.file);
    let line_end = source.line_end();
    let body = template_body(corpus, standard, &required.id).unwrap_or_else(|| "TODO".to_string());
    let section = format!("## {}\n\n{}\n", required.name, body.trim()).replace('\n', line_end);
    let appended =
        |order: usize| !entry.has_section(&standard.sections[order]) && place(entry, standard, order).is_none();
    let (at, text) = match place(entry, standard, order) {
        Some(start) => (start, format!("{section}{line_end}")),
        None if entry.document.code_blocks.iter().any(|block| block.fenced && !block.closed) => return None,
        None if (0..order).any(appended) => (source.text.len(), format!("{line_end}{section}")),
        None => (source.text.len(), format!("{}{section}", gap(source, line_end))),
    };
    Some(Fix {
        applicability: Applicability::Unsafe,
        effect: Effect::Text,
        message: format!("insert `## {}`", required.name),
        edits: vec![Edit { location: Location { file: entry.file, span: Span::new(at, at) }, replacement: text }],
    })
}

/// What stands between the end of the file and a new section: one blank line.
fn gap(source: &Source, line_end: &str) -> String {
    let text = &source.text;
    match text.strip_suffix(line_end) {
        _ if text.is_empty() => String::new(),
        Some(rest) if rest.ends_with(line_end) => String::new(),
        Some(_) => line_end.to_string(),
        None => line_end.repeat(2),
    }
}

/// The text of the section in the template of the index that states the standard.
fn template_body(corpus: &Corpus<'_>, standard: &Standard, id: &str) -> Option<String> {
    let index = standard.origin.location()?.file;
    let template = corpus.index_at(index)?.template.as_ref()?;
    template.section_body(id)
}
