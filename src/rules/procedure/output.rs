//! Blocks and sentences that show what a command prints.

use crate::document::Document;

/// Words of a sentence before a block that shows output, or what somebody reads elsewhere.
const OUTPUT_WORDS: [&str; 29] = [
    "output",
    "expected",
    "you should see",
    "should see",
    "will see",
    "you'll see",
    "you see",
    "something like",
    "similar to",
    "looks like",
    "look like",
    "respon",
    "return",
    "result",
    "print",
    "error",
    "message",
    "log ",
    "logs",
    "shows",
    "displays",
    "ausgabe",
    "erwartet",
    "fehler",
    "sortie",
    "salida",
    "вывод",
    "ошибк",
    "输出",
];

/// Whether the last sentence of a text speaks of output.
pub fn speaks_of_output(text: &str) -> bool {
    let text = text.trim_end().to_lowercase();
    let sentence = text.trim_end_matches(['.', ':']).rsplit(". ").next().unwrap_or(&text);
    OUTPUT_WORDS.iter().any(|word| sentence.contains(word))
}

/// What stands before a block.
pub enum Lead<'d> {
    /// The paragraph or heading.
    Words(&'d str),
    /// Another block, and nothing between them.
    Block(usize),
    Nothing,
}

/// What stands right before the block at a position of `Document::code_blocks`.
pub fn lead<'d>(document: &'d Document<'_>, block: usize) -> Lead<'d> {
    let start = document.code_blocks[block].span.start;
    // Both lists are in the order of the file, and a file may hold thousands of blocks.
    let paragraphs = document.paragraphs.partition_point(|paragraph| paragraph.span.end <= start);
    let headings = document.headings.partition_point(|heading| heading.span.end <= start);
    let paragraph = document.paragraphs[..paragraphs].last().map(|last| (last.span.end, last.text.as_str()));
    let heading = document.headings[..headings].last().map(|last| (last.span.end, last.text.as_str()));
    let words = paragraph.max(heading);
    let previous = block
        .checked_sub(1)
        .filter(|previous| words.is_none_or(|(end, _)| document.code_blocks[*previous].span.start >= end));
    match (previous, words) {
        (Some(previous), _) => Lead::Block(previous),
        (None, Some((_, text))) => Lead::Words(text),
        (None, None) => Lead::Nothing,
    }
}
