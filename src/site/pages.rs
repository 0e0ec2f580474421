//! Documents into their templates.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;
use tera::{Context, Tera};

use super::body::{self, RowMark};
use super::call::{CallView, call};
use super::highlight::{Highlighted, escape};
use super::navigation::{self, Group, plain_title};
use super::{OutputFile, Theme, links, report_page};
use crate::corpus::{Column, Corpus, Entry, Kind, path};
use crate::diagnostic::{Diagnostic, Level, RuleInfo};
use crate::inspect::inspect;
use crate::report::{self, Counts, Hidden, Report, count};
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
    corpus: &'c Corpus<'a>,
    diagnostics: &'c [Diagnostic],
    hidden: Hidden,
    pub navigation: Vec<Group>,
    highlighted: Highlighted<'c>,
    tera: Tera,
    view: SiteView,
    /// Positions in `diagnostics`.
    by_file: BTreeMap<FileId, Vec<usize>>,
}

/// A rendered page and the source files that it shows or links.
pub struct RenderedPage {
    pub file: OutputFile,
    pub files: BTreeSet<String>,
}

#[derive(Serialize)]
struct SiteView {
    title: String,
    subtitle: String,
    version: &'static str,
    documents: usize,
    runbooks: usize,
    footer: String,
    has_index: bool,
}

#[derive(Serialize)]
struct PageView<'v> {
    title: &'v str,
    url: &'v str,
    kind: &'static str,
    description: &'v str,
}

#[derive(Serialize)]
struct DocumentView<'v> {
    path: &'v str,
    standard: &'v str,
    body: String,
    facts: Vec<FactView<'v>>,
    call: CallView,
    toc: Vec<TocView>,
    breadcrumbs: Vec<LinkView<'v>>,
    siblings: Vec<SiblingsView<'v>>,
    linked_from: Vec<LinkView<'v>>,
    health: HealthView,
    findings: Vec<FindingView<'v>>,
}

#[derive(Serialize)]
struct FactView<'v> {
    key: &'static str,
    label: &'v str,
    value: &'v str,
    /// An ISO date, or empty.
    date: &'v str,
    /// Where the value's first link leads, or empty.
    url: String,
}

#[derive(Serialize)]
struct TocView {
    level: u8,
    text: String,
    anchor: String,
}

#[derive(Serialize)]
struct LinkView<'v> {
    title: &'v str,
    url: String,
}

#[derive(Serialize)]
struct SiblingsView<'v> {
    heading: &'v str,
    items: Vec<SiblingView<'v>>,
}

#[derive(Serialize)]
struct SiblingView<'v> {
    title: &'v str,
    url: String,
    current: bool,
    note: &'v str,
}

#[derive(Serialize)]
struct HealthView {
    errors: usize,
    warnings: usize,
    infos: usize,
    state: &'static str,
    text: String,
}

