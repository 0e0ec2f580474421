//! The imperative shell: finds the root, reads, looks files up, runs the core and writes. All I/O is here.

mod baseline;
mod clock;
mod discover;
mod git;
mod history;
mod open;
mod output;
mod probe;
mod root;
mod theme;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::corpus::{Corpus, Facts, History, unknown_targets};
use crate::diagnostic::{Diagnostic, Location};
use crate::document::{Document, parse};
use crate::lint::{Baseline, Linted, Reach, lint, stale, subtract};
use crate::report::Hidden;
use crate::rules::RuleSet;
use crate::settings::Settings;
use crate::site::{SiteError, render};
use crate::source::{FileId, Source};

pub use baseline::{BaselineFile, BaselineFileError, read_baseline, usual_path, write_baseline};
pub use open::{ConfigFile, OpenError, open};
pub use output::{WriteError, write_site};
pub use theme::{ThemeError, load_theme};

/// A root with its config and the texts of its documents.
pub struct Workspace {
    /// The folder with the runbooks.
    pub root: PathBuf,
    pub config: Option<ConfigFile>,
    pub settings: Settings,
    pub rules: RuleSet,
    /// Sorted by path.
    pub sources: Vec<Source>,
    /// Files under the root that are no documents, from the root, sorted.
    pub files: std::collections::BTreeSet<String>,
    /// Symbolic links that lead out of the root and were not followed, from the root.
    pub skipped_links: Vec<String>,
    /// Documents to report on, from the root: those named on the command line; all where it is `None`.
    pub named: Option<Vec<String>>,
    /// The day on which dates are judged: that of the system, until the command line names another.
    pub today: Date,
    /// Findings that are known and not reported.
    pub baseline: Option<BaselineFile>,
}

