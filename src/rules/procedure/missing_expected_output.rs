//! Commands without what they should print.

use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::asked;
use super::output::{Lead, holds_output, lead, shortened, speaks_of_output};
use crate::command::CommandBlock;
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::GuidelineKind;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct MissingExpectedOutput {
    /// Holds every runbook to it, whatever its standard says.
    always: bool,
    /// Beginnings of further commands that print nothing of interest.
    silent: Vec<String>,
}

/// Beginnings of commands that print nothing when all is well.
const SILENT: [&str; 38] = [
    "alias",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "cp",
    "export",
    "install",
    "kill",
    "ln",
    "mkdir",
    "mv",
    "nano",
    "pkill",
    "popd",
    "pushd",
    "read",
    "rm",
    "rmdir",
    "set",
    "sleep",
    "source",
    ".",
    "swapoff",
    "swapon",
    "sync",
    "systemctl daemon-reload",
    "systemctl reload",
    "systemctl restart",
    "systemctl start",
    "systemctl stop",
    "touch",
    "trap",
    "ulimit",
    "umask",
    "unset",
    "vi",
    "vim",
];

impl Rule for MissingExpectedOutput {
    const INFO: RuleInfo = RuleInfo {
        name: "missing-expected-output",
        group: "procedure",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "commands without what they should print, where the standard asks for it",
        docs: include_str!("missing_expected_output.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(reason) = asked(corpus, entry, GuidelineKind::ExpectedOutput, self.always) else { return };
        let source = corpus.source(entry.file);
        let blocks = entry.command_blocks.iter().enumerate().filter(|(index, _)| holds_commands(entry, *index));
        for (index, block) in blocks {
            let Some(command) = block.commands.iter().find(|command| !self.is_silent(&command.text)) else { continue };
            if shows_own_output(source, block) || has_output_behind(entry, index) {
                continue;
            }
            let program = command.program.as_deref().unwrap_or_default();
            findings.push(Finding {
                help: Some(
                    "write `**Expected Output:**` behind the block, and a block with what it prints".to_string(),
                ),
                related: reason.related(),
                ..Finding::new(
                    Location { file: entry.file, span: first_line(source, command.span) },
                    program,
                    format!("no expected output behind `{}`", shortened(command)),
                )
            });
        }
    }
}

impl MissingExpectedOutput {
    fn is_silent(&self, command: &str) -> bool {
        let bare = command.strip_prefix("sudo ").unwrap_or(command);
        let is_start = |start: &str| {
            bare.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ';', '\n']))
        };
        SILENT.iter().any(|start| is_start(start))
            || self.silent.iter().any(|start| is_start(start))
            || keeps_output(bare)
    }
}

/// `POD=$(kubectl get …)` and `kubectl get … > file`: what is printed goes into a variable or a file.
fn keeps_output(command: &str) -> bool {
    let assigned = command
        .split_once('=')
        .filter(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    let into_variable = assigned.is_some_and(|(_, value)| {
        let substituted = value.trim_matches('"');
        !value.contains(' ') || (substituted.starts_with("$(") && substituted.ends_with(')'))
    });
    let into_file = command.rsplit_once(" > ").is_some_and(|(_, file)| !file.contains([' ', '|', '\n']));
    into_variable || into_file
}

/// Whether a block is there to be run: output may look like a command, but is labelled as text or announced.
fn holds_commands(entry: &Entry<'_>, index: usize) -> bool {
    const READ: [&str; 5] = ["text", "txt", "plaintext", "plain", "log"];
    let language = entry.document.code_blocks[index].language.as_str();
    let is_announced = || matches!(lead(&entry.document, index), Lead::Words(words) if speaks_of_output(words));
    let is_shown = READ.contains(&language) || (language.is_empty() && is_announced());
    !entry.command_blocks[index].commands.is_empty() && !is_shown
}

/// Whether a block is there to be compared with what is printed. A file to be written has a language of its own, and words
/// before it that say nothing of output.
fn is_output(entry: &Entry<'_>, index: usize) -> bool {
    const SHOWN: [&str; 8] = ["", "text", "txt", "plaintext", "plain", "log", "output", "json"];
    let language = entry.document.code_blocks[index].language.as_str();
    let is_led = || match lead(&entry.document, index) {
        Lead::Words(words) => speaks_of_output(words),
        Lead::Block(_) => true,
        Lead::Nothing => false,
    };
    !holds_commands(entry, index) && (SHOWN.contains(&language) || is_led())
}

/// A session with lines that were printed, or a comment that says what to expect.
fn shows_own_output(source: &Source, block: &CommandBlock) -> bool {
    holds_output(source, block)
        || block.comments.iter().any(|comment| {
            let text = source.slice(*comment).trim_start_matches(['#', '-', ' ']);
            text.starts_with(['→', '=', '>']) || says_what_is_printed(text)
        })
}

/// Words that say what a command prints or does, in paragraphs and comments.
const SAID: [&str; 15] = [
    "expect",
    "output",
    "should ",
    "print",
    "return",
    "shows",
    "you see",
    "you will see",
    "erwart",
    "ausgabe",
    "attendu",
    "esperad",
    "ожидаем",
    "вывод",
    "预期",
];

fn says_what_is_printed(text: &str) -> bool {
    let text = text.to_lowercase();
    SAID.iter().any(|word| text.contains(word))
}

/// Whether something behind a block, in the same step, shows or says what is printed.
fn has_output_behind(entry: &Entry<'_>, index: usize) -> bool {
    let document = &entry.document;
    let block = document.code_blocks[index].span;
    let within = step_around(entry, block);
    let is_behind = |span: Span| span.start >= block.end && span.end <= within.end;
    let shows = |at: usize| is_behind(document.code_blocks[at].span) && is_output(entry, at);
    (index + 1..document.code_blocks.len()).any(shows)
        || document.paragraphs.iter().any(|own| is_behind(own.span) && says_what_is_printed(&own.text))
}

/// The innermost step over a place, else the section under the heading before it.
fn step_around(entry: &Entry<'_>, place: Span) -> Span {
    let steps = entry.steps.iter().filter(|step| step.body.contains(place));
    let step = steps.min_by_key(|step| step.body.end - step.body.start).map(|step| step.body);
    let own = || {
        let headings = &entry.document.headings;
        let start =
            headings.iter().rfind(|heading| heading.span.start <= place.start).map(|heading| heading.span.start);
        let end = headings.iter().find(|heading| heading.span.start >= place.end).map(|heading| heading.span.start);
        Span { start: start.unwrap_or(0), end: end.unwrap_or(u32::MAX) }
    };
    step.unwrap_or_else(own)
}

fn first_line(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    Span { end: span.start + text.find(['\n', '\r']).unwrap_or(text.len()) as u32, ..span }
}
