//! Commands in the text or in a drawing.

use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::{Reason, asked};
use super::output::shortened;
use crate::command::{Command, Dialect, Made, Packs, Risk, read_commands};
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::{CodeBlock, InlineCode, inline_code};
use crate::rules::Rule;
use crate::settings::GuidelineKind;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CommandOutsideCodeBlock {
    /// Holds every runbook to it, whatever its standard says.
    always: bool,
}

impl Rule for CommandOutsideCodeBlock {
    const INFO: RuleInfo = RuleInfo {
        name: "command-outside-code-block",
        group: "procedure",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a command in the text or in a drawing, where the standard asks for code blocks",
        docs: include_str!("command_outside_code_block.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(reason) = asked(corpus, entry, GuidelineKind::CodeBlocks, self.always) else { return };
        let source = corpus.source(entry.file);
        for paragraph in &entry.document.paragraphs {
            let told = told_texts(source.slice(paragraph.span)).into_iter();
            if let Some(command) =
                told.filter(|text| !is_sentence(text)).find_map(|text| as_command(text, corpus.settings.packs()))
            {
                findings.push(finding(entry, paragraph.span, &command, "the text", &reason));
            }
        }
        for code in inline_code(&entry.document) {
            // What changes a live system is rarely only spoken of.
            let told = |command: &Command| is_told_to_run(&code) || command.risk >= Risk::Disruptive;
            if let Some(command) = as_command(&code.text, corpus.settings.packs()).filter(told) {
                findings.push(finding(entry, code.span, &command, "the text", &reason));
            }
        }
        for block in &entry.document.code_blocks {
            for (span, text) in drawn_texts(source, block) {
                if let Some(command) = as_command(text, corpus.settings.packs()) {
                    findings.push(finding(entry, span, &command, "a drawing", &reason));
                }
            }
        }
    }
}

/// A line of text, and what stands in it behind a colon or a word such as "run".
fn told_texts(paragraph: &str) -> Vec<&str> {
    let line = paragraph.trim().trim_end_matches('.');
    if line.contains('\n') {
        return Vec::new();
    }
    let behind_colon = line.rsplit_once(": ").map(|(_, rest)| rest);
    let first = line.split_once(' ').filter(|(word, _)| RUN.contains(&word.to_lowercase().as_str()));
    [Some(line), behind_colon, first.map(|(_, rest)| rest)].into_iter().flatten().collect()
}

/// Words of sentences that begin with the name of a program: "helm upgrade fails when the chart is gone".
const SENTENCE: [&str; 26] = [
    "a", "an", "and", "are", "as", "but", "can", "does", "fails", "first,", "from", "has", "if", "is", "must", "not",
    "of", "should", "shows", "that", "then", "the", "this", "to", "when", "will",
];

fn is_sentence(text: &str) -> bool {
    text.contains(['\n', '(', '`']) || text.split_whitespace().any(|word| SENTENCE.contains(&word))
}

/// Words before code that is to be typed.
const RUN: [&str; 22] = [
    "run",
    "running",
    "rerun",
    "execute",
    "executing",
    "enter",
    "type",
    "issue",
    "call",
    "invoke",
    "use",
    "using",
    "via",
    "with",
    "command",
    "try",
    "ausführen",
    "führe",
    "exécuter",
    "ejecutar",
    "выполните",
    "执行",
];

/// Whether the text asks for the code to be run: a word before it says so, or nothing else stands in the block.
fn is_told_to_run(code: &InlineCode) -> bool {
    let before = code.before.trim_end_matches([' ', ':', '*', '_']).to_lowercase();
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_alone = before.trim().is_empty() && code.ends_block;
    is_alone || RUN.contains(&last) || (code.before.trim_end().ends_with(':') && code.ends_block)
}

/// Longer texts are not typed.
const MAX_BYTES: usize = 2000;

/// A text as the command that it is: one whose call is known by its program's pack, with something to act on. Names of
/// programs alone, and sentences about them, are none.
fn as_command(text: &str, packs: &Packs) -> Option<Command> {
    // `[ ] Notify the team` is a call of `test` to a shell.
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | '/' | '$'));
    if !begins || !text.contains(' ') || text.len() > MAX_BYTES {
        return None;
    }
    let span = Span::new(0, text.len());
    let block = CodeBlock {
        language: String::new(),
        text: text.to_string(),
        redacted: None,
        lines: vec![span],
        span,
        fence: Span::default(),
        fenced: true,
        closed: true,
    };
    let read = read_commands(&block, packs, &mut Made::default());
    let is_shell = read.dialect.is_some_and(|dialect| dialect != Dialect::Sql);
    read.commands.into_iter().next().filter(|command| is_shell && command.pack.is_some() && read.errors.is_empty())
}

/// The texts in the boxes of a drawing, each with its place.
fn drawn_texts<'s>(source: &'s Source, block: &CodeBlock) -> Vec<(Span, &'s str)> {
    let drawn = |c: char| matches!(c, '\u{2500}'..='\u{259f}');
    let is_drawn = block.text.contains(drawn);
    let is_typed = !is_drawn && block.text.contains("+--");
    let mut texts = Vec::new();
    for line in block.lines.iter().filter(|_| is_drawn || is_typed) {
        let mut at = line.start as usize;
        // A command may hold `|` itself: of a frame that is typed, only the sides go.
        for part in source.slice(*line).split_inclusive(|c: char| is_drawn && drawn(c)) {
            let is_frame = |c: char| c.is_whitespace() || drawn(c) || (is_typed && c == '|');
            let bare = part.trim_end_matches(is_frame);
            // Numbers and bullets stand before a command of a list.
            let is_marker = |c: char| is_frame(c) || c.is_ascii_digit() || ".)•*→-".contains(c);
            let text = bare.trim_start_matches(is_marker);
            let start = at + bare.len() - text.len();
            texts.extend((!text.is_empty()).then(|| (Span::new(start, start + text.len()), text)));
            at += part.len();
        }
    }
    texts
}

fn finding(entry: &Entry<'_>, span: Span, command: &Command, place: &str, reason: &Reason) -> Finding {
    Finding {
        help: Some("put it into a code block of its own, labelled `bash`".to_string()),
        related: reason.related(),
        ..Finding::new(
            Location { file: entry.file, span },
            command.program.as_deref().unwrap_or_default(),
            format!("the command `{}` stands in {place}, not in a code block", shortened(command)),
        )
    }
}
