//! A config that fits a handbook: a check with it fails on nothing that is there now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::comment;
use crate::corpus::{Corpus, Kind, KindReason, Target, path};
use crate::diagnostic::{Diagnostic, Level};
use crate::report::{count, plain};
use crate::settings::{Origin, Standard};

/// A row or list item of an index that leads to no file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingRow {
    /// Path of the file that is not there, from the root.
    pub target: String,
    /// `README.md:19`
    pub place: String,
}

/// What indexes promise and nobody has written, sorted, each once.
pub fn missing_rows(corpus: &Corpus<'_>) -> Vec<MissingRow> {
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for index in &corpus.indexes {
        let entry = corpus.entry(index.file);
        let source = corpus.source(index.file);
        for link in index.entries() {
            let Target::Missing { path } = &entry.targets[link.link] else { continue };
            let line = source.position(entry.document.links[link.link].span.start).line;
            found.entry(path).or_insert_with(|| format!("{}:{line}", source.path));
        }
    }
    found.into_iter().map(|(target, place)| MissingRow { target: target.to_string(), place }).collect()
}

/// The standard that most runbooks are held to, and how many; the first of equals.
pub fn main_standard<'c>(corpus: &'c Corpus<'_>) -> Option<(&'c Standard, usize)> {
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    for standard in corpus.entries.iter().filter_map(|entry| entry.standard) {
        *held.entry(standard).or_default() += 1;
    }
    // An index that states one says so before the first runbook is written.
    for standard in corpus.indexes.iter().filter_map(|index| index.standard) {
        held.entry(standard).or_default();
    }
    let most = held.into_iter().max_by_key(|(at, runbooks)| (*runbooks, std::cmp::Reverse(*at)))?;
    Some((&corpus.standards[most.0], most.1))
}

/// The text of a config. Lines of prose begin with `# `; a line that begins with `#` alone can be switched on as it is.
/// With `baseline`, what is found now is listed there, and no level is lowered.
pub fn config_text(corpus: &Corpus<'_>, diagnostics: &[Diagnostic], baseline: bool) -> String {
    let mut text = String::from(
        "# How runbook-site checks and publishes this handbook. What is not said here has its default. Lines that begin with\n\
         # `#` and no space can be switched on as they are. `runbook-site config` shows what holds, and who says so.\n\n\
         # The folder with the runbooks, relative to this file.\n\
         root = \".\"\n\n\
         # Documents, files and folders that are left out, as globs from the root.\n\
         #exclude = [\"drafts\"]\n\n",
    );
    text.push_str(&planned(corpus));
    text.push_str(&kinds(corpus));
    text.push_str(&standard(corpus));
    text.push_str("[site]\n# Default: the title of the root's own page.\n#title = \"Operations handbook\"\n\n");
    text.push_str(&rules(diagnostics, baseline));
    text
}

fn planned(corpus: &Corpus<'_>) -> String {
    let rows = missing_rows(corpus);
    if rows.is_empty() {
        return "# Runbooks that are promised and not written yet: rows and links that lead to them are no fault.\n\
                #planned = [\"region-failover.md\"]\n\n"
            .to_string();
    }
    let mut text = "# Index pages lead to these files, which are not there. Those that are promised and not written yet are no fault\n\
                    # when they are named here.\n#planned = [\n"
        .to_string();
    for row in rows {
        let _ = writeln!(text, "#  {}, # {}", toml_string(&globset::escape(&row.target)), plain(&row.place));
    }
    text + "#]\n\n"
}

/// A folder where some documents follow a preset and others don't.
struct Mixed<'c> {
    folder: &'c str,
    standard: &'c str,
    following: usize,
    documents: usize,
}

fn kinds(corpus: &Corpus<'_>) -> String {
    let mut text = String::from(
        "# What documents are: `runbook`, `page`, `index`, or the name of a standard. The last glob that matches decides.\n",
    );
    let _ = writeln!(text, "# Now: {}.", kinds_in_words(corpus));
    text.push_str("[kinds]\n");
    let mixed = mixed_folders(corpus);
    for Mixed { folder, standard, following, documents } in &mixed {
        let glob = toml_string(&format!("{}/**", globset::escape(folder)));
        let _ = writeln!(text, "#{glob} = \"{standard}\" # {following} of {documents} follow it, the others are pages");
    }
    if mixed.is_empty() {
        text.push_str("#\"notes/**\" = \"page\"\n");
    }
    text + "\n"
}

