//! Prompts before commands whose output is not shown.

use schemars::JsonSchema;
use serde::Deserialize;

use super::output::holds_output;
use crate::command::CommandBlock;
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, RuleInfo};
use crate::document::CodeBlock;
use crate::rules::Rule;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PromptInCommand {}

impl Rule for PromptInCommand {
    const INFO: RuleInfo = RuleInfo {
        name: "prompt-in-command",
        group: "procedure",
        level: Level::Info,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "prompts in a block that shows no output",
        docs: include_str!("prompt_in_command.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let source = corpus.source(entry.file);
        for (block, commands) in entry.document.code_blocks.iter().zip(&entry.command_blocks) {
            let prompts = shell_prompts(source, commands);
            if !prompts.is_empty() && prompts.len() == commands.prompts.len() && !holds_output(source, commands) {
                findings.push(finding(source, entry, block, &prompts));
            }
        }
    }
}

/// The prompts of a shell that say nothing. `mysql> ` and `root@db-1:~# ` tell where to type.
fn shell_prompts(source: &Source, block: &CommandBlock) -> Vec<Span> {
    let is_bare = |span: &&Span| ["$", "#", "%", ">"].contains(&source.slice(**span).trim());
    block.prompts.iter().filter(is_bare).copied().collect()
}

/// Labels of blocks that show a session.
const SESSIONS: [&str; 5] = ["console", "shell-session", "shellsession", "bash-session", "terminal"];

fn finding(source: &Source, entry: &Entry<'_>, block: &CodeBlock, prompts: &[Span]) -> Finding {
    let edit = |span: Span, replacement: &str| Edit {
        location: Location { file: entry.file, span },
        replacement: replacement.to_string(),
    };
    // Blanks before a prompt are the block's indentation.
    let bare = |span: &Span| Span { start: span.end - source.slice(*span).trim_start().len() as u32, end: span.end };
    let label = SESSIONS.contains(&block.language.as_str()).then(|| {
        let info = source.slice(Span { start: block.fence.end, end: block.span.end });
        let start = block.fence.end + (info.len() - info.trim_start().len()) as u32;
        edit(Span { start, end: start + block.language.len() as u32 }, "bash")
    });
    let prompt = source.slice(prompts[0]).trim();
    Finding {
        help: Some(format!("remove `{prompt} `, or show what the commands print")),
        fix: Some(Fix {
            applicability: Applicability::Unsafe,
            effect: Effect::Code,
            message: "remove the prompts".to_string(),
            edits: label.into_iter().chain(prompts.iter().map(|span| edit(bare(span), ""))).collect(),
        }),
        ..Finding::new(
            Location { file: entry.file, span: bare(&prompts[0]) },
            prompt,
            format!("the prompt `{prompt}` is copied with the commands, and sets no output apart"),
        )
    }
}
