//! A metadata key that the document's standard asks for is not there, or has no value.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::document::Metadata;
use crate::rules::Rule;
use crate::settings::{Fact, RequiredKey, Standard};
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MissingMetadata {}

impl Rule for MissingMetadata {
    const INFO: RuleInfo = RuleInfo {
        name: "missing-metadata",
        group: "metadata",
        level: Level::Error,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a metadata key that the standard requires is absent",
        docs: include_str!("missing_metadata.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if entry.kind != Kind::Runbook {
            return;
        }
        let Some(standard) = corpus.standard_of(entry) else { return };
        let required = standard.metadata.iter().filter(|key| !key.optional);
        let missing: Vec<&RequiredKey> = required.filter(|key| !is_stated(entry, key)).collect();
        findings.extend(missing.iter().enumerate().map(|(order, key)| finding(corpus, entry, standard, key, order)));
    }
}

fn is_stated(entry: &Entry<'_>, key: &RequiredKey) -> bool {
    let in_front_matter = || {
        let block = entry.document.front_matter.iter();
        block.flat_map(|block| &block.entries).any(|own| key.is_named(&own.key) && !own.value.trim().is_empty())
    };
    let in_lines = || entry.document.metadata.iter().any(|line| key.is_named(&line.key) && !line.value.is_empty());
    let in_tables = || {
        let rows = entry.document.tables.iter().flat_map(|table| &table.rows).map(|row| row.cells.as_slice());
        rows.into_iter()
            .any(|cells| matches!(cells, [own, value] if key.is_named(&own.text) && !value.text.trim().is_empty()))
    };
    match key.fact {
        Some(fact) => entry.metadata.get(fact).is_some(),
        None => in_front_matter() || in_lines() || in_tables(),
    }
}

/// `order` counts the missing keys of the document from 0.
fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, standard: &Standard, key: &RequiredKey, order: usize) -> Finding {
    let source = corpus.source(entry.file);
    let asker = standard.asker(key.origin);
    let empty = head(entry).find(|line| key.is_named(&line.key));
    let title = entry.document.title_heading().map_or(Span::default(), |title| title.span);
    let changed = changed(corpus, source, key);
    let value = changed.as_deref().unwrap_or(placeholder(key));
    let (span, message, fix) = match empty {
        Some(line) => (line.span, format!("`{}` has no value{asker}", key.name), fill(source, entry, line, key, value)),
        None => (title, format!("no `{}`{asker}", key.name), insert(source, entry, key, value, order)),
    };
    let whose = if changed.is_some() { "the day of its last change in git" } else { "with the runbook's own value" };
    Finding {
        help: Some(format!("write `**{}**: {value}` under the title, {whose}", key.name)),
        related: key
            .origin
            .location()
            .map(|location| Related { location, message: "required here".to_string() })
            .into_iter()
            .collect(),
        fix: Some(fix),
        ..Finding::new(
            Location { file: entry.file, span },
            key.fact.map_or(key.name.as_str(), |fact| fact.id()),
            message,
        )
    }
}

/// The day on which git last saw the words change, for a key that asks for it.
fn changed(corpus: &Corpus<'_>, source: &Source, key: &RequiredKey) -> Option<String> {
    let change = corpus.facts.history.change(&source.path).filter(|_| key.fact == Some(Fact::LastUpdated))?;
    Some(change.date.to_string())
}

fn placeholder(key: &RequiredKey) -> &str {
    if key.placeholder.is_empty() { "TODO" } else { &key.placeholder }
}

/// The metadata lines above the first section.
fn head<'e>(entry: &'e Entry<'_>) -> impl DoubleEndedIterator<Item = &'e Metadata> {
    let title = entry.document.title_heading().map(|title| title.span);
    let first = entry.document.headings.iter().find(|heading| Some(heading.span) != title);
    let end = first.map_or(u32::MAX, |heading| heading.span.start);
    entry.document.metadata.iter().filter(move |line| line.span.start < end)
}

/// The value goes behind the colon, even where the parser has looked for it on the next line.
fn fill(source: &Source, entry: &Entry<'_>, line: &Metadata, key: &RequiredKey, value: &str) -> Fix {
    let written = source.slice(line.span).trim_end();
    let span = Span { start: line.span.start, end: line.span.start + written.len() as u32 };
    edit(entry, span, format!("{written} {value}"), format!("give `{}` the value `{value}`", key.name))
}

/// Adds the line behind the last one of the head, in its form, else under the title.
fn insert(source: &Source, entry: &Entry<'_>, key: &RequiredKey, value: &str, order: usize) -> Fix {
    let at = |offset: usize| Span::new(offset, offset);
    let line_end = source.line_end();
    let line = format!("**{}**: {value}", key.name);
    let message = format!("insert `{}`", key.name);
    if let Some(last) = head(entry).last() {
        let (_, start) = source.lines.line_at(last.span.start);
        let text = source.line(source.position(last.span.start).line);
        let before = source.slice(Span { start, end: last.span.start });
        let marker = if before.trim_matches([' ', '\t', '>', '-', '+', '*']).is_empty() { before } else { "" };
        // A hard break at the end of a line is part of the form.
        let bare = text.trim_end().trim_end_matches('\\').trim_end();
        let line_break = &text[bare.len()..];
        return edit(entry, at(start as usize + text.len()), format!("{line_end}{marker}{line}{line_break}"), message);
    }
    let gap = if order == 0 { line_end.repeat(2) } else { line_end.to_string() };
    match entry.document.title_heading() {
        Some(title) => edit(entry, at(title.span.end as usize), format!("{gap}{line}"), message),
        None => {
            let start = entry.document.front_matter.as_ref().map_or(source.bom_len(), |block| block.span.end as usize);
            edit(entry, at(start), format!("{line}{line_end}"), message)
        }
    }
}

fn edit(entry: &Entry<'_>, span: Span, replacement: String, message: String) -> Fix {
    Fix {
        applicability: Applicability::Unsafe,
        effect: Effect::Text,
        message,
        edits: vec![Edit { location: Location { file: entry.file, span }, replacement }],
    }
}
