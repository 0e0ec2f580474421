//! One line for each diagnostic: `path:line:column: level[rule]: message`.

use std::fmt::Write;

use super::{Report, plain};

/// The report as lines.
pub fn concise(report: &Report<'_>) -> String {
    let mut lines = String::new();
    for diagnostic in report.diagnostics {
        // Writing to a string cannot fail.
        let _ = writeln!(
            lines,
            "{}: {}[{}]: {}",
            report.place(diagnostic.finding.location),
            diagnostic.level.name(),
            diagnostic.rule,
            plain(&diagnostic.finding.message),
        );
    }
    lines
}
