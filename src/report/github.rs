//! Workflow commands that GitHub Actions turns into annotations, and the table of the step's summary.

use std::fmt::Write;

use super::markdown::table;
use super::{Counts, Report, count_words, plain};
use crate::diagnostic::{Diagnostic, Level};

/// GitHub takes 1 MiB for a step's summary, and a character has up to four bytes.
const SUMMARY_CHARACTERS: usize = 1024 * 1024 / 4 - 1024;

/// A foldable group for each file, with a command for each finding. Paths must be relative to the repository for
/// annotations to stand at their lines.
pub fn github(report: &Report<'_>) -> String {
    let mut commands = String::new();
    for of_file in report.diagnostics.chunk_by(|a, b| a.finding.location.file == b.finding.location.file) {
        let path = report.path(of_file[0].finding.location);
        // Writing to a string cannot fail.
        let _ = writeln!(commands, "::group::{}: {}", data(&plain(path)), count_words(&Counts::of(of_file)));
        for diagnostic in of_file {
            annotate(report, diagnostic, &mut commands);
        }
        commands.push_str("::endgroup::\n");
    }
    commands
}

/// The Markdown that belongs into the file that `GITHUB_STEP_SUMMARY` names.
pub fn github_summary(report: &Report<'_>) -> String {
    table(report, SUMMARY_CHARACTERS)
}

fn annotate(report: &Report<'_>, diagnostic: &Diagnostic, commands: &mut String) {
    let finding = &diagnostic.finding;
    let (start, end) = report.range(finding.location);
    let command = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let path = property(&plain(report.path(finding.location)));
    // Columns of a place of several lines are refused.
    let columns = match start.line == end.line {
        true => format!(",col={},endColumn={}", start.column, end.column),
        false => String::new(),
    };
    // The log shows a command's message and nothing else of it.
    let mut message = format!("{}: {}", report.place(finding.location), plain(&finding.message));
    for note in report.notes(finding) {
        message.push('\n');
        message.push_str(&note);
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        commands,
        "::{command} title={},file={path},line={},endLine={}{columns}::{}",
        property(diagnostic.rule),
        start.line,
        end.line,
        data(&message),
    );
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