impl Workspace {
    /// Parses all documents, looks up what their links need, and hands the corpus to `work`.
    pub fn with_corpus<T>(&self, work: impl FnOnce(&Corpus<'_>) -> T) -> T {
        self.with_facts(false, work)
    }

    /// The same, with what git knows where the rules need it.
    fn with_facts<T>(&self, with_history: bool, work: impl FnOnce(&Corpus<'_>) -> T) -> T {
        let documents: Vec<Document<'_>> = self.sources.par_iter().map(parse).collect();
        let unknown = unknown_targets(&self.sources, &documents, &self.files);
        let facts = Facts {
            files: self.files.clone(),
            found: probe::existing(&self.root, &unknown),
            today: Some(self.today),
            history: if with_history { history::history(self, &documents) } else { History::NotAsked },
        };
        work(&Corpus::build(&self.sources, documents, &self.settings, &facts))
    }

    /// Checks the root and keeps what concerns the named documents.
    pub fn check(&self) -> Checked {
        self.with_facts(true, |corpus| self.checked(corpus, true))
    }

    /// The baseline that hides all that is found now, and the number of these findings.
    pub fn new_baseline(&self) -> (Baseline, usize) {
        self.with_facts(true, |corpus| {
            let found = self.linted(corpus).diagnostics;
            let old = self.baseline.as_ref().map(|file| file.baseline.clone()).unwrap_or_default();
            (old.renewed(corpus, &self.rules, &found, &self.reach()), found.len())
        })
    }

    /// Checks the root, and renders it to `out` if the findings are acceptable.
    pub fn build(
        &self,
        out: &Path,
        base_url: Option<&str>,
        accept: impl FnOnce(&[Diagnostic]) -> bool,
    ) -> Result<Checked, BuildError> {
        let theme = load_theme(self.theme_folder().as_deref())?;
        self.with_facts(true, |corpus| {
            let checked = self.checked(corpus, false);
            if !accept(&checked.diagnostics) {
                return Err(BuildError::NotAccepted(checked));
            }
            let files = render(corpus, &checked.diagnostics, checked.hidden, &theme, base_url)?;
            write_site(&files, &self.root, out)?;
            Ok(checked)
        })
    }

    /// `with_stale` adds the entries of the baseline that no longer occur. They stand in no document, so that the site has
    /// no place for them.
    fn checked(&self, corpus: &Corpus<'_>, with_stale: bool) -> Checked {
        let mut linted = self.linted(corpus);
        let mut hidden = Hidden { suppressed: linted.suppressed.len(), baselined: 0 };
        if let Some(BaselineFile { baseline, source, .. }) = &self.baseline {
            let place = (FileId::new(self.sources.len()), source);
            let stale = match with_stale {
                true => stale(corpus, &self.rules, &linted.diagnostics, baseline, place, &self.reach()),
                false => Vec::new(),
            };
            hidden.baselined = subtract(&mut linted, baseline);
            let before = linted.diagnostics.partition_point(|known| self.path_of(known) < source.path.as_str());
            linted.diagnostics.splice(before..before, stale);
        }
        Checked {
            diagnostics: linted.diagnostics,
            hidden,
            notes: history::note(&corpus.facts.history).into_iter().collect(),
            documents: corpus.entries.len(),
            runbooks: corpus.runbook_count(),
        }
    }

    fn linted(&self, corpus: &Corpus<'_>) -> Linted {
        let mut linted = lint(corpus, &self.rules);
        if let Some(named) = &self.named {
            let is_named = |location: Location| named.contains(&self.sources[location.file.index()].path);
            let concerns_named = |diagnostic: &Diagnostic| {
                let finding = &diagnostic.finding;
                is_named(finding.location) || finding.related.iter().any(|related| is_named(related.location))
            };
            linted.diagnostics.retain(concerns_named);
            linted.suppressed.retain(concerns_named);
        }
        linted
    }

    fn reach(&self) -> Reach<'_> {
        Reach { named: self.named.as_deref() }
    }

    fn path_of(&self, diagnostic: &Diagnostic) -> &str {
        &self.sources[diagnostic.finding.location.file.index()].path
    }

    /// The files in which diagnostics stand, in the order of their ids: the documents, and the baseline behind them.
    pub fn reported_sources(&self) -> Vec<&Source> {
        self.sources.iter().chain(self.baseline.iter().map(|file| &file.source)).collect()
    }

    fn theme_folder(&self) -> Option<PathBuf> {
        let config = self.config.as_ref()?;
        Some(config.path.parent()?.join(self.settings.site.theme.as_ref()?))
    }

    /// How each of [`Workspace::reported_sources`] is named in a terminal that stands in `working_dir`.
    pub fn display_paths(&self, working_dir: &Path) -> Vec<String> {
        self.reported_sources().iter().map(|source| display_path(&self.root.join(&source.path), working_dir)).collect()
    }
}

/// The outcome of a check.
#[derive(Debug)]
pub struct Checked {
    /// Sorted by path, offset and rule.
    pub diagnostics: Vec<Diagnostic>,
    pub hidden: Hidden,
    /// What could not be judged, and why.
    pub notes: Vec<String>,
    pub documents: usize,
    pub runbooks: usize,
}

/// Why no site was built. The old one is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("the findings were not accepted")]
    NotAccepted(Checked),
    #[error(transparent)]
    Theme(#[from] ThemeError),
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A path relative to the working directory, with `/`; as it is where they share nothing.
pub fn display_path(path: &Path, working_dir: &Path) -> String {
    let shared = path.components().zip(working_dir.components()).take_while(|(a, b)| a == b).count();
    // On one drive, absolute paths share at least the root folder; only that is no reason for a row of `../`.
    if shared < 2 && path.is_absolute() && !path.starts_with(working_dir) {
        return path.to_string_lossy().replace('\\', "/");
    }
    let up = working_dir.components().count() - shared;
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = std::iter::repeat_n("..".to_string(), up).chain(down).collect();
    if parts.is_empty() { ".".to_string() } else { parts.join("/") }
}
