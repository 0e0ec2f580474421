//! Where roles and priorities are used: the rows and bands of an index, and the heads of the runbooks under it.

use crate::corpus::{Column, Corpus, Entry, Index, Kind, path};
use crate::diagnostic::{Location, Related};
use crate::rules::roles::{self, Named};
use crate::settings::Fact;
use crate::source::{FileId, Source, Span};

/// A text that names roles or priorities, with its place.
pub struct Use {
    pub text: String,
    pub location: Location,
}

/// The nearest index at or above a document that says what is asked for.
pub fn nearest_index<'c>(corpus: &'c Corpus<'_>, file: FileId, says: fn(&Index) -> bool) -> Option<&'c Index> {
    let path = &corpus.source(file).path;
    let over = |index: &&Index| {
        let folder = path::folder(&corpus.source(index.file).path);
        says(index) && (index.file == file || path::is_below(path, folder))
    };
    let nearness = |index: &&Index| path::folder(&corpus.source(index.file).path).len();
    corpus.indexes.iter().filter(over).max_by_key(nearness)
}

/// The documents that an index speaks for: itself first, then those under it.
pub fn spoken_for<'c, 'a>(
    corpus: &'c Corpus<'a>,
    index: &'c Index,
    says: fn(&Index) -> bool,
) -> impl Iterator<Item = &'c Entry<'a>> {
    let others = corpus.entries.iter().filter(move |entry| {
        entry.file != index.file && nearest_index(corpus, entry.file, says).is_some_and(|over| over.file == index.file)
    });
    std::iter::once(corpus.entry(index.file)).chain(others)
}

/// The texts of a document that name roles, one for each role.
pub fn roles_in(corpus: &Corpus<'_>, entry: &Entry<'_>) -> Vec<Use> {
    let source = corpus.source(entry.file);
    let mut uses = Vec::new();
    for text in facts(corpus, entry, &[Column::ApprovalRequired, Column::Owner]) {
        if let Named::Roles(roles) = roles::named(&text.text) {
            uses.extend(roles.into_iter().map(|role| narrowed(source, role, text.location)));
        }
    }
    for band in corpus.index_at(entry.file).into_iter().flat_map(|index| &index.escalation).flat_map(|path| &path.bands)
    {
        for role in &band.roles {
            if let Named::Roles(roles) = roles::named(role) {
                let location = Location { file: entry.file, span: band.span };
                uses.extend(roles.into_iter().map(|role| narrowed(source, role, location)));
            }
        }
    }
    uses.sort_by_key(|text| text.location.span.start);
    uses
}

/// The texts of a document that name priorities, definitions apart.
pub fn priorities_in(corpus: &Corpus<'_>, entry: &Entry<'_>) -> Vec<Use> {
    facts(corpus, entry, &[Column::Priority])
}

/// What rows of an index and the head of a runbook say under these columns and keys.
fn facts(corpus: &Corpus<'_>, entry: &Entry<'_>, columns: &[Column]) -> Vec<Use> {
    let tables = corpus.index_at(entry.file).into_iter().flat_map(|index| &index.tables);
    let tables = tables.map(|table| &entry.document.tables[table.table]);
    let cells = tables.flat_map(|table| {
        let wanted = |header: &str| Column::of(header).is_some_and(|column| columns.contains(&column));
        table.rows.iter().flat_map(move |row| {
            row.cells.iter().zip(&table.header).filter(move |(_, header)| wanted(&header.text)).map(|(cell, _)| Use {
                text: cell.text.clone(),
                location: Location { file: entry.file, span: cell.span },
            })
        })
    });
    let facts: Vec<Fact> = match entry.kind {
        Kind::Runbook => columns.iter().filter_map(|column| column.fact()).collect(),
        _ => Vec::new(),
    };
    let head = facts
        .into_iter()
        .filter_map(|fact| entry.metadata.get(fact))
        .map(|value| Use { text: value.text.clone(), location: Location { file: entry.file, span: value.span } });
    let source = corpus.source(entry.file);
    cells.chain(head).map(|text| narrowed(source, text.text, text.location)).collect()
}

/// The place of a text within a place, where it stands there without markup.
pub fn narrowed(source: &Source, text: String, location: Location) -> Use {
    let within = source.slice(location.span);
    let span = match within.find(&text).filter(|_| !text.is_empty()) {
        Some(at) => {
            let start = location.span.start as usize + at;
            Span::new(start, start + text.len())
        }
        None => location.span,
    };
    Use { text, location: Location { file: location.file, span } }
}

/// The other places of what a finding speaks of once.
pub fn others(uses: &[Use]) -> Vec<Related> {
    let related = uses.iter().skip(1).take(SHOWN);
    related.map(|text| Related { location: text.location, message: "named here too".to_string() }).collect()
}

/// More places than these help nobody.
const SHOWN: usize = 8;
