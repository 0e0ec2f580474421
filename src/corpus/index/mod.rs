//! Index pages: the tables and lists that lead to runbooks, and the standard that such a page states.

mod escalation;
mod reference;
mod standard;
mod template;

use crate::corpus::links::{INDEX_NAMES, Target, strip_document_ending};
use crate::corpus::path;
use crate::document::{Document, Heading};
use crate::settings::Fact;
use crate::source::{FileId, Source, Span};

pub use escalation::{Band, Contact, EscalationPath, Priority, priority_in, split_priorities, split_roles};
pub use reference::QuickCommands;
pub use standard::read_standard;
pub use template::{Template, TemplateSection};

/// A page whose tables or lists lead to other documents.
#[derive(Debug)]
pub struct Index {
    pub file: FileId,
    pub tables: Vec<IndexTable>,
    /// Links of list items to documents in or below the folder.
    pub listed: Vec<EntryLink>,
    /// The standard that the page states, as a position in `Corpus::standards`.
    pub standard: Option<usize>,
    /// The template for new runbooks.
    pub template: Option<Template>,
    pub categories: Vec<Category>,
    pub priorities: Vec<Priority>,
    pub escalation: Vec<EscalationPath>,
    pub contacts: Vec<Contact>,
    pub revisions: Vec<Revision>,
    pub quick_commands: Vec<QuickCommands>,
    /// Links to documents that belong to the matter, as positions in `Document::links`.
    pub related: Vec<usize>,
}

/// A list of runbooks by kind.
#[derive(Debug)]
pub struct Category {
    pub heading: String,
    /// The heading.
    pub span: Span,
    pub entries: Vec<CategoryEntry>,
}

/// A bullet of a category.
#[derive(Debug)]
pub struct CategoryEntry {
    /// The name that the bullet leads with.
    pub name: String,
    pub span: Span,
    /// Position in `Document::links` of its first link.
    pub link: Option<usize>,
}

/// A row of the Revision History.
#[derive(Debug)]
pub struct Revision {
    pub version: String,
    pub date: String,
    pub span: Span,
}

impl Index {
    /// All links that lead to documents, tables first.
    pub fn entries(&self) -> impl Iterator<Item = EntryLink> {
        let rows = self.tables.iter().flat_map(|table| table.rows.iter().map(|row| row.link));
        rows.chain(self.listed.iter().copied())
    }
}

/// A table with at least one row that leads to a document.
#[derive(Debug)]
pub struct IndexTable {
    /// Position in `Document::tables`.
    pub table: usize,
    /// Text of the heading over it; empty where there is none.
    pub heading: String,
    pub rows: Vec<IndexRow>,
}

/// A row that leads to a document.
#[derive(Debug)]
pub struct IndexRow {
    /// Position in `Table::rows`.
    pub row: usize,
    pub link: EntryLink,
}

/// A link of an index that leads to a document, whether or not the document exists.
#[derive(Debug, Clone, Copy)]
pub struct EntryLink {
    /// Position in `Document::links`.
    pub link: usize,
    /// The document, or `None` where it is missing.
    pub file: Option<FileId>,
}

/// What a column of an index table says, told by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Scenario,
    Runbook,
    EstimatedTime,
    ApprovalRequired,
    Priority,
    Owner,
}

/// Headers of index tables, in lower case.
const COLUMNS: [(Column, &[&str]); 6] = [
    (
        Column::Scenario,
        &["scenario", "situation", "problem", "task", "when", "symptom", "incident", "use case", "title", "name"],
    ),
    (Column::Runbook, &["runbook", "link", "document", "file", "page", "procedure", "guide"]),
    (Column::EstimatedTime, &["estimated time", "time", "duration", "eta", "time to complete", "estimate"]),
    (Column::ApprovalRequired, &["approval required", "approval", "approver", "approved by"]),
    (Column::Priority, &["priority", "severity", "sev"]),
    (Column::Owner, &["owner", "team", "maintainer", "owned by"]),
];

impl Column {
    /// The fact of the runbook that the column repeats.
    pub fn fact(self) -> Option<Fact> {
        match self {
            Column::Scenario | Column::Runbook => None,
            Column::EstimatedTime => Some(Fact::EstimatedTime),
            Column::ApprovalRequired => Some(Fact::ApprovalRequired),
            Column::Priority => Some(Fact::Priority),
            Column::Owner => Some(Fact::Owner),
        }
    }

    /// The meaning of a header.
    pub fn of(header: &str) -> Option<Column> {
        let header = header.trim().to_lowercase();
        COLUMNS.iter().find(|(_, names)| names.contains(&header.as_str())).map(|(column, _)| *column)
    }
}

