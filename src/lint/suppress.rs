//! Takes out what comments of a document allow, and says which of them allow nothing.

use std::collections::HashMap;

use super::{Linted, diagnostic, judge};
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::Diagnostic;
use crate::document::Suppression;
use crate::rules::{RuleSet, UNUSED_SUPPRESSION, allowable, holds, unused_suppression};

/// Parts the diagnostics of one document.
pub fn suppress(corpus: &Corpus<'_>, entry: &Entry<'_>, rules: &RuleSet, diagnostics: Vec<Diagnostic>) -> Linted {
    let today = corpus.facts.today;
    let holding: Vec<&Suppression> =
        entry.document.suppressions.iter().filter(|suppression| holds(suppression, today)).collect();
    if holding.is_empty() {
        return Linted { diagnostics, suppressed: Vec::new() };
    }
    let mut used = vec![Vec::new(); holding.len()];
    let (suppressed, mut kept): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(|diagnostic| {
        let mut allowed = false;
        for (suppression, used) in holding.iter().zip(&mut used) {
            if allows(suppression, diagnostic) {
                used.push(diagnostic.rule);
                allowed = true;
            }
        }
        allowed
    });
    if let Some(rule) = judge(corpus, rules, UNUSED_SUPPRESSION) {
        let source = corpus.source(entry.file);
        let mut seen = HashMap::new();
        for (suppression, used) in holding.iter().zip(&used) {
            let is_unused = |name: &str| !used.contains(&name) && judge(corpus, rules, name).is_some();
            let unused: Vec<bool> = suppression.rules.iter().map(|word| is_unused(&word.text)).collect();
            let finding = unused_suppression(source, entry.file, suppression, &unused);
            kept.extend(finding.map(|finding| diagnostic(rule, source, finding, &mut seen)));
        }
        kept.sort_by_key(|diagnostic| (diagnostic.finding.location.span.start, diagnostic.rule));
    }
    Linted { diagnostics: kept, suppressed }
}

fn allows(suppression: &Suppression, diagnostic: &Diagnostic) -> bool {
    let (covers, at) = (suppression.covers, diagnostic.finding.location.span.start);
    // What is said of an empty file, or of a file as a whole, starts where the file ends, too.
    let covered = covers.start <= at && (at < covers.end || covers.start == 0 && at == covers.end);
    covered && allowable(diagnostic.rule) && suppression.rules.iter().any(|word| word.text == diagnostic.rule)
}
