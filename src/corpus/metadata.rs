//! What the head, the foot and the front matter of a document say of it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::date::stated_date;
use super::duration::{Duration, parse_duration};
use crate::document::Document;
use crate::settings::Fact;
use crate::source::{Source, Span};

/// A fact as the author wrote it.
#[derive(Debug, Clone)]
pub struct Value {
    /// The key, as written.
    pub key: String,
    /// Without markup.
    pub text: String,
    /// Key and value in the file.
    pub span: Span,
    /// The value in the file; the same as `span` for front matter.
    pub value_span: Span,
}

impl Value {
    /// The value as a calendar date.
    pub fn date(&self) -> Option<Date> {
        stated_date(&self.text)
    }

    /// Whether a generator fills the value in: `{{ date }}`, `<%= owner %>`.
    pub fn is_computed(&self) -> bool {
        ["{{", "{%", "<%", "${"].iter().any(|mark| self.text.contains(mark))
    }

    /// The value as an estimate.
    pub fn duration(&self) -> Option<Duration> {
        parse_duration(&self.text)
    }
}

/// The facts of a document.
#[derive(Debug, Default)]
pub struct Metadata {
    values: BTreeMap<Fact, (Value, Rank)>,
    /// All keys with a value in the order in which they were read, those of no fact included.
    pairs: Vec<(String, Value)>,
}

/// Which of several statements of a fact counts: the better place, then the more usual key, then the first.
type Rank = (Place, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    FrontMatter,
    Head,
    Foot,
}

impl Metadata {
    /// The value of a fact.
    pub fn get(&self, fact: Fact) -> Option<&Value> {
        self.values.get(&fact).map(|(value, _)| value)
    }

    /// All facts that are stated.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, &Value)> {
        self.values.iter().map(|(fact, (value, _))| (*fact, value))
    }

    /// The value of the first key that `is_key` takes.
    pub fn find(&self, is_key: impl Fn(&str) -> bool) -> Option<&Value> {
        self.pairs.iter().find(|(key, _)| is_key(key)).map(|(_, value)| value)
    }

    fn offer(&mut self, key: &str, value: Value, place: Place) {
        if !value.text.is_empty() {
            self.pairs.push((key.to_string(), value.clone()));
        }
        let Some((fact, usualness)) = Fact::of_key(key) else { return };
        let rank = (place, usualness);
        if value.text.is_empty() || self.values.get(&fact).is_some_and(|(_, known)| *known <= rank) {
            return;
        }
        self.values.insert(fact, (value, rank));
    }
}

/// Lines at the end of a file in which metadata may stand.
const FOOT_LINES: usize = 8;

/// Reads the facts of a document: front matter, bold or plain `Key: value` lines and two-column tables before the first
/// section, and the same lines at the very end.
pub fn read_metadata(source: &Source, document: &Document<'_>) -> Metadata {
    let mut metadata = Metadata::default();
    for entry in document.front_matter.iter().flat_map(|block| &block.entries) {
        let text = entry.value.trim().to_string();
        let value = Value { key: entry.key.trim().to_string(), text, span: entry.span, value_span: entry.span };
        metadata.offer(&entry.key, value, Place::FrontMatter);
    }
    let head_end = head_end(document);
    let foot_start = foot_start(source);
    let place = |at: u32| match at {
        at if at < head_end => Some(Place::Head),
        at if at >= foot_start => Some(Place::Foot),
        _ => None,
    };
    for line in &document.metadata {
        if let Some(place) = place(line.span.start) {
            let (key, text) = (line.key.clone(), line.value.clone());
            let value = Value { key, text, span: line.span, value_span: line.value_span };
            metadata.offer(&line.key, value, place);
        }
    }
    for paragraph in &document.paragraphs {
        if let Some(place) = place(paragraph.span.start) {
            for (key, value) in plain_lines(source, paragraph.span) {
                metadata.offer(key, value, place);
            }
        }
    }
    for table in document.tables.iter().filter(|table| table.header.len() == 2 && table.span.start < head_end) {
        let header = std::slice::from_ref(&table.header);
        for cells in header.iter().chain(table.rows.iter().map(|row| &row.cells)) {
            if let [key, value] = cells.as_slice() {
                let span = Span { start: key.span.start, end: value.span.end };
                let value = Value { key: key.text.clone(), text: value.text.clone(), span, value_span: value.span };
                metadata.offer(&key.text, value, Place::Head);
            }
        }
    }
    metadata
}

/// Where the first section starts. A document of a title and sections has its head between them.
pub fn head_end(document: &Document<'_>) -> u32 {
    let title = document.title_heading().map(|title| title.span.start);
    let first = document.headings.iter().find(|heading| Some(heading.span.start) != title);
    first.map_or(u32::MAX, |heading| heading.span.start)
}

fn foot_start(source: &Source) -> u32 {
    let text = source.text.trim_end();
    let last = source.lines.line_at(text.len() as u32).0;
    source.lines.line_span(last.saturating_sub(FOOT_LINES - 1).max(1), source.text.len()).start
}

/// `Last updated: 2026-01-02` without bold marks, perhaps in italics. Only keys that are known make such a line more
/// than prose.
fn plain_lines(source: &Source, span: Span) -> Vec<(&str, Value)> {
    let mut found = Vec::new();
    let mut at = span.start as usize;
    for line in source.slice(span).split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_matches([' ', '\t', '>', '*', '_', '\r', '\n', '-']);
        let Some((key, value)) = bare.split_once([':', '：']) else { continue };
        if bare.contains("**") || Fact::of_key(key).is_none() {
            continue;
        }
        let text = value.trim_matches([' ', '*', '_', '`']);
        let offset = line.find(text).filter(|_| !text.is_empty()).unwrap_or(0);
        let value_span = Span::new(start + offset, start + offset + text.len());
        let span = Span::new(start, start + line.trim_end().len());
        found.push((key, Value { key: key.trim().to_string(), text: text.to_string(), span, value_span }));
    }
    found
}
