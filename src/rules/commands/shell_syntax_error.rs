//! A shell block that does not parse.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ShellSyntaxError {}

impl Rule for ShellSyntaxError {
    const INFO: RuleInfo = RuleInfo {
        name: "shell-syntax-error",
        group: "commands",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a shell block that no shell can read",
        docs: include_str!("shell_syntax_error.md"),
    };

    fn check(&self, _corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for (block, read) in entry.document.code_blocks.iter().zip(&entry.command_blocks) {
            // Blocks that the author did not call shell are only taken for it. One error makes others behind it.
            let Some(error) = read.errors.first().filter(|_| !block.language.is_empty()) else { continue };
            findings.push(Finding {
                help: Some(error.help.to_string()),
                ..Finding::new(Location { file: entry.file, span: error.span }, &block.language, error.message.clone())
            });
        }
    }
}
