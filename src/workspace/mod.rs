//! The imperative shell: finds the root, reads, looks files up, runs the core and writes. All I/O is here.

mod baseline;
mod clock;
mod compare;
mod discover;
mod external;
mod file;
mod fixing;
mod git;
mod history;
mod nearest;
mod open;
mod output;
mod probe;
mod progress;
mod root;
mod theme;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::corpus::{Corpus, Facts, Target, unknown_targets, web_addresses};
use crate::diagnostic::{Diagnostic, Location};
use crate::document::{Document, parse};
use crate::lint::{Baseline, Linted, Reach, lint, stale, subtract, unused_entries};
use crate::report::Hidden;
use crate::rules::{self, DeadExternalLink, Rule, Rules};
use crate::settings::Settings;
use crate::site::{Published, SiteError, Vanished, render, vanished};
use crate::source::{FileId, Source};

pub use baseline::{BaselineFile, BaselineFileError, read_baseline, usual_path, write_baseline};
pub use clock::today_in_utc;
pub use compare::{CompareError, read_published};
pub use external::{External, default_folder as cache_folder};
pub use file::{ReadError, append_to_file, read_file, write_file, write_with_folder};
pub use fixing::{FixError, Fixed};
pub use git::{NoChanges, NoHistory, user_name};
pub use nearest::nearest_path;
pub use open::{ConfigFile, OpenError, absolute, open, open_around, open_typed, open_without_config};

use git::changes_since;
use open::{clean, in_config};
pub use output::{WriteError, write_site};
pub use progress::Progress;
pub use root::{CONFIG_NAME, nearest_config, repository_top};
use theme::load_theme;
pub use watch::{Depth, Places, Watch, WatchError};

/// A root with its config and the texts of its documents.
pub struct Workspace {
    /// The folder with the runbooks.
    pub root: PathBuf,
    /// The config and those that it extends, the nearest first.
    pub configs: Vec<ConfigFile>,
    /// The same as texts in which findings stand, under their paths from the root.
    pub config_sources: Vec<Source>,
    pub settings: Settings,
    pub rules: Rules,
    /// Sorted by path.
    pub sources: Vec<Source>,
    /// Files under the root that are no documents, from the root, sorted.
    pub files: BTreeSet<String>,
    /// Symbolic links that lead out of the root and were not followed, from the root.
    pub skipped_links: Vec<String>,
    /// Documents to report on, from the root: those named on the command line; all where it is `None`.
    pub named: Option<Vec<String>>,
    /// The document whose text was handed in instead of read. Only what stands in it is reported, and only it is fixed.
    pub typed: Option<String>,
    /// Documents that are no more, from the root, when `named` are those that changed. Links to them are reported
    /// wherever they stand.
    pub deleted: BTreeSet<String>,
    /// The day on which dates are judged: that of the system, until the command line names another.
    pub today: Date,
    /// How addresses on the web are asked by a check; they are not where it is `None`.
    pub external: Option<External>,
    /// Findings that are known and not reported.
    pub baseline: Option<BaselineFile>,
    /// How far the work is.
    pub progress: Arc<Progress>,
}

impl Workspace {
    /// Parses all documents, looks up what their links need, and hands the corpus to `work`.
    ///
    /// An error is a mistake in the config that shows only beside the index.
    pub fn with_corpus<T>(&self, work: impl FnOnce(&Corpus<'_>) -> T) -> Result<T, OpenError> {
        let documents = self.documents();
        let facts = self.facts(&documents);
        self.with_facts(documents, &facts, work)
    }

    /// Checks the root and keeps what concerns the named documents.
    pub fn check(&self) -> Result<Checked, OpenError> {
        let documents = self.documents();
        let mut facts = self.facts_with_history(&documents);
        let mut notes = Vec::new();
        if let Some(external) = &self.external {
            let asked = self.ask_external(&documents, external);
            facts.external = Some(asked.answers);
            notes = asked.notes;
        }
        self.with_facts(documents, &facts, |corpus| {
            let checked = self.checked(corpus, true);
            Checked { notes: [checked.notes, notes].concat(), ..checked }
        })
    }

    /// The baseline that hides all that is found now, and the number of these findings.
    pub fn new_baseline(&self) -> Result<(Baseline, usize), OpenError> {
        let documents = self.documents();
        let facts = self.facts_with_history(&documents);
        self.with_facts(documents, &facts, |corpus| {
            let found = self.linted(corpus).diagnostics;
            let old = self.baseline.as_ref().map(|file| file.baseline.clone()).unwrap_or_default();
            (old.renewed(corpus, &self.rules, &found, &self.reach()), found.len())
        })
    }

    fn with_facts<'a, T>(
        &'a self,
        documents: Vec<Document<'a>>,
        facts: &'a Facts,
        work: impl FnOnce(&Corpus<'_>) -> T,
    ) -> Result<T, OpenError> {
        let corpus = Corpus::build(&self.sources, documents, &self.settings, facts);
        match corpus.config_error.clone() {
            Some(error) => Err(in_config(&self.configs, error)),
            None => Ok(work(&corpus)),
        }
    }

    /// Takes a document in, or another text of one that is there, as if the disk held it.
    pub fn put(&mut self, source: Source) -> Result<(), OpenError> {
        match self.sources.binary_search_by(|known| known.path.cmp(&source.path)) {
            Ok(at) => self.sources[at] = source,
            Err(at) => self.sources.insert(at, source),
        }
        let documents = self.sources.iter().map(|source| source.path.as_str());
        self.rules = Rules::configure(&self.settings, documents).map_err(|error| in_config(&self.configs, error))?;
        Ok(())
    }

    /// Why the config leaves a document out, if it does.
    pub fn left_out(&self, path: &str) -> Option<&'static str> {
        discover::left_out(&self.settings, path)
    }

