//! The commands of documents, and what their readers must fill in.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::command::{CommandBlock, Made, Packs, Placeholder, REDACTED, read_commands};
use crate::document::{CodeBlock, Document, Redacted};
use crate::source::Source;

/// Reads the commands of all documents.
pub struct Reader<'p> {
    packs: &'p Packs,
}

impl<'p> Reader<'p> {
    pub fn new(packs: &'p Packs) -> Self {
        Reader { packs }
    }

    /// The command block of each code block of a document, and of each block of its hidden code. Blocks that hold secrets
    /// get a text without them.
    pub fn read(&mut self, source: &Source, document: &mut Document<'_>) -> (Vec<CommandBlock>, Vec<CommandBlock>) {
        let mut made = Made::default();
        let hidden = &document.hidden_code;
        // What holds a fence is itself no code.
        let is_wrapper = |block: &CodeBlock| {
            let next = hidden.partition_point(|inner| inner.span.start < block.span.start);
            !block.fenced && hidden.get(next).is_some_and(|inner| block.span.contains(inner.span))
        };
        let blocks = document.code_blocks.iter().map(|block| match is_wrapper(block) {
            true => CommandBlock::default(),
            false => read_commands(block, self.packs, &mut made),
        });
        let blocks: Vec<CommandBlock> = blocks.collect();
        let within: Vec<CommandBlock> =
            hidden.iter().map(|block| read_commands(block, self.packs, &mut made)).collect();
        let values = secret_values(source, blocks.iter().chain(&within));
        let code = document.code_blocks.iter_mut().zip(&blocks).chain(document.hidden_code.iter_mut().zip(&within));
        for (block, commands) in code {
            let own = commands.secrets.iter().map(|secret| source.slice(secret.span));
            let values: Vec<&str> = values.iter().copied().chain(own).collect();
            block.redacted = without(&values, &block.text);
        }
        (blocks, within)
    }
}

/// The secrets of a document that would be known anywhere, the longest first, so that none is left in part. A value
/// such as `grafana` is a secret only where it stands: elsewhere it is a word.
pub fn secret_values<'s, 'b>(source: &'s Source, blocks: impl IntoIterator<Item = &'b CommandBlock>) -> Vec<&'s str> {
    let secrets = blocks.into_iter().flat_map(|block| &block.secrets);
    let mut values: Vec<&str> =
        secrets.map(|secret| source.slice(secret.span)).filter(|value| is_distinct(value)).collect();
    values.sort_by_key(|value| (std::cmp::Reverse(value.len()), *value));
    values.dedup();
    values
}

fn is_distinct(value: &str) -> bool {
    value.len() > 5 && value.contains(|c: char| !c.is_ascii_lowercase() && c != '-' && c != '_' && c != '.')
}

/// A block's text without the values; `None` where it holds none. Values that overlap are hidden together.
fn without(values: &[&str], text: &str) -> Option<Redacted> {
    let found = values.iter().flat_map(|value| text.match_indices(value));
    let mut ranges: Vec<Range<usize>> = found.map(|(at, value)| at..at + value.len()).collect();
    if ranges.is_empty() {
        return None;
    }
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut hidden: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match hidden.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => hidden.push(range),
        }
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for range in &hidden {
        shown.push_str(&text[at..range.start]);
        shown.push_str(REDACTED);
        at = range.end;
    }
    shown.push_str(&text[at..]);
    Some(Redacted { text: shown, hidden, mark: REDACTED })
}

/// A text without the values.
pub fn redacted<'t>(values: &[&str], text: &'t str) -> Cow<'t, str> {
    let mut shown = Cow::Borrowed(text);
    for value in values {
        if shown.contains(value) {
            shown = Cow::Owned(shown.replace(value, REDACTED));
        }
    }
    shown
}

/// Variables that a shell or a common environment sets.
const ENVIRONMENT: [&str; 38] = [
    "BASH_SOURCE",
    "BASH_VERSION",
    "COLUMNS",
    "DISPLAY",
    "EDITOR",
    "EUID",
    "FUNCNAME",
    "GID",
    "HOME",
    "HOST",
    "HOSTNAME",
    "HOSTTYPE",
    "IFS",
    "JAVA_HOME",
    "KUBECONFIG",
    "LANG",
    "LC_ALL",
    "LINENO",
    "LOGNAME",
    "MACHTYPE",
    "MAIL",
    "OLDPWD",
    "OPTARG",
    "OPTIND",
    "OSTYPE",
    "PATH",
    "PIPESTATUS",
    "PPID",
    "PS1",
    "PWD",
    "RANDOM",
    "REPLY",
    "SECONDS",
    "SHELL",
    "SHLVL",
    "TERM",
    "TMPDIR",
    "UID",
];

/// Marks in commands, and variables that no block of the document sets, in the order of the file.
pub fn placeholders(blocks: &[CommandBlock]) -> Vec<Placeholder> {
    let assigned: BTreeSet<&str> = blocks.iter().flat_map(|block| &block.assigned).map(String::as_str).collect();
    let is_open = |name: &str| {
        name.len() > 1 && name != "USER" && ENVIRONMENT.binary_search(&name).is_err() && !assigned.contains(name)
    };
    let mut placeholders: Vec<Placeholder> = Vec::new();
    for block in blocks {
        let variables = block.variables.iter().filter(|variable| is_open(&variable.text));
        placeholders.extend(block.placeholders.iter().chain(variables).cloned());
    }
    placeholders.sort_by_key(|placeholder| placeholder.span);
    placeholders
}
