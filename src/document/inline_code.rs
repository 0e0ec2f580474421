//! Code within the text: `` `like this` ``.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Document;
use crate::source::Span;

/// A code span of a paragraph or a list item. Those of headings and tables are not read: they name things.
#[derive(Debug, PartialEq, Eq)]
pub struct InlineCode {
    pub text: String,
    /// With its back-ticks.
    pub span: Span,
    /// The last characters before it in its block, code spans included.
    pub before: String,
    /// Whether nothing but marks and space follows in its block.
    pub ends_block: bool,
}

/// Finds the code spans of a document's text.
pub fn inline_code(document: &Document<'_>) -> Vec<InlineCode> {
    let mut found: Vec<InlineCode> = Vec::new();
    // Those of the block that is open.
    let mut first = 0;
    let mut before = String::new();
    let mut outside = 0;
    for (event, range) in &document.events {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Table(_) | Tag::CodeBlock(_)) => outside += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::Table | TagEnd::CodeBlock) => outside -= 1,
            _ if outside > 0 => continue,
            Event::Code(text) => {
                goes_on(&mut found[first..]);
                found.push(InlineCode {
                    text: text.to_string(),
                    span: range.clone().into(),
                    before: tail(&before).to_string(),
                    ends_block: true,
                });
                before.push_str(text);
            }
            Event::Text(text) => {
                if text.contains(char::is_alphanumeric) {
                    goes_on(&mut found[first..]);
                }
                before.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak => before.push(' '),
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::BlockQuote(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::List(_) | TagEnd::BlockQuote(_)) => {
                first = found.len();
                before.clear();
            }
            _ => {}
        }
    }
    found
}

/// Something follows the last code of a block.
fn goes_on(block: &mut [InlineCode]) {
    if let Some(last) = block.last_mut() {
        last.ends_block = false;
    }
}

/// Enough to hold a few words.
const TAIL: usize = 48;

fn tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(TAIL))..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::source::Source;

    #[test]
    fn code_is_found_with_the_words_before_it() {
        let text =
            "# `no`\n\nRun `a b`, then\n`c`.\n\n- Wait\n- **Do** `d`\n\n| `no` |\n|--|\n| `no` |\n\n```\n`no`\n```\n";
        let source = Source::new("a.md", text);
        let found = inline_code(&parse(&source));
        let shown: Vec<(&str, &str, bool)> =
            found.iter().map(|code| (code.text.as_str(), code.before.as_str(), code.ends_block)).collect();
        assert_eq!(shown, [("a b", "Run ", false), ("c", "Run a b, then ", true), ("d", "Do ", true)]);
    }
}
