//! Where a link's target stands in the file. The parser gives the span of the whole link only.

use std::ops::Range;

/// Span of the target of `[text](target "title")`. `inner_end` is where the link's content ends.
pub fn inline_target(text: &str, link: &Range<usize>, inner_end: usize) -> Option<Range<usize>> {
    let open = text.get(inner_end..link.end)?.find("](")? + inner_end + 2;
    read_target(text, open, link.end)
}

/// Span of the target of `[label]: target "title"`.
pub fn definition_target(text: &str, definition: &Range<usize>) -> Option<Range<usize>> {
    let colon = text.get(definition.clone())?.find("]:")? + definition.start + 2;
    read_target(text, colon, definition.end)
}

fn read_target(text: &str, from: usize, limit: usize) -> Option<Range<usize>> {
    let rest = text.get(from..limit)?;
    // In a block quote the line break inside a link is followed by the quote's mark.
    let start = from + rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '>']).len();
    let rest = text.get(start..limit)?;
    if let Some(inner) = rest.strip_prefix('<') {
        let len = end_of(inner, |c, _| c == '>' || c == '\n')?;
        return Some(start + 1..start + 1 + len);
    }
    let len = end_of(rest, |c, depth| c.is_whitespace() || c.is_control() || (c == ')' && depth == 0));
    Some(start..start + len.unwrap_or(rest.len()))
}

/// Offset of the first character that ends the target; a backslash hides the next, parentheses nest.
fn end_of(text: &str, ends: impl Fn(char, usize) -> bool) -> Option<usize> {
    let mut depth = 0usize;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        if ends(character, depth) {
            return Some(at);
        }
        match character {
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_in_every_form() {
        let cases = [
            ("[a](b.md)", "b.md"),
            ("[a]( b.md \"title\" )", "b.md"),
            ("[a](<b c.md> 't')", "b c.md"),
            ("[a](b_(c).md)", "b_(c).md"),
            (r"[a](b\).md)", r"b\).md"),
            ("[a]()", ""),
        ];
        for (link, target) in cases {
            let span = inline_target(link, &(0..link.len()), 2).expect("a target");
            assert_eq!(&link[span], target, "{link}");
        }
        let definition = "[label]: <x y.md> \"T\"";
        let span = definition_target(definition, &(0..definition.len())).expect("a target");
        assert_eq!(&definition[span], "x y.md");
    }
}
