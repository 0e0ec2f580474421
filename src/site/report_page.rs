//! The validation report as the template gets it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::navigation::plain_title;
use super::pages::href;
use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Diagnostic, Level};
use crate::report::Counts;
use crate::source::FileId;

#[derive(Serialize)]
pub struct ReportView<'v> {
    passing: usize,
    runbooks: usize,
    documents: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    matrix: MatrixView<'v>,
    by_rule: Vec<RuleCount>,
    files: Vec<FileView<'v>>,
}

#[derive(Serialize, Default)]
struct MatrixView<'v> {
    columns: Vec<&'v str>,
    rows: Vec<RowView<'v>>,
}

#[derive(Serialize)]
struct RowView<'v> {
    title: &'v str,
    url: String,
    path: &'v str,
    cells: Vec<CellView>,
}

#[derive(Serialize)]
struct CellView {
    state: &'static str,
    /// Read aloud by itself: `Rollback: missing`.
    label: String,
}

#[derive(Serialize)]
struct RuleCount {
    rule: &'static str,
    level: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct FileView<'v> {
    path: &'v str,
    title: &'v str,
    url: String,
    findings: Vec<FindingView<'v>>,
}

#[derive(Serialize)]
struct FindingView<'v> {
    id: String,
    rule: &'static str,
    level: &'static str,
    message: &'v str,
    help: &'v str,
    line: usize,
    /// The line in the file; empty where it has none.
    snippet: String,
}

/// Id of a finding on the report page.
pub fn finding_id(position: usize) -> String {
    format!("finding-{}", position + 1)
}

/// The whole report, documents in the order of their paths. `by_file` holds positions in `diagnostics`.
pub fn view<'v>(
    corpus: &'v Corpus<'_>,
    diagnostics: &'v [Diagnostic],
    by_file: &BTreeMap<FileId, Vec<usize>>,
) -> ReportView<'v> {
    let counts = Counts::of(diagnostics);
    let failing = |entry: &&Entry<'_>| {
        by_file.get(&entry.file).into_iter().flatten().any(|position| diagnostics[*position].level == Level::Error)
    };
    let runbooks = corpus.entries.iter().filter(|entry| entry.kind == Kind::Runbook);
    let failed = runbooks.filter(failing).count();
    ReportView {
        passing: corpus.runbook_count() - failed,
        runbooks: corpus.runbook_count(),
        documents: corpus.entries.len(),
        errors: counts.errors,
        warnings: counts.warnings,
        infos: counts.infos,
        matrix: matrix(corpus),
        by_rule: by_rule(diagnostics),
        files: by_file.iter().map(|(file, positions)| file_view(corpus, *file, positions, diagnostics)).collect(),
    }
}

/// Runbooks by required sections. With several standards, columns are those of all that are in use.
fn matrix<'v>(corpus: &'v Corpus<'_>) -> MatrixView<'v> {
    let runbooks: Vec<&Entry<'_>> = corpus.entries.iter().filter(|entry| entry.kind == Kind::Runbook).collect();
    let mut columns: Vec<(&str, &str)> = Vec::new();
    for (position, standard) in corpus.standards.iter().enumerate() {
        if runbooks.iter().any(|entry| entry.standard == Some(position)) {
            for section in &standard.sections {
                if !columns.iter().any(|(id, _)| *id == section.id) {
                    columns.push((&section.id, &section.name));
                }
            }
        }
    }
    let cell = |entry: &Entry<'_>, id: &str, name: &str| {
        let sections = corpus.standard_of(entry).map_or(&[][..], |standard| &standard.sections);
        let section = sections.iter().find(|section| section.id == id);
        let required = section.is_some() && corpus.is_asked(entry, id);
        let present = entry.sections_named(id).next().is_some() || section.is_some_and(|own| entry.has_section(own));
        let (state, words) = match (required, present) {
            (true, true) => ("ok", "present"),
            (true, false) => ("no", "missing"),
            (false, _) => ("none", "not required"),
        };
        CellView { state, label: format!("{name}: {words}") }
    };
    let rows = runbooks.iter().map(|entry| RowView {
        title: plain_title(corpus.entry(entry.file)),
        url: href(entry),
        path: &corpus.source(entry.file).path,
        cells: columns.iter().map(|(id, name)| cell(entry, id, name)).collect(),
    });
    MatrixView { rows: rows.collect(), columns: columns.iter().map(|(_, name)| *name).collect() }
}

/// The gravest and most frequent first.
fn by_rule(diagnostics: &[Diagnostic]) -> Vec<RuleCount> {
    let mut counts: BTreeMap<(&'static str, Level), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry((diagnostic.rule, diagnostic.level)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|((a_rule, a_level), a), ((b_rule, b_level), b)| {
        b_level.cmp(a_level).then(b.cmp(a)).then(a_rule.cmp(b_rule))
    });
    counts.into_iter().map(|((rule, level), count)| RuleCount { rule, level: level.name(), count }).collect()
}

fn file_view<'v>(
    corpus: &'v Corpus<'_>,
    file: FileId,
    positions: &[usize],
    diagnostics: &'v [Diagnostic],
) -> FileView<'v> {
    let (entry, source) = (corpus.entry(file), corpus.source(file));
    let finding = |position: &usize| {
        let diagnostic = &diagnostics[*position];
        let line = source.position(diagnostic.finding.location.span.start).line;
        FindingView {
            id: finding_id(*position),
            rule: diagnostic.rule,
            level: diagnostic.level.name(),
            message: &diagnostic.finding.message,
            help: diagnostic.finding.help.as_deref().unwrap_or_default(),
            line,
            snippet: source.line(line).trim_start_matches('\u{feff}').to_string(),
        }
    };
    FileView {
        path: &source.path,
        title: plain_title(entry),
        url: href(entry),
        findings: positions.iter().map(finding).collect(),
    }
}
