//! Tables, and what those of an index say behind their rows.

use pulldown_cmark::{Alignment, Event, Tag};

use super::Renderer;
use crate::corpus::{Column, parse_duration, priority_in};
use crate::site::highlight::escape;
use crate::site::index_filter;
use crate::site::navigation::is_emergency;
use crate::source::Span;

/// Text that an index page shows behind the rows of its tables.
pub struct RowMark {
    /// Position in `Document::tables` and in `Table::rows`.
    pub table: usize,
    pub row: usize,
    /// How the runbook stands, in one word: `passes`, `warnings`, `overdue`, `errors`, `missing`.
    pub state: &'static str,
    /// The same columns for all rows of a table.
    pub cells: Vec<MarkCell>,
}

/// A cell behind a row.
pub struct MarkCell {
    /// The column's header.
    pub label: &'static str,
    pub class: &'static str,
    /// What the column is sorted by: a number or a date. Rows without it come last.
    pub sort: Option<String>,
    pub html: String,
}

pub struct OpenTable {
    pub index: usize,
    /// `None` in the header.
    pub row: Option<usize>,
    pub column: usize,
    pub alignments: Vec<Alignment>,
    pub marked: bool,
}

impl<'a, 'c> Renderer<'a, 'c> {
    pub fn start_table(&mut self, alignments: &'c [Alignment]) {
        let index = self.next.table;
        self.next.table += 1;
        let table = &self.document.tables[index];
        self.write_filter(table.span);
        let marked = self.marks.iter().any(|mark| mark.table == index);
        let heading = self.document.heading_over(table.span.start).map_or("", |heading| heading.text.as_str());
        let urgent = is_emergency(heading);
        let class = match (marked, urgent) {
            (true, true) => " class=\"index-table emergency\"",
            (true, false) => " class=\"index-table\"",
            _ => "",
        };
        let label = escape(&format!("Table: {}", if heading.is_empty() { &self.entry.title } else { heading }));
        self.write(format!("<div class=\"wide\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\">"));
        self.write(format!("<table{class}>"));
        self.table = Some(OpenTable { index, row: None, column: 0, alignments: alignments.to_vec(), marked });
    }

    /// Writes the filter where it stands before this heading or table.
    pub fn write_filter(&mut self, span: Span) {
        if let Some(filter) = self.filter.take_if(|filter| filter.before == span) {
            self.write_island(filter.html);
        }
    }

    pub fn start_cell(&mut self) {
        let Some(table) = &self.table else { return };
        let align = match table.alignments.get(table.column) {
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            _ => "",
        };
        let label = self.document.tables[table.index].header.get(table.column).map_or("", |cell| cell.text.as_str());
        let html = match (table.row, table.marked) {
            (None, _) => format!("<th scope=\"col\"{align}>"),
            (Some(row), true) => {
                let cell = self.document.tables[table.index].rows.get(row).and_then(|row| row.cells.get(table.column));
                let key = cell.and_then(|cell| sort_key(label, &cell.text));
                let sort = key.map_or(String::new(), |key| format!(" data-sort=\"{}\"", escape(&key)));
                format!("<td{align} data-label=\"{}\"{sort}>", escape(label))
            }
            (Some(_), false) => format!("<td{align}>"),
        };
        self.write_inline(html);
    }

    /// A row of an index table says what it can be filtered by.
    pub fn start_row(&mut self) {
        let table = self.table.as_ref().filter(|table| table.marked);
        let place = table.and_then(|table| Some((table.index, table.row?)));
        let Some((index, row)) = place else { return self.out.push(Event::Start(Tag::TableRow)) };
        let mark = self.marks.iter().find(|mark| (mark.table, mark.row) == (index, row));
        let state = mark.map_or("", |mark| mark.state);
        let priority = mark.map_or("", |mark| index_filter::priority(self.document, mark));
        self.write(format!("<tr data-health=\"{state}\" data-priority=\"{}\">", escape(priority)));
    }

    pub fn end_cell(&mut self) {
        let Some(table) = &mut self.table else { return };
        table.column += 1;
        let html = if table.row.is_none() { "</th>" } else { "</td>" };
        self.write_inline(html);
    }

    /// The last cells of a row of an index table: how its runbook stands.
    pub fn row_mark(&mut self) {
        let Some(table) = self.table.as_ref().filter(|table| table.marked) else { return };
        let of_table = || self.marks.iter().filter(|mark| mark.table == table.index);
        let columns = of_table().next().map_or(&[][..], |mark| &mark.cells);
        let mark = table.row.and_then(|row| of_table().find(|mark| mark.row == row));
        let cell = |(position, column): (usize, &MarkCell)| {
            let MarkCell { label, class, .. } = column;
            if table.row.is_none() {
                return format!("<th scope=\"col\" class=\"{class}\">{label}</th>");
            }
            let cell = mark.and_then(|mark| mark.cells.get(position));
            let html = cell.map_or("", |cell| cell.html.as_str());
            let key = cell.and_then(|cell| cell.sort.as_deref());
            let sort = key.map_or(String::new(), |key| format!(" data-sort=\"{key}\""));
            format!("<td class=\"{class}\" data-label=\"{label}\"{sort}>{html}</td>")
        };
        let html: String = columns.iter().enumerate().map(cell).collect();
        self.write_inline(html);
    }
}

/// What a cell of an index table is sorted by where its text does not tell: a time in minutes, a priority by its gravity.
fn sort_key(header: &str, text: &str) -> Option<String> {
    match Column::of(header)? {
        Column::EstimatedTime => {
            let time = parse_duration(text)?;
            let (from, to) = (time.min_minutes.or(time.max_minutes)?, time.max_minutes.unwrap_or(u32::MAX / 2));
            // By the least time; of equal ones by the most.
            Some(format!("{from}.{to:010}"))
        }
        Column::Priority => priority_in(text).map(|name| name.chars().filter(char::is_ascii_digit).collect()),
        _ => None,
    }
}