/// Reads a document as an index by its name and what it leads to: `None` where it is none.
pub fn read_index(file: FileId, source: &Source, document: &Document<'_>, targets: &[Target]) -> Option<Index> {
    let name = strip_document_ending(path::file_name(&source.path))?;
    if !INDEX_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let index = read(file, source, document, targets);
    let mut leads_to: Vec<&str> = index.entries().map(|entry| document.links[entry.link].target.as_str()).collect();
    leads_to.sort_unstable();
    leads_to.dedup();
    (leads_to.len() >= 2).then_some(index)
}

/// Reads what a document says as an index.
pub fn read(file: FileId, source: &Source, document: &Document<'_>, targets: &[Target]) -> Index {
    let folder = path::folder(&source.path);
    let entry = |link: usize| entry_link(file, folder, document, targets, link);
    let tables: Vec<IndexTable> = document
        .tables
        .iter()
        .enumerate()
        .filter_map(|(index, table)| {
            let row_link =
                |row: &crate::document::Row| row.cells.iter().flat_map(|cell| cell.links.clone()).find_map(entry);
            let rows: Vec<IndexRow> = table
                .rows
                .iter()
                .enumerate()
                .filter_map(|(row_index, row)| Some(IndexRow { row: row_index, link: row_link(row)? }))
                .collect();
            let heading = document.heading_over(table.span.start).map_or("", |heading| heading.text.as_str());
            (!rows.is_empty()).then(|| IndexTable { table: index, heading: heading.to_string(), rows })
        })
        .collect();
    let in_items = document.items.iter().filter(|item| item.depth == 0).flat_map(|item| item.links.clone());
    let listed: Vec<EntryLink> = in_items.filter_map(entry).collect();
    Index {
        file,
        tables,
        listed,
        standard: None,
        template: template::read_template(source, document),
        categories: read_categories(document),
        priorities: escalation::read_priorities(document),
        escalation: escalation::read_escalation(source, document),
        contacts: escalation::read_contacts(document),
        revisions: read_revisions(document),
        quick_commands: reference::read_quick_commands(document),
        related: reference::read_related(document),
    }
}

fn entry_link(
    file: FileId,
    folder: &str,
    document: &Document<'_>,
    targets: &[Target],
    link: usize,
) -> Option<EntryLink> {
    if document.links[link].is_image {
        return None;
    }
    match &targets[link] {
        Target::Document { file: target, .. } if *target != file => Some(EntryLink { link, file: Some(*target) }),
        Target::Missing { path } | Target::Planned { path } if path::is_below(path, folder) && names_document(path) => {
            Some(EntryLink { link, file: None })
        }
        _ => None,
    }
}

fn names_document(path: &str) -> bool {
    strip_document_ending(path).is_some() || path.ends_with(".html")
}

/// The lists under a heading that speaks of categories, one for each heading below it.
fn read_categories(document: &Document<'_>) -> Vec<Category> {
    let is_root = |heading: &&Heading| {
        let text = heading.text.to_lowercase();
        text.contains("categories") || text.contains("catalog") || text == "runbooks by category"
    };
    let Some(root) = document.headings.iter().find(is_root) else { return Vec::new() };
    let under = document.section_span(root);
    let headings = document.headings.iter().filter(|heading| under.contains(heading.span));
    let category = |heading: &Heading| {
        let own = document.section_span(heading);
        let items = document.items.iter().filter(|item| item.depth == 0 && own.contains(item.span));
        let entries = items.map(|item| CategoryEntry {
            name: item
                .lead
                .clone()
                .unwrap_or_else(|| item.text.split(':').next().unwrap_or_default().trim().to_string()),
            span: item.span,
            link: item.links.clone().next(),
        });
        Category { heading: heading.text.clone(), span: heading.span, entries: entries.collect() }
    };
    headings.map(category).filter(|category| !category.entries.is_empty()).collect()
}

fn read_revisions(document: &Document<'_>) -> Vec<Revision> {
    let history = document.tables.iter().filter(|table| {
        escalation::column(table, &["date"]).is_some()
            && escalation::column(table, &["version", "author", "changes", "change", "revision"]).is_some()
    });
    let rows = history.flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    rows.map(|(table, row)| Revision {
        version: escalation::cell(row, escalation::column(table, &["version", "revision"])),
        date: escalation::cell(row, escalation::column(table, &["date"])),
        span: row.span,
    })
    .collect()
}
