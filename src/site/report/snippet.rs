//! The lines around a finding, and what its fix would change.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::diagnostic::{Applicability, Fix};
use crate::source::{FileId, Source, Span};

/// A line of a snippet; only `marked` is the finding's own.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct LineView {
    pub number: usize,
    pub before: String,
    pub marked: String,
    pub after: String,
}

/// What a fix does.
#[derive(Debug, Serialize)]
pub struct FixView {
    /// In the imperative: "insert the section from the template".
    pub message: String,
    pub safe: bool,
    /// What to type.
    pub command: &'static str,
    /// Empty where the change is too long to show, or is in several files.
    pub diff: Vec<DiffLine>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// `+`, `-`, or a space.
    pub sign: &'static str,
    pub text: String,
}

/// Lines of a finding that are shown at most, without those around it.
const OWN_LINES: usize = 3;

/// The finding's lines, with the one before and the one behind.
pub fn lines(source: &Source, span: Span) -> Vec<LineView> {
    if source.text.is_empty() {
        return Vec::new();
    }
    let (first, _) = source.lines.line_at(span.start);
    let (last, _) = source.lines.line_at(span.end.saturating_sub(1).max(span.start));
    let (of_text, _) = source.lines.line_at(source.text.trim_end().len() as u32);
    let shown = first.saturating_sub(1).max(1)..=(last.min(first + OWN_LINES - 1) + 1).min(of_text.max(first));
    shown.map(|number| line(source, number, span)).collect()
}

fn line(source: &Source, number: usize, span: Span) -> LineView {
    let whole = source.lines.line_span(number, source.text.len());
    let text = source.line(number);
    let start = whole.start as usize;
    let place = |offset: u32| (offset as usize).clamp(start, start + text.len()) - start;
    let (from, to) = (place(span.start), place(span.end));
    let parts = text.get(..from).zip(text.get(from..to)).zip(text.get(to..));
    match parts {
        Some(((before, marked), after)) if !marked.is_empty() => {
            LineView { number, before: cut_start(bare(before)), marked: cut_end(bare(marked)), after: cut_end(after) }
        }
        _ => LineView { number, before: cut_end(bare(text)), marked: String::new(), after: String::new() },
    }
}

fn bare(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// Characters of a piece of a line that are shown at most.
const CHARS: usize = 200;

fn cut_end(text: &str) -> String {
    match text.char_indices().nth(CHARS) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_string(),
    }
}

fn cut_start(text: &str) -> String {
    match text.char_indices().rev().nth(CHARS) {
        Some((at, first)) => format!("… {}", &text[at + first.len_utf8()..]),
        None => text.to_string(),
    }
}

/// What a fix would do. `source` gives the text of a file.
pub fn fix<'s>(fix: &Fix, source: impl Fn(FileId) -> &'s Source) -> FixView {
    let safe = fix.applicability == Applicability::Safe;
    FixView {
        message: fix.message.clone(),
        safe,
        command: if safe { "runbook-site check --fix" } else { "runbook-site check --unsafe-fixes" },
        diff: diff(fix, source),
    }
}

/// Lines of a change that are shown at most.
const DIFF_LINES: usize = 16;

fn diff<'s>(fix: &Fix, source: impl Fn(FileId) -> &'s Source) -> Vec<DiffLine> {
    let Some(first) = fix.edits.first() else { return Vec::new() };
    let file = first.location.file;
    if fix.edits.iter().any(|edit| edit.location.file != file) {
        return Vec::new();
    }
    let source = source(file);
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.location.span);
    let start = edits[0].location.span.start;
    let end = edits.iter().map(|edit| edit.location.span.end).max().unwrap_or(start);
    let (first_line, from) = source.lines.line_at(start);
    let (last_line, _) = source.lines.line_at(end);
    if last_line - first_line > DIFF_LINES {
        return Vec::new();
    }
    let to = source.lines.line_span(last_line, source.text.len()).end;
    let old = source.slice(Span { start: from, end: to });
    let mut new = String::new();
    let mut at = from;
    for edit in edits {
        let span = edit.location.span;
        if span.start < at {
            return Vec::new();
        }
        new.push_str(source.slice(Span { start: at, end: span.start }));
        new.push_str(&edit.replacement);
        at = span.end;
    }
    new.push_str(source.slice(Span { start: at, end: to }));
    let changes = TextDiff::from_lines(old, new.as_str());
    let lines: Vec<DiffLine> = changes
        .iter_all_changes()
        .map(|change| DiffLine {
            sign: match change.tag() {
                ChangeTag::Insert => "+",
                ChangeTag::Delete => "-",
                ChangeTag::Equal => " ",
            },
            text: cut_end(change.value().trim_end_matches(['\n', '\r'])),
        })
        .collect();
    if lines.len() > DIFF_LINES { Vec::new() } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Edit, Effect, Location};

    fn shown(text: &str, span: Span) -> Vec<String> {
        let source = Source::new("a.md", text);
        let line = |line: LineView| format!("{} {}[{}]{}", line.number, line.before, line.marked, line.after);
        lines(&source, span).into_iter().map(line).collect()
    }

    #[test]
    fn the_span_is_marked_among_its_neighbours() {
        let text = "one\ntwo three\nfour\nfive\n";
        assert_eq!(shown(text, Span::new(8, 13)), ["1 one[]", "2 two [three]", "3 four[]"]);
        assert_eq!(shown(text, Span::new(0, 0)), ["1 one[]", "2 two three[]"]);
    }

    #[test]
    fn a_finding_over_many_lines_shows_the_first_of_them() {
        let text = "a\nb\nc\nd\ne\nf\ng\n";
        assert_eq!(shown(text, Span::new(2, 13)), ["1 a[]", "2 [b]", "3 [c]", "4 [d]", "5 [e]"]);
    }

    #[test]
    fn a_long_line_is_cut_around_the_span() {
        let text = format!("{}X{}\n", "a".repeat(900), "b".repeat(900));
        let line = &shown(&text, Span::new(900, 901))[0];
        assert!(line.starts_with("1 … a") && line.ends_with("b …") && line.contains("[X]"), "{line}");
        assert!(line.chars().count() < 3 * CHARS, "{line}");
    }

    #[test]
    fn a_short_fix_is_shown_as_a_diff_and_a_long_one_is_not() {
        let source = Source::new("a.md", "# T\n- [ ] a\nb\n");
        let location = |from, to| Location { file: FileId(0), span: Span::new(from, to) };
        let of = |edits: Vec<Edit>| Fix {
            applicability: Applicability::Safe,
            effect: Effect::Text,
            message: "mend".to_string(),
            edits,
        };
        let one = Edit { location: location(10, 11), replacement: "c".to_string() };
        let lines: Vec<String> =
            diff(&of(vec![one]), |_| &source).iter().map(|line| format!("{}{}", line.sign, line.text)).collect();
        assert_eq!(lines, ["-- [ ] a", "+- [ ] c"]);
        let long = Edit { location: location(4, 4), replacement: "x\n".repeat(40) };
        assert!(diff(&of(vec![long]), |_| &source).is_empty());
    }
}
