//! What all pages share, and the pages that stand once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use tera::{Context, Tera};

use super::highlight::Highlighted;
use super::navigation::{self, Group};
use super::report::{self, Listed, Places};
use super::{OutputFile, Theme, search, search_pages, site_files};
use crate::corpus::{Corpus, Entry, Value, path};
use crate::diagnostic::Diagnostic;
use crate::report::Hidden;
use crate::settings::Fact;
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
    /// Where the site will be served, ending with `/`.
    pub base_url: Option<String>,
    /// Documents by the address of their page.
    by_address: BTreeMap<&'c str, FileId>,
    /// Positions in `diagnostics`.
    by_file: BTreeMap<FileId, Vec<usize>>,
    /// Where the findings stand in the report.
    pub places: Places,
    /// Runbooks whose review is due.
    pub overdue: BTreeSet<FileId>,
    /// The destructive and disruptive commands of the handbook.
    pub dangerous: Vec<Listed<'c, 'a>>,
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
    /// Which of the pages under `report/` there are.
    has_escalation: bool,
    has_quick_commands: bool,
    has_commands: bool,
    pub language: String,
    /// Where the site will be served, or empty.
    base_url: String,
    /// Path of a picture from the root, or empty.
    logo: String,
    icon: String,
    /// Behind those of the default theme.
    stylesheets: Vec<String>,
    /// Path of the feed from the root, or empty.
    feed: &'static str,
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

/// `page` in templates: what the page says of itself, and what follows from its address.
#[derive(Serialize)]
struct FullPageView<'v> {
    #[serde(flatten)]
    page: &'v PageView<'v>,
    /// The whole address, or empty.
    canonical: String,
    /// Where the document is edited, or empty.
    edit: String,
    /// An ISO date, or empty.
    modified: String,
}

impl<'a, 'c> Site<'a, 'c> {
    /// Prepares the parts that all pages share.
    pub fn new(
        corpus: &'c Corpus<'a>,
        diagnostics: &'c [Diagnostic],
        hidden: Hidden,
        theme: &Theme,
        base_url: Option<&str>,
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
        let dangerous = Listed::all(corpus);
        let base_url = base_url.map(|address| format!("{}/", address.trim_end_matches('/')));
        let has_feed = base_url.is_some() && corpus.entries.iter().any(site_files::is_in_feed);
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
                has_escalation: report::can_escalate(corpus),
                has_quick_commands: report::has_quick_commands(corpus),
                has_commands: !dangerous.is_empty(),
                language: settings.language.clone().unwrap_or_else(|| "en".to_string()),
                base_url: base_url.clone().unwrap_or_default(),
                logo: theme.look.logo.clone().unwrap_or_default(),
                icon: theme.look.icon.clone().unwrap_or_else(|| "assets/icon.svg".to_string()),
                stylesheets: theme.stylesheets(),
                feed: if has_feed { site_files::FEED } else { "" },
            },
            base_url,
            by_address: corpus.entries.iter().map(|entry| (entry.address.as_str(), entry.file)).collect(),
            corpus,
            diagnostics,
            hidden,
            tera,
            places: Places::of(diagnostics, &by_file),
            overdue: report::overdue(diagnostics),
            dangerous,
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

    fn full<'v>(&self, page: &'v PageView<'v>) -> FullPageView<'v> {
        let entry = self.by_address.get(page.url).map(|file| self.corpus.entry(*file));
        let edit = entry
            .zip(self.corpus.settings.site.edit.as_ref())
            .map(|(entry, edit)| edit.replace("{path}", &path::percent_encode(&self.corpus.source(entry.file).path)));
        let whole = |base: &String| format!("{base}{}", path::percent_encode(page.url));
        FullPageView {
            page,
            // A page for any unknown address has none of its own.
            canonical: self.base_url.as_ref().filter(|_| page.kind != "error").map(whole).unwrap_or_default(),
            edit: edit.unwrap_or_default(),
            modified: entry.and_then(updated).map(|date| date.to_string()).unwrap_or_default(),
        }
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
        context.insert("page", &self.full(page));
        add(&mut context);
        let html = self.tera.render(name, &context).map_err(|error| SiteError::new(&error))?;
        Ok(OutputFile::bytes(page.url, html))
    }
}

/// The day on which a document was last updated, as it says itself.
pub fn updated(entry: &Entry<'_>) -> Option<Date> {
    entry.metadata.get(Fact::LastUpdated).and_then(Value::date)
}

/// The address of a document's page from the site's root, as it stands in a link.
pub fn href(entry: &Entry<'_>) -> String {
    path::percent_encode(&entry.address)
}

/// The document that is the home page.
fn home_entry<'c, 'a>(corpus: &'c Corpus<'a>) -> Option<&'c Entry<'a>> {
    corpus.entries.iter().find(|entry| entry.address == "index.html")
}
