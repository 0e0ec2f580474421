//! What every link points at. Nothing is read here: which files exist is a fact that comes from outside.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;

use super::path::{self, TargetParts};
use crate::document::{Document, Link};
use crate::source::{FileId, Source};

/// Which files there are, gathered before the corpus is built.
#[derive(Debug, Default)]
pub struct Facts {
    /// Files under the root, from the root, that are no documents: images, scripts, …
    pub files: BTreeSet<String>,
    /// Link targets that are neither document nor in `files`, and were looked up: those that exist. A path that
    /// leaves the root starts with `..`.
    pub found: BTreeSet<String>,
    /// The day on which dates are judged. Where it is not known, rules on dates are silent.
    pub today: Option<Date>,
    pub history: History,
}

/// What git knows of documents. Where it is not known, rules on it are silent.
#[derive(Debug, Default)]
pub enum History {
    /// Nothing in the documents depends on it.
    #[default]
    NotAsked,
    /// It was asked and could not tell, for this reason.
    Unknown(&'static str),
    /// By path, the last change of a document's words, where it is newer than the date that the document states.
    Known(BTreeMap<String, Change>),
}

impl History {
    /// The last change of the words of a document.
    pub fn change(&self, path: &str) -> Option<&Change> {
        match self {
            History::Known(changes) => changes.get(path),
            History::NotAsked | History::Unknown(_) => None,
        }
    }
}

/// A change of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The day on which its author made it.
    pub date: Date,
    /// The commit, in full.
    pub commit: String,
}

/// What a link points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A document of the corpus, and whether it has the fragment.
    Document { file: FileId, fragment: Fragment },
    /// A file under the root that is no document, or a folder without an index page.
    File { path: String },
    /// A path under the root where nothing is. `path` is the one that was meant literally.
    Missing { path: String },
    /// A path that leaves the root.
    Outside { path: String, exists: bool },
    /// Another system's address.
    External,
    /// What only another tool can resolve: a template's expression, a site generator's own address.
    Unchecked,
}

/// Fragment of a link to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    None,
    /// As the document declares it.
    Found(String),
    /// As the link asks for it.
    Missing(String),
}

/// Endings of documents, longest first.
pub const DOCUMENT_ENDINGS: [&str; 3] = [".html.md", ".markdown", ".md"];

/// File names of a folder's own page, in the order of preference.
pub const INDEX_NAMES: [&str; 3] = ["README", "index", "_index"];

/// Path without a document's ending; `None` where it has none.
pub fn strip_document_ending(path: &str) -> Option<&str> {
    DOCUMENT_ENDINGS.iter().find_map(|ending| {
        let at = path.len().checked_sub(ending.len())?;
        let tail = path.get(at..)?;
        tail.eq_ignore_ascii_case(ending).then(|| &path[..at])
    })
}

/// Resolves the links of documents.
pub struct Resolver<'c> {
    /// Path → document, and path without its ending → document.
    by_path: HashMap<&'c str, FileId>,
    by_stem: HashMap<&'c str, FileId>,
    folders: HashSet<&'c str>,
    by_label: HashMap<&'c str, FileId>,
    anchors: &'c [HashSet<&'c str>],
    facts: &'c Facts,
}

