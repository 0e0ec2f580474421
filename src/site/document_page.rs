//! The page of a document.

use serde::Serialize;

use super::body::{self, MarkCell, RowMark};
use super::call::{CallView, call};
use super::highlight::escape;
use super::links;
use super::navigation::{Emergency, Group, plain_title};
use super::pages::{PageView, RenderedPage, Site, SiteError, href};
use super::steps;
use crate::command::Risk;
use crate::corpus::{Column, Corpus, Entry, Kind, is_alias_key, parse_duration, path};
use crate::diagnostic::{Applicability, Fix};
use crate::document::Heading;
use crate::report::{Counts, count};
use crate::settings::Fact;
use crate::source::FileId;

#[derive(Serialize)]
pub struct DocumentView<'v> {
    pub path: &'v str,
    pub standard: &'v str,
    pub body: String,
    /// In templates its fields stand beside the others.
    #[serde(flatten)]
    pub run: RunView<'v>,
    pub facts: Vec<FactView<'v>>,
    pub call: CallView,
    pub toc: Vec<TocView>,
    pub breadcrumbs: Vec<LinkView<'v>>,
    pub siblings: Vec<SiblingsView<'v>>,
    pub linked_from: Vec<LinkView<'v>>,
    pub health: HealthView,
    pub findings: Vec<FindingView<'v>>,
    /// The runbooks of the emergency tables of an index.
    pub emergencies: Vec<Emergency>,
}

/// What one needs to know to run a document.
#[derive(Default, Serialize)]
pub struct RunView<'v> {
    /// HTML; or empty.
    pub lede: String,
    /// Hash of the source, 16 hex digits.
    pub revision: String,
    pub estimate: EstimateView,
    pub risks: Vec<RiskView>,
    pub variables: Vec<VariableView>,
    /// Why the review is overdue, or empty.
    pub overdue: &'v str,
}

/// How long the runbook takes, in minutes; what is not known is `None`.
#[derive(Default, Serialize)]
pub struct EstimateView {
    pub min: Option<u32>,
    pub max: Option<u32>,
}

/// How many commands are of a risk.
#[derive(Serialize)]
pub struct RiskView {
    /// `destructive` or `disruptive`.
    pub risk: &'static str,
    pub count: usize,
    /// The id of the code block with the first of them.
    pub anchor: String,
}

/// What the reader fills in once for all commands.
#[derive(Serialize)]
pub struct VariableView {
    /// In kebab-case.
    pub name: String,
    /// In words.
    pub hint: String,
}

#[derive(Serialize)]
pub struct FactView<'v> {
    pub key: &'static str,
    pub label: &'v str,
    pub value: &'v str,
    /// An ISO date, or empty.
    pub date: &'v str,
    /// Where the value's first link leads, or empty.
    pub url: String,
}

#[derive(Serialize)]
pub struct TocView {
    pub level: u8,
    pub text: String,
    /// Of a step; 0 for other headings.
    pub step: u32,
    pub anchor: String,
}

#[derive(Serialize)]
pub struct LinkView<'v> {
    pub title: &'v str,
    pub url: String,
}

#[derive(Serialize)]
pub struct SiblingsView<'v> {
    pub heading: &'v str,
    pub items: Vec<SiblingView<'v>>,
}

#[derive(Serialize)]
pub struct SiblingView<'v> {
    pub title: &'v str,
    pub url: String,
    pub current: bool,
    pub note: &'v str,
}

#[derive(Serialize)]
pub struct HealthView {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub state: &'static str,
    pub text: String,
}

#[derive(Serialize)]
pub struct FindingView<'v> {
    pub rule: &'v str,
    pub level: &'static str,
    pub message: &'v str,
    pub help: &'v str,
    pub line: usize,
    pub url: String,
    /// What `check --fix` would do, where that is safe; or empty.
    pub fix: &'v str,
}

