//! All commands of a handbook by their risk, for `inspect --commands`.

use std::fmt::Write;

use crate::command::{Command, Risk};
use crate::corpus::{Corpus, Entry};
use crate::report::{count, plain};

/// The groups in the order of the list, with what stands over each.
const GROUPS: [(Risk, &str, &str); 4] = [
    (Risk::Destructive, "destructive", "\x1b[1;31m"),
    (Risk::Disruptive, "disruptive", "\x1b[1;33m"),
    (Risk::Unknown, "unknown", "\x1b[1;34m"),
    (Risk::Safe, "safe", "\x1b[1;32m"),
];

/// How the list is made.
pub struct Look {
    pub color: bool,
    pub width: usize,
    /// Whether safe commands are listed, too; else they are only counted.
    pub all: bool,
}

/// Lists the commands of the documents that `wanted` names by path, all where it is `None`.
pub fn inventory(corpus: &Corpus<'_>, wanted: Option<&[String]>, look: &Look) -> String {
    let is_wanted = |entry: &&Entry<'_>| wanted.is_none_or(|paths| paths.contains(&corpus.source(entry.file).path));
    let commands: Vec<(&Entry<'_>, &Command)> = corpus
        .entries
        .iter()
        .filter(is_wanted)
        .flat_map(|entry| entry.listed_commands().into_iter().map(move |(_, command)| (entry, command)))
        .collect();
    let mut text = String::new();
    for (risk, name, color) in GROUPS {
        let group: Vec<_> = commands.iter().filter(|(_, command)| command.risk == risk).collect();
        if group.is_empty() {
            continue;
        }
        let (color, reset) = if look.color { (color, "\x1b[0m") } else { ("", "") };
        let _ = writeln!(text, "{color}{name}{reset}: {}", count(group.len(), "command"));
        if risk == Risk::Safe && !look.all {
            continue;
        }
        for (entry, command) in group {
            let source = corpus.source(entry.file);
            let line = source.position(command.span.start).line;
            let _ = writeln!(text, "  {}:{line}", plain(&source.path));
            let _ = writeln!(text, "      {}", shortened(&command.text, look.width.saturating_sub(6)));
            if !command.reason.is_empty() {
                let guess = if command.guess { "a guess: " } else { "" };
                let _ = writeln!(text, "      {guess}{}", plain(&command.reason));
            }
        }
    }
    if text.is_empty() {
        text.push_str("no commands\n");
    }
    text
}

/// The first line of a command, cut to a width in characters.
fn shortened(text: &str, width: usize) -> String {
    let first = text.lines().next().unwrap_or_default();
    let whole = plain(first);
    let cut = first.len() < text.trim_end().len();
    if whole.chars().count() <= width && !cut {
        return whole.into_owned();
    }
    whole.chars().take(width.saturating_sub(2)).chain(" …".chars()).collect()
}
