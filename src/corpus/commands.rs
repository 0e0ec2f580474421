//! The commands of documents, and what their readers must fill in.

use std::collections::BTreeSet;

use crate::command::{CommandBlock, Made, Packs, Placeholder, read_commands};
use crate::document::{CodeBlock, Document};

/// Reads the commands of all documents.
pub struct Reader<'p> {
    packs: &'p Packs,
}

impl<'p> Reader<'p> {
    pub fn new(packs: &'p Packs) -> Self {
        Reader { packs }
    }

    /// The command block of each code block of a document, and of each block of its hidden code.
    pub fn read(&mut self, document: &Document<'_>) -> (Vec<CommandBlock>, Vec<CommandBlock>) {
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
        let blocks = blocks.collect();
        (blocks, hidden.iter().map(|block| read_commands(block, self.packs, &mut made)).collect())
    }
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
