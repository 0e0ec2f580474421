//! A handbook in memory, checked without a disk.

use std::collections::BTreeSet;

use jiff::civil::date;
use runbook_site::corpus::{Corpus, Facts, strip_document_ending};
use runbook_site::diagnostic::Diagnostic;
use runbook_site::document::parse;
use runbook_site::lint::lint;
use runbook_site::rules::RuleSet;
use runbook_site::settings::Settings;
use runbook_site::source::Source;

/// Checks files given as path and bytes. What is no Markdown is a file that links may lead to.
pub fn check(files: &[(String, Vec<u8>)]) -> (Vec<Source>, Vec<Diagnostic>) {
    let mut files = files.to_vec();
    files.sort();
    let (documents, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(path, _)| strip_document_ending(path).is_some());
    let sources: Vec<Source> = documents.into_iter().map(|(path, bytes)| Source::decode(path, bytes)).collect();
    let others: BTreeSet<String> = others.into_iter().map(|(path, _)| path).collect();
    let facts = Facts { files: others, today: Some(date(2026, 11, 23)), ..Facts::default() };
    let settings = Settings::default();
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let diagnostics = lint(&corpus, &RuleSet::default()).diagnostics;
    drop(corpus);
    (sources, diagnostics)
}
