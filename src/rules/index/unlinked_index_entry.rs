//! A row or a bullet of an index that names a runbook and does not link it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::names::{Name, names_of, names_of_row};
use super::rows::{TableRow, content, linked_rows};
use crate::corpus::{Column, Corpus, Entry, Index, Kind, path};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::source::{FileId, Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnlinkedIndexEntry {}

impl Rule for UnlinkedIndexEntry {
    const INFO: RuleInfo = RuleInfo {
        name: "unlinked-index-entry",
        group: "index",
        level: Level::Warning,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "a row or bullet of an index that names a runbook without linking it",
        docs: include_str!("unlinked_index_entry.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        let unlinked: Vec<Unlinked> =
            unlinked_rows(corpus, index, entry).chain(unlinked_bullets(corpus, index, entry)).collect();
        if unlinked.is_empty() {
            return;
        }
        let meant = meant_runbooks(corpus, index, entry);
        let mut said = BTreeSet::new();
        for unlinked in &unlinked {
            if let Some(finding) = finding(entry, unlinked, &meant).filter(|_| said.insert(unlinked.within.start)) {
                findings.push(finding);
            }
        }
    }
}

/// What could be linked.
struct Unlinked {
    name: Name,
    /// The name in the file.
    span: Span,
    /// The row or the bullet, of which one finding says enough.
    within: Span,
    is_bullet: bool,
}

/// What could be meant.
struct Meant {
    /// As a link of this index would write it.
    target: String,
    exists: bool,
    names: Vec<Name>,
    /// The link of a row that leads to it.
    row: Option<Span>,
    /// Whether a bullet leads to it already.
    in_list: bool,
}

/// Rows without a link in tables whose other rows lead to runbooks.
fn unlinked_rows<'c>(
    corpus: &'c Corpus<'_>,
    index: &'c Index,
    entry: &'c Entry<'_>,
) -> impl Iterator<Item = Unlinked> + 'c {
    let source = corpus.source(entry.file);
    index.tables.iter().flat_map(move |of| {
        let table = &entry.document.tables[of.table];
        let bare = table.rows.iter().filter(|row| row.cells.iter().all(|cell| cell.links.is_empty()));
        bare.flat_map(move |row| {
            let row = TableRow { table, row };
            let cells = [Column::Runbook, Column::Scenario].into_iter().filter_map(move |column| row.cell(column));
            cells.map(move |cell| Unlinked {
                name: Name::new(&cell.text),
                span: content(source, cell),
                within: row.row.span,
                is_bullet: false,
            })
        })
    })
}

fn unlinked_bullets<'c>(
    corpus: &'c Corpus<'_>,
    index: &'c Index,
    entry: &'c Entry<'_>,
) -> impl Iterator<Item = Unlinked> + 'c {
    let source = corpus.source(entry.file);
    let bullets = index.categories.iter().flat_map(|category| &category.entries);
    bullets.filter(|bullet| bullet.link.is_none()).filter_map(move |bullet| {
        let name = Name::new(&bullet.name);
        let span = find(source, bullet.span, &name.text)?;
        Some(Unlinked { name, span, within: bullet.span, is_bullet: true })
    })
}

/// Where a text stands in a span, where it stands there without markup.
fn find(source: &Source, span: Span, text: &str) -> Option<Span> {
    let at = source.slice(span).find(text).filter(|_| !text.is_empty())?;
    let start = span.start as usize + at;
    Some(Span::new(start, start + text.len()))
}

/// The runbooks that rows lead to, and those that the index should list.
fn meant_runbooks(corpus: &Corpus<'_>, index: &Index, entry: &Entry<'_>) -> Vec<Meant> {
    let here = &corpus.source(entry.file).path;
    let mut by_target: BTreeMap<(String, Option<String>), Meant> = BTreeMap::new();
    for row in linked_rows(index, entry) {
        let link = row.node(entry);
        let meant = by_target.entry(row.leads_to(entry)).or_insert_with(|| Meant {
            target: link.target.clone(),
            exists: row.link.file.is_some(),
            names: row.link.file.map_or(Vec::new(), |file| names_of(corpus, file)),
            row: Some(link.span),
            in_list: false,
        });
        meant.names.extend(names_of_row(&row, entry));
    }
    let mut meant: Vec<Meant> = by_target.into_values().collect();
    let in_rows =
        |file: FileId| index.tables.iter().flat_map(|table| &table.rows).any(|row| row.link.file == Some(file));
    let below = |other: &&Entry<'_>| {
        other.kind == Kind::Runbook
            && !in_rows(other.file)
            && corpus.index_over(other.file).is_some_and(|over| over.file == index.file)
    };
    meant.extend(corpus.entries.iter().filter(below).map(|other| Meant {
        target: path::percent_encode(&path::relative(here, &corpus.source(other.file).path)),
        exists: true,
        names: names_of(corpus, other.file),
        row: None,
        in_list: false,
    }));
    for meant in &mut meant {
        let path = |target: &str| path::join("", &path::split_target(target).path);
        meant.in_list =
            index.listed.iter().any(|link| path(&entry.document.links[link.link].target) == path(&meant.target));
    }
    meant
}

fn finding(entry: &Entry<'_>, unlinked: &Unlinked, meant: &[Meant]) -> Option<Finding> {
    let exact: Vec<&Meant> =
        meant.iter().filter(|meant| meant.names.iter().any(|name| name.is(&unlinked.name))).collect();
    // A bullet beside one that leads there already is more likely something else of a similar name.
    let like =
        || meant.iter().filter(|meant| !meant.in_list && meant.names.iter().any(|name| name.is_like(&unlinked.name)));
    let (found, is_exact) = match exact.as_slice() {
        [] if unlinked.is_bullet => (like().collect::<Vec<_>>(), false),
        _ => (exact, true),
    };
    // A name that could mean several says nothing of any.
    let [meant] = found.as_slice() else { return None };
    let name = &unlinked.name.text;
    let place = Location { file: entry.file, span: unlinked.span };
    let link = format!("[{name}]({})", meant.target);
    let row = meant.row.map(|span| Related {
        location: Location { file: entry.file, span },
        message: "this row leads to it".to_string(),
    });
    Some(Finding {
        help: Some(match meant.exists {
            true => format!("write `{link}`"),
            false => format!("link it when `{}` is written", meant.target),
        }),
        related: row.into_iter().collect(),
        // A link to a file that is not there mends nothing.
        fix: meant.exists.then(|| Fix {
            applicability: if is_exact { Applicability::Safe } else { Applicability::Unsafe },
            effect: Effect::Markup,
            message: format!("link it to `{}`", meant.target),
            edits: vec![Edit { location: place, replacement: link.clone() }],
        }),
        ..Finding::new(
            place,
            name,
            match is_exact {
                true => format!("`{name}` names `{}` without linking it", meant.target),
                false => format!("`{name}` seems to name `{}` without linking it", meant.target),
            },
        )
    })
}
