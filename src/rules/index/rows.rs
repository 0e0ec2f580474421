//! The rows of an index, with their cells by what they say.

use crate::corpus::{Column, Entry, EntryLink, Index, Target, path};
use crate::document::{Cell, Link, Row, Table};
use crate::source::{Source, Span};

/// A row of an index table that leads to a document.
#[derive(Clone, Copy)]
pub struct LinkedRow<'c> {
    /// Position in `Document::tables`.
    pub table: usize,
    pub row: TableRow<'c>,
    pub link: EntryLink,
}

/// A row below its header.
#[derive(Clone, Copy)]
pub struct TableRow<'c> {
    pub table: &'c Table,
    pub row: &'c Row,
}

impl<'c> TableRow<'c> {
    /// The first cell under a header of this meaning.
    pub fn cell(&self, column: Column) -> Option<&'c Cell> {
        let at = self.table.header.iter().position(|header| Column::of(&header.text) == Some(column))?;
        self.row.cells.get(at)
    }
}

impl LinkedRow<'_> {
    /// The link in the document that is the index.
    pub fn node<'c>(&self, entry: &'c Entry<'_>) -> &'c Link {
        &entry.document.links[self.link.link]
    }

    /// Path and fragment that the row leads to, whether or not they exist.
    pub fn leads_to(&self, entry: &Entry<'_>) -> (String, Option<String>) {
        let fragment = path::split_target(&self.node(entry).target).fragment.map(|fragment| fragment.to_string());
        let path = match &entry.targets[self.link.link] {
            Target::Document { file, .. } => format!("#{}", file.index()),
            Target::Missing { path } => path.clone(),
            _ => self.node(entry).target.clone(),
        };
        (path, fragment)
    }
}

/// All rows that lead to a document.
pub fn linked_rows<'c>(index: &'c Index, entry: &'c Entry<'_>) -> impl Iterator<Item = LinkedRow<'c>> {
    index.tables.iter().flat_map(move |of| {
        let table = &entry.document.tables[of.table];
        of.rows.iter().map(move |row| LinkedRow {
            table: of.table,
            row: TableRow { table, row: &table.rows[row.row] },
            link: row.link,
        })
    })
}

/// What a cell holds, without the space around it.
pub fn content(source: &Source, cell: &Cell) -> Span {
    let text = source.slice(cell.span);
    let start = cell.span.start as usize + text.len() - text.trim_start().len();
    Span::new(start, start + text.trim().len())
}