/// `14 runbooks of the standard `house`, 1 index, 5 pages`
fn kinds_in_words(corpus: &Corpus<'_>) -> String {
    let mut runbooks: BTreeMap<&str, usize> = BTreeMap::new();
    for standard in corpus.entries.iter().filter_map(|entry| corpus.standard_of(entry)) {
        *runbooks.entry(&standard.name).or_default() += 1;
    }
    let of_kind = |kind: Kind| corpus.entries.iter().filter(|entry| entry.kind == kind).count();
    let runbooks =
        runbooks.iter().map(|(name, number)| format!("{} of the standard `{name}`", count(*number, "runbook")));
    let others = [(of_kind(Kind::Index), "index"), (of_kind(Kind::Page), "page")];
    let others = others.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(*number, noun));
    runbooks.chain(others).collect::<Vec<_>>().join(", ")
}

fn mixed_folders<'c>(corpus: &'c Corpus<'_>) -> Vec<Mixed<'c>> {
    let mut folders: BTreeMap<&str, (BTreeMap<&str, usize>, usize)> = BTreeMap::new();
    for entry in corpus.entries.iter().filter(|entry| entry.kind != Kind::Index) {
        let (following, documents) = folders.entry(path::folder(&corpus.source(entry.file).path)).or_default();
        *documents += 1;
        if let (KindReason::FollowsPreset { .. }, Some(standard)) = (&entry.reason, corpus.standard_of(entry)) {
            *following.entry(&standard.name).or_default() += 1;
        }
    }
    let most = |(folder, (following, documents)): (&'c str, (BTreeMap<&'c str, usize>, usize))| {
        let (standard, following) = following.into_iter().max_by_key(|(_, number)| *number)?;
        let is_mixed = !folder.is_empty() && following * 2 > documents && following < documents;
        is_mixed.then_some(Mixed { folder, standard, following, documents })
    };
    folders.into_iter().filter_map(most).collect()
}

fn standard(corpus: &Corpus<'_>) -> String {
    let Some((standard, runbooks)) = main_standard(corpus) else {
        return "# No document looks like a runbook: none has half of the sections of a preset, and no index lists the sections that\n\
                # runbooks must have. `\"**\" = \"procedure\"` under [kinds] holds all to that preset.\n\
                #[standards.procedure]\n#title = \"Runbook: [Title]\"\n\n"
            .to_string();
    };
    let names: Vec<&str> = standard.sections.iter().map(|section| section.name.as_str()).collect();
    let who = match standard.origin {
        Origin::Index(location) => {
            let source = corpus.source(location.file);
            let line = source.position(location.span.start).line;
            let runbooks = if runbooks > 0 { format!(" for {}", count(runbooks, "runbook")) } else { String::new() };
            format!("The standard that {}:{line} states{runbooks}", source.path)
        }
        Origin::Preset | Origin::Config { .. } => {
            format!(
                "No index states a standard; {} of {} follow the preset `{}`",
                runbooks,
                corpus.runbook_count(),
                standard.name
            )
        }
    };
    let mut text = comment(&format!("{who}: {}. What should differ goes here.", names.join(", ")));
    let _ = writeln!(text, "#[standards.{}]", standard.name);
    // What is said of `house` must fit all indexes that state a standard.
    let all: Vec<&Standard> = corpus.standards.iter().filter(|known| known.name == standard.name).collect();
    let common = standard.sections.iter().rev().find(|section| all.iter().all(|known| known.asks_for(&section.id)));
    if let Some(section) = common {
        let _ = writeln!(text, "#optional-sections = [{}]", toml_string(&section.id));
    }
    text.push_str("#review-interval-days = 90\n\n");
    text
}

fn rules(diagnostics: &[Diagnostic], baseline: bool) -> String {
    let mut failing: BTreeMap<&str, (usize, BTreeSet<u32>)> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error) {
        let (number, files) = failing.entry(diagnostic.rule).or_default();
        *number += 1;
        files.insert(diagnostic.finding.location.file.0);
    }
    let mut text = String::from(
        "# Levels: `error` fails a check, `warning` and `info` do not, `off` says nothing. `runbook-site rules` lists all rules.\n",
    );
    if baseline || failing.is_empty() {
        if baseline {
            text.push_str("# What was found at the start is listed in .runbook-site-baseline.json and not reported; what is new is.\n");
        }
        return text + "[rules]\n#skipped-heading-level = \"off\"\n";
    }
    text.push_str(
        "# These rules are errors by default. They warn here, so that the first check passes; take a line away when its\n\
         # findings are mended. Or remove all, and list what is found now in a baseline, so that only new findings fail:\n\
         # `runbook-site check --write-baseline`.\n[rules]\n",
    );
    let mut failing: Vec<_> = failing.into_iter().collect();
    failing.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(b.0)));
    for (rule, (number, files)) in failing {
        let _ = writeln!(text, "{rule} = \"warning\" # {number} in {}", count(files.len(), "document"));
    }
    text
}

fn toml_string(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}
