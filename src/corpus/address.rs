//! The address of each document on the site.

use std::collections::HashSet;

use super::links::{DOCUMENT_ENDINGS, INDEX_NAMES};
use super::path;
use crate::source::Source;

/// Top-level names that the site itself uses.
const RESERVED: [&str; 11] = [
    "report",
    "search",
    "assets",
    "offline.html",
    "404.html",
    "print.html",
    "runbooks.json",
    "sitemap.xml",
    "feed.xml",
    "robots.txt",
    "llms.txt",
];

/// One address for each source, from the site's root. Where two would share one, a folder's own page goes before
/// others, `README` before `index` before `_index`; who comes late gets a number: `index-2.html`.
pub fn addresses(sources: &[Source]) -> Vec<String> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|file| (own_page_rank(&sources[*file].path), *file));
    let mut taken: HashSet<String> = HashSet::new();
    let mut addresses = vec![String::new(); sources.len()];
    for file in order {
        let wanted = beside_reserved(wanted_address(&sources[file].path));
        let stem = wanted.strip_suffix(".html").unwrap_or(&wanted).to_string();
        let mut address = wanted;
        let mut number = 1;
        // Some systems do not tell upper from lower case.
        while !taken.insert(address.to_lowercase()) {
            number += 1;
            address = format!("{stem}-{number}.html");
        }
        addresses[file] = address;
    }
    addresses
}

/// The address of a file that is copied to the site.
pub fn file_address(source_path: &str) -> String {
    beside_reserved(source_path.to_string())
}

/// The address of a document that shares it with no other.
pub fn wanted_address(source_path: &str) -> String {
    let stem = DOCUMENT_ENDINGS
        .iter()
        .find_map(|ending| {
            let at = source_path.len().checked_sub(ending.len())?;
            source_path.get(at..).filter(|tail| tail.eq_ignore_ascii_case(ending)).map(|_| &source_path[..at])
        })
        .unwrap_or(source_path);
    match own_page_rank(source_path) < INDEX_NAMES.len() {
        true => path::join(path::folder(stem), "index.html"),
        false => format!("{stem}.html"),
    }
}

/// 0 for `README`, 1 for `index`, …; the number of these names for any other document.
fn own_page_rank(source_path: &str) -> usize {
    let stem = super::links::strip_document_ending(path::file_name(source_path)).unwrap_or_default();
    INDEX_NAMES.iter().position(|name| name.eq_ignore_ascii_case(stem)).unwrap_or(INDEX_NAMES.len())
}

/// A document at a place that the site itself uses moves beside it: `report/x.html` → `report-2/x.html`.
fn beside_reserved(address: String) -> String {
    let (top, rest) = address.split_at(address.find('/').unwrap_or(address.len()));
    if !is_reserved(top) {
        return address;
    }
    match top.split_once('.') {
        Some((stem, ending)) => format!("{stem}-2.{ending}{rest}"),
        None => format!("{top}-2{rest}"),
    }
}

/// Whether the site itself uses a name at its top. A large site has several site maps.
pub fn is_reserved(top: &str) -> bool {
    let is_part = |name: &str| name.starts_with("sitemap-") && name.ends_with(".xml");
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(top)) || is_part(&top.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_has_an_address_of_its_own() {
        let expected = [
            ("README.md", "index.html"),
            ("X.md", "X.html"),
            ("a.html.md", "a.html"),
            ("b/_index.md", "b/index-2.html"),
            ("b/index.md", "b/index.html"),
            ("b/x.markdown", "b/x.html"),
            ("index.md", "index-2.html"),
            ("offline.md", "offline-2.html"),
            ("report/y.md", "report-2/y.html"),
            ("x.md", "x-2.html"),
        ];
        let sources: Vec<Source> = expected.iter().map(|(path, _)| Source::new(*path, "")).collect();
        assert_eq!(file_address("assets/map.png"), "assets-2/map.png");
        assert_eq!(file_address("images/map.png"), "images/map.png");
        for ((path, address), found) in expected.iter().zip(addresses(&sources)) {
            assert_eq!(&found, address, "{path}");
        }
    }
}
