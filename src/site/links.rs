//! What a link becomes on the site: an address, or marked text with the reason why there is none.

use crate::corpus::{Corpus, Entry, Fragment, Target, file_address, path};
use crate::document::Link;

/// Schemes of addresses that the site links to.
pub const SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "sms", "slack", "msteams"];

/// Where a link goes.
pub enum Destination {
    /// A page or a file of the site, relative to the page that links.
    Internal(String),
    /// A file of the source that the site must have: path from the root, and the link to it.
    File {
        source: String,
        href: String,
    },
    External(String),
    /// No address: a short mark for the reader, and the reason.
    Nowhere {
        mark: &'static str,
        reason: String,
    },
}

/// Where a link of a document goes.
pub fn destination(corpus: &Corpus<'_>, entry: &Entry<'_>, link: &Link, target: &Target) -> Destination {
    let nowhere = |mark, reason: String| Destination::Nowhere { mark, reason };
    match target {
        Target::Document { file, fragment } => {
            let anchor = match fragment {
                Fragment::Found(anchor) => format!("#{}", path::percent_encode(&site_anchor(anchor))),
                Fragment::None | Fragment::Missing(_) => String::new(),
            };
            if *file == entry.file && !anchor.is_empty() {
                return Destination::Internal(anchor);
            }
            let address = path::relative(&entry.address, &corpus.entry(*file).address);
            Destination::Internal(path::percent_encode(&address) + &anchor)
        }
        Target::File { path: source } => file(corpus, entry, source),
        Target::Missing { path } if path.is_empty() => nowhere("no target", "the link has no target".to_string()),
        Target::Missing { path } => nowhere("missing", format!("no file {path}")),
        Target::Planned { path } => nowhere("planned", format!("{path} is not written yet")),
        Target::Outside { path, .. } => match &corpus.settings.site.repository {
            Some(repository) => Destination::External(in_repository(repository, path)),
            None => nowhere("not on this site", format!("leaves the handbook: {path}")),
        },
        Target::External => external(&link.target),
        Target::Unchecked => nowhere("not on this site", format!("an address of another tool: {}", link.target)),
    }
}

/// The address of a link by its position in the document, if it has one.
pub fn href(corpus: &Corpus<'_>, entry: &Entry<'_>, link: usize) -> Option<String> {
    match destination(corpus, entry, &entry.document.links[link], &entry.targets[link]) {
        Destination::Internal(href) | Destination::External(href) => Some(href),
        Destination::File { .. } | Destination::Nowhere { .. } => None,
    }
}

/// The id of a heading on its page. The page's own parts have ids too.
pub fn site_anchor(anchor: &str) -> String {
    const OWN: [&str; 10] = [
        "main",
        "search",
        "search-filters",
        "site-navigation",
        "page-call",
        "page-emergencies",
        "page-findings",
        "page-variables",
        "search-results",
        "search-panel",
    ];
    match OWN.contains(&anchor) {
        true => format!("section-{anchor}"),
        false => anchor.to_string(),
    }
}

/// Whether a file is shown as a picture.
pub fn is_image(source: &str) -> bool {
    has_ending(source, &["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "ico"])
}

fn file(corpus: &Corpus<'_>, entry: &Entry<'_>, source: &str) -> Destination {
    if !corpus.facts.files.contains(source) {
        let reason =
            format!("{} is a folder or a file that is not published", if source.is_empty() { "." } else { source });
        return Destination::Nowhere { mark: "not on this site", reason };
    }
    // A page of another tool would run its scripts beside ours.
    if has_ending(source, &["html", "htm", "xhtml", "js", "mjs", "css"]) {
        return Destination::Nowhere {
            mark: "not on this site",
            reason: format!("{source} is not published: it could run"),
        };
    }
    let href = path::percent_encode(&path::relative(&entry.address, &file_address(source)));
    Destination::File { source: source.to_string(), href }
}

fn external(target: &str) -> Destination {
    let scheme = target.split(':').next().unwrap_or_default().to_ascii_lowercase();
    if target.starts_with("//") {
        return Destination::External(format!("https:{target}"));
    }
    match SCHEMES.contains(&scheme.as_str()) {
        true => Destination::External(target.to_string()),
        false => Destination::Nowhere { mark: "not linked", reason: format!("the scheme {scheme}: is not allowed") },
    }
}

/// `https://git.example/blob/main/ops` and `../x.md` → `https://git.example/blob/main/x.md`
fn in_repository(repository: &str, path: &str) -> String {
    let (scheme, rest) = repository.split_once("://").unwrap_or(("https", repository));
    format!("{scheme}://{}", path::percent_encode(&path::join(rest, path)))
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}