#[derive(Serialize)]
struct FindingView<'v> {
    rule: &'v str,
    level: &'static str,
    message: &'v str,
    help: &'v str,
    line: usize,
    url: String,
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

    /// The home page of a root that has no page of its own: every document by folder.
    pub fn home(&self) -> Result<Option<OutputFile>, SiteError> {
        if self.corpus.entries.iter().any(|entry| entry.address == "index.html") {
            return Ok(None);
        }
        let body = self.listing();
        let view = DocumentView {
            path: "",
            standard: "",
            body,
            facts: Vec::new(),
            call: CallView::default(),
            toc: Vec::new(),
            breadcrumbs: Vec::new(),
            siblings: Vec::new(),
            linked_from: Vec::new(),
            health: HealthView { errors: 0, warnings: 0, infos: 0, state: "ok", text: String::new() },
            findings: Vec::new(),
        };
        let page = PageView { title: &self.view.title, url: "index.html", kind: "index", description: "" };
        self.template("index.html", &page, |context| context.insert("document", &view)).map(Some)
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

    /// The report for machines in several formats, each with its path on the site. Documents are named from the root.
    pub fn reports(&self, rules: &[&RuleInfo]) -> [(&'static str, String); 4] {
        let sources: Vec<_> = self.corpus.sources.iter().collect();
        let paths: Vec<String> = sources.iter().map(|source| source.path.clone()).collect();
        let report = Report {
            sources: &sources,
            paths: &paths,
            diagnostics: self.diagnostics,
            hidden: self.hidden,
            documents: self.corpus.entries.len(),
            runbooks: self.corpus.runbook_count(),
        };
        [
            ("report/report.json", report::json(&report)),
            ("report/report.sarif", report::sarif(&report, rules)),
            ("report/junit.xml", report::junit(&report, Level::Error)),
            ("report/badge.svg", report::badge(&report)),
        ]
    }

    /// The model of the handbook for machines: what `inspect` prints, with the address and the findings of each document.
    pub fn runbooks_json(&self) -> String {
        let mut inspection = inspect(self.corpus, None);
        for (document, entry) in inspection.documents.iter_mut().zip(&self.corpus.entries) {
            let counts = Counts::of(self.of_file(entry.file));
            document["url"] = href(entry).into();
            document["errors"] = counts.errors.into();
            document["warnings"] = counts.warnings.into();
            document["infos"] = counts.infos.into();
        }
        // Only maps with keys that are no strings fail to serialise, and there are none.
        serde_json::to_string(&inspection).unwrap_or_default() + "\n"
    }

    /// The navigation of the whole site.
    pub fn navigation_script(&self) -> Vec<u8> {
        navigation::script(self.corpus, &self.navigation)
    }

    fn template(
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

    fn document(&self, entry: &Entry<'_>) -> Result<RenderedPage, SiteError> {
        let entry = self.corpus.entry(entry.file);
        let source = self.corpus.source(entry.file);
        let mut body = body::render(self.corpus, entry, &self.highlighted, &self.row_marks(entry));
        if let Some(problem) = &source.problem {
            body.html = format!(
                "<aside class=\"callout caution\" data-warning><p class=\"callout-title\">This document could not be read</p>\
                 <p>{}: {}</p></aside>",
                escape(&source.path),
                escape(problem)
            );
        }
        let view = DocumentView {
            path: &source.path,
            standard: self.corpus.standard_of(entry).map_or("", |standard| standard.name.as_str()),
            body: body.html,
            facts: facts(self.corpus, entry),
            call: call(self.corpus, entry),
            toc: toc(entry),
            breadcrumbs: self.breadcrumbs(entry),
            siblings: self.siblings(entry),
            linked_from: self.linked_from(entry),
            health: self.health(entry.file),
            findings: self.findings(entry.file),
        };
        let description = description(entry);
        let (kind, template) = match entry.kind {
            Kind::Runbook => ("runbook", "document.html"),
            Kind::Index => ("index", "index.html"),
            Kind::Page => ("page", "document.html"),
        };
        let page = PageView { title: plain_title(entry), url: &entry.address, kind, description: &description };
        let file = self.template(template, &page, |context| context.insert("document", &view))?;
        Ok(RenderedPage { file, files: body.files })
    }

    /// What stands behind each row of an index: the health of its runbook.
    fn row_marks(&self, entry: &Entry<'_>) -> Vec<RowMark> {
        let tables = self.corpus.index_at(entry.file).into_iter().flat_map(|index| &index.tables);
        let mark = |file: Option<FileId>| {
            let (state, text) = match file {
                None => ("danger", "missing".to_string()),
                Some(file) => {
                    let health = self.health(file);
                    (health.state, health.text)
                }
            };
            let sign = match state {
                "ok" => "✓",
                "warn" => "!",
                _ => "✕",
            };
            format!("<span class=\"mark {state}\"><span aria-hidden=\"true\">{sign}</span> {text}</span>")
        };
        tables
            .flat_map(|table| table.rows.iter().map(|row| (table.table, row)))
            .map(|(table, row)| RowMark { table, row: row.row, html: mark(row.link.file) })
            .collect()
    }

    fn health(&self, file: FileId) -> HealthView {
        let counts = Counts::of(self.of_file(file));
        let (state, text) = match counts {
            Counts { errors: 0, warnings: 0, .. } => ("ok", "passes".to_string()),
            Counts { errors: 0, .. } => ("warn", count(counts.warnings, "warning")),
            _ => ("danger", count(counts.errors, "error")),
        };
        HealthView { errors: counts.errors, warnings: counts.warnings, infos: counts.infos, state, text }
    }

    fn of_file(&self, file: FileId) -> impl Iterator<Item = &'c Diagnostic> {
        self.by_file.get(&file).into_iter().flatten().map(|position| &self.diagnostics[*position])
    }

    fn findings(&self, file: FileId) -> Vec<FindingView<'_>> {
        let positions = self.by_file.get(&file).into_iter().flatten();
        positions
            .map(|position| {
                let diagnostic = &self.diagnostics[*position];
                FindingView {
                    rule: diagnostic.rule,
                    level: diagnostic.level.name(),
                    message: &diagnostic.finding.message,
                    help: diagnostic.finding.help.as_deref().unwrap_or_default(),
                    line: self.corpus.source(file).position(diagnostic.finding.location.span.start).line,
                    url: format!("report/index.html#{}", report_page::finding_id(*position)),
                }
            })
            .collect()
    }

    /// The home page and the index over the document; the table's heading is the name of its group.
    fn breadcrumbs(&self, entry: &Entry<'_>) -> Vec<LinkView<'_>> {
        let mut crumbs = Vec::new();
        if entry.address != "index.html" {
            crumbs.push(LinkView { title: &self.view.title, url: "index.html".to_string() });
        }
        let over = self.corpus.index_over(entry.file).map(|index| self.corpus.entry(index.file));
        if let Some(over) = over.filter(|over| over.address != "index.html") {
            crumbs.push(LinkView { title: &over.title, url: href(over) });
        }
        // The table in which it stands, where that is.
        if let Some((index, table, _)) = self.corpus.rows_of(entry.file).next() {
            let page = self.corpus.entry(index.file);
            let node = &page.document.tables[table.table];
            if let Some(heading) = page.document.heading_over(node.span.start) {
                let anchor = path::percent_encode(&links::site_anchor(&heading.anchor));
                crumbs.push(LinkView { title: &heading.text, url: format!("{}#{anchor}", href(page)) });
            }
        }
        crumbs
    }

    /// The groups that hold the document. A long one is cut around the document: no page grows with the site.
    fn siblings(&self, entry: &Entry<'_>) -> Vec<SiblingsView<'_>> {
        const SHOWN: usize = 24;
        let of_index = |group: &&Group| group.index == Some(entry.file);
        let leads = entry.kind == Kind::Index && self.navigation.iter().any(|group| of_index(&group));
        let holds = |group: &&Group| match leads {
            true => of_index(group),
            false => group.items.iter().any(|item| item.file == entry.file),
        };
        let groups = self.navigation.iter().filter(holds);
        groups
            .map(|group| {
                let own = group.items.iter().position(|item| item.file == entry.file).unwrap_or(0);
                let first = own.saturating_sub(SHOWN / 2).min(group.items.len().saturating_sub(SHOWN));
                let items = group.items.iter().skip(first).take(SHOWN).map(|item| SiblingView {
                    title: &item.title,
                    url: href(self.corpus.entry(item.file)),
                    current: item.file == entry.file,
                    note: &item.note,
                });
                SiblingsView { heading: &group.heading, items: items.collect() }
            })
            .collect()
    }

    fn linked_from(&self, entry: &Entry<'_>) -> Vec<LinkView<'_>> {
        const SHOWN: usize = 24;
        let from = self.corpus.linked_from.get(&entry.file).into_iter().flatten().take(SHOWN);
        from.map(|file| self.corpus.entry(*file))
            .map(|from| LinkView { title: plain_title(from), url: href(from) })
            .collect()
    }

    /// A list of all documents by group, as the body of a home page.
    fn listing(&self) -> String {
        let mut html = String::new();
        for group in &self.navigation {
            html.push_str(&format!("<h2>{}</h2>\n<ul>\n", escape(&group.heading)));
            for item in &group.items {
                let href = href(self.corpus.entry(item.file));
                html.push_str(&format!("<li><a href=\"{}\">{}</a></li>\n", escape(&href), escape(&item.title)));
            }
            html.push_str("</ul>\n");
        }
        html
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

const FACTS: [(Column, &str, &str); 4] = [
    (Column::EstimatedTime, "estimated_time", "Estimated time"),
    (Column::ApprovalRequired, "approval_required", "Approval"),
    (Column::Owner, "owner", "Owner"),
    (Column::Priority, "priority", "Priority"),
];

/// What the head of a document says of it: first what every runbook says, then the team's own keys.
fn facts<'e>(corpus: &'e Corpus<'_>, entry: &'e Entry<'_>) -> Vec<FactView<'e>> {
    let fact = |key, label, value| FactView { key, label, value, date: "", url: String::new() };
    let mut facts: Vec<FactView<'e>> = FACTS
        .iter()
        .filter_map(|(column, key, label)| {
            let own = entry.metadata_value(*column);
            let in_row = || {
                let mut rows = corpus.rows_of(entry.file);
                rows.find_map(|(index, table, row)| corpus.row_value(index, table, row, *column))
            };
            Some(fact(*key, *label, own.or_else(in_row)?))
        })
        .collect();
    if let Some(value) = entry.metadata.get(Fact::LastUpdated) {
        // A time or a name may stand behind the date.
        let date = value.date().and_then(|_| value.text.trim().get(..10)).unwrap_or_default();
        facts.push(FactView { date, ..fact("last_updated", "Last updated", &value.text) });
    }
    let document = &entry.document;
    for span in body::metadata_paragraphs(document, &corpus.source(entry.file).text) {
        for line in document.metadata.iter().filter(|line| span.contains(line.span)) {
            if !facts.iter().any(|fact| fact.value == line.value) {
                let link = document.links.iter().position(|link| line.value_span.contains(link.span));
                let url = link.and_then(|link| links::href(corpus, entry, link)).unwrap_or_default();
                facts.push(FactView { url, ..fact("other", line.key.as_str(), line.value.as_str()) });
            }
        }
    }
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

fn toc(entry: &Entry<'_>) -> Vec<TocView> {
    let title = entry.document.title_heading().map(|title| title.span);
    let headings = entry.document.headings.iter().filter(|heading| Some(heading.span) != title && heading.level <= 3);
    headings
        .filter(|heading| !heading.text.is_empty())
        .map(|heading| TocView {
            level: heading.level.max(2),
            text: heading.text.clone(),
            anchor: links::site_anchor(&heading.anchor),
        })
        .collect()
}

/// The first sentence or two of the text, for search engines and previews.
fn description(entry: &Entry<'_>) -> String {
    const CHARS: usize = 160;
    let metadata: Vec<u32> = entry.document.metadata.iter().map(|line| line.span.start).collect();
    let is_prose = |text: &str| text.len() > 30 && text.contains(' ');
    let paragraphs = entry.document.paragraphs.iter();
    let text = paragraphs
        .filter(|paragraph| !metadata.contains(&paragraph.span.start))
        .find(|paragraph| is_prose(&paragraph.text))
        .map_or("", |paragraph| paragraph.text.as_str());
    match text.char_indices().nth(CHARS) {
        None => text.to_string(),
        Some((at, _)) => format!("{} …", text[..at].rsplit_once(' ').map_or(&text[..at], |(words, _)| words)),
    }
}
