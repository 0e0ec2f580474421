//! Code blocks: what the fence says, and whether it was closed.

use std::ops::Range;

use super::CodeBlock;

/// First word of an info string in lower case: `Bash {linenos}` and `{.bash .copy}` give `bash`, `{note}` gives `{note}`.
pub fn language(info: &str) -> String {
    let first = info.split([' ', '\t', ',']).next().unwrap_or_default();
    if let Some(class) = first.strip_prefix("{.") {
        return class.trim_end_matches('}').to_lowercase();
    }
    match first.split_once('{') {
        Some((name, _)) if !name.is_empty() => name.to_lowercase(),
        _ => first.to_lowercase(),
    }
}

/// The back-ticks or tildes that a fenced block begins with.
pub fn opening_fence(text: &str, range: &Range<usize>) -> Range<usize> {
    let block = text.get(range.clone()).unwrap_or_default();
    let at = block.find(['`', '~']).unwrap_or(block.len());
    let mark = block.as_bytes().get(at).copied();
    let marks = block[at..].bytes().take_while(|byte| Some(*byte) == mark).count();
    range.start + at..range.start + at + marks
}

/// Whether a fenced block ends with a fence of its own kind, at least as long as the opening one.
pub fn is_closed(text: &str, range: &Range<usize>) -> bool {
    let block = text.get(range.clone()).unwrap_or_default().trim_end();
    let Some(mark) = block.chars().next().filter(|mark| *mark == '`' || *mark == '~') else { return false };
    let open = block.chars().take_while(|c| *c == mark).count();
    let Some((_, last)) = block.rsplit_once(['\n', '\r']) else { return false };
    // Inside containers the line starts with their markers.
    let fence = last.trim_start_matches([' ', '\t', '>']);
    fence.len() >= open && fence.chars().all(|c| c == mark)
}

/// From places in the file to offsets in a block's text.
pub struct TextPlaces<'b> {
    block: &'b CodeBlock,
    /// Where each line of the text starts.
    starts: Vec<usize>,
}

impl<'b> TextPlaces<'b> {
    pub fn of(block: &'b CodeBlock) -> Self {
        let newlines = block.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        TextPlaces { block, starts: std::iter::once(0).chain(newlines).collect() }
    }

    /// The offset in `CodeBlock::text`, at the start of a character; the nearest one for a place that the text does not
    /// hold, such as the marker of a quote.
    pub fn offset(&self, at: u32) -> usize {
        let CodeBlock { text, lines, .. } = self.block;
        let line = lines.partition_point(|line| line.start <= at).saturating_sub(1);
        let Some(span) = lines.get(line) else { return 0 };
        let start = self.starts.get(line).copied().unwrap_or(text.len());
        let offset = start + at.clamp(span.start, span.end).saturating_sub(span.start) as usize;
        text.floor_char_boundary(offset.min(text.len()))
    }
}

/// The label that a MyST directive declares among the options at its start, `:name: label`.
pub fn directive_name(block: &CodeBlock) -> Option<&str> {
    let is_directive = block.fenced && block.language.starts_with('{');
    let mut options = block.text.lines().take_while(|line| is_directive && line.starts_with(':'));
    options.find_map(|line| line.strip_prefix(":name:")).map(str::trim).filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_fences_are_told_from_look_alikes() {
        let closed = |text: &str| is_closed(text, &(0..text.len()));
        assert!(closed("```sh\nls\n```"));
        assert!(closed("~~~\r\nls\r\n  ~~~~"));
        assert!(closed("```\n> ls\n> ```"));
        assert!(!closed("```sh\nls\n"));
        assert!(!closed("````\n```"));
        assert!(!closed("```"));
        assert!(!closed("```\n~~~"));
    }

    #[test]
    fn languages_are_read_from_info_strings() {
        let cases = [
            ("Bash title=x", "bash"),
            ("sh,norun", "sh"),
            ("python{1,2}", "python"),
            ("{note}", "{note}"),
            ("{.bash data-x}", "bash"),
            ("", ""),
        ];
        for (info, expected) in cases {
            assert_eq!(language(info), expected);
        }
    }
}
