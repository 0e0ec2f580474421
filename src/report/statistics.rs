//! How many findings each rule has.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Report;
use crate::diagnostic::Level;

/// A table by rule, the gravest and most frequent first: findings, those with a safe and an unsafe fix, level, rule.
pub fn statistics(report: &Report<'_>) -> String {
    let rows = by_rule(report);
    let width = rows.iter().map(|row| row.rule.len()).max().unwrap_or(0);
    let mut table = String::new();
    for row in rows {
        let files = if row.files == 1 { "file" } else { "files" };
        // Writing to a string cannot fail.
        let _ =
            writeln!(table, "{:>5}  {:7}  {:width$}  in {} {files}", row.count, row.level.name(), row.rule, row.files);
    }
    table
}

struct Row {
    rule: &'static str,
    level: Level,
    count: usize,
    files: usize,
}

fn by_rule(report: &Report<'_>) -> Vec<Row> {
    let mut files: BTreeMap<(&'static str, Level), Vec<u32>> = BTreeMap::new();
    for diagnostic in report.diagnostics {
        files.entry((diagnostic.rule, diagnostic.level)).or_default().push(diagnostic.finding.location.file.0);
    }
    let mut rows: Vec<Row> = files
        .into_iter()
        .map(|((rule, level), mut files)| {
            let count = files.len();
            files.dedup();
            Row { rule, level, count, files: files.len() }
        })
        .collect();
    rows.sort_by(|a, b| b.level.cmp(&a.level).then(b.count.cmp(&a.count)).then(a.rule.cmp(b.rule)));
    rows
}
