//! Where a text speaks of a step by its number.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Document;
use crate::source::Span;

/// The number in "go back to step 3".
#[derive(Debug, PartialEq, Eq)]
pub struct StepReference {
    pub number: u32,
    /// The digits.
    pub span: Span,
}

/// Finds the numbers behind the word "step" in the text outside code, headings' own numbers included.
pub fn step_references(document: &Document<'_>) -> Vec<StepReference> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (event, range) in &document.events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            // Where entities or escapes were resolved, places in the text are not those in the file.
            Event::Text(text) if !in_code && text.len() == range.len() => {
                found.extend(numbers(text).map(|(number, at, len)| StepReference {
                    number,
                    span: Span::new(range.start + at, range.start + at + len),
                }));
            }
            _ => {}
        }
    }
    found
}

/// Value, place and length of each number.
fn numbers(text: &str) -> impl Iterator<Item = (u32, usize, usize)> {
    const WORD: &[u8] = b"step";
    let places = text.as_bytes().windows(WORD.len()).enumerate();
    let words = places.filter(|(_, window)| window.eq_ignore_ascii_case(WORD)).map(|(at, _)| at);
    words.filter_map(|at| {
        let rest = text.get(at + WORD.len()..)?;
        let gap = rest.strip_prefix([' ', '\u{a0}'])?;
        let len = gap.bytes().take_while(u8::is_ascii_digit).count();
        let ends = !gap[len..].starts_with(|c: char| c.is_alphanumeric());
        let is_part = gap[len..].strip_prefix('.').is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        let starts = !text[..at].ends_with(char::is_alphanumeric);
        let number = gap[..len].parse().ok()?;
        (starts && ends && !is_part).then_some((number, text.len() - gap.len(), len))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::source::Source;

    #[test]
    fn references_are_found_outside_code() {
        let text = "# A\n\nGo to **step 3**, not `step 4` or Step 12b, sidestep 5, step 6.1; then Step\u{a0}7.\n";
        let source = Source::new("a.md", text);
        let found = step_references(&parse(&source));
        let shown: Vec<(u32, &str)> = found.iter().map(|found| (found.number, source.slice(found.span))).collect();
        assert_eq!(shown, [(3, "3"), (7, "7")]);
    }
}
