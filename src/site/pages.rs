//! What all pages share, and the pages that stand once.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;
use tera::{Context, Tera};

use super::highlight::Highlighted;
use super::navigation::{self, Group};
use super::{OutputFile, Theme, report_page, search, search_pages};
use crate::corpus::{Corpus, Entry, path};
use crate::diagnostic::Diagnostic;
use crate::report::Hidden;
use crate::source::FileId;

/// A template that does not parse or cannot be rendered.
#[derive(Debug, thiserror::Error)]
#[error("the theme's {0}")]
pub struct SiteError(String);

impl SiteError {
    fn new(error: &tera::Error) -> Self {
        SiteError(error.to_string())
    }
}

/// What all pages share.
pub struct Site<'a, 'c> {
    pub corpus: &'c Corpus<'a>,
    pub diagnostics: &'c [Diagnostic],
    pub hidden: Hidden,
    pub navigation: Vec<Group>,
    pub highlighted: Highlighted<'c>,
    tera: Tera,
    pub view: SiteView,
    /// Positions in `diagnostics`.
    by_file: BTreeMap<FileId, Vec<usize>>,
}

/// A rendered page and the source files that it shows or links.
pub struct RenderedPage {
    pub file: OutputFile,
    pub files: BTreeSet<String>,
}

/// `site` in templates.
#[derive(Serialize)]
pub struct SiteView {
    pub title: String,
    subtitle: String,
    version: &'static str,
    documents: usize,
    runbooks: usize,
    footer: String,
    has_index: bool,
}

/// `page` in templates.
#[derive(Serialize)]
pub struct PageView<'v> {
    pub title: &'v str,
    /// From the site's root, not encoded.
    pub url: &'v str,
    pub kind: &'static str,
    pub description: &'v str,
}

impl<'a, 'c> Site<'a, 'c> {
    /// Prepares the parts that all pages share.
    pub fn new(
        corpus: &'c Corpus<'a>,
        diagnostics: &'c [Diagnostic],
        hidden: Hidden,
        theme: &Theme,
    ) -> Result<Self, SiteError> {
        let mut tera = Tera::new();
        let templates = theme.templates.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        tera.add_raw_templates(templates.collect::<Vec<_>>()).map_err(|error| SiteError::new(&error))?;
        let home = home_entry(corpus);
        let settings = &corpus.settings.site;
        let title = settings.title.clone().or(home.map(|entry| entry.title.clone()));
        let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
        for (position, diagnostic) in diagnostics.iter().enumerate() {
            by_file.entry(diagnostic.finding.location.file).or_default().push(position);
        }
        Ok(Site {
            navigation: navigation::groups(corpus),
            highlighted: Highlighted::of(corpus),
            view: SiteView {
                title: title.unwrap_or_else(|| "Runbooks".to_string()),
                subtitle: settings.subtitle.clone().unwrap_or_default(),
                version: env!("CARGO_PKG_VERSION"),
                documents: corpus.entries.len(),
                runbooks: corpus.runbook_count(),
                footer: settings.footer.clone().unwrap_or_default(),
                has_index: home.is_some(),
            },
            corpus,
            diagnostics,
            hidden,
            tera,
            by_file,
        })
    }

    /// The page of every document, in the order of the documents.
    pub fn documents(&self) -> Result<Vec<RenderedPage>, SiteError> {
        self.corpus.entries.par_iter().map(|entry| self.document(entry)).collect()
    }

    /// What was found in a document.
    pub fn of_file(&self, file: FileId) -> impl Iterator<Item = (usize, &'c Diagnostic)> {
        self.by_file.get(&file).into_iter().flatten().map(|position| (*position, &self.diagnostics[*position]))
    }

    /// The validation report.
    pub fn report(&self) -> Result<OutputFile, SiteError> {
        let report = report_page::view(self.corpus, self.diagnostics, &self.by_file);
        let page = PageView { title: "Validation report", url: "report/index.html", kind: "report", description: "" };
        self.template("report.html", &page, |context| context.insert("report", &report))
    }

    /// The page that servers show for an unknown address at any depth: its links start at the host's root.
    pub fn not_found(&self, base_url: &str) -> Result<OutputFile, SiteError> {
        let page = PageView { title: "Page not found", url: "404.html", kind: "error", description: "" };
        let path = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
        let path = path.split_once('/').map_or("", |(_, path)| path).trim_matches('/');
        let root = if path.is_empty() { "/".to_string() } else { format!("/{path}/") };
        self.template("404.html", &page, |context| context.insert("root", &root))
    }

    /// What scripts load when somebody asks for it: the navigation of the whole site, and the search index.
    pub fn data(&self) -> Vec<OutputFile> {
        let navigation = navigation::script(self.corpus, &self.navigation);
        let index = search::build(&search_pages::search_pages(self.corpus, &self.navigation));
        let index = index.into_iter().map(|(path, bytes)| OutputFile::bytes(path, bytes));
        std::iter::once(OutputFile::bytes("search/navigation.js", navigation)).chain(index).collect()
    }

    /// Renders a template; `add` gives it what only its pages have.
    pub fn template(
        &self,
        name: &str,
        page: &PageView<'_>,
        add: impl FnOnce(&mut Context),
    ) -> Result<OutputFile, SiteError> {
        let mut context = Context::new();
        context.insert("site", &self.view);
        context.insert("root", &"../".repeat(page.url.matches('/').count()));
        context.insert("page", page);
        add(&mut context);
        let html = self.tera.render(name, &context).map_err(|error| SiteError::new(&error))?;
        Ok(OutputFile::bytes(page.url, html))
    }
}

/// The address of a document's page from the site's root, as it stands in a link.
pub fn href(entry: &Entry<'_>) -> String {
    path::percent_encode(&entry.address)
}

/// The document that is the home page.
fn home_entry<'c, 'a>(corpus: &'c Corpus<'a>) -> Option<&'c Entry<'a>> {
    corpus.entries.iter().find(|entry| entry.address == "index.html")
}
