//! A table in GitHub's Markdown, fit for a comment on a pull request.

use std::cmp::Reverse;

use super::{Counts, Report, count, count_words, plain, scope_words};
use crate::diagnostic::{Diagnostic, Level};

/// GitHub takes 65,536 characters for a comment; a job may put some of its own around the table.
const COMMENT_CHARACTERS: usize = 65_000;

/// A heading and a table of findings, the gravest first, as long as a comment may be. It begins with a comment of HTML
/// by which a job finds its own comment again.
pub fn markdown(report: &Report<'_>) -> String {
    table(report, COMMENT_CHARACTERS)
}

/// The heading and as many rows as fit into a number of characters; a last line says how many did not.
pub fn table(report: &Report<'_>, characters: usize) -> String {
    let counts = Counts::of(report.diagnostics);
    let scope = scope_words(report);
    if counts.total() == 0 {
        return format!("{MARK}\n### runbook-site: no findings\n\n{scope} checked.\n");
    }
    let mut text = format!("{MARK}\n### runbook-site: {}\n\nIn {scope}.\n\n{HEAD}", count_words(&counts));
    let mut left = characters.saturating_sub(text.chars().count() + LAST_LINE_CHARACTERS);
    let mut sorted: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    // A stable sort: the order within a level stays that of the report.
    sorted.sort_by_key(|diagnostic| Reverse(diagnostic.level));
    let mut shown = 0;
    for diagnostic in &sorted {
        let row = row(report, diagnostic);
        let length = row.chars().count();
        if length > left {
            break;
        }
        left -= length;
        text.push_str(&row);
        shown += 1;
    }
    let rest = sorted.len() - shown;
    if rest > 0 {
        text.push_str(&format!("\n{} left out here; `runbook-site check` shows all.\n", count(rest, "more finding")));
    }
    text
}

const MARK: &str = "<!-- runbook-site -->";
/// Three columns: a fourth would be out of sight on GitHub.
const HEAD: &str = "| Level | Place and rule | Finding |\n|---|---|---|\n";
/// More than the last line takes with any number.
const LAST_LINE_CHARACTERS: usize = 120;

fn row(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let finding = &diagnostic.finding;
    let (start, _) = report.range(finding.location);
    let level = match diagnostic.level {
        Level::Error => "**error**",
        Level::Warning => "warning",
        Level::Info => "info",
    };
    let place = code(&format!("{}:{}", plain(report.path(finding.location)), start.line));
    let mut lines = vec![prose(&plain(&finding.message))];
    lines.extend(report.notes(finding).iter().map(|note| prose(note)));
    format!("| {level} | {place}<br>{} | {} |\n", prose(diagnostic.rule), lines.join("<br>"))
}

/// A message: its values, which stand in backticks, as code, and the rest as plain text.
fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // With an odd number of backticks nobody knows which of them belong together.
    if pieces.len().is_multiple_of(2) {
        return literal(text);
    }
    let marked = pieces.iter().enumerate().map(|(at, piece)| match at % 2 {
        0 => literal(piece),
        _ => code(piece),
    });
    marked.collect()
}

/// A code span. In a table no backslash saves a pipe that stands behind another backslash, so that some take HTML.
fn code(text: &str) -> String {
    let needs_html = text.is_empty() || text.trim() != text || text.contains(['|', '`']);
    if needs_html { format!("<code>{}</code>", literal(text)) } else { format!("`{text}`") }
}

/// Text that means itself: neither Markdown nor HTML, no formula, no address, and nobody is notified.
fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // GitHub looks for these in the finished HTML, so that references don't hide them.
            '@' | '#' | '$' => escaped.push_str(&format!("<span>{character}</span>")),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '!' => {
                escaped.push_str(&format!("&#{};", u32::from(character)));
            }
            _ => escaped.push(character),
        }
    }
    escaped.replace("://", ":<span>//</span>").replace("www.", "<span>www</span>.")
}