    fn documents(&self) -> Vec<Document<'_>> {
        self.progress.begin("reading documents", self.sources.len());
        let read = |source| {
            let document = parse(source);
            self.progress.step();
            document
        };
        self.sources.par_iter().map(read).collect()
    }

    fn facts(&self, documents: &[Document<'_>]) -> Facts {
        let unknown = unknown_targets(&self.sources, documents, &self.files);
        let found = probe::existing(&self.root, &unknown);
        Facts { files: self.files.clone(), found, today: Some(self.today), ..Facts::default() }
    }

    /// The same, with what git knows where the rules need it.
    fn facts_with_history(&self, documents: &[Document<'_>]) -> Facts {
        self.progress.begin("asking git for the history", 0);
        Facts { history: history::history(self, documents), ..self.facts(documents) }
    }

    /// Asks the addresses of the named documents, where the rule that reads the answers runs.
    fn ask_external(&self, documents: &[Document<'_>], external: &External) -> external::Answers {
        let is_named = |path: &String| self.named.as_ref().is_none_or(|named| named.contains(path));
        let named = self.sources.iter().zip(documents).filter(|(source, _)| is_named(&source.path));
        let addresses = match self.rules.runs(DeadExternalLink::INFO.name) {
            true => web_addresses(named.map(|(_, document)| document)),
            false => BTreeSet::new(),
        };
        // A mistake in the options has ended the run when the rules were configured.
        let setting = self.settings.rules.get(DeadExternalLink::INFO.name);
        let options = rules::options::<DeadExternalLink>(setting).unwrap_or_default();
        external::ask_all(addresses, &options, external, &self.progress)
    }

    /// Checks the root, and renders it to the folder asked for if what was found is acceptable.
    pub fn build(&self, request: &BuildRequest<'_>, accept: impl FnOnce(&Built) -> bool) -> Result<Built, BuildError> {
        let theme = load_theme(&self.settings.site, &self.configs).map_err(|error| in_config(&self.configs, error))?;
        let documents = self.documents();
        let facts = self.facts_with_history(&documents);
        self.with_facts(documents, &facts, |corpus| {
            let built = Built {
                checked: self.checked(corpus, false),
                vanished: request.before.map(|published| vanished(corpus, published)).unwrap_or_default(),
            };
            if !accept(&built) {
                return Err(BuildError::NotAccepted(Box::new(built)));
            }
            self.progress.begin("making the site", 0);
            let rules: Vec<_> = rules::all().collect();
            let base_url = request.base_url.or(self.settings.site.base_url.as_deref());
            let Checked { diagnostics, hidden, .. } = &built.checked;
            let read = |path: &str, at_most: usize| file::read_up_to(&self.root.join(path), at_most);
            let files = render(corpus, diagnostics, *hidden, &rules, &theme, base_url, &read)?;
            write_site(&files, &self.root, request.out)?;
            Ok(built)
        })?
    }

    /// `with_stale` adds the entries of the baseline that no longer occur. They stand in no document, so that the site has
    /// no place for them.
    fn checked(&self, corpus: &Corpus<'_>, with_stale: bool) -> Checked {
        let mut linted = self.linted(corpus);
        let mut hidden = Hidden { suppressed: linted.suppressed.len(), baselined: 0 };
        if let Some(BaselineFile { baseline, source, .. }) = &self.baseline {
            let place = (FileId::new(self.sources.len()), source);
            let stale = match with_stale && self.typed.is_none() {
                true => stale(corpus, &self.rules, &linted.diagnostics, baseline, place, &self.reach()),
                false => Vec::new(),
            };
            hidden.baselined = subtract(&mut linted, baseline);
            let before = linted.diagnostics.partition_point(|known| self.path_of(known) < source.path.as_str());
            linted.diagnostics.splice(before..before, stale);
        }
        // Whoever names some documents wants to hear of these.
        if with_stale && self.named.is_none() {
            let first = self.sources.len() + usize::from(self.baseline.is_some());
            let configs: Vec<_> =
                self.config_sources.iter().enumerate().map(|(at, source)| (FileId::new(first + at), source)).collect();
            linted.diagnostics.extend(unused_entries(corpus, &self.rules, &configs));
            let sources = self.reported_sources();
            linted.diagnostics.sort_by_key(|known| &sources[known.finding.location.file.index()].path);
        }
        Checked {
            diagnostics: linted.diagnostics,
            hidden,
            notes: history::note(&corpus.facts.history).into_iter().collect(),
            documents: corpus.entries.len(),
            runbooks: corpus.runbook_count(),
            masked: corpus.masked_sources(),
        }
    }

    fn linted(&self, corpus: &Corpus<'_>) -> Linted {
        self.progress.begin("checking", 0);
        let mut linted = lint(corpus, &self.rules);
        let Some(named) = &self.named else { return linted };
        let file_of = |location: Location| &self.sources[location.file.index()].path;
        let is_named = |location: Location| named.contains(file_of(location));
        let concerns_named = |diagnostic: &Diagnostic| {
            let finding = &diagnostic.finding;
            match &self.typed {
                Some(typed) => file_of(finding.location) == typed,
                None => {
                    is_named(finding.location)
                        || finding.related.iter().any(|related| is_named(related.location))
                        || self.leads_to_deleted(corpus, finding.location)
                }
            }
        };
        linted.diagnostics.retain(concerns_named);
        linted.suppressed.retain(concerns_named);
        if let Some(typed) = &self.typed {
            // Half a fix is none.
            for diagnostic in &mut linted.diagnostics {
                diagnostic.finding.fix.take_if(|fix| fix.edits.iter().any(|edit| file_of(edit.location) != typed));
            }
        }
        linted
    }

    /// Whether a place is in a link to a document that is no more.
    fn leads_to_deleted(&self, corpus: &Corpus<'_>, location: Location) -> bool {
        if self.deleted.is_empty() {
            return false;
        }
        let entry = &corpus.entries[location.file.index()];
        let leads = |target: &Target| matches!(target, Target::Missing { path } if self.deleted.contains(path));
        let links = entry.document.links.iter().zip(&entry.targets);
        links
            .filter(|(_, target)| leads(target))
            .any(|(link, _)| link.span.contains(location.span) || link.target_span.contains(location.span))
    }

    /// Narrows what is reported to documents that changed since a revision of git.
    pub fn narrow_to_changes(&mut self, revision: &str) -> Result<(), NoChanges> {
        let changes = changes_since(&self.root, revision)?;
        let reported = self.sources.iter().map(|source| &source.path);
        let is_named = |path: &String| self.named.as_ref().is_none_or(|named| named.contains(path));
        let changed = reported.filter(|path| changes.present.contains(*path) && is_named(path)).cloned().collect();
        // What was named alone is not to grow.
        self.deleted = if self.named.is_none() { changes.deleted } else { BTreeSet::new() };
        self.named = Some(changed);
        Ok(())
    }

    fn reach(&self) -> Reach<'_> {
        Reach { named: self.named.as_deref() }
    }

    fn path_of(&self, diagnostic: &Diagnostic) -> &str {
        &self.sources[diagnostic.finding.location.file.index()].path
    }

    /// The files in which diagnostics stand, in the order of their ids: the documents, the baseline, the configs.
    pub fn reported_sources(&self) -> Vec<&Source> {
        let baseline = self.baseline.iter().map(|file| &file.source);
        self.sources.iter().chain(baseline).chain(&self.config_sources).collect()
    }

    /// How each of [`Workspace::reported_sources`] is named in a terminal that stands in `working_dir`.
    pub fn display_paths(&self, working_dir: &Path) -> Vec<String> {
        self.reported_sources()
            .iter()
            .map(|source| display_path(&clean(&self.root.join(&source.path)), working_dir))
            .collect()
    }
}

/// The outcome of a check.
#[derive(Debug)]
pub struct Checked {
    /// Sorted by path, offset and rule.
    pub diagnostics: Vec<Diagnostic>,
    pub hidden: Hidden,
    pub documents: usize,
    pub runbooks: usize,
    /// The sources that hold secrets, without them: for snippets.
    pub masked: BTreeMap<FileId, Source>,
    /// What could not be judged, and why, and what else is worth knowing and no finding.
    pub notes: Vec<String>,
}

/// Where a site goes, and what is known of it.
pub struct BuildRequest<'b> {
    pub out: &'b Path,
    /// Where it will be served; goes before that of the config.
    pub base_url: Option<&'b str>,
    /// What the site had before.
    pub before: Option<&'b Published>,
}

/// The outcome of a build.
#[derive(Debug)]
pub struct Built {
    pub checked: Checked,
    /// What the site had before and has no more; empty where nobody asked.
    pub vanished: Vanished,
}

/// Why no site was built. The old one is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("what was found was not accepted")]
    NotAccepted(Box<Built>),
    #[error(transparent)]
    Config(#[from] OpenError),
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
