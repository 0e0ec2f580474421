//! What stands at the top of the page instead of where it was written: metadata, and what a runbook is for.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::is_warning;
use crate::corpus::{Entry, Kind};
use crate::document::{Document, Paragraph};
use crate::site::code;
use crate::source::Span;

/// Where a document says what it is for: the first paragraph of its purpose, or of a runbook one before its sections.
#[derive(Debug, Clone, Copy)]
pub struct Lede {
    pub paragraph: Span,
    /// The heading of a section that holds nothing else.
    pub heading: Option<Span>,
}

/// The paragraph that the page shows at its top, where it stands alone: neither a list nor code hangs on it.
pub fn lede(entry: &Entry<'_>) -> Option<Lede> {
    const LONGEST: usize = 480;
    let document = &entry.document;
    let title = document.title_heading().map_or(0, |title| title.span.end);
    let first = document.headings.iter().find(|heading| heading.span.start > title);
    let is_lede = |paragraph: &&Paragraph| {
        let text = paragraph.text.trim_end();
        let is_prose = (30..LONGEST).contains(&text.len()) && text.contains(' ') && !text.ends_with([':', '：']);
        let is_metadata = || document.metadata.iter().any(|line| paragraph.span.contains(line.span));
        is_prose
            && !is_warning(text)
            && !code::announces_output(text)
            && !is_metadata()
            && stands_free(document, paragraph.span)
    };
    if entry.kind == Kind::Index || document.title_heading().is_none_or(|title| title.level > 1) {
        return None;
    }
    let between = |start: u32, end: u32| {
        let from = document.paragraphs.partition_point(|paragraph| paragraph.span.start < start);
        document.paragraphs[from..].iter().take_while(move |paragraph| paragraph.span.start < end)
    };
    let mut before = between(title, first.map_or(u32::MAX, |first| first.span.start))
        .filter(|paragraph| !document.metadata.iter().any(|line| line.span.start == paragraph.span.start));
    if let Some(paragraph) = before.next() {
        // Of other pages, the first paragraph is only the first.
        let lede = Some(paragraph).filter(|_| entry.kind == Kind::Runbook).filter(is_lede);
        return lede.map(|paragraph| Lede { paragraph: paragraph.span, heading: None });
    }
    let first = first?;
    let is_purpose = entry.sections_named("purpose").any(|heading| heading.span == first.span);
    let paragraph = between(first.span.end, first.section_end).next().filter(|_| is_purpose).filter(is_lede)?;
    // Right behind the heading, with nothing between them.
    let events = &document.events;
    let start = events.partition_point(|(_, range)| range.start < paragraph.span.start as usize);
    let is_first = matches!(events.get(start.checked_sub(1)?), Some((Event::End(TagEnd::Heading(_)), _)));
    let end = events[start..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
    let next = events.get(start + end + 1).map_or(u32::MAX, |(_, range)| range.start as u32);
    let is_all = next >= first.section_end;
    is_first.then_some(Lede { paragraph: paragraph.span, heading: is_all.then_some(first.span) })
}

/// Whether a paragraph stands in no list, quote or other container.
fn stands_free(document: &Document<'_>, span: Span) -> bool {
    let (start, mut depth) = (span.start as usize, 0i32);
    for (event, range) in &document.events {
        if range.start >= start && matches!(event, Event::Start(Tag::Paragraph)) {
            return depth == 0 && range.start == start;
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Spans of the paragraphs that hold nothing but metadata and stand before the first section: the page shows their
/// facts at its top.
pub fn metadata_paragraphs(document: &Document<'_>, text: &str) -> Vec<Span> {
    let head_end =
        document.headings.iter().find(|heading| heading.level > 1).map_or(u32::MAX, |heading| heading.span.start);
    let is_metadata = |span: &Span| {
        let own = || document.metadata.iter().filter(|entry| span.contains(entry.span));
        let lines = text[span.range()].lines().filter(|line| !line.trim().is_empty()).count();
        // A label alone, such as one over a list, says nothing that the head of the page could show.
        own().any(|entry| !entry.value.is_empty()) && own().count() >= lines
    };
    let spans = document.paragraphs.iter().map(|paragraph| paragraph.span);
    spans.take_while(|span| span.start < head_end).filter(is_metadata).collect()
}
