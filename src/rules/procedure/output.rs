//! Blocks and sentences that show what a command prints.

use crate::command::{Command, CommandBlock};
use crate::document::Document;
use crate::source::Source;

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

/// Whether lines of a block were printed by its commands. `...` only says that something was left out.
pub fn holds_output(source: &Source, block: &CommandBlock) -> bool {
    block.output.iter().any(|line| !["...", "…"].contains(&source.slice(*line).trim()))
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

/// What a command is about, for a message: its first words without flags and what stands behind them, where secrets do.
pub fn shortened(command: &Command) -> String {
    const WORDS: usize = 4;
    let words: Vec<&str> = command.text.split_whitespace().collect();
    let is_flag = |word: &str| word.starts_with('-');
    let is_plain = |at: usize| !is_flag(words[at]) && !words[at].contains(['=', ':', '"', '\'']);
    let is_value = |at: usize| at > 0 && is_flag(words[at - 1]) && words[at - 1] != "--";
    let shown: Vec<&str> =
        (0..words.len()).filter(|at| is_plain(*at) && !is_value(*at)).map(|at| words[at]).take(WORDS).collect();
    match shown.len() == words.len() {
        true => shown.join(" "),
        false => format!("{} …", shown.join(" ")).trim_start().to_string(),
    }
}
