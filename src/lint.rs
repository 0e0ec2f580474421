//! Runs the rules over the corpus and puts their findings in order.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::corpus::Corpus;
use crate::diagnostic::{Diagnostic, Finding, RuleInfo};
use crate::rules::Rules;
use crate::source::Source;

/// All diagnostics, sorted by path, offset and rule.
pub fn lint(corpus: &Corpus<'_>, rules: &Rules) -> Vec<Diagnostic> {
    let per_file: Vec<Vec<Diagnostic>> = corpus
        .entries
        .par_iter()
        .map(|entry| {
            let mut diagnostics = Vec::new();
            let mut findings = Vec::new();
            let overrides = corpus.settings.overrides_of(&corpus.source(entry.file).path);
            for rule in &rules.of(&overrides).rules {
                rule.check(corpus, entry, &mut findings);
                diagnostics.extend(findings.drain(..).map(|finding| (rule, finding)));
            }
            diagnostics.sort_by(|(a_rule, a), (b_rule, b)| {
                let key = |finding: &Finding| (finding.location.file, finding.location.span.start);
                key(a).cmp(&key(b)).then_with(|| a_rule.info.name.cmp(b_rule.info.name))
            });
            let mut seen = HashMap::new();
            diagnostics
                .into_iter()
                .map(|(rule, finding)| Diagnostic {
                    rule: rule.info.name,
                    level: rule.level,
                    fingerprint: fingerprint(rule.info, corpus.source(finding.location.file), &finding, &mut seen),
                    finding,
                })
                .collect()
        })
        .collect();
    // Each rule reports in the document that it was given, and files are numbered in the order of their paths.
    per_file.into_iter().flatten().collect()
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
