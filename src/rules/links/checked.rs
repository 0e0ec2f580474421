//! The links of a document as rules look at them: each place where a target is written, once.

use std::collections::BTreeMap;

use crate::corpus::{Entry, Target};
use crate::diagnostic::{Location, Related};
use crate::document::{Link, LinkStyle};
use crate::source::{Source, Span};

/// A target that a document writes.
pub struct Written<'e> {
    /// Position in `Document::links`; of the first, where several share a definition.
    pub index: usize,
    pub link: &'e Link,
    pub target: &'e Target,
    /// The links that lead there through a definition.
    uses: Vec<Span>,
}

/// The targets that a document writes, in the order of its links. References to one definition are one, since one
/// change mends them all.
pub fn written<'e>(entry: &'e Entry<'_>) -> Vec<Written<'e>> {
    let mut written: Vec<Written<'e>> = Vec::new();
    let mut by_definition: BTreeMap<(u32, bool), usize> = BTreeMap::new();
    for (index, (link, target)) in entry.document.links.iter().zip(&entry.targets).enumerate() {
        if link.style == LinkStyle::Reference {
            let key = (link.target_span.start, link.is_image);
            if let Some(known) = by_definition.get(&key) {
                written[*known].uses.push(link.span);
                continue;
            }
            by_definition.insert(key, written.len());
        }
        let uses = if link.style == LinkStyle::Reference { vec![link.span] } else { Vec::new() };
        written.push(Written { index, link, target, uses });
    }
    written
}

impl Written<'_> {
    /// Where the target is written.
    pub fn place(&self, entry: &Entry<'_>) -> Location {
        Location { file: entry.file, span: self.link.target_span }
    }

    /// The links that use the definition, where there is one.
    pub fn uses(&self, entry: &Entry<'_>) -> Vec<Related> {
        let at = |span: &Span| Location { file: entry.file, span: *span };
        self.uses.iter().map(|span| Related { location: at(span), message: "used here".to_string() }).collect()
    }

    /// The path in the target as it is written, without query and fragment; `None` where its place is not known.
    pub fn path_span(&self, source: &Source) -> Option<Span> {
        let target = self.link.target_span;
        let text = source.slice(target);
        let len = text.find(['#', '?']).unwrap_or(text.len());
        (target != self.link.span).then(|| Span::new(target.start as usize, target.start as usize + len))
    }

    /// The fragment in the target as it is written, behind its `#`.
    pub fn fragment_span(&self, source: &Source) -> Option<Span> {
        let target = self.link.target_span;
        let at = source.slice(target).find('#')?;
        (target != self.link.span).then(|| Span { start: target.start + at as u32 + 1, end: target.end })
    }
}
