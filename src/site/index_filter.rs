//! The filter over the tables of an index. It is part of the page, so that nothing moves when its scripts begin.

use std::collections::BTreeSet;

use super::body::RowMark;
use super::highlight::escape;
use crate::corpus::{Column, split_priorities};
use crate::document::Document;
use crate::source::Span;

/// Fewer rows are read faster than they are filtered.
const FEWEST_ROWS: usize = 8;

/// How a row stands, the gravest first: the order of the choices.
const STATES: &str = "errors missing overdue warnings passes";

/// A filter and where it stands.
pub struct IndexFilter {
    /// The heading over the first table of the index, or that table.
    pub before: Span,
    pub html: String,
}

/// The filter of an index; `None` where it has few rows. `marks` are those of its rows.
pub fn index_filter(document: &Document<'_>, marks: &[RowMark]) -> Option<IndexFilter> {
    let first = &document.tables[marks.first()?.table];
    if marks.len() < FEWEST_ROWS {
        return None;
    }
    let priorities: BTreeSet<&str> = marks.iter().flat_map(|mark| split_priorities(priority(document, mark))).collect();
    let states: BTreeSet<&str> = marks.iter().map(|mark| mark.state).collect();
    let mut html = "<form class=\"filters with-script\" aria-label=\"Filter the tables of this index\" data-filter \
                    data-noun=\"row\"><label>Filter <input type=\"search\" name=\"q\" autocomplete=\"off\" \
                    spellcheck=\"false\"></label>"
        .to_string();
    if priorities.len() > 1 {
        html.push_str(
            "<label>Priority <select name=\"priority\" data-split><option value=\"\">All</option></select></label>",
        );
    }
    if states.len() > 1 {
        html.push_str(&format!(
            "<label>Health <select name=\"health\" data-order=\"{STATES}\"><option value=\"\">All</option></select></label>"
        ));
    }
    // On a telephone the headers are gone, and with them their buttons.
    html.push_str(
        "<label class=\"narrow-only\">Sort by <select name=\"sort\" data-sort-by><option value=\"\">The page’s order</option>",
    );
    for column in columns(document, marks) {
        html.push_str(&format!("<option>{}</option>", escape(column)));
    }
    html.push_str(&format!(
        "</select></label><button class=\"button\" type=\"reset\">Clear</button>\
         <p class=\"filter-count\" data-filter-count>{} rows</p></form>",
        marks.len()
    ));
    let before = document.heading_over(first.span.start).map_or(first.span, |heading| heading.span);
    Some(IndexFilter { before, html })
}

/// What the row of a mark says of its priority; empty where it says nothing.
pub fn priority<'d>(document: &'d Document<'_>, mark: &RowMark) -> &'d str {
    let table = &document.tables[mark.table];
    let column = table.header.iter().position(|cell| Column::of(&cell.text) == Some(Column::Priority));
    let cell = column.and_then(|column| table.rows.get(mark.row)?.cells.get(column));
    cell.map_or("", |cell| cell.text.as_str())
}

/// The headers of all tables, each once.
fn columns<'d>(document: &'d Document<'_>, marks: &'d [RowMark]) -> Vec<&'d str> {
    let mut columns: Vec<&str> = Vec::new();
    for of_table in marks.chunk_by(|a, b| a.table == b.table) {
        let own = document.tables[of_table[0].table].header.iter().map(|cell| cell.text.as_str());
        let added = of_table[0].cells.iter().map(|cell| cell.label);
        for name in own.chain(added).filter(|name| !name.trim().is_empty()) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
    }
    columns
}
