//! A handbook in memory, checked without a disk.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use runbook_site::corpus::{Answer, Change, Corpus, Facts, History, strip_document_ending};
use runbook_site::diagnostic::{ConfigError, Diagnostic};
use runbook_site::document::parse;
use runbook_site::lint::{Baseline, Linted, Reach, config_error, lint, stale, subtract};
use runbook_site::rules::Rules;
use runbook_site::settings::Settings;
use runbook_site::source::{FileId, Source};

/// What addresses on the web answer: a line each, the address and a status of HTTP or the reason of its silence.
const ANSWERS: &str = ".answers";

/// A commit for documents that were changed.
const COMMIT: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// Checks files given as path and bytes. What is no Markdown is a file that links may lead to; the config, the
/// baseline and `.answers` among them count as such. `changed` says on which days git last saw the words of documents change.
pub fn check(files: &[(String, Vec<u8>)], changed: &BTreeMap<String, Date>) -> (Vec<Source>, Vec<Diagnostic>) {
    let mut files = files.to_vec();
    files.sort();
    let special = |name: &str| {
        let found = files.iter().find(|(path, _)| path == name);
        found.map(|(path, bytes)| Source::new(path.as_str(), String::from_utf8_lossy(bytes)))
    };
    let (config, baseline) = (special("runbook-site.toml"), special(".runbook-site-baseline.json"));
    let (settings, rules) =
        match config.as_ref().map_or(Ok(Default::default()), |config| configure(&config.text, &files)) {
            Ok(configured) => configured,
            Err(error) => {
                let config = config.expect("a config with an error");
                let diagnostic = config_error(&config, &error);
                return (vec![config], vec![diagnostic]);
            }
        };
    let external = special(ANSWERS).map(|answers| read_answers(&answers.text));
    let (documents, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(path, _)| strip_document_ending(path).is_some());
    let mut sources: Vec<Source> = documents.into_iter().map(|(path, bytes)| Source::decode(path, bytes)).collect();
    let others: BTreeSet<String> = others.into_iter().map(|(path, _)| path).collect();
    let change = |(path, date): (&String, &Date)| (path.clone(), Change { date: *date, commit: COMMIT.to_string() });
    let history = History::Known(changed.iter().map(change).collect());
    let facts = Facts { files: others, external, today: Some(date(2026, 11, 23)), history, ..Facts::default() };
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let mut linted = lint(&corpus, &rules);
    if let Some(baseline) = &baseline {
        take_known(&corpus, &rules, &mut linted, baseline);
    }
    drop(corpus);
    sources.extend(baseline);
    (sources, linted.diagnostics)
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

fn configure(text: &str, files: &[(String, Vec<u8>)]) -> Result<(Settings, Rules), ConfigError> {
    let settings = Settings::parse(text)?;
    let rules = Rules::configure(&settings, files.iter().map(|(path, _)| path.as_str()))?;
    Ok((settings, rules))
}

fn take_known(corpus: &Corpus<'_>, rules: &Rules, linted: &mut Linted, source: &Source) {
    let baseline = Baseline::parse(&source.text).expect("a baseline");
    let (place, reach) = ((FileId::new(corpus.sources.len()), source), Reach { named: None });
    let stale = stale(corpus, rules, &linted.diagnostics, &baseline, place, &reach);
    subtract(linted, &baseline);
    linted.diagnostics.splice(0..0, stale);
}
