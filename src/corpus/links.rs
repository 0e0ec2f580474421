//! What every link points at. Nothing is read here: which files exist is a fact that comes from outside.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;

use super::path::{self, TargetParts};
use super::web::Answer;
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
    /// What addresses on the web answered; `None` where they were not asked.
    pub external: Option<BTreeMap<String, Answer>>,
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
    /// A missing path that the config says is promised.
    Planned { path: String },
    /// A path that leaves the root.
    Outside { path: String, exists: bool },
    /// Another system's address.
    External,
    /// What only another tool can resolve: a template's expression, a site generator's own address.
    Unchecked,
}

/// A link whose path differs from that of the file by case only: it works on some systems.
#[derive(Debug)]
pub struct CaseMismatch {
    /// Position in `Document::links`.
    pub link: usize,
    /// What was written, from the root, as the disk has it.
    pub path: String,
}

/// A target, and the path that the disk has where the link writes it in other case.
pub struct Resolved {
    pub target: Target,
    pub other_case: Option<String>,
}

impl From<Target> for Resolved {
    fn from(target: Target) -> Self {
        Resolved { target, other_case: None }
    }
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
    /// Lower case → path as it is, for all that a link may name. Few handbooks need it.
    by_lower_case: OnceCell<HashMap<String, String>>,
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
            by_lower_case: OnceCell::new(),
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
    pub fn resolve(&self, from: FileId, from_path: &str, link: &Link) -> Resolved {
        let target = link.target.as_str();
        if path::is_external(target) {
            return Target::External.into();
        }
        if is_template(target) {
            return Target::Unchecked.into();
        }
        let TargetParts { path, fragment } = path::split_target(target);
        if path.is_empty() {
            return Resolved::from(match fragment {
                Some(fragment) => self.in_page(from, &fragment),
                // `[text]()` leads nowhere; `?query` is for a server.
                None if target.is_empty() => Target::Missing { path: String::new() },
                None => Target::Unchecked,
            });
        }
        let meant = match path.strip_prefix('/') {
            Some(absolute) => return self.resolve_absolute(from_path, absolute, fragment.as_deref()),
            None => path::join(path::folder(from_path), &path),
        };
        if meant == ".." || meant.starts_with("../") {
            let exists = self.facts.found.contains(&meant);
            return Target::Outside { path: meant, exists }.into();
        }
        let exact = self.lookup(&meant, fragment.as_deref()).map(Resolved::from);
        exact
            .or_else(|| self.in_other_case(&meant, fragment.as_deref()))
            .unwrap_or_else(|| Target::Missing { path: meant }.into())
    }

    /// Root-absolute links mean the root, or a folder above the document that a site generator takes for its root.
    /// Where neither has the file, only a document's ending says that a file was meant and not a generated address.
    fn resolve_absolute(&self, from_path: &str, absolute: &str, fragment: Option<&str>) -> Resolved {
        let mut bases = vec![path::folder(from_path)];
        while let Some(base) = bases.last().copied().filter(|base| !base.is_empty()) {
            bases.push(path::folder(base));
        }
        let from_root = || bases.iter().rev().map(|base| path::join(base, absolute));
        let exact = from_root().find_map(|path| self.lookup(&path, fragment)).map(Resolved::from);
        exact.or_else(|| from_root().find_map(|path| self.in_other_case(&path, fragment))).unwrap_or_else(|| {
            Resolved::from(match strip_document_ending(absolute) {
                Some(_) => Target::Missing { path: path::join("", absolute) },
                None => Target::Unchecked,
            })
        })
    }

    fn in_other_case(&self, path: &str, fragment: Option<&str>) -> Option<Resolved> {
        let actual = self.by_lower_case.get_or_init(|| self.all_names()).get(&path.to_lowercase())?;
        let target = self.lookup(actual, fragment)?;
        // A page's name without an ending is an address that a generator makes, and some make it lower case.
        let is_address = matches!(target, Target::Document { .. })
            && strip_document_ending(path).is_none()
            && !path.to_lowercase().ends_with(".html");
        Some(Resolved { target, other_case: (!is_address).then(|| actual.clone()) })
    }

    /// All that `lookup` knows, by its lower case. Names that differ by case only are left out: either may be meant.
    fn all_names(&self) -> HashMap<String, String> {
        let documents = self.by_path.keys().chain(self.by_stem.keys()).map(|path| path.to_string());
        let pages = self.by_stem.keys().map(|stem| format!("{stem}.html"));
        let others = self.folders.iter().map(|folder| folder.to_string()).chain(self.facts.files.iter().cloned());
        let mut names: HashMap<String, String> = HashMap::new();
        let mut ambiguous = HashSet::new();
        for name in documents.chain(pages).chain(others) {
            let lower = name.to_lowercase();
            if names.insert(lower.clone(), name.clone()).is_some_and(|other| other != name) {
                ambiguous.insert(lower);
            }
        }
        names.retain(|lower, _| !ambiguous.contains(lower));
        names
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
        let own_page = |folder: &str| {
            INDEX_NAMES.iter().find_map(|name| self.by_stem.get(path::join(folder, name).as_str())).copied()
        };
        let by_stem = self.by_stem.get(stem).copied();
        // A folder's own page is published as `index.html`, whatever its name.
        let is_published = path::file_name(path) == "index.html";
        by_stem.or_else(|| if is_published { own_page(path::folder(path)) } else { own_page(path) })
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
    let facts = Facts { files: files.clone(), ..Facts::default() };
    let anchors = anchors(documents);
    let resolver = Resolver::new(sources, documents, &anchors, &facts);
    let mut unknown = BTreeSet::new();
    for (index, (source, document)) in sources.iter().zip(documents).enumerate() {
        for link in &document.links {
            if let Target::Missing { path } | Target::Outside { path, .. } =
                resolver.resolve(FileId::new(index), &source.path, link).target
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

/// Fewer links that start with `/` are no habit.
const HABIT: usize = 10;

/// Whether most links to other files of the handbook start with `/`.
pub fn are_absolute(documents: &[Document<'_>], targets: &[Vec<Target>]) -> bool {
    let links = documents.iter().flat_map(|document| &document.links).zip(targets.iter().flatten());
    let to_files = links.filter(|(link, target)| {
        !link.target.starts_with('#') && matches!(target, Target::Document { .. } | Target::File { .. })
    });
    let (absolute, relative): (Vec<_>, Vec<_>) = to_files.partition(|(link, _)| link.target.starts_with('/'));
    absolute.len() >= HABIT && absolute.len() > relative.len()
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
