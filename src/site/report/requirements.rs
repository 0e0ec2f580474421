//! What each runbook is asked for, and what of it is there.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::Serialize;

use super::pager::{PagerView, page_title, page_url, pager};
use super::{OVERDUE, Report};
use crate::corpus::{Entry, Kind};
use crate::settings::{Fact, RequiredKey, Standard};
use crate::site::OutputFile;
use crate::site::navigation::plain_title;
use crate::site::pages::{SiteError, href};
use crate::source::FileId;

/// Rows on a page.
const PER_PAGE: usize = 100;

/// Runbooks by what they are asked for, the worst first.
#[derive(Serialize)]
pub struct MatrixView<'v> {
    columns: Vec<ColumnView<'v>>,
    rows: Vec<RowView<'v>>,
    /// Runbooks in all.
    pub total: usize,
    /// Runbooks that lack something.
    pub lacking: usize,
}

#[derive(Serialize, Clone)]
struct ColumnView<'v> {
    name: &'v str,
    /// `section` or `metadata`.
    kind: &'static str,
    /// Runbooks that are asked for it and lack it.
    lacking: usize,
}

#[derive(Serialize, Clone)]
struct RowView<'v> {
    title: &'v str,
    url: String,
    path: &'v str,
    lacking: usize,
    cells: Vec<CellView>,
}

#[derive(Serialize, Clone)]
struct CellView {
    /// `ok`, `no` or `none`.
    state: &'static str,
    /// Read aloud by itself: `Rollback: missing`.
    label: String,
    /// Where the report says what to do about it, or empty.
    url: String,
}

/// Something that standards ask for.
enum Asked<'v> {
    Section { id: &'v str, name: &'v str },
    Key(&'v RequiredKey),
    Review,
}

impl Asked<'_> {
    fn is_same(&self, other: &Asked<'_>) -> bool {
        match (self, other) {
            (Asked::Section { id, .. }, Asked::Section { id: other, .. }) => id == other,
            (Asked::Key(key), Asked::Key(other)) => key_id(key) == key_id(other),
            (Asked::Review, Asked::Review) => true,
            _ => false,
        }
    }
}

fn key_id(key: &RequiredKey) -> &str {
    key.fact.map_or(key.name.as_str(), |fact| fact.id())
}

#[derive(Serialize)]
struct RequirementsView<'v> {
    matrix: MatrixView<'v>,
    pager: PagerView,
}

impl<'c> Report<'_, '_, 'c> {
    /// The pages with all runbooks.
    pub fn requirements(&self) -> Result<Vec<OutputFile>, SiteError> {
        let mut matrix = self.matrix();
        let rows = std::mem::take(&mut matrix.rows);
        let mut files = Vec::new();
        for (index, rows) in rows.chunks(PER_PAGE).enumerate() {
            let page = index + 1;
            let view = RequirementsView {
                matrix: MatrixView { columns: matrix.columns.clone(), rows: rows.to_vec(), ..matrix },
                pager: pager("requirements", page, PER_PAGE, matrix.total),
            };
            let url = page_url("requirements", page);
            files.push(self.page(
                "requirements.html",
                &page_title("Requirements", page),
                &url,
                "requirements",
                &view,
            )?);
        }
        Ok(files)
    }

