//! The former addresses of documents, which become redirects on the site.
//!
//! The forms are those of Hugo, which runbooks already hold: `/old/path/` counts from the site's root, `old/path` from the
//! folder of the document, and what does not end in `.html` is a folder with an `index.html`. The name of a document,
//! `old.md`, stands for the address that it had.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::address::{is_reserved, wanted_address};
use super::links::{Facts, strip_document_ending};
use super::metadata::read_metadata;
use super::path;
use crate::document::Document;
use crate::settings::same_key;
use crate::source::{FileId, Source, Span};

/// An address at which a document was before.
#[derive(Debug)]
pub struct Alias {
    /// As the author wrote it.
    pub text: String,
    pub span: Span,
    /// Path of its redirect from the site's root, or why there is none.
    pub address: Result<String, AliasFault>,
}

/// Why an alias makes no redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AliasFault {
    /// It leaves the site.
    Outside,
    /// No file of a site can have the name.
    NoAddress,
    /// The site itself has the address.
    Reserved,
    /// The page of a document has it.
    Page(FileId),
    /// An alias of another document has it, at this place.
    Alias(FileId, Span),
    /// A file is where it needs a folder, or the other way round.
    Blocked(String),
}

/// What most systems can store as one part of a path, in bytes.
const LONGEST_NAME: usize = 255;

/// The aliases of all documents that have some. Pages go before aliases, and earlier documents before later ones.
pub fn read(
    sources: &[Source],
    documents: &[Document<'_>],
    addresses: &[String],
    facts: &Facts,
) -> BTreeMap<FileId, Vec<Alias>> {
    let written = |(file, document): (usize, &Document<'_>)| {
        let texts = written(&sources[file], document);
        (!texts.is_empty()).then(|| (FileId::new(file), texts))
    };
    let written: Vec<_> = documents.iter().enumerate().filter_map(written).collect();
    if written.is_empty() {
        return BTreeMap::new();
    }
    let mut places = Places::of(addresses, facts);
    let mut aliases: BTreeMap<FileId, Vec<Alias>> = BTreeMap::new();
    for (file, texts) in written {
        for (text, span) in texts {
            let address = match wanted(&text, &sources[file.index()].path) {
                Ok(address) => places.take(address, file, span),
                Err(fault) => Some(Err(fault)),
            };
            if let Some(address) = address {
                aliases.entry(file).or_default().push(Alias { text, span, address });
            }
        }
    }
    aliases
}

/// What a document says under `aliases`: a list or one value in front matter, or several behind commas in a line of
/// metadata.
fn written(source: &Source, document: &Document<'_>) -> Vec<(String, Span)> {
    let front_matter = document.front_matter.as_ref();
    let lists = front_matter.into_iter().flat_map(|block| &block.lists).filter(|list| is_alias_key(&list.key));
    let mut found: Vec<(String, Span)> = lists.flat_map(|list| list.values.iter().cloned()).collect();
    let has_line = document.metadata.iter().any(|line| is_alias_key(&line.key))
        || front_matter.is_some_and(|block| block.entries.iter().any(|entry| is_alias_key(&entry.key)));
    // Reading all metadata again is for the few documents that need it.
    if has_line && let Some(value) = read_metadata(source, document).find(is_alias_key) {
        let at = value.value_span.start as usize;
        for part in value.text.split(',') {
            let text = part.trim_matches([' ', '`', '<', '>', '"', '\'']);
            let place = source.slice(value.value_span).find(text).filter(|_| !text.is_empty());
            let span = place.map_or(value.value_span, |offset| Span::new(at + offset, at + offset + text.len()));
            found.push((text.to_string(), span));
        }
    }
    // Some note-taking programs keep other titles here.
    found.retain(|(text, _)| is_address(text));
    found
}

/// Whether a key of metadata lists former addresses.
pub fn is_alias_key(key: &str) -> bool {
    same_key(key, "aliases") || same_key(key, "alias")
}

/// Whether an alias is an address, not a name: `Pod keeps restarting`.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    let has_ending = strip_document_ending(text).is_some() || text.ends_with(".html");
    !text.is_empty() && (text.contains('/') || has_ending || !text.contains(char::is_whitespace))
}