/// The fragments that each document has.
pub fn anchors<'d>(documents: &'d [Document<'_>]) -> Vec<HashSet<&'d str>> {
    let of = |document: &'d Document<'_>| {
        let headings = document
            .headings
            .iter()
            .flat_map(|heading| std::iter::once(heading.anchor.as_str()).chain(heading.explicit_id.as_deref()));
        let explicit = document.explicit_anchors.iter().chain(&document.labels).map(|(id, _)| id.as_str());
        headings.chain(explicit).collect()
    };
    documents.iter().map(of).collect()
}

impl<'c> Resolver<'c> {
    /// Prepares to resolve links among the sources.
    pub fn new(
        sources: &'c [Source],
        documents: &'c [Document<'_>],
        anchors: &'c [HashSet<&'c str>],
        facts: &'c Facts,
    ) -> Self {
        let mut resolver = Resolver {
            by_path: HashMap::new(),
            by_stem: HashMap::new(),
            folders: HashSet::new(),
            by_label: HashMap::new(),
            anchors,
            facts,
        };
        for (index, document) in documents.iter().enumerate() {
            for (label, _) in &document.labels {
                resolver.by_label.entry(label).or_insert(FileId::new(index));
            }
        }
        for (index, source) in sources.iter().enumerate() {
            let (path, file) = (source.path.as_str(), FileId::new(index));
            resolver.by_path.insert(path, file);
            if let Some(stem) = strip_document_ending(path) {
                resolver.by_stem.entry(stem).or_insert(file);
            }
            let mut folder = path::folder(path);
            while !folder.is_empty() && resolver.folders.insert(folder) {
                folder = path::folder(folder);
            }
        }
        resolver
    }

    /// What a link in `from` points at.
    pub fn resolve(&self, from: FileId, from_path: &str, link: &Link) -> Target {
        let target = link.target.as_str();
        if path::is_external(target) {
            return Target::External;
        }
        if is_template(target) {
            return Target::Unchecked;
        }
        let TargetParts { path, fragment } = path::split_target(target);
        if path.is_empty() {
            return match fragment {
                Some(fragment) => self.in_page(from, &fragment),
                // `[text]()` leads nowhere; `?query` is for a server.
                None if target.is_empty() => Target::Missing { path: String::new() },
                None => Target::Unchecked,
            };
        }
        let meant = match path.strip_prefix('/') {
            Some(absolute) => return self.resolve_absolute(from_path, absolute, fragment.as_deref()),
            None => path::join(path::folder(from_path), &path),
        };
        if meant == ".." || meant.starts_with("../") {
            let exists = self.facts.found.contains(&meant);
            return Target::Outside { path: meant, exists };
        }
        self.lookup(&meant, fragment.as_deref()).unwrap_or(Target::Missing { path: meant })
    }

    /// Root-absolute links mean the root, or a folder above the document that a site generator takes for its root.
    /// Where neither has the file, only a document's ending says that a file was meant and not a generated address.
    fn resolve_absolute(&self, from_path: &str, absolute: &str, fragment: Option<&str>) -> Target {
        let mut base = path::folder(from_path);
        let mut found = None;
        loop {
            found = self.lookup(&path::join(base, absolute), fragment).or(found);
            if base.is_empty() {
                break;
            }
            base = path::folder(base);
        }
        match found {
            Some(target) => target,
            None if strip_document_ending(absolute).is_some() => Target::Missing { path: path::join("", absolute) },
            None => Target::Unchecked,
        }
    }

    fn lookup(&self, path: &str, fragment: Option<&str>) -> Option<Target> {
        if let Some(file) = self.document(path) {
            let fragment = fragment.map_or(Fragment::None, |fragment| self.fragment(file, fragment));
            return Some(Target::Document { file, fragment });
        }
        let exists = path.is_empty()
            || self.facts.files.contains(path)
            || self.facts.found.contains(path)
            || self.folders.contains(path);
        exists.then(|| Target::File { path: path.to_string() })
    }

    /// The document that a path names: by itself, as the page that is made of it, or as a folder's own page.
    fn document(&self, path: &str) -> Option<FileId> {
        if let Some(file) = self.by_path.get(path) {
            return Some(*file);
        }
        // `x.html` may mean `x.md` or `x.html.md`, an address without an ending too.
        let stem = path.strip_suffix(".html").unwrap_or(path);
        let own_page = |name: &&str| self.by_stem.get(path::join(path, name).as_str());
        self.by_stem.get(stem).or_else(|| INDEX_NAMES.iter().find_map(own_page)).copied()
    }

    /// `#x` means a place in the same page, or the label `x` wherever it is.
    fn in_page(&self, from: FileId, fragment: &str) -> Target {
        let own = self.fragment(from, fragment);
        match (&own, self.by_label.get(fragment)) {
            (Fragment::Missing(_), Some(file)) => {
                Target::Document { file: *file, fragment: Fragment::Found(fragment.to_string()) }
            }
            _ => Target::Document { file: from, fragment: own },
        }
    }

    fn fragment(&self, file: FileId, fragment: &str) -> Fragment {
        // `#` and `#top` are the top of every page; `:~:` asks the browser for a text.
        if fragment.is_empty() || fragment == "top" || fragment.starts_with(":~:") {
            return Fragment::None;
        }
        match self.anchors[file.index()].contains(fragment) {
            true => Fragment::Found(fragment.to_string()),
            false => Fragment::Missing(fragment.to_string()),
        }
    }
}

