//! The handbooks of `fixtures/`: the demo passes its own check, the faulty one has the planted faults and no other.

mod handbook;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::date;
use runbook_site::diagnostic::{Diagnostic, Level};
use runbook_site::source::Source;

#[test]
fn the_demo_passes_at_the_fail_level_with_honest_warnings() {
    let (sources, diagnostics) = check("fixtures/handbook");
    let errors: Vec<String> =
        diagnostics.iter().filter(|d| d.level == Level::Error).map(|d| shown(&sources, d)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let warnings: Vec<&str> = diagnostics
        .iter()
        .filter(|d| d.level > Level::Info || d.rule != "unresolved-placeholder")
        .map(|d| d.rule)
        .collect();
    assert_eq!(warnings, ["contact-without-backup", "overdue-review", "overdue-review", "skipped-heading-level"]);
    assert!(sources.len() > 12);
}

#[test]
fn the_faulty_handbook_has_the_planted_faults_and_no_other() {
    let (sources, diagnostics) = check("fixtures/faulty");
    let found: Vec<String> = diagnostics.iter().map(|diagnostic| shown(&sources, diagnostic)).collect();
    let expected = fs::read_to_string("fixtures/faulty/EXPECTED.tsv").expect("EXPECTED.tsv");
    let expected: Vec<&str> = expected.lines().collect();
    assert_eq!(found, expected);
}

fn check(folder: &str) -> (Vec<Source>, Vec<Diagnostic>) {
    let mut files = Vec::new();
    collect(Path::new(folder), Path::new(folder), &mut files);
    // No other document has a history, so that the findings don't depend on that of this repository.
    let changed = BTreeMap::from([("lock-notes.md".to_string(), date(2026, 9, 14))]);
    handbook::check(&files, &changed)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let relative = path.strip_prefix(root).expect("under the root").to_string_lossy().replace('\\', "/");
            files.push((relative, fs::read(&path).expect("a file")));
        }
    }
}

/// As in `EXPECTED.tsv`: path, line, rule, subject.
fn shown(sources: &[Source], diagnostic: &Diagnostic) -> String {
    let finding = &diagnostic.finding;
    let source = &sources[finding.location.file.index()];
    let line = source.position(finding.location.span.start).line;
    format!("{}\t{line}\t{}\t{}", source.path, diagnostic.rule, finding.subject)
}