/// The path from the site's root that an alias of the document at `source_path` means.
fn wanted(text: &str, source_path: &str) -> Result<String, AliasFault> {
    let text = text.trim();
    if path::is_external(text) {
        return Err(AliasFault::Outside);
    }
    let target = path::split_target(text).path;
    let folder = if target.starts_with('/') { "" } else { path::folder(source_path) };
    let joined = path::join(folder, &target);
    if joined.split('/').next() == Some("..") {
        return Err(AliasFault::Outside);
    }
    let is_name = |part: &str| part.len() <= LONGEST_NAME && !part.contains(|c: char| c.is_control() || c == '\\');
    if target.is_empty() || !joined.split('/').all(is_name) {
        return Err(AliasFault::NoAddress);
    }
    let lower = joined.to_ascii_lowercase();
    let address = match target.ends_with('/') || joined.is_empty() {
        false if strip_document_ending(&joined).is_some() => wanted_address(&joined),
        false if lower.ends_with(".html") || lower.ends_with(".htm") => joined,
        _ => path::join(&joined, "index.html"),
    };
    let top = address.split('/').next().unwrap_or_default();
    if is_reserved(top) { Err(AliasFault::Reserved) } else { Ok(address) }
}

/// What stands where on the site. Some systems do not tell upper from lower case.
struct Places<'f> {
    pages: HashMap<String, FileId>,
    aliases: HashMap<String, (FileId, Span)>,
    folders: HashSet<String>,
    files: &'f BTreeSet<String>,
    has_home: bool,
}

impl<'f> Places<'f> {
    fn of(addresses: &[String], facts: &'f Facts) -> Self {
        let lower = |address: &String| address.to_lowercase();
        let pages: HashMap<String, FileId> =
            addresses.iter().enumerate().map(|(file, address)| (lower(address), FileId::new(file))).collect();
        Places {
            folders: pages.keys().flat_map(|address| folders(address)).map(str::to_string).collect(),
            has_home: pages.contains_key("index.html"),
            pages,
            aliases: HashMap::new(),
            files: &facts.files,
        }
    }

    /// Takes an address for an alias of a document; `None` where it has the address already.
    fn take(&mut self, address: String, file: FileId, span: Span) -> Option<Result<String, AliasFault>> {
        let key = address.to_lowercase();
        match (self.pages.get(&key), self.aliases.get(&key)) {
            (Some(page), _) if *page == file => return None,
            (Some(page), _) => return Some(Err(AliasFault::Page(*page))),
            (_, Some((other, _))) if *other == file => return None,
            (_, Some((other, place))) => return Some(Err(AliasFault::Alias(*other, *place))),
            _ => {}
        }
        // A root without a page of its own gets one.
        if key == "index.html" && !self.has_home {
            return Some(Err(AliasFault::Reserved));
        }
        if self.folders.contains(&key) {
            return Some(Err(AliasFault::Blocked(address)));
        }
        let is_file = |folder: &&str| {
            self.pages.contains_key(*folder) || self.aliases.contains_key(*folder) || self.files.contains(*folder)
        };
        if let Some(folder) = folders(&key).find(is_file) {
            return Some(Err(AliasFault::Blocked(folder.to_string())));
        }
        self.folders.extend(folders(&key).map(str::to_string));
        self.aliases.insert(key, (file, span));
        Some(Ok(address))
    }
}

