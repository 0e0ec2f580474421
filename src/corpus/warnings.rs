//! Where a document warns, and which commands a warning covers.

use crate::command::{Command, CommandBlock};
use crate::document::{Document, Heading, prose};
use crate::source::{Source, Span};

/// A place that warns the reader, or comes close to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub span: Span,
    pub form: WarningForm,
}

/// How a warning is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningForm {
    /// Says that something matters, not that it is dangerous: "Note", "Important", "always". Covers nothing.
    Hint,
    /// Another mark than the usual one: `⚠️ MAJOR OPERATION`, `DANGER`, `**Caution:**`.
    Other,
    /// `⚠️ WARNING`, or a callout that says so.
    Usual,
}

/// What covers a command, or comes nearest to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover<'w> {
    Covered(&'w Warning),
    /// It stands behind the command, in another step, or is only a hint.
    Near(&'w Warning),
    None,
}

/// Callouts that warn.
const CALLOUTS: [&str; 5] = ["warning", "caution", "danger", "error", "attention"];

/// Words that warn, in capitals or before a colon.
const WORDS: [&str; 24] = [
    "gefährlich",
    "gefahr",
    "achtung",
    "warnung",
    "vorsicht",
    "avertissement",
    "dangereux",
    "peligro",
    "peligroso",
    "advertencia",
    "gevaar",
    "gevaarlijk",
    "waarschuwing",
    "опасно",
    "внимание",
    "предупреждение",
    "осторожно",
    "warning",
    "warnings",
    "danger",
    "caution",
    "dangerous",
    "destructive",
    "attention",
];

/// Starts of lines that only hint.
const HINTS: [&str; 9] =
    ["note", "important", "always", "never", "careful", "be careful", "be aware", "please note", "remember"];

/// Finds the warnings of a document in prose, callouts, and comments of its command blocks.
/// `marker` is how the document's standard wants it.
pub fn read_warnings(
    source: &Source,
    document: &Document<'_>,
    blocks: &[CommandBlock],
    marker: Option<&str>,
) -> Vec<Warning> {
    let form_of = |text: &str| {
        let is_own = marker.is_some_and(|marker| plain_signs(text).contains(&plain_signs(marker)));
        if is_own { Some(WarningForm::Usual) } else { form_of(text) }
    };
    let mut warnings: Vec<Warning> = Vec::new();
    for line in prose(document) {
        if let Some(form) = form_of(&line.text) {
            warnings.push(Warning { span: line.span, form });
        }
    }
    for callout in &document.callouts {
        let form = if CALLOUTS.contains(&callout.kind) { WarningForm::Usual } else { WarningForm::Hint };
        warnings.push(Warning { span: callout.span, form });
    }
    for block in &document.code_blocks {
        // Directives of MyST and its kin are fences.
        let name = block.language.trim_matches(['{', '}', ':']);
        if block.language.starts_with('{') && CALLOUTS.contains(&name) {
            warnings.push(Warning { span: block.span, form: WarningForm::Usual });
        }
    }
    for comment in blocks.iter().flat_map(|block| &block.comments) {
        let text = source.slice(*comment).trim_start_matches(['#', '-', ' ']);
        if let Some(form) = form_of(text) {
            warnings.push(Warning { span: *comment, form });
        }
    }
    warnings.sort_by_key(|warning| (warning.span, std::cmp::Reverse(warning.form)));
    warnings
}

/// Which warning covers a command: before it, in its step or its section, in a comment of its block, or over all steps
/// of the section around.
pub fn cover<'w>(document: &Document<'_>, warnings: &'w [Warning], block: Span, command: &Command) -> Cover<'w> {
    let at = command.span.start;
    let section = document.heading_over(at);
    let mut near: Option<&Warning> = None;
    for warning in warnings.iter().rev() {
        let is_before = warning.span.start < at || is_behind_on_line(warning, command, block);
        if warning.form > WarningForm::Hint && is_before && reaches(document, warning, section, at, block) {
            return Cover::Covered(warning);
        }
        let same_section = section
            .is_none_or(|section| section.span.start <= warning.span.start && warning.span.start < section.section_end);
        let distance = |warning: &Warning| warning.span.start.abs_diff(at);
        if same_section && near.is_none_or(|near| distance(warning) < distance(near)) {
            near = Some(warning);
        }
    }
    near.map_or(Cover::None, Cover::Near)
}

/// A comment on the command's own line.
fn is_behind_on_line(warning: &Warning, command: &Command, block: Span) -> bool {
    block.contains(warning.span) && warning.span.start >= command.span.end && warning.span.start - command.span.end < 4
}

fn reaches(document: &Document<'_>, warning: &Warning, section: Option<&Heading>, at: u32, block: Span) -> bool {
    if block.contains(warning.span) {
        return true;
    }
    let is_comment =
        document.code_blocks.iter().any(|other| other.span.contains(warning.span) && other.span != warning.span);
    if is_comment {
        return false;
    }
    // In a list, a warning in one step says nothing of the next.
    let item_of = |at: u32| {
        let items = document.items.iter().filter(|item| item.depth == 0 && item.ordered);
        items.filter(|item| item.span.start <= at && at < item.span.end).map(|item| item.span).next_back()
    };
    if let Some(item) = item_of(warning.span.start)
        && item_of(at) != Some(item)
    {
        return false;
    }
    let Some(section) = section else { return true };
    if section.span.start <= warning.span.start {
        return true;
    }
    // What stands over all steps of a section covers each of them; what stands under the title covers nothing.
    let Some(over) = document.heading_over(warning.span.start) else { return false };
    over.level > 1 && over.span.start <= section.span.start && section.span.start < over.section_end
}

/// Without the selectors that make a sign coloured: `⚠️` and `⚠` look alike.
fn plain_signs(text: &str) -> String {
    text.chars().filter(|character| *character != '\u{fe0f}').collect()
}

/// What a line of text says.
fn form_of(text: &str) -> Option<WarningForm> {
    let text = text.trim();
    // Admonitions of other generators.
    if let Some(rest) = ["!!!", ":::", "???"].iter().find_map(|mark| text.strip_prefix(mark)) {
        let name = rest.trim_start().split(' ').next().unwrap_or_default();
        return Some(if CALLOUTS.contains(&name) { WarningForm::Usual } else { WarningForm::Hint });
    }
    let has_sign = text.contains('⚠');
    let starts_with_sign = text.starts_with(['🚨', '🛑', '⛔', '☠', '💀', '🔥', '❗', '‼', '🔴', '☢']);
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let warns = |word: &str| WORDS.contains(&word.to_lowercase().as_str());
    let in_capitals = words.clone().any(|word| warns(word) && word.chars().all(char::is_uppercase));
    let first = words.next().unwrap_or_default();
    let announces = warns(first)
        && text.find(first).is_some_and(|at| {
            text[at + first.len()..].trim_start_matches(['*', '_']).starts_with([':', '：', '!', '—', '–'])
                || text.len() == first.len()
        });
    if has_sign && text.to_lowercase().contains("warning") {
        return Some(WarningForm::Usual);
    }
    if has_sign || starts_with_sign || in_capitals || announces {
        return Some(WarningForm::Other);
    }
    let lower = text.to_lowercase();
    let hints = HINTS
        .iter()
        .any(|hint| lower.strip_prefix(hint).is_some_and(|rest| rest.starts_with([':', ' ', ',', '!', '-'])));
    let says_so = ["cannot be undone", "can't be undone", "irreversible", "be careful", "data loss"]
        .iter()
        .any(|words| lower.contains(words));
    (hints || says_so).then_some(WarningForm::Hint)
}
