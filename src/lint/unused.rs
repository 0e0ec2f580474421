//! Entries of the config that allow something which nothing does.

use std::collections::HashMap;

use super::{diagnostic, judge};
use crate::corpus::{Corpus, Target};
use crate::diagnostic::{Diagnostic, Location};
use crate::rules::{Rules, UNUSED_SUPPRESSION, unused_entry};
use crate::source::{FileId, Source};

/// Planned runbooks to which nothing leads, and overrides without a document. `configs` are the config files in their
/// order, with the ids under which they are reported.
pub fn unused_entries(corpus: &Corpus<'_>, rules: &Rules, configs: &[(FileId, &Source)]) -> Vec<Diagnostic> {
    let Some(rule) = judge(corpus, rules.everywhere(), UNUSED_SUPPRESSION) else { return Vec::new() };
    let settings = corpus.settings;
    let targets = corpus.entries.iter().flat_map(|entry| &entry.targets);
    let awaited: Vec<&str> = targets
        .filter_map(|target| match target {
            Target::Planned { path } => Some(path.as_str()),
            _ => None,
        })
        .collect();
    let planned = settings.planned.iter().filter(|glob| !awaited.iter().any(|path| glob.matches(path)));
    let planned = planned.map(|glob| {
        let message = format!("nothing leads to a missing runbook that `{}` matches", glob.pattern);
        (glob.file, glob.span.clone(), glob.pattern.clone(), message)
    });
    let mut concerned = vec![false; settings.overrides.len()];
    for source in corpus.sources {
        settings.overrides_of(&source.path).into_iter().for_each(|at| concerned[at] = true);
    }
    let overrides = settings.overrides.iter().zip(&concerned).filter(|(_, is_concerned)| !**is_concerned);
    let overrides = overrides.map(|(entry, _)| {
        let patterns = entry.patterns.join("`, `");
        (entry.file, entry.span.clone(), patterns.clone(), format!("no document is one of `{patterns}`"))
    });
    let mut seen = HashMap::new();
    let found = planned.chain(overrides).filter_map(|(file, span, pattern, message)| {
        let (id, source) = configs.get(file)?;
        let finding = unused_entry(Location { file: *id, span: span.into() }, &pattern, message);
        Some(diagnostic(rule, source, finding, &mut seen))
    });
    found.collect()
}
