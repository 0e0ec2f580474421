//! A handbook in memory, checked without a disk.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use runbook_site::corpus::{Answer, Corpus, Facts, strip_document_ending};
use runbook_site::diagnostic::Diagnostic;
use runbook_site::document::parse;
use runbook_site::lint::lint;
use runbook_site::rules::Rules;
use runbook_site::settings::Settings;
use runbook_site::source::Source;

/// What addresses on the web answer: a line each, the address and a status of HTTP or the reason of its silence.
const ANSWERS: &str = ".answers";

/// Checks files given as path and bytes, under a config, which may be empty. What is no Markdown is a file that links may
/// lead to, but for `.answers`.
pub fn check(config: &str, files: &[(String, Vec<u8>)]) -> (Vec<Source>, Vec<Diagnostic>) {
    let mut files = files.to_vec();
    files.sort();
    let answers = files.iter().position(|(path, _)| path == ANSWERS).map(|at| files.remove(at).1);
    let external = answers.map(|bytes| read_answers(&String::from_utf8_lossy(&bytes)));
    let (documents, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(path, _)| strip_document_ending(path).is_some());
    let sources: Vec<Source> = documents.into_iter().map(|(path, bytes)| Source::decode(path, bytes)).collect();
    let others: BTreeSet<String> = others.into_iter().map(|(path, _)| path).collect();
    let facts = Facts { files: others, external, today: Some(date(2026, 11, 23)), ..Facts::default() };
    let settings = Settings::parse(config).unwrap_or_else(|error| panic!("{error:?}"));
    let paths = sources.iter().map(|source| source.path.as_str());
    let rules = Rules::configure(&settings, paths).unwrap_or_else(|error| panic!("{error:?}"));
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let diagnostics = lint(&corpus, &rules);
    drop(corpus);
    (sources, diagnostics)
}

fn read_answers(text: &str) -> BTreeMap<String, Answer> {
    let answer = |words: &str| match words.parse() {
        Ok(200..=299) => Answer::Alive,
        Ok(status) => Answer::Status(status),
        Err(_) => Answer::Silent(words.to_string()),
    };
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(address, words)| (address.to_string(), answer(words))).collect()
}