/// The folders above a path, the nearest first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path::folder(path)), |folder| Some(path::folder(folder)))
        .take_while(|folder| !folder.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    #[test]
    fn aliases_mean_what_they_mean_to_hugo() {
        let cases = [
            ("/old/path/", Ok("old/path/index.html")),
            ("/old/path", Ok("old/path/index.html")),
            ("old", Ok("ops/old/index.html")),
            ("../old.html", Ok("old.html")),
            ("/old.md", Ok("old.html")),
            ("/db/README.md", Ok("db/index.html")),
            ("old.html.md", Ok("ops/old.html")),
            ("/Old.HTML?x=1#y", Ok("Old.HTML")),
            ("/v1.2/", Ok("v1.2/index.html")),
            ("/a%20b.html", Ok("a b.html")),
            ("/", Ok("index.html")),
            ("../../x", Err(AliasFault::Outside)),
            ("/../x", Err(AliasFault::Outside)),
            ("https://ops.example/x", Err(AliasFault::Outside)),
            ("//ops.example/x", Err(AliasFault::Outside)),
            ("/report/x.html", Err(AliasFault::Reserved)),
            ("/Runbooks.JSON/", Err(AliasFault::Reserved)),
            ("a\\b.html", Err(AliasFault::NoAddress)),
            ("#x", Err(AliasFault::NoAddress)),
        ];
        for (text, address) in cases {
            assert_eq!(wanted(text, "ops/new.md"), address.map(str::to_string), "{text}");
        }
        assert_eq!(wanted(&format!("/{}.html", "x".repeat(300)), "a.md"), Err(AliasFault::NoAddress));
    }

    fn read_all(files: &[(&str, &str)]) -> Vec<(String, String, Result<String, AliasFault>)> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(*path, *text)).collect();
        let documents: Vec<_> = sources.iter().map(parse).collect();
        let addresses = super::super::address::addresses(&sources);
        let facts = Facts { files: ["list.csv".to_string()].into(), ..Facts::default() };
        let aliases = read(&sources, &documents, &addresses, &facts);
        let each = aliases.into_iter().flat_map(|(file, aliases)| aliases.into_iter().map(move |alias| (file, alias)));
        each.map(|(file, alias)| {
            let source = &sources[file.index()];
            assert_eq!(source.slice(alias.span), alias.text);
            (source.path.clone(), alias.text, alias.address)
        })
        .collect()
    }

    #[test]
    fn aliases_are_read_wherever_metadata_stands() {
        let found = read_all(&[
            ("a.md", "---\naliases:\n  - /x/\n  - Pod keeps restarting\n---\n# A\n"),
            ("b.md", "+++\naliases = \"/y.html\"\n+++\n# B\n"),
            ("c.md", "# C\n\n**Owner**: Ops\n**Aliases**: `/z.md`, /w/\n\n## Purpose\n"),
        ]);
        let addresses: Vec<_> = found.iter().map(|(_, _, address)| address.as_deref().ok()).collect();
        assert_eq!(addresses, ["x/index.html", "y.html", "z.html", "w/index.html"].map(Some));
    }

    #[test]
    fn pages_go_before_aliases_and_earlier_documents_before_later_ones() {
        let found = read_all(&[
            (
                "a.md",
                "---\naliases: [/B.html, /x.html, /a.html, /x.html, /LICENSE/, /list.csv/, /a.html/y, /f, /]\n---\n",
            ),
            ("b.md", "---\naliases: [/d.html, /X.html]\n---\n"),
            ("d.html/e.md", ""),
        ]);
        let found: Vec<(&str, &str, Result<&str, &AliasFault>)> =
            found.iter().map(|(path, text, address)| (path.as_str(), text.as_str(), address.as_deref())).collect();
        let blocked = |by: &str| AliasFault::Blocked(by.to_string());
        let (b, own_folder, home) = (AliasFault::Page(FileId::new(1)), blocked("d.html"), AliasFault::Reserved);
        assert_eq!(
            found[..8],
            [
                ("a.md", "/B.html", Err(&b)),
                ("a.md", "/x.html", Ok("x.html")),
                ("a.md", "/LICENSE/", Ok("LICENSE/index.html")),
                ("a.md", "/list.csv/", Err(&blocked("list.csv"))),
                ("a.md", "/a.html/y", Err(&blocked("a.html"))),
                ("a.md", "/f", Ok("f/index.html")),
                ("a.md", "/", Err(&home)),
                ("b.md", "/d.html", Err(&own_folder)),
            ]
        );
        assert!(matches!(found[8], ("b.md", "/X.html", Err(AliasFault::Alias(file, _))) if file.index() == 0));
    }
}
