//! The baseline: findings that were there when a team started, and are not reported again.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{Linted, diagnostic, judge};
use crate::corpus::Corpus;
use crate::diagnostic::Diagnostic;
use crate::rules::{Rules, STALE_BASELINE, find, stale_baseline};
use crate::source::{FileId, Source, Span};

/// Findings by their fingerprints, which hold neither lines nor the working directory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Sorted, each once.
    pub entries: BTreeSet<BaselineEntry>,
}

/// A known finding. Only the fingerprint is compared; the rest tells people what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineEntry {
    /// From the root.
    pub path: String,
    pub rule: String,
    pub subject: String,
    pub fingerprint: String,
}

/// Why a file is no baseline.
#[derive(Debug, PartialEq, Eq)]
pub struct BaselineError {
    pub message: String,
    /// From 1.
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema_version: u32,
    findings: Vec<BaselineEntry>,
}

const SCHEMA_VERSION: u32 = 1;

impl Baseline {
    /// Reads the text of a baseline file.
    pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
        let file: File = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_string();
            BaselineError { message, line: error.line().max(1) }
        })?;
        if file.schema_version != SCHEMA_VERSION {
            let message = format!("schema version {}; this version reads {SCHEMA_VERSION}", file.schema_version);
            return Err(BaselineError { message, line: 1 });
        }
        Ok(Baseline { entries: file.findings.into_iter().collect() })
    }

    /// The text of its file: one finding a line, so that differences and merges stay small.
    pub fn text(&self) -> String {
        // Only maps with keys that are no strings fail to serialise, and there are none.
        let line = |entry: &BaselineEntry| format!("    {}", serde_json::to_string(entry).unwrap_or_default());
        let lines: Vec<String> = self.entries.iter().map(line).collect();
        let findings = if lines.is_empty() { String::new() } else { format!("\n{}\n  ", lines.join(",\n")) };
        format!("{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"findings\": [{findings}]\n}}\n")
    }

    /// The baseline after a run: what was found, and those old entries that the run says nothing of.
    pub fn renewed(&self, corpus: &Corpus<'_>, rules: &Rules, found: &[Diagnostic], reach: &Reach<'_>) -> Baseline {
        let unjudged = self.entries.iter().filter(|entry| !reach.judges(corpus, rules, entry)).cloned();
        let entry = |found: &Diagnostic| BaselineEntry {
            path: corpus.source(found.finding.location.file).path.clone(),
            rule: found.rule.to_string(),
            subject: found.finding.subject.clone(),
            fingerprint: found.fingerprint.clone(),
        };
        Baseline { entries: unjudged.chain(found.iter().map(entry)).collect() }
    }
}

/// Which documents a run reports on.
pub struct Reach<'r> {
    /// Paths from the root; all where it is `None`.
    pub named: Option<&'r [String]>,
}

impl Reach<'_> {
    /// Whether a finding that is in the baseline and was not found is gone: its rule ran, and over its document. A rule
    /// that exists no more will never find it.
    fn judges(&self, corpus: &Corpus<'_>, rules: &Rules, entry: &BaselineEntry) -> bool {
        self.named.is_none_or(|named| named.contains(&entry.path))
            && (find(&entry.rule).is_err()
                || judge(corpus, rules.at(corpus.settings, &entry.path), &entry.rule).is_some())
    }
}

/// Takes the findings of the baseline out and gives their number.
pub fn subtract(linted: &mut Linted, baseline: &Baseline) -> usize {
    let known: BTreeSet<&str> = baseline.entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
    let before = linted.diagnostics.len();
    linted.diagnostics.retain(|diagnostic| !known.contains(diagnostic.fingerprint.as_str()));
    before - linted.diagnostics.len()
}

/// Entries of the baseline that no longer occur among `found`, as diagnostics in its file, `source`.
pub fn stale(
    corpus: &Corpus<'_>,
    rules: &Rules,
    found: &[Diagnostic],
    baseline: &Baseline,
    (file, source): (FileId, &Source),
    reach: &Reach<'_>,
) -> Vec<Diagnostic> {
    let Some(rule) = judge(corpus, rules.everywhere(), STALE_BASELINE) else { return Vec::new() };
    let found: BTreeSet<&str> = found.iter().map(|diagnostic| diagnostic.fingerprint.as_str()).collect();
    let gone = baseline.entries.iter().filter(|entry| !found.contains(entry.fingerprint.as_str()));
    let mut seen = HashMap::new();
    let mut stale: Vec<Diagnostic> = gone
        .filter(|entry| reach.judges(corpus, rules, entry))
        .map(|entry| {
            let span = line_of(source, &entry.fingerprint);
            let finding = stale_baseline(file, span, &entry.rule, &entry.path, &entry.subject);
            diagnostic(rule, source, finding, &mut seen)
        })
        .collect();
    stale.sort_by_key(|diagnostic| diagnostic.finding.location.span.start);
    stale
}

/// Path and rule of an entry, on its line. The whole line would not fit on a screen.
fn line_of(source: &Source, fingerprint: &str) -> Span {
    let quoted = serde_json::to_string(fingerprint).unwrap_or_default();
    let Some(at) = source.text.find(&quoted) else { return Span::default() };
    let (number, start) = source.lines.line_at(at as u32);
    let line = source.line(number);
    let indent = line.len() - line.trim_start().len();
    let end = line.find(",\"subject\"").filter(|end| *end > indent).unwrap_or(line.trim_end_matches([',', ' ']).len());
    Span::new(start as usize + indent, start as usize + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> BaselineEntry {
        BaselineEntry {
            path: path.to_string(),
            rule: "dead-link".to_string(),
            subject: "\"x\".md".to_string(),
            fingerprint: format!("f-{path}"),
        }
    }

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        for entries in [vec![], vec![entry("b.md"), entry("a.md")]] {
            let baseline = Baseline { entries: entries.into_iter().collect() };
            assert_eq!(Baseline::parse(&baseline.text()), Ok(baseline));
        }
        let text = Baseline { entries: [entry("b.md"), entry("a.md")].into_iter().collect() }.text();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("fingerprint")).collect();
        assert!(lines.len() == 2 && lines[0].contains("a.md"), "{text}");
    }

    #[test]
    fn what_is_no_baseline_is_named_with_its_line() {
        let error = Baseline::parse("{\n  \"schema_version\": 1,\n  \"findings\": [{}]\n}").expect_err("a mistake");
        assert_eq!((error.message.as_str(), error.line), ("missing field `path`", 3));
        let error = Baseline::parse("{\"schema_version\": 2, \"findings\": []}").expect_err("a mistake");
        assert_eq!(error.message, "schema version 2; this version reads 1");
        assert!(Baseline::parse("# Title\n").is_err());
    }
}
