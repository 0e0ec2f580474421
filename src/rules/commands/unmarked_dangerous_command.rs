//! A destructive command without a warning before it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::dangerous::{at_least, first_line, related, shown, subject};
use crate::command::{Command, Risk};
use crate::corpus::{Corpus, Cover, Entry, Warning, WarningForm};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::document::CodeBlock;
use crate::rules::Rule;
use crate::settings::GuidelineKind;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct UnmarkedDangerousCommand {
    /// Whether commands that only disrupt want a warning, too.
    disruptive: bool,
    /// Whether commands that no pack knows count by how their words sound.
    guesses: bool,
}

impl Rule for UnmarkedDangerousCommand {
    const INFO: RuleInfo = RuleInfo {
        name: "unmarked-dangerous-command",
        group: "commands",
        level: Level::Error,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a destructive command without a warning before it",
        docs: include_str!("unmarked_dangerous_command.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let risk = if self.disruptive { Risk::Disruptive } else { Risk::Destructive };
        for (block, commands) in at_least(entry, risk, self.guesses) {
            let unmarked: Vec<&Command> = commands
                .into_iter()
                .filter(|command| !matches!(entry.cover_of(block, command), Cover::Covered(_)))
                .collect();
            if let Some((first, others)) = unmarked.split_first() {
                findings.push(finding(corpus, entry, block, first, others));
            }
        }
    }
}

/// Once a block: one warning covers all of its commands.
fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, block: &CodeBlock, first: &Command, others: &[&Command]) -> Finding {
    let standard = corpus.standard_of(entry);
    let asked = standard.and_then(|standard| standard.guideline(GuidelineKind::DangerMarkers));
    let marker = standard.and_then(|standard| standard.warning_marker.as_ref());
    let marker = marker.map_or("⚠️ WARNING", |marker| marker.text.as_str());
    let place = Location { file: entry.file, span: first_line(first, entry) };
    let mut finding = Finding::new(
        place,
        subject(first),
        format!("`{}` {}, without a warning before it", shown(first), first.reason),
    );
    finding.advisory = asked.is_none();
    let mut help = format!("write `{marker}: …` before the block, and say what is lost");
    if let Some(safer) = &first.safer {
        help.push_str(&format!("; {safer}"));
    }
    finding.help = Some(help);
    finding.related = related(entry, others);
    if let Cover::Near(near) = entry.cover_of(block, first) {
        let location = Location { file: entry.file, span: near.span };
        finding.related.push(Related { location, message: why_not(near, first, block) });
    }
    finding.related.extend(
        asked
            .and_then(|guideline| guideline.origin.location())
            .map(|location| Related { location, message: "the standard asks for it here".to_string() }),
    );
    finding.fix = insert_warning(corpus.source(entry.file), entry, block, first, marker);
    finding
}

/// Why the nearest warning does not count.
fn why_not(near: &Warning, command: &Command, block: &CodeBlock) -> String {
    let reason = match near.form {
        WarningForm::Hint => "this hints at something, but does not say that it is dangerous",
        _ if near.span.start > command.span.start => "this comes after the command",
        _ if block.span.contains(near.span) => "this stands behind another command",
        _ => "this belongs to another step",
    };
    reason.to_string()
}

/// A callout before the block, in the form that the standard shows.
fn insert_warning(
    source: &Source,
    entry: &Entry<'_>,
    block: &CodeBlock,
    command: &Command,
    marker: &str,
) -> Option<Fix> {
    let (line, start) = source.lines.line_at(block.span.start);
    let prefix = source.slice(Span { start, end: block.span.start });
    // A block that starts behind a list marker, or inside of a quote, has no line of its own before it.
    if !prefix.chars().all(|character| character == ' ') || !block.fenced {
        return None;
    }
    let end = source.line_end();
    let before = if line > 1 && !source.line(line - 1).trim().is_empty() { end } else { "" };
    let text = format!("{before}{prefix}> {marker}: `{}` {}.{end}{end}", program(command), command.reason);
    let place = Location { file: entry.file, span: Span { start, end: start } };
    Some(Fix {
        applicability: Applicability::Unsafe,
        effect: Effect::Text,
        message: "insert the warning before the block".to_string(),
        edits: vec![Edit { location: place, replacement: text }],
    })
}

/// What the warning speaks of: the program and its first word, where it has one.
fn program(command: &Command) -> String {
    match command.program.as_deref() {
        Some("sql") | None => command.text.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        Some(program) => program.to_string(),
    }
}
