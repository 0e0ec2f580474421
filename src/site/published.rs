//! What a site that was built before had, and what of it is gone.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::navigation::plain_title;
use super::pages::href;
use crate::corpus::{Corpus, Entry, path};

/// The part of a `runbooks.json` that says where pages are. Those of older versions have fewer keys.
#[derive(Debug, Deserialize)]
pub struct Published {
    documents: Vec<PublishedDocument>,
}

#[derive(Debug, Deserialize)]
struct PublishedDocument {
    path: String,
    title: String,
    /// From the site's root, percent-encoded.
    url: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    sections: Vec<PublishedSection>,
}

#[derive(Debug, Deserialize)]
struct PublishedSection {
    anchor: String,
}

/// What is gone from a site.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Vanished {
    /// In the order of their addresses.
    pub addresses: Vec<VanishedAddress>,
    /// Pages that are still there without some of their sections, in the order of their addresses.
    pub anchors: Vec<VanishedAnchors>,
}

/// An address at which there is neither a page nor a redirect any more.
#[derive(Debug, PartialEq, Eq)]
pub struct VanishedAddress {
    /// From the site's root, percent-encoded.
    pub url: String,
    /// The title of the page that was there, or to which it led.
    pub title: String,
    /// The document that is most likely the same.
    pub successor: Option<Successor>,
}

/// Where a page most likely went.
#[derive(Debug, PartialEq, Eq)]
pub struct Successor {
    /// Of the document, from the root of the sources.
    pub path: String,
    /// Of its page, from the site's root, percent-encoded.
    pub url: String,
}

/// Sections of a page that are gone.
#[derive(Debug, PartialEq, Eq)]
pub struct VanishedAnchors {
    pub url: String,
    pub anchors: Vec<String>,
}

/// What a site had that the one of this corpus will not have.
pub fn vanished(corpus: &Corpus<'_>, published: &Published) -> Vanished {
    let pages: BTreeMap<String, &Entry<'_>> = corpus.entries.iter().map(|entry| (href(entry), entry)).collect();
    let aliases = corpus.entries.iter().flat_map(|entry| &entry.aliases);
    let redirects: BTreeSet<String> =
        aliases.filter_map(|alias| alias.address.as_ref().ok()).map(|address| path::percent_encode(address)).collect();
    // A root without a page of its own has a home page all the same.
    let stays = |url: &str| pages.contains_key(url) || redirects.contains(url) || url == "index.html";
    let known: BTreeSet<&str> = published.documents.iter().map(|document| document.url.as_str()).collect();
    let mut gone = Vanished::default();
    for document in &published.documents {
        let urls = std::iter::once(&document.url).chain(&document.aliases);
        for url in urls.filter(|url| !stays(url)) {
            let successor = match pages.get(&document.url) {
                Some(entry) => Some(*entry),
                None => successor(corpus, document, &known),
            };
            gone.addresses.push(VanishedAddress {
                url: url.clone(),
                title: document.title.clone(),
                successor: successor
                    .map(|entry| Successor { path: corpus.source(entry.file).path.clone(), url: href(entry) }),
            });
        }
        if let Some(entry) = pages.get(&document.url) {
            let now: BTreeSet<&str> = entry.document.headings.iter().map(|heading| heading.anchor.as_str()).collect();
            let anchors = document.sections.iter().map(|section| &section.anchor);
            let anchors: Vec<String> = anchors.filter(|anchor| !now.contains(anchor.as_str())).cloned().collect();
            if !anchors.is_empty() {
                gone.anchors.push(VanishedAnchors { url: document.url.clone(), anchors });
            }
        }
    }
    gone.addresses.sort_by(|a, b| a.url.cmp(&b.url));
    gone.addresses.dedup_by(|a, b| a.url == b.url);
    gone.anchors.sort_by(|a, b| a.url.cmp(&b.url));
    gone
}

/// The one document that has the title of one that is gone, or its file name. One that the old site had already is another
/// one.
fn successor<'c, 'a>(
    corpus: &'c Corpus<'a>,
    document: &PublishedDocument,
    known: &BTreeSet<&str>,
) -> Option<&'c Entry<'a>> {
    let plain = |title: &str| title.to_lowercase().trim_start_matches("runbook:").trim().to_string();
    let title = plain(&document.title);
    let name = path::file_name(&document.path).to_lowercase();
    let new = || corpus.entries.iter().filter(|entry| !known.contains(href(entry).as_str()));
    let only =
        |mut found: Box<dyn Iterator<Item = &'c Entry<'a>> + '_>| found.next().filter(|_| found.next().is_none());
    let titled = Box::new(new().filter(|entry| plain(plain_title(entry)) == title));
    let named = Box::new(new().filter(|entry| {
        let own = path::file_name(&corpus.source(entry.file).path).to_lowercase();
        own == name && !crate::corpus::INDEX_NAMES.iter().any(|index| own.starts_with(&index.to_lowercase()))
    }));
    only(titled).or_else(|| only(named))
}
