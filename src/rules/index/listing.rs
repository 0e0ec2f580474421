//! Where an index lists runbooks, and the row or list item that leads to one more.

use crate::corpus::{Column, Corpus, Entry, Index, path};
use crate::diagnostic::{Edit, Location};
use crate::document::{Document, Item};
use crate::source::{Source, Span};

/// A table or a list of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Text of the heading over it; empty where there is none.
    pub heading: String,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Position in `Document::tables`.
    Table(usize),
    /// Position in `Document::items` of the last item.
    List(usize),
}

/// All tables and lists that lead to runbooks, or would by their header; tables first.
pub fn listings(corpus: &Corpus<'_>, index: &Index) -> Vec<Listing> {
    let document = &corpus.entry(index.file).document;
    let heading = |span: Span| document.heading_over(span.start).map_or("", |heading| heading.text.trim()).to_string();
    let is_list_of_runbooks = |at: &usize| {
        let has_column = |column| document.tables[*at].header.iter().any(|cell| Column::of(&cell.text) == Some(column));
        index.tables.iter().any(|table| table.table == *at) || has_column(Column::Runbook)
    };
    let tables = (0..document.tables.len()).filter(is_list_of_runbooks);
    let mut listings: Vec<Listing> =
        tables.map(|at| Listing { heading: heading(document.tables[at].span), place: Place::Table(at) }).collect();
    let first_list = listings.len();
    for link in &index.listed {
        let link = document.links[link.link].span;
        let Some(item) = document.items.iter().position(|item| item.span.contains(link)) else { continue };
        let listing = Listing { heading: heading(document.items[item].span), place: Place::List(item) };
        match listings[first_list..].iter_mut().find(|known| known.heading == listing.heading) {
            Some(known) => known.place = listing.place,
            None => listings.push(listing),
        }
    }
    listings
}

/// The listing where a runbook most likely belongs: the table that lists most runbooks of the same folder, the last of
/// equals, where new things are usually added; the last list where there is no table.
pub fn nearest_listing(corpus: &Corpus<'_>, index: &Index, path: &str) -> Option<Listing> {
    let listings = listings(corpus, index);
    let is_neighbour = |file| path::folder(&corpus.source(file).path) == path::folder(path);
    // A table that has rows goes before one that waits for its first.
    let neighbours = |listing: &&Listing| {
        let table = index.tables.iter().find(|table| Place::Table(table.table) == listing.place);
        table.map(|table| table.rows.iter().filter(|row| row.link.file.is_some_and(is_neighbour)).count())
    };
    let is_table = |listing: &&Listing| matches!(listing.place, Place::Table(_));
    listings.iter().filter(is_table).max_by_key(neighbours).or(listings.last()).cloned()
}

/// Adds a runbook to a listing, with the values of its own for the columns of a table.
pub fn list_in(corpus: &Corpus<'_>, index: &Index, listing: &Listing, entry: &Entry<'_>) -> Edit {
    let source = corpus.source(index.file);
    let document = &corpus.entry(index.file).document;
    let (after, line) = match listing.place {
        Place::Table(at) => (document.tables[at].span, row(corpus, index, document, at, entry)),
        Place::List(at) => {
            let item = &document.items[at];
            (
                item.span,
                format!("{} [{}]({})", marker(source, item), bare_title(corpus, entry), target(corpus, index, entry)),
            )
        }
    };
    let end = after.start as usize + source.slice(after).trim_end().len();
    // Inside a quote or a list, what stands before the first line stands before each.
    let (_, line_start) = source.lines.line_at(after.start);
    let lead = source.slice(Span { start: line_start, end: after.start });
    let location = Location { file: index.file, span: Span::new(end, end) };
    Edit { location, replacement: format!("{}{lead}{line}", source.line_end()) }
}

fn row(corpus: &Corpus<'_>, index: &Index, document: &Document<'_>, table: usize, entry: &Entry<'_>) -> String {
    let path = &corpus.source(entry.file).path;
    let mut cells: Vec<String> = Vec::new();
    let mut is_linked = false;
    let header = &document.tables[table].header;
    let has_link_column = header.iter().any(|cell| Column::of(&cell.text) == Some(Column::Runbook));
    for column in header.iter().map(|cell| Column::of(&cell.text)) {
        let target = || target(corpus, index, entry);
        cells.push(match column {
            Some(Column::Runbook) => format!("[{}]({})", path::file_name(path), target()),
            // Without a column for it, the link stands on the name.
            Some(Column::Scenario) if !has_link_column && !is_linked => {
                is_linked = true;
                format!("[{}]({})", in_cell(bare_title(corpus, entry)), target())
            }
            Some(Column::Scenario) => in_cell(bare_title(corpus, entry)),
            Some(column) => in_cell(entry.metadata_value(column).unwrap_or("-")),
            None => "-".to_string(),
        });
    }
    // A row that leads nowhere would list nothing.
    if !has_link_column
        && !is_linked
        && let Some(first) = cells.first_mut()
    {
        *first = format!("[{}]({})", in_cell(bare_title(corpus, entry)), target(corpus, index, entry));
    }
    format!("| {} |", cells.join(" | "))
}

/// The way to a runbook, as most links of the index write theirs.
fn target(corpus: &Corpus<'_>, index: &Index, entry: &Entry<'_>) -> String {
    let links = &corpus.entry(index.file).document.links;
    let dotted = index.entries().filter(|link| links[link.link].target.starts_with("./")).count();
    let way = path::percent_encode(&path::relative(&corpus.source(index.file).path, &corpus.source(entry.file).path));
    let is_dotted = dotted * 2 > index.entries().count() && !way.starts_with('.');
    if is_dotted { format!("./{way}") } else { way }
}

/// Words with which titles begin where no standard says so.
const PREFIXES: [&str; 3] = ["Runbook", "Playbook", "SOP"];

/// A title without what all titles begin with: `Runbook: Restart` → `Restart`.
pub fn bare_title<'e>(corpus: &Corpus<'_>, entry: &'e Entry<'_>) -> &'e str {
    let title = entry.title.trim();
    let form = corpus.standard_of(entry).and_then(|standard| standard.title_form.as_ref());
    let own = form.and_then(|form| title.strip_prefix(form.prefix.trim_end()));
    let usual = || {
        let (word, rest) = title.split_once(':')?;
        PREFIXES.iter().any(|known| known.eq_ignore_ascii_case(word)).then_some(rest)
    };
    own.or_else(usual).map(str::trim).filter(|rest| !rest.is_empty()).unwrap_or(title)
}

fn in_cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn marker(source: &Source, item: &Item) -> String {
    let written = source.slice(item.marker);
    match item.number {
        Some(number) => {
            format!("{}{}", u64::from(number) + 1, written.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => written.to_string(),
    }
}
