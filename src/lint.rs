//! Runs the rules over the corpus, takes out what authors allowed, and puts the rest in order.

mod baseline;
mod suppress;
mod unused;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{ConfigError, Diagnostic, Finding, Level, Location, RuleInfo};
use crate::rules::{CONFIG_ERROR, ConfiguredRule, RuleSet, Rules};
use crate::source::{FileId, Source};

pub use unused::unused_entries;

pub use baseline::{Baseline, BaselineEntry, BaselineError, Reach, stale, subtract};

/// What the rules found.
#[derive(Debug, Default)]
pub struct Linted {
    /// Sorted by path, offset and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// What comments of the documents allow, in the same order.
    pub suppressed: Vec<Diagnostic>,
}

/// Runs all rules over all documents.
pub fn lint(corpus: &Corpus<'_>, rules: &Rules) -> Linted {
    let per_file: Vec<Linted> = corpus
        .entries
        .par_iter()
        .map(|entry| {
            let rules = rules.at(corpus.settings, &corpus.source(entry.file).path);
            suppress::suppress(corpus, entry, rules, check_document(corpus, entry, rules))
        })
        .collect();
    // Each rule reports in the document that it was given, and files are numbered in the order of their paths.
    let mut linted = Linted::default();
    for file in per_file {
        linted.diagnostics.extend(file.diagnostics);
        linted.suppressed.extend(file.suppressed);
    }
    linted
}

/// What all rules find in one document, in order.
fn check_document(corpus: &Corpus<'_>, entry: &Entry<'_>, rules: &RuleSet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut findings = Vec::new();
    for rule in &rules.rules {
        rule.check(corpus, entry, &mut findings);
        found.extend(findings.drain(..).map(|finding| (rule, finding)));
    }
    let secrets = corpus.secrets_of(entry.file);
    if !secrets.is_empty() {
        found.iter_mut().for_each(|(_, finding)| redact(corpus, entry, finding, &secrets));
    }
    found.sort_by(|(a_rule, a), (b_rule, b)| {
        let key = |finding: &Finding| (finding.location.file, finding.location.span.start);
        key(a).cmp(&key(b)).then_with(|| a_rule.info.name.cmp(b_rule.info.name))
    });
    let mut seen = HashMap::new();
    found
        .into_iter()
        .map(|(rule, finding)| diagnostic(rule, corpus.source(finding.location.file), finding, &mut seen))
        .collect()
}

/// Takes the document's secrets out of what a finding says. A fix that would write one again is not offered.
fn redact(corpus: &Corpus<'_>, entry: &Entry<'_>, finding: &mut Finding, secrets: &[&str]) {
    let clean = |text: &mut String| *text = corpus.redacted(entry.file, text).into_owned();
    clean(&mut finding.message);
    clean(&mut finding.subject);
    finding.help.iter_mut().for_each(clean);
    finding.related.iter_mut().for_each(|related| clean(&mut related.message));
    let holds = |text: &str| secrets.iter().any(|secret| text.contains(secret));
    finding.fix = finding.fix.take().filter(|fix| !fix.edits.iter().any(|edit| holds(&edit.replacement)));
}

/// A finding under the name and level of its rule. `seen` counts the equal ones of a file.
fn diagnostic(
    rule: &ConfiguredRule,
    source: &Source,
    finding: Finding,
    seen: &mut HashMap<blake3::Hash, u32>,
) -> Diagnostic {
    Diagnostic {
        rule: rule.info.name,
        level: if finding.advisory { rule.level.min(Level::Warning) } else { rule.level },
        fingerprint: fingerprint(rule.info, source, &finding, seen),
        finding,
    }
}

/// A mistake in the config as a diagnostic in `source`, its file and the only one of the report.
pub fn config_error(source: &Source, error: &ConfigError) -> Diagnostic {
    let location = Location { file: FileId(0), span: error.span.clone().into() };
    let finding = Finding { help: error.help.clone(), ..Finding::new(location, "", error.message.clone()) };
    Diagnostic {
        rule: CONFIG_ERROR.name,
        level: CONFIG_ERROR.level,
        fingerprint: fingerprint(CONFIG_ERROR, source, &finding, &mut HashMap::new()),
        finding,
    }
}

/// The rule of a name, if it ran with all that it needs: what it did not find is not there.
fn judge<'r>(corpus: &Corpus<'_>, rules: &'r RuleSet, name: &str) -> Option<&'r ConfiguredRule> {
    rules.rules.iter().find(|rule| rule.info.name == name && rule.has_facts(corpus))
}

/// Hash of what makes a finding the same after lines have moved. Equal ones of a file are told apart by their order.
fn fingerprint(rule: &RuleInfo, source: &Source, finding: &Finding, seen: &mut HashMap<blake3::Hash, u32>) -> String {
    let line = source.position(finding.location.span.start).line;
    let mut hasher = blake3::Hasher::new();
    for part in [rule.name, &source.path, &finding.subject, source.line(line).trim()] {
        hasher.update(part.as_bytes());
        hasher.update(b"\0");
    }
    let count = seen.entry(hasher.finalize()).or_insert(0);
    hasher.update(&count.to_le_bytes());
    *count += 1;
    hasher.finalize().to_hex()[..32].to_string()
}
