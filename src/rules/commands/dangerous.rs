//! The dangerous commands of a document as rules speak of them.

use crate::command::{Command, Risk};
use crate::corpus::Entry;
use crate::diagnostic::{Location, Related};
use crate::document::CodeBlock;

/// The commands that a pack calls destructive, block by block. What is only guessed by its words is left out.
pub fn destructive<'e>(entry: &'e Entry<'_>) -> Vec<(&'e CodeBlock, Vec<&'e Command>)> {
    at_least(entry, Risk::Destructive, false)
}

/// The commands of a risk and above, block by block.
pub fn at_least<'e>(entry: &'e Entry<'_>, risk: Risk, guesses: bool) -> Vec<(&'e CodeBlock, Vec<&'e Command>)> {
    let blocks = entry.document.code_blocks.iter().zip(&entry.command_blocks);
    let dangerous = blocks.map(|(block, read)| {
        let counts = |command: &&Command| command.risk >= risk && (guesses || !command.guess);
        (block, read.commands.iter().filter(counts).collect::<Vec<_>>())
    });
    dangerous.filter(|(_, commands)| !commands.is_empty()).collect()
}

/// How messages name a command: its first line, not too long.
pub fn shown(command: &Command) -> String {
    const MOST: usize = 60;
    let line = command.text.lines().next().unwrap_or_default();
    let cut = line.chars().count() > MOST || line.len() < command.text.trim_end().len();
    if !cut {
        return line.to_string();
    }
    let kept: String = line.chars().take(MOST).collect();
    format!("{} …", kept.trim_end())
}

/// The program that machines read as the subject of a finding.
pub fn subject(command: &Command) -> &str {
    command.program.as_deref().unwrap_or_default()
}

/// Further commands of the same kind as related places.
pub fn related(entry: &Entry<'_>, commands: &[&Command]) -> Vec<Related> {
    let place = |command: &&Command| Related {
        location: Location { file: entry.file, span: first_line(command, entry) },
        message: format!("`{}` {}", shown(command), command.reason),
    };
    commands.iter().map(place).collect()
}

/// A command's place, cut at the end of its first line.
pub fn first_line(command: &Command, entry: &Entry<'_>) -> crate::source::Span {
    let lines = entry.document.code_blocks.iter().flat_map(|block| &block.lines);
    let mut span = command.span;
    if let Some(line) = lines.into_iter().find(|line| line.start <= span.start && span.start <= line.end) {
        span.end = span.end.min(line.end);
    }
    span
}