/// Link targets that are not among the known files: what has to be looked up before the corpus is built. Paths that
/// leave the root start with `..`.
pub fn unknown_targets(sources: &[Source], documents: &[Document<'_>], files: &BTreeSet<String>) -> BTreeSet<String> {
    let facts = Facts { files: files.clone(), found: BTreeSet::new(), ..Facts::default() };
    let anchors = anchors(documents);
    let resolver = Resolver::new(sources, documents, &anchors, &facts);
    let mut unknown = BTreeSet::new();
    for (index, (source, document)) in sources.iter().zip(documents).enumerate() {
        for link in &document.links {
            if let Target::Missing { path } | Target::Outside { path, .. } =
                resolver.resolve(FileId::new(index), &source.path, link)
            {
                unknown.insert(path);
            }
        }
    }
    unknown.remove("");
    unknown
}

/// All known paths, to find the one that was meant by a path that does not exist.
pub struct KnownPaths<'p> {
    /// By name without ending in lower case.
    by_name: BTreeMap<String, Vec<&'p str>>,
    by_folder: BTreeMap<&'p str, Vec<&'p str>>,
}

impl<'p> KnownPaths<'p> {
    /// Sorts the paths of sources and other files.
    pub fn new(sources: &'p [Source], facts: &'p Facts) -> Self {
        let mut known = KnownPaths { by_name: BTreeMap::new(), by_folder: BTreeMap::new() };
        let documents = sources.iter().map(|source| source.path.as_str());
        for path in documents.chain(facts.files.iter().map(String::as_str)) {
            known.by_name.entry(stem(path).to_lowercase()).or_default().push(path);
            known.by_folder.entry(path::folder(path)).or_default().push(path);
        }
        known
    }

    /// The path that was most likely meant: the same name in another folder or of another case, else the likeliest name
    /// in the same folder.
    pub fn nearest(&self, path: &str) -> Option<&'p str> {
        let by_nearness = |other: &&&str| (strsim::levenshtein(path, other), other.len());
        if let Some(found) = self.same_name(path).iter().min_by_key(by_nearness) {
            return Some(found);
        }
        let name = stem(path);
        let like = |other: &str| strsim::jaro_winkler(name, stem(other));
        let siblings = self.by_folder.get(path::folder(path)).map_or(&[][..], Vec::as_slice);
        let likeliest = siblings.iter().map(|other| (like(other), *other)).filter(|(likeness, _)| *likeness > 0.86);
        likeliest.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1))).map(|(_, other)| other)
    }

    /// The paths of the same name with any ending, in any folder. Every folder has a README: such a name says nothing.
    pub fn same_name(&self, path: &str) -> &[&'p str] {
        let name = stem(path).to_lowercase();
        let is_own_page = INDEX_NAMES.iter().any(|own| own.eq_ignore_ascii_case(&name));
        self.by_name.get(&name).filter(|_| !is_own_page).map_or(&[], Vec::as_slice)
    }
}

/// Other documents' counts of links to each document, each document once: the graph from the far end.
pub fn linked_from(targets: &[Vec<Target>]) -> BTreeMap<FileId, BTreeSet<FileId>> {
    let mut sources: BTreeMap<FileId, BTreeSet<FileId>> = BTreeMap::new();
    for (index, targets) in targets.iter().enumerate() {
        let from = FileId::new(index);
        for target in targets {
            if let Target::Document { file, .. } = target
                && *file != from
            {
                sources.entry(*file).or_default().insert(from);
            }
        }
    }
    sources
}

fn stem(path: &str) -> &str {
    let path = strip_document_ending(path).unwrap_or(path);
    let name = path::file_name(path);
    name.strip_suffix(".html").unwrap_or(name)
}

/// Expressions of ERB, Jinja, Liquid, Hugo and shells.
fn is_template(target: &str) -> bool {
    ["<%", "{{", "{%", "${"].iter().any(|open| target.contains(open))
}
