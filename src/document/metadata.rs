//! `**Key**: value` lines.

use std::ops::Range;

use super::SpannedEvent;
use crate::source::Span;
use pulldown_cmark::Event;

/// A key and its value as an author writes them at the head of a runbook.
#[derive(Debug)]
pub struct Metadata {
    pub key: String,
    /// Text without markup; empty where the line ends behind the colon.
    pub value: String,
    /// From the key to the end of the value.
    pub span: Span,
    /// The value in the file, markup included.
    pub value_span: Span,
}

/// Longer bold texts are sentences, not keys.
const MAX_KEY_CHARS: usize = 40;

/// Reads the pairs of one block of text. The file is read, not the events: `**Version:**1.0` is no bold text in
/// CommonMark, and a key all the same.
pub fn read(text: &str, block: Range<usize>, events: &[SpannedEvent<'_>]) -> Vec<Metadata> {
    let mut found: Vec<Metadata> = Vec::new();
    let mut at = block.start;
    for line in text[block].split_inclusive('\n') {
        // A key with nothing behind it has its value on the next line, where more keys may follow.
        let waiting = found.last_mut().filter(|last| last.value_span.start == last.value_span.end);
        let keys = match waiting {
            Some(last) => {
                let trimmed = line.trim_start_matches([' ', '\t', '>']);
                let start = line.len() - trimmed.len();
                let keys = keys_from(line, start, Vec::new());
                let end = keys.first().map_or(line.len(), |key| key.start);
                last.value_span = trimmed_span(text, at + start..at + end);
                keys
            }
            None => keys(line),
        };
        for (index, key) in keys.iter().enumerate() {
            let end = keys.get(index + 1).map_or(line.len(), |next| next.start);
            found.push(Metadata {
                key: key.name.to_string(),
                value: String::new(),
                span: Span::new(at + key.start, at + end),
                value_span: trimmed_span(text, at + key.end..at + end),
            });
        }
        at += line.len();
    }
    for entry in &mut found {
        entry.value = plain_text(events, entry.value_span);
        entry.span.end = entry.value_span.end.max(entry.span.start);
    }
    found
}

struct Key<'a> {
    name: &'a str,
    start: usize,
    /// Behind the colon.
    end: usize,
}

/// The keys of a line: one at its start, and more only behind that one.
fn keys(line: &str) -> Vec<Key<'_>> {
    let lead = line.len() - line.trim_start_matches([' ', '\t', '>', '-', '+']).len();
    // A list marker `*` may stand before the bold mark.
    let lead = lead + if line[lead..].starts_with("* ") { 2 } else { 0 };
    match read_key(line, lead) {
        Some(key) => keys_from(line, key.end, vec![key]),
        None => Vec::new(),
    }
}

/// Adds the keys that start at or behind an offset.
fn keys_from<'l>(line: &'l str, from: usize, mut keys: Vec<Key<'l>>) -> Vec<Key<'l>> {
    let mut at = from;
    while let Some(next) = line[at..].find("**") {
        at += next;
        match read_key(line, at) {
            Some(key) => {
                at = key.end;
                keys.push(key);
            }
            None => at += 2,
        }
    }
    keys
}

fn read_key(line: &str, start: usize) -> Option<Key<'_>> {
    let inner = line.get(start..)?.strip_prefix("**")?;
    let len = inner.find("**")?;
    let bold = &inner[..len];
    let mut end = start + 2 + len + 2;
    let name = match bold.trim_end().strip_suffix([':', '：']) {
        Some(name) => name,
        None => {
            let rest = &line[end..];
            let colon = rest.trim_start_matches([' ', '\t']);
            end += rest.len() - colon.len() + colon.chars().next().filter(|c| ":：".contains(*c))?.len_utf8();
            bold
        }
    };
    let name = name.trim();
    let is_key = !name.is_empty() && !name.contains('*') && name.chars().count() <= MAX_KEY_CHARS;
    is_key.then_some(Key { name, start, end })
}

fn trimmed_span(text: &str, range: Range<usize>) -> Span {
    let value = text[range.clone()].trim_start();
    let start = range.end - value.len();
    // Between pairs on one line stand separators, behind a hard break a backslash.
    let value = value.trim_end().trim_end_matches(['|', '·', '•', '\\']).trim_end();
    Span::new(start, start + value.len())
}

fn plain_text(events: &[SpannedEvent<'_>], span: Span) -> String {
    let mut value = String::new();
    for (event, range) in events {
        match event {
            Event::Text(text) | Event::Code(text)
                if range.end > span.start as usize && range.start < span.end as usize =>
            {
                // Where a key is not bold for the parser, one text event holds key and value.
                let skip = (span.start as usize).saturating_sub(range.start);
                let keep = text.len().saturating_sub(range.end.saturating_sub(span.end as usize));
                value.push_str(text.get(skip.min(keep)..keep).unwrap_or(text));
            }
            Event::SoftBreak | Event::HardBreak
                if range.start > span.start as usize && range.end <= span.end as usize =>
            {
                value.push(' ');
            }
            _ => {}
        }
    }
    value.trim().to_string()
}
