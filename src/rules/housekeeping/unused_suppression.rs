//! A comment, or an entry of the config, that allows what nothing does.

use schemars::JsonSchema;
use serde::Deserialize;

use super::suppressions::scope_name;
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, RuleInfo};
use crate::document::{Suppression, Word};
use crate::rules::Rule;
use crate::source::{FileId, Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnusedSuppression {}

/// The rule's name, by which `lint` asks whether it is on.
pub const UNUSED_SUPPRESSION: &str = UnusedSuppression::INFO.name;

impl Rule for UnusedSuppression {
    const INFO: RuleInfo = RuleInfo {
        name: "unused-suppression",
        group: "housekeeping",
        level: Level::Warning,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "a comment, or an entry of the config, that allows what nothing does",
        docs: include_str!("unused_suppression.md"),
    };
}

/// What is to be said of a comment; `unused` tells it for each of its rules.
pub fn unused_suppression(
    source: &Source,
    file: FileId,
    suppression: &Suppression,
    unused: &[bool],
) -> Option<Finding> {
    let names: Vec<&str> = of(suppression, unused, true).map(|word| word.text.as_str()).collect();
    let first = of(suppression, unused, true).next()?;
    let kept: Vec<&str> = of(suppression, unused, false).map(|word| word.text.as_str()).collect();
    let (span, edit, what) = match kept.is_empty() {
        true => (suppression.span, (removal(source, suppression.span), String::new()), "the comment"),
        false => (first.span, (list_span(suppression), kept.join(", ")), "the name"),
    };
    let location = |span: Span| Location { file, span };
    let edit = Edit { location: location(edit.0), replacement: edit.1 };
    let message = format!("nothing in this {} breaks `{}`", scope_name(suppression.scope), names.join("` or `"));
    Some(Finding {
        help: Some(format!("remove {what}, or move it to the place that it is meant for")),
        fix: Some(Fix {
            applicability: Applicability::Safe,
            effect: Effect::Markup,
            message: format!("remove {what}"),
            edits: vec![edit],
        }),
        ..Finding::new(location(span), names.join(", "), message)
    })
}

/// What is to be said of an entry of the config that concerns nothing.
pub fn unused_entry(location: Location, pattern: &str, message: String) -> Finding {
    let help = "remove it, or write the path from the root as it is meant".to_string();
    Finding { help: Some(help), ..Finding::new(location, pattern, message) }
}

fn of<'s>(suppression: &'s Suppression, unused: &'s [bool], wanted: bool) -> impl Iterator<Item = &'s Word> {
    suppression.rules.iter().zip(unused).filter(move |(_, is_unused)| **is_unused == wanted).map(|(word, _)| word)
}

/// From the first rule to the last one.
fn list_span(suppression: &Suppression) -> Span {
    let span = |word: Option<&Word>| word.map_or(suppression.span, |word| word.span);
    Span { start: span(suppression.rules.first()).start, end: span(suppression.rules.last()).end }
}

/// The comment, and its line with the blank ones around where it stands alone.
fn removal(source: &Source, comment: Span) -> Span {
    let text = source.text.as_str();
    let (before, after) = (&text[..comment.start as usize], &text[comment.end as usize..]);
    let line_start = before.rfind('\n').map_or(source.bom_len(), |at| at + 1);
    let rest = after.find('\n').map_or(after.len(), |at| at + 1);
    if !before[line_start..].trim().is_empty() || !after[..rest].trim().is_empty() {
        let space = before.len() - before.trim_end_matches([' ', '\t']).len();
        return Span { start: comment.start - space as u32, end: comment.end };
    }
    let mut end = comment.end as usize + rest;
    let blank_before = line_start == source.bom_len() || before[..line_start].ends_with("\n\n");
    let blank_before = blank_before || before[..line_start].ends_with("\r\n\r\n");
    if let Some(len) = text[end..].find('\n').filter(|len| blank_before && text[end..end + len].trim().is_empty()) {
        end += len + 1;
    }
    Span::new(line_start, end)
}
