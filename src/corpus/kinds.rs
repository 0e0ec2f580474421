//! What each document is: an index, a runbook of some standard, or a page.

use std::collections::BTreeMap;

use super::index::Index;
use super::path;
use super::sections::{HeadingNames, Section, name_sections};
use crate::document::Document;
use crate::settings::{Standard, presets};
use crate::source::Source;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Held to a standard.
    Runbook,
    /// Leads to runbooks.
    Index,
    /// Anything else: its links are checked, its sections are not.
    Page,
}

/// Kind, standard (a position in `standards`) and sections of a document.
pub struct Classified {
    pub kind: Kind,
    pub standard: Option<usize>,
    pub sections: Vec<Section>,
}

/// Classifies all documents. `standards` holds those of the presets first, in their order, then those that indexes state.
pub fn classify(
    sources: &[Source],
    documents: &[Document<'_>],
    indexes: &[Index],
    standards: &[Standard],
) -> Vec<Classified> {
    let folder = |index: &Index| path::folder(&sources[index.file.index()].path);
    let governed = |path: &str| {
        let governing = |index: &&Index| index.standard.is_some() && path::is_below(path, folder(index));
        indexes.iter().filter(governing).max_by_key(|index| folder(index).len()).and_then(|index| index.standard)
    };
    let names: Vec<HeadingNames> = documents.iter().map(HeadingNames::of).collect();
    let mut classified: Vec<Classified> = sources
        .iter()
        .zip(documents)
        .enumerate()
        .map(|(file, (source, document))| {
            if indexes.iter().any(|index| index.file.index() == file) {
                return Classified {
                    kind: Kind::Index,
                    standard: None,
                    sections: name_sections(document, &names[file], None),
                };
            }
            if source.problem.is_some() {
                return Classified { kind: Kind::Page, standard: None, sections: Vec::new() };
            }
            let own = || governed(&source.path).or_else(|| followed_preset(document, &names[file], standards));
            let standard = match declared_kind(document) {
                Some(Kind::Page) => None,
                // Who says that it is a runbook wants it checked; a procedure is what runbooks are where nothing else is
                // said.
                Some(_) => own().or_else(|| presets().iter().position(|preset| preset.name == "procedure")),
                None => own(),
            };
            of_standard(document, &names[file], standard, standards)
        })
        .collect();
    for (file, preset) in held_by_company(sources, documents, &classified) {
        classified[file] = of_standard(&documents[file], &names[file], Some(preset), standards);
    }
    classified
}

fn of_standard(
    document: &Document<'_>,
    names: &HeadingNames,
    standard: Option<usize>,
    standards: &[Standard],
) -> Classified {
    let kind = if standard.is_some() { Kind::Runbook } else { Kind::Page };
    Classified { kind, standard, sections: name_sections(document, names, standard.map(|index| &standards[index])) }
}

/// What the front matter says that the document is: `kind: page` or `kind: runbook`.
fn declared_kind(document: &Document<'_>) -> Option<Kind> {
    let kind = document.front_matter.as_ref()?.get("kind")?.value.to_lowercase();
    [("page", Kind::Page), ("runbook", Kind::Runbook)].iter().find(|(name, _)| *name == kind).map(|(_, kind)| *kind)
}

/// The preset of which the document has most sections, if at least half.
fn followed_preset(document: &Document<'_>, names: &HeadingNames, standards: &[Standard]) -> Option<usize> {
    if document.headings.len() < 2 {
        return None;
    }
    let share = |preset: usize| {
        let standard = &standards[preset];
        let present = names.count_named(document, standard);
        (present * 2 >= standard.sections.len()).then(|| present as f64 / standard.sections.len() as f64)
    };
    let shares = (0..presets().len()).filter_map(|preset| Some((preset, share(preset)?)));
    shares.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(preset, _)| preset)
}

/// A folder counts when it has at least this many documents, and this share of them follow one preset.
const COMPANY: usize = 5;
const COMPANY_SHARE: (usize, usize) = (4, 5);

/// Pages in a folder where nearly all others follow one preset are held to it too, save stubs.
fn held_by_company(sources: &[Source], documents: &[Document<'_>], classified: &[Classified]) -> Vec<(usize, usize)> {
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (file, source) in sources.iter().enumerate() {
        if classified[file].kind != Kind::Index && source.problem.is_none() {
            folders.entry(path::folder(&source.path)).or_default().push(file);
        }
    }
    let mut held = Vec::new();
    for files in folders.values().filter(|files| files.len() >= COMPANY) {
        for preset in 0..presets().len() {
            let following = files.iter().filter(|file| classified[**file].standard == Some(preset)).count();
            if following * COMPANY_SHARE.1 >= files.len() * COMPANY_SHARE.0 {
                let others = files.iter().filter(|file| classified[**file].standard.is_none());
                let held_too =
                    |file: &&usize| !is_stub(&documents[**file]) && declared_kind(&documents[**file]).is_none();
                held.extend(others.filter(held_too).map(|file| (*file, preset)));
            }
        }
    }
    held
}

/// A few lines that only point elsewhere.
fn is_stub(document: &Document<'_>) -> bool {
    let sections = document.headings.iter().filter(|heading| heading.level > 1).count();
    sections == 0 && document.paragraphs.len() <= 4 && document.code_blocks.is_empty()
}