impl Site<'_, '_> {
    /// The page of a document.
    pub fn document(&self, entry: &Entry<'_>) -> Result<RenderedPage, SiteError> {
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
            run: RunView {
                lede: body.lede,
                revision: steps::hash(&source.text),
                estimate: estimate(self.corpus, entry),
                risks: body.risks,
                variables: body.variables,
                overdue: self.overdue(entry.file),
            },
            facts: facts(self.corpus, entry),
            call: call(self.corpus, entry),
            toc: toc(entry),
            breadcrumbs: self.breadcrumbs(entry),
            siblings: self.siblings(entry),
            linked_from: self.linked_from(entry),
            health: self.health(entry.file),
            findings: self.findings(entry.file),
            emergencies: self.emergencies(entry),
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

    /// What stands behind each row of an index: when its runbook was last updated, how dangerous and how healthy it is.
    fn row_marks(&self, entry: &Entry<'_>) -> Vec<RowMark> {
        let tables = self.corpus.index_at(entry.file).into_iter().flat_map(|index| &index.tables);
        tables
            .flat_map(|table| {
                let files = || table.rows.iter().filter_map(|row| row.link.file);
                let shows_dates = files().any(|file| updated(self.corpus.entry(file)).is_some());
                let shows_risk = files().any(|file| self.risk_of(file) != (0, 0));
                table.rows.iter().map(move |row| {
                    let mut cells = Vec::new();
                    if shows_dates {
                        cells.push(self.updated_cell(row.link.file));
                    }
                    if shows_risk {
                        cells.push(self.risk_cell(row.link.file));
                    }
                    let (health, state) = self.health_cell(row.link.file);
                    cells.push(health);
                    RowMark { table: table.table, row: row.row, state, cells }
                })
            })
            .collect()
    }

    fn updated_cell(&self, file: Option<FileId>) -> MarkCell {
        let date = file.and_then(|file| updated(self.corpus.entry(file)));
        let html = date.map_or(String::new(), |date| format!("<span><time datetime=\"{date}\">{date}</time></span>"));
        MarkCell { label: "Updated", class: "updated", sort: date.map(str::to_string), html }
    }

    fn risk_cell(&self, file: Option<FileId>) -> MarkCell {
        let (destructive, disruptive) = file.map_or((0, 0), |file| self.risk_of(file));
        let html = match (destructive, disruptive) {
            (0, 0) => String::new(),
            (0, disruptive) => format!("{disruptive} disruptive"),
            (destructive, _) => {
                format!(
                    "<span class=\"mark danger\"><span aria-hidden=\"true\">⚠</span> {destructive} destructive</span>"
                )
            }
        };
        let sort = Some((destructive * 10_000 + disruptive).to_string());
        MarkCell { label: "Risk", class: "risk", sort, html }
    }

    /// The cell, and the state in one word for scripts.
    fn health_cell(&self, file: Option<FileId>) -> (MarkCell, &'static str) {
        let (state, text, gravity) = match file {
            None => ("danger", "missing".to_string(), usize::MAX),
            Some(file) => {
                let health = self.health(file);
                let overdue = self.overdue.contains(&file);
                let text = match (health.errors, overdue) {
                    (0, true) => "overdue".to_string(),
                    (_, true) => format!("{}, overdue", health.text),
                    (_, false) => health.text,
                };
                let gravity = health.errors * 100_000 + usize::from(overdue) * 10_000 + health.warnings;
                (health.state, text, gravity)
            }
        };
        let sign = match state {
            "ok" => "✓",
            "warn" => "!",
            _ => "✕",
        };
        let html = format!("<span class=\"mark {state}\"><span aria-hidden=\"true\">{sign}</span> {text}</span>");
        let word = match (file, state) {
            (None, _) => "missing",
            (_, "ok") => "passes",
            (Some(file), "warn") if self.overdue.contains(&file) => "overdue",
            (_, "warn") => "warnings",
            _ => "errors",
        };
        (MarkCell { label: "Health", class: "health", sort: Some(gravity.to_string()), html }, word)
    }

    /// How many commands of a document are destructive, and how many only disruptive.
    fn risk_of(&self, file: FileId) -> (usize, usize) {
        let commands = self.corpus.entry(file).listed_commands();
        let count = |risk: Risk| commands.iter().filter(|(_, command)| command.risk == risk).count();
        (count(Risk::Destructive), count(Risk::Disruptive))
    }

    /// How a document stands.
    pub fn health(&self, file: FileId) -> HealthView {
        let counts = Counts::of(self.of_file(file).map(|(_, diagnostic)| diagnostic));
        let (state, text) = match counts {
            Counts { errors: 0, warnings: 0, .. } => ("ok", "passes".to_string()),
            Counts { errors: 0, .. } => ("warn", count(counts.warnings, "warning")),
            _ => ("danger", count(counts.errors, "error")),
        };
        HealthView { errors: counts.errors, warnings: counts.warnings, infos: counts.infos, state, text }
    }

    fn findings(&self, file: FileId) -> Vec<FindingView<'_>> {
        self.of_file(file)
            .map(|(position, diagnostic)| FindingView {
                rule: diagnostic.rule,
                level: diagnostic.level.name(),
                message: &diagnostic.finding.message,
                help: diagnostic.finding.help.as_deref().unwrap_or_default(),
                line: self.corpus.source(file).position(diagnostic.finding.location.span.start).line,
                url: self.places.url(position).to_string(),
                fix: diagnostic.finding.fix.as_ref().filter(is_safe).map_or("", |fix| fix.message.as_str()),
            })
            .collect()
    }