    /// The runbooks that lack most.
    pub fn worst_of_matrix(&self, shown: usize) -> MatrixView<'_> {
        let mut matrix = self.matrix();
        matrix.rows.truncate(shown);
        matrix
    }

    /// All runbooks. With several standards, columns are those of all that are in use.
    fn matrix(&self) -> MatrixView<'_> {
        let corpus = self.corpus;
        let runbooks: Vec<&Entry<'_>> = corpus.entries.iter().filter(|entry| entry.kind == Kind::Runbook).collect();
        let used = |position: &usize| runbooks.iter().any(|entry| entry.standard == Some(*position));
        let standards: Vec<&Standard> =
            (0..corpus.standards.len()).filter(used).map(|position| &corpus.standards[position]).collect();
        let sections = standards.iter().flat_map(|standard| &standard.sections);
        let sections = sections.map(|section| Asked::Section { id: &section.id, name: &section.name });
        let keys = standards.iter().flat_map(|standard| &standard.metadata).filter(|key| !key.optional);
        let mut columns: Vec<Asked<'c>> = Vec::new();
        for asked in sections.chain(keys.map(Asked::Key)) {
            if !columns.iter().any(|known| known.is_same(&asked)) {
                columns.push(asked);
            }
        }
        if self.rules.contains_key(OVERDUE) && runbooks.iter().any(|entry| self.has_review(entry)) {
            columns.push(Asked::Review);
        }
        let places = self.places_of_findings();
        let row = |entry: &&Entry<'_>| {
            let entry = corpus.entry(entry.file);
            let cells: Vec<CellView> = columns.iter().map(|asked| self.cell(entry, asked, &places)).collect();
            RowView {
                title: plain_title(entry),
                url: href(entry),
                path: &corpus.source(entry.file).path,
                lacking: cells.iter().filter(|cell| cell.state == "no").count(),
                cells,
            }
        };
        let mut rows: Vec<RowView<'_>> = runbooks.iter().map(row).collect();
        rows.sort_by_key(|row| Reverse(row.lacking));
        let lacking = |position: usize| rows.iter().filter(|row| row.cells[position].state == "no").count();
        let column = |(position, asked): (usize, &Asked<'c>)| {
            let (name, kind) = match asked {
                Asked::Section { name, .. } => (*name, "section"),
                Asked::Key(key) => (key.name.as_str(), "metadata"),
                Asked::Review => ("Reviewed", "metadata"),
            };
            ColumnView { name, kind, lacking: lacking(position) }
        };
        MatrixView {
            columns: columns.iter().enumerate().map(column).collect(),
            total: rows.len(),
            lacking: rows.iter().filter(|row| row.lacking > 0).count(),
            rows,
        }
    }

    fn has_review(&self, entry: &Entry<'_>) -> bool {
        self.site.overdue.contains(&entry.file)
            || entry.metadata.get(Fact::LastUpdated).is_some_and(|value| value.date().is_some())
    }

    fn cell(&self, entry: &Entry<'_>, asked: &Asked<'_>, places: &HashMap<(FileId, &str, &str), usize>) -> CellView {
        let standard = self.corpus.standard_of(entry);
        let place = |rule: &str, subject: &str| {
            places
                .get(&(entry.file, rule, subject))
                .map_or(String::new(), |position| self.site.places.url(*position).to_string())
        };
        let (name, required, present, words, url) = match asked {
            Asked::Section { id, name } => {
                let section = standard.and_then(|standard| standard.sections.iter().find(|section| section.id == *id));
                let required = section.is_some() && self.corpus.is_asked(entry, id);
                let present =
                    entry.sections_named(id).next().is_some() || section.is_some_and(|own| entry.has_section(own));
                (*name, required, present, ("present", "missing"), place("missing-section", id))
            }
            Asked::Key(key) => {
                let own = standard.and_then(|standard| {
                    standard.metadata.iter().find(|own| key_id(own) == key_id(key) && !own.optional)
                });
                let url = place("missing-metadata", key_id(key));
                let stated = match key.fact {
                    Some(fact) => entry.metadata.get(fact).is_some(),
                    None => entry.metadata.find(|name| key.is_named(name)).is_some() || url.is_empty(),
                };
                (key.name.as_str(), own.is_some(), stated, ("stated", "missing"), url)
            }
            Asked::Review => {
                let is_overdue = self.site.overdue.contains(&entry.file);
                let url = [Fact::LastUpdated, Fact::NextReview].iter().map(|fact| place(OVERDUE, fact.id()));
                let url = url.into_iter().find(|url| !url.is_empty()).unwrap_or_default();
                ("Reviewed", self.has_review(entry), !is_overdue, ("in time", "overdue"), url)
            }
        };
        let (state, words) = match (required, present) {
            (true, true) => ("ok", words.0),
            (true, false) => ("no", words.1),
            (false, _) => ("none", "not required"),
        };
        CellView { state, label: format!("{name}: {words}"), url: if state == "no" { url } else { String::new() } }
    }

    /// Positions of the findings that cells lead to, by file, rule and subject.
    fn places_of_findings(&self) -> HashMap<(FileId, &str, &str), usize> {
        let diagnostics = self.site.diagnostics.iter().enumerate();
        let of_matrix = diagnostics
            .filter(|(_, diagnostic)| ["missing-section", "missing-metadata", OVERDUE].contains(&diagnostic.rule));
        of_matrix
            .map(|(position, diagnostic)| {
                let finding = &diagnostic.finding;
                ((finding.location.file, diagnostic.rule, finding.subject.as_str()), position)
            })
            .collect()
    }
}
