//! A fence that does not say what is written in it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::language::{Content, content};
use super::output::{Lead, lead, speaks_of_output};
use crate::command::{CommandBlock, Dialect};
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, RuleInfo};
use crate::document::{CodeBlock, Document};
use crate::rules::Rule;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct UnlabelledCodeBlock {
    /// Speaks of every block, whatever it holds.
    all: bool,
}

impl Rule for UnlabelledCodeBlock {
    const INFO: RuleInfo = RuleInfo {
        name: "unlabelled-code-block",
        group: "procedure",
        level: Level::Warning,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a code fence without a language",
        docs: include_str!("unlabelled_code_block.md"),
    };

    fn check(&self, _: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let blocks = entry.document.code_blocks.iter().enumerate();
        for (index, block) in blocks.filter(|(_, block)| block.fenced && block.language.is_empty()) {
            let content = match shows_output(&entry.document, index) {
                true => Content::Text,
                false => content_of(&block.text, &entry.command_blocks[index]),
            };
            if matches!(content, Content::Code(_)) || self.all {
                findings.push(finding(entry, block, content));
            }
        }
    }
}

/// Whether a block is what a command printed: behind a block of commands, or behind words that say so.
fn shows_output(document: &Document<'_>, block: usize) -> bool {
    match lead(document, block) {
        Lead::Words(words) => speaks_of_output(words),
        Lead::Block(before) => !document.code_blocks[before].language.is_empty(),
        Lead::Nothing => false,
    }
}

/// A session with prompts and what was printed has a name of its own.
fn content_of(text: &str, commands: &CommandBlock) -> Content {
    let is_shell = commands.dialect == Some(Dialect::Shell);
    match is_shell && !commands.prompts.is_empty() && !commands.output.is_empty() {
        true => Content::Code("console"),
        false => content(text, is_shell),
    }
}

fn finding(entry: &Entry<'_>, block: &CodeBlock, content: Content) -> Finding {
    let label = match content {
        Content::Code(language) => Some(language),
        Content::Text => Some("text"),
        Content::Unknown => None,
    };
    let help = match label {
        Some(label) => format!("write `{label}` behind the opening fence"),
        None => "write the language behind the opening fence, such as `bash`; `text` for what is only read".to_string(),
    };
    let place = |span: Span| Location { file: entry.file, span };
    let fix = label.map(|label| Fix {
        applicability: Applicability::Unsafe,
        effect: Effect::Markup,
        message: format!("label the block `{label}`"),
        edits: vec![Edit {
            location: place(Span { start: block.fence.end, end: block.fence.end }),
            replacement: label.to_string(),
        }],
    });
    Finding {
        help: Some(help),
        fix,
        ..Finding::new(place(block.fence), label.unwrap_or_default(), "a code block without a language")
    }
}