    /// Why the review of a document is overdue, in the words of the check; empty where it is not.
    fn overdue(&self, file: FileId) -> &str {
        let mut found = self.of_file(file).filter(|(_, diagnostic)| diagnostic.rule == "overdue-review");
        found.next().map_or("", |(_, diagnostic)| diagnostic.finding.message.as_str())
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
}

fn is_safe(fix: &&Fix) -> bool {
    fix.applicability == Applicability::Safe
}

/// Its own estimate, else that of the index.
fn estimate(corpus: &Corpus<'_>, entry: &Entry<'_>) -> EstimateView {
    let stated = entry.kind != Kind::Index;
    let entry = corpus.entry(entry.file);
    let value = stated.then(|| corpus.value_of(entry, Column::EstimatedTime)).flatten();
    let duration = value.and_then(|value| parse_duration(&value)).filter(|duration| !duration.varies);
    EstimateView {
        min: duration.as_ref().and_then(|duration| duration.min_minutes),
        max: duration.as_ref().and_then(|duration| duration.max_minutes),
    }
}

const FACTS: [(Column, &str, &str); 4] = [
    (Column::EstimatedTime, "estimated_time", "Estimated time"),
    (Column::ApprovalRequired, "approval_required", "Approval"),
    (Column::Owner, "owner", "Owner"),
    (Column::Priority, "priority", "Priority"),
];

/// The day on which a document was last updated, as an ISO date.
pub fn updated<'e>(entry: &'e Entry<'_>) -> Option<&'e str> {
    let value = entry.metadata.get(Fact::LastUpdated)?;
    // A time or a name may stand behind the date.
    value.date().and_then(|_| value.text.trim().get(..10))
}

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
        let date = updated(entry).unwrap_or_default();
        facts.push(FactView { date, ..fact("last_updated", "Last updated", &value.text) });
    }
    let document = &entry.document;
    for span in body::metadata_paragraphs(document, &corpus.source(entry.file).text) {
        for line in document.metadata.iter().filter(|line| span.contains(line.span)) {
            // Where the document was before is no fact for its reader.
            if !facts.iter().any(|fact| fact.value == line.value) && !is_alias_key(&line.key) {
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
    let number = |heading: &Heading| {
        let step = entry.steps.iter().find(|step| step.is_heading && step.span == heading.span);
        step.filter(|_| entry.kind != Kind::Index).map_or(0, |step| step.number)
    };
    let headings = entry.document.headings.iter().filter(|heading| Some(heading.span) != title && heading.level <= 3);
    headings
        .filter(|heading| !heading.text.is_empty())
        .map(|heading| TocView {
            level: heading.level.max(2),
            text: heading.text.clone(),
            step: number(heading),
            anchor: links::site_anchor(&heading.anchor),
        })
        .collect()
}

/// The first sentence or two of the purpose, else of the text, for search engines and previews.
pub fn description(entry: &Entry<'_>) -> String {
    const CHARS: usize = 160;
    let metadata: Vec<u32> = entry.document.metadata.iter().map(|line| line.span.start).collect();
    let is_prose = |text: &str| text.len() > 30 && text.contains(' ');
    let prose = || {
        let paragraphs = entry.document.paragraphs.iter();
        paragraphs.filter(|paragraph| !metadata.contains(&paragraph.span.start) && is_prose(&paragraph.text))
    };
    let purpose = entry.sections_named("purpose").next().map(|heading| entry.document.section_span(heading));
    let of_purpose = purpose.and_then(|purpose| prose().find(|paragraph| purpose.contains(paragraph.span)));
    let text = of_purpose.or_else(|| prose().next()).map_or("", |paragraph| paragraph.text.as_str());
    shortened(text, CHARS)
}

/// A text of at most so many characters, cut between words.
pub fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_string(),
        Some((at, _)) => format!("{} …", text[..at].rsplit_once(' ').map_or(&text[..at], |(words, _)| words)),
    }
}
