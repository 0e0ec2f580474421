//! The pages under `report/`: for authors the state of the handbook, and for the incident whom to call and what to type.
//!
//! No page grows with the handbook: what may be long is cut into pages of a bounded number of entries, and the overview
//! shows the worst of each kind.

mod ages;
mod commands;
mod contents;
mod escalation;
mod findings;
mod overview;
mod owners;
mod pager;
mod quick_commands;
mod requirements;
mod rules;
mod snippet;

use std::collections::{BTreeMap, BTreeSet};

use super::OutputFile;
use super::pages::{PageView, Site, SiteError};
use crate::corpus::Corpus;
use crate::diagnostic::{Diagnostic, RuleInfo};
use crate::source::{FileId, Source};

pub use commands::Listed;
pub use contents::{contents_url, group_url};
pub use escalation::{can_escalate, priority_url};
pub use findings::Places;
pub use quick_commands::has_quick_commands;

/// The rule that says that a review is due. The site takes its word for it, so that pages, report and rule agree.
const OVERDUE: &str = "overdue-review";

/// The runbooks whose review is overdue.
pub fn overdue(diagnostics: &[Diagnostic]) -> BTreeSet<FileId> {
    let due = diagnostics.iter().filter(|diagnostic| diagnostic.rule == OVERDUE);
    due.map(|diagnostic| diagnostic.finding.location.file).collect()
}

/// What the pages of the report share.
struct Report<'s, 'a, 'c> {
    site: &'s Site<'a, 'c>,
    corpus: &'c Corpus<'a>,
    rules: BTreeMap<&'static str, &'s RuleInfo>,
    /// Sources that hold secrets, without them.
    masked: BTreeMap<FileId, Source>,
}

/// Whether a page is for the reader, not for the author: whom to call, what to type, and where all documents are listed.
pub fn is_for_readers(path: &str) -> bool {
    ["report/escalation", "report/quick-commands", "report/contents"].iter().any(|start| path.starts_with(start))
}

impl Site<'_, '_> {
    /// All pages under `report/`. `rules` are those that ran; `base_url` is where the site will be served, if that is
    /// known.
    pub fn report_pages(&self, rules: &[&RuleInfo], base_url: Option<&str>) -> Result<Vec<OutputFile>, SiteError> {
        let report = Report {
            site: self,
            corpus: self.corpus,
            rules: rules.iter().map(|info| (info.name, *info)).collect(),
            masked: self.corpus.masked_sources(),
        };
        let mut files = vec![report.overview(base_url)?];
        files.extend(report.findings()?);
        files.extend(report.rules()?);
        files.extend(report.requirements()?);
        files.extend(report.owners()?);
        files.extend(report.commands()?);
        files.extend(report.escalation()?);
        files.extend(report.quick_commands()?);
        files.extend(report.contents()?);
        Ok(files)
    }
}

impl<'a, 'c> Report<'_, 'a, 'c> {
    /// The text of a file as it may be shown.
    fn source(&self, file: FileId) -> &Source {
        self.masked.get(&file).unwrap_or(self.corpus.source(file))
    }

    /// Renders a page for authors.
    fn page(&self, template: &str, title: &str, url: &str, key: &str, view: &impl serde::Serialize) -> Rendered {
        self.render(template, PageView { title, url, kind: "report", description: "" }, key, view)
    }

    /// Renders a page for the incident.
    fn incident_page(
        &self,
        template: &str,
        title: &str,
        url: &str,
        key: &str,
        view: &impl serde::Serialize,
    ) -> Rendered {
        self.render(template, PageView { title, url, kind: "incident", description: "" }, key, view)
    }

    fn render(&self, template: &str, page: PageView<'_>, key: &str, view: &impl serde::Serialize) -> Rendered {
        self.site.template(template, &page, |context| context.insert(key.to_string(), view))
    }
}

type Rendered = Result<OutputFile, SiteError>;
