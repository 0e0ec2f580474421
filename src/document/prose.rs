//! Text lines outside code.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Document, SpannedEvent};
use crate::source::Span;

/// A line of a paragraph, or a heading, a list item's line or a table cell.
#[derive(Debug)]
pub struct ProseLine {
    /// Without markup. Inline code is U+FFFC; the brackets of links are gone, others are there.
    pub text: String,
    pub span: Span,
    /// Whether it stands in a list or a table.
    pub listed: bool,
}

/// All text lines of a document, without those of code blocks and raw HTML.
pub fn prose(document: &Document<'_>) -> Vec<ProseLine> {
    lines(&document.events)
}

fn lines(events: &[SpannedEvent<'_>]) -> Vec<ProseLine> {
    let mut lines = Vec::new();
    let mut open: Option<ProseLine> = None;
    let mut in_code = false;
    let mut lists = 0;
    for (event, range) in events {
        let text = match event {
            Event::Start(Tag::CodeBlock(_)) => {
                in_code = true;
                None
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                None
            }
            Event::Start(Tag::List(_) | Tag::Table(_)) => {
                lists += 1;
                None
            }
            Event::End(TagEnd::List(_) | TagEnd::Table) => {
                lines.extend(open.take());
                lists -= 1;
                None
            }
            Event::Text(_) if in_code => continue,
            Event::Text(text) => Some(text.as_ref()),
            Event::Code(_) => Some("\u{fffc}"),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => continue,
            _ => None,
        };
        match text {
            Some(text) => {
                let span: Span = range.clone().into();
                let line = open.get_or_insert_with(|| ProseLine { text: String::new(), span, listed: lists > 0 });
                line.text.push_str(text);
                line.span.end = span.end;
            }
            None => lines.extend(open.take()),
        }
    }
    lines.extend(open);
    lines
}

/// The `[…]` of a text, brackets included.
pub fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('[').filter_map(|(start, _)| {
        let end = start + text[start..].find(']')? + 1;
        Some(&text[start..end])
    })
}
