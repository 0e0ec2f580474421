//! What each document is: an index, a runbook of some standard, or a page.

use std::collections::BTreeMap;

use super::index::Index;
use super::path;
use super::sections::{HeadingNames, Section, name_sections};
use crate::document::Document;
use crate::settings::{DeclaredKind, HOUSE, Settings, Standard, presets};
use crate::source::{FileId, Source};

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

/// Why a document is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KindReason {
    /// A glob of the config matches it; the position in `Settings::kinds`.
    Config(usize),
    /// Its front matter says so.
    FrontMatter,
    /// Its tables or lists lead to other documents.
    LeadsToDocuments,
    /// An index states a standard for its folder.
    Governed(FileId),
    /// It has this many of the sections of a preset.
    FollowsPreset { present: usize, of: usize },
    /// Most documents of its folder follow the preset.
    Company,
    /// Nothing says that it is a runbook.
    Nothing,
}

/// Kind, standard (a position in `standards`) and sections of a document.
pub struct Classified {
    pub kind: Kind,
    pub reason: KindReason,
    pub standard: Option<usize>,
    pub sections: Vec<Section>,
}

/// Classifies all documents. `standards` holds those of the presets first, in their order, then those of the config, then
/// those that indexes state.
pub fn classify(
    sources: &[Source],
    documents: &[Document<'_>],
    indexes: &[Index],
    standards: &[Standard],
    settings: &Settings,
) -> Vec<Classified> {
    let folder = |index: &Index| path::folder(&sources[index.file.index()].path);
    let governing = |path: &str| {
        let governing = |index: &&Index| index.standard.is_some() && path::is_below(path, folder(index));
        indexes.iter().filter(governing).max_by_key(|index| folder(index).len())
    };
    let names: Vec<HeadingNames> = documents.iter().map(HeadingNames::of).collect();
    let procedure = || presets().iter().position(|preset| preset.name == "procedure");
    let mut classified: Vec<Classified> = sources
        .iter()
        .zip(documents)
        .enumerate()
        .map(|(file, (source, document))| {
            if source.problem.is_some() {
                return Classified {
                    kind: Kind::Page,
                    reason: KindReason::Nothing,
                    standard: None,
                    sections: Vec::new(),
                };
            }
            let declared = declared_kind(&source.path, document, standards, settings);
            let is_index = indexes.iter().any(|index| index.file.index() == file);
            let by_itself = || -> (Option<usize>, KindReason) {
                if let Some(index) = governing(&source.path) {
                    return (index.standard, KindReason::Governed(index.file));
                }
                match followed_preset(document, &names[file], standards) {
                    Some((preset, present)) => {
                        (Some(preset), KindReason::FollowsPreset { present, of: standards[preset].sections.len() })
                    }
                    None => (None, KindReason::Nothing),
                }
            };
            let (standard, reason) = match declared {
                _ if is_index => (None, KindReason::LeadsToDocuments),
                Some((DeclaredKind::Page | DeclaredKind::Index, reason)) => (None, reason),
                Some((DeclaredKind::Standard(name), reason)) => {
                    (named(&name, &source.path, standards, governing), reason)
                }
                // Who says that it is a runbook wants it checked; a procedure is what runbooks are where nothing else
                // is said.
                Some((DeclaredKind::Runbook, reason)) => (by_itself().0.or_else(procedure), reason),
                None => by_itself(),
            };
            let classified = of_standard(document, &names[file], standard, standards, reason);
            if is_index { Classified { kind: Kind::Index, ..classified } } else { classified }
        })
        .collect();
    for (file, preset) in held_by_company(sources, documents, &classified) {
        classified[file] = of_standard(&documents[file], &names[file], Some(preset), standards, KindReason::Company);
    }
    classified
}

/// Position of a standard by its name; `house` is the one of the governing index, or the config's own.
fn named<'i>(
    name: &str,
    path: &str,
    standards: &[Standard],
    governing: impl Fn(&str) -> Option<&'i Index>,
) -> Option<usize> {
    let governed = || governing(path).and_then(|index| index.standard);
    let by_name = || standards.iter().position(|standard| standard.name == name);
    if name == HOUSE { governed().or_else(by_name) } else { by_name() }
}

fn of_standard(
    document: &Document<'_>,
    names: &HeadingNames,
    standard: Option<usize>,
    standards: &[Standard],
    reason: KindReason,
) -> Classified {
    let kind = if standard.is_some() { Kind::Runbook } else { Kind::Page };
    let sections = name_sections(document, names, standard.map(|index| &standards[index]));
    Classified { kind, reason, standard, sections }
}

/// What the config or the front matter (`kind: page`) says that the document is. A word of the front matter that names
/// no standard means something else to another tool.
fn declared_kind(
    path: &str,
    document: &Document<'_>,
    standards: &[Standard],
    settings: &Settings,
) -> Option<(DeclaredKind, KindReason)> {
    if let Some((position, glob)) = settings.kind_of(path) {
        return Some((glob.kind.clone(), KindReason::Config(position)));
    }
    let kind = DeclaredKind::of(&document.front_matter.as_ref()?.get("kind")?.value);
    let is_known = match &kind {
        DeclaredKind::Standard(name) => standards.iter().any(|standard| standard.name == *name),
        DeclaredKind::Index => false,
        DeclaredKind::Runbook | DeclaredKind::Page => true,
    };
    is_known.then_some((kind, KindReason::FrontMatter))
}

/// The preset of which the document has most sections, if at least half, and how many it has.
fn followed_preset(document: &Document<'_>, names: &HeadingNames, standards: &[Standard]) -> Option<(usize, usize)> {
    if document.headings.len() < 2 {
        return None;
    }
    let share = |preset: usize| {
        let sections = standards[preset].sections.len();
        let named = names.named(document, &standards[preset]);
        let telling = presets()[preset].telling.iter().filter(|id| standards[preset].asks_for(id));
        let telling: Vec<&String> = telling.collect();
        let tells = telling.is_empty() || named.iter().any(|section| telling.contains(&&section.id));
        let present = named.len();
        (present > 0 && present * 2 >= sections && tells).then(|| (preset, present, present as f64 / sections as f64))
    };
    let shares = (0..presets().len()).filter_map(share);
    let best = shares.max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)));
    best.map(|(preset, present, _)| (preset, present))
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
                    |file: &&usize| !is_stub(&documents[**file]) && classified[**file].reason == KindReason::Nothing;
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
