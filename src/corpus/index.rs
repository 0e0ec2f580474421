//! Index pages: the tables and lists that lead to runbooks, and the standard that such a page states.

use super::links::{Target, strip_document_ending};
use super::path;
use crate::diagnostic::Location;
use crate::document::Document;
use crate::settings::{RequiredSection, Standard, section_id, section_kinds};
use crate::source::{FileId, Source};

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
    /// The meaning of a header.
    pub fn of(header: &str) -> Option<Column> {
        let header = header.trim().to_lowercase();
        COLUMNS.iter().find(|(_, names)| names.contains(&header.as_str())).map(|(column, _)| *column)
    }
}

/// The template for new runbooks that an index holds in a code block.
#[derive(Debug)]
pub struct Template {
    /// The Markdown of the template, with escaped fences mended.
    pub text: String,
}

impl Template {
    /// The text under the heading of a section.
    pub fn section_body(&self, id: &str) -> Option<String> {
        let source = Source::new("template", self.text.as_str());
        let document = crate::document::parse(&source);
        let known: Vec<&'static str> = section_kinds().iter().map(|kind| kind.id.as_str()).collect();
        let is_it = |heading: &&crate::document::Heading| {
            section_id(&heading.text, &known) == Some(id) || crate::document::slug(&heading.text) == id
        };
        let heading = document.headings.iter().filter(|heading| heading.level > 1).find(is_it)?;
        Some(source.slice(document.section_span(heading)).trim().to_string()).filter(|body| !body.is_empty())
    }
}

/// The template of an index: the Markdown code block under a heading that says so.
fn read_template(document: &Document<'_>) -> Option<Template> {
    let block = document.code_blocks.iter().find(|block| {
        let heading =
            document.heading_over(block.span.start).map_or(String::new(), |heading| heading.text.to_lowercase());
        heading.contains("template") && ["markdown", "md", ""].contains(&block.language.as_str())
    })?;
    // Authors escape inner fences where the outer one is no longer.
    Some(Template { text: block.text.replace("\\`\\`\\`", "```") })
}

/// Reads a document as an index: `None` where it is none.
pub fn read_index(file: FileId, source: &Source, document: &Document<'_>, targets: &[Target]) -> Option<Index> {
    let name = strip_document_ending(path::file_name(&source.path))?;
    if !super::links::INDEX_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
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
    let index = Index { file, tables, listed, standard: None, template: read_template(document) };
    let mut leads_to: Vec<&str> = index.entries().map(|entry| document.links[entry.link].target.as_str()).collect();
    leads_to.sort_unstable();
    leads_to.dedup();
    (leads_to.len() >= 2).then_some(index)
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
        Target::Missing { path } if path::is_below(path, folder) && names_document(path) => {
            Some(EntryLink { link, file: None })
        }
        _ => None,
    }
}

fn names_document(path: &str) -> bool {
    strip_document_ending(path).is_some() || path.ends_with(".html")
}

/// Headings under which an index lists the sections that its runbooks must have.
const STANDARD_HEADINGS: [&str; 6] = [
    "required sections",
    "mandatory sections",
    "required headings",
    "required runbook sections",
    "runbook sections",
    "runbook structure",
];

/// The standard that an index states in a "Required Sections" list.
pub fn read_standard(file: FileId, document: &Document<'_>) -> Option<Standard> {
    let heading = document.headings.iter().find(|heading| {
        STANDARD_HEADINGS.iter().any(|known| heading.text.trim().trim_end_matches(':').eq_ignore_ascii_case(known))
    })?;
    let under = document.section_span(heading);
    let known: Vec<&'static str> = section_kinds().iter().map(|kind| kind.id.as_str()).collect();
    let sections: Vec<RequiredSection> = document
        .items
        .iter()
        .filter(|item| item.depth == 0 && under.contains(item.span))
        .filter_map(|item| {
            let name =
                item.lead.as_deref().unwrap_or_else(|| item.text.split([':', '–', '—']).next().unwrap_or_default());
            let name = name.trim();
            let id = section_id(name, &known).map_or_else(|| crate::document::slug(name), str::to_string);
            let origin = Some(Location { file, span: item.span });
            (!name.is_empty()).then(|| RequiredSection { id, name: name.to_string(), origin })
        })
        .collect();
    let origin = Some(Location { file, span: heading.span });
    (!sections.is_empty()).then(|| Standard { name: "house".to_string(), sections, origin })
}
