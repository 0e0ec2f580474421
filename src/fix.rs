//! Applies edits to a text.

use crate::diagnostic::Edit;

/// The text after the edits. Where edits overlap, the first one wins and the others wait for the next run; of
/// insertions at one place all are made, in the order given.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.location.span.start, edit.location.span.end));
    let mut fixed = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let span = edit.location.span.range();
        let Some(before) = text.get(done..span.start) else { continue };
        fixed.push_str(before);
        fixed.push_str(&edit.replacement);
        done = span.end;
    }
    fixed.push_str(&text[done..]);
    fixed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Location;
    use crate::source::{FileId, Span};

    #[test]
    fn overlapping_edits_wait_for_the_next_run() {
        let edit = |start, end, replacement: &str| Edit {
            location: Location { file: FileId(0), span: Span::new(start, end) },
            replacement: replacement.to_string(),
        };
        let edits = [edit(4, 6, "X"), edit(1, 3, "Y"), edit(2, 5, "lost"), edit(6, 6, "1"), edit(6, 6, "2")];
        assert_eq!(apply("abcdefg", &edits), "aYdX12g");
    }
}
