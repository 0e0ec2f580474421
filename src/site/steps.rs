//! The steps of a procedure on its page: what scripts keep of them, and the ids that links to them name.

use std::borrow::Cow;
use std::collections::HashSet;

use super::document_page::shortened;
use super::highlight::escape;
use super::links::site_anchor;
use crate::corpus::{Entry, Kind, Step};
use crate::document::Document;
use crate::source::Span;

/// A step with its id on the page.
pub struct StepMark<'e> {
    pub step: &'e Step,
    /// Unique on the page: the heading's id, or one made of that of the heading over the list.
    pub key: String,
    /// Hash of the step's source, 16 hex digits: it changes when the step does.
    pub hash: String,
}

/// The steps of a document. Index pages have none: their lists are about runbooks.
pub fn step_marks<'e>(entry: &'e Entry<'_>, text: &str) -> Vec<StepMark<'e>> {
    if entry.kind == Kind::Index || entry.steps.is_empty() {
        return Vec::new();
    }
    let mut taken = ids(&entry.document);
    let mark = |step: &'e Step| {
        let anchor = site_anchor(&step.anchor);
        let key = match step.is_heading {
            true => anchor,
            false => free_id(&mut taken, &format!("{anchor}-step-{}", step.number)),
        };
        StepMark { step, key, hash: hash(text.get(step.body.range()).unwrap_or_default()) }
    };
    entry.steps.iter().map(mark).collect()
}

/// Ids that a document gives to its own parts.
pub fn ids(document: &Document<'_>) -> HashSet<String> {
    let headings = document.headings.iter();
    let of_headings = headings.flat_map(|heading| [Some(site_anchor(&heading.anchor)), heading.explicit_id.clone()]);
    let others = document.explicit_anchors.iter().chain(&document.labels).map(|(id, _)| id.clone());
    of_headings.flatten().chain(others).collect()
}

/// An id that nothing on the page has, and takes it.
pub fn free_id(taken: &mut HashSet<String>, wanted: &str) -> String {
    let wanted = wanted.trim_start_matches('-');
    let mut id = wanted.to_string();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{wanted}-{number}");
        number += 1;
    }
    id
}

/// The first 16 hex digits of a text's hash. Line ends, a byte order mark and blanks around the text do not count: they
/// differ between checkouts of the same text, and a run would warn of a change that nobody made.
pub fn hash(text: &str) -> String {
    let mut text = Cow::Borrowed(text.trim_start_matches('\u{feff}').trim());
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n").into();
    }
    blake3::hash(text.as_bytes()).to_hex()[..16].to_string()
}

impl StepMark<'_> {
    /// What stands on the element of the step.
    pub fn attributes(&self) -> String {
        let step = self.step;
        let duration = step.estimate.as_ref().map(|estimate| &estimate.duration);
        let minutes = |name: &str, minutes: Option<u32>| {
            minutes.map_or(String::new(), |minutes| format!(" data-{name}-minutes=\"{minutes}\""))
        };
        format!(
            " data-step-key=\"{}\" data-step-number=\"{}\" data-step-title=\"{}\" data-step-hash=\"{}\"{}{}",
            escape(&self.key),
            step.number,
            escape(&self.title()),
            self.hash,
            minutes("min", duration.and_then(|duration| duration.min_minutes)),
            minutes("max", duration.and_then(|duration| duration.max_minutes)),
        )
    }

    /// The box to tick, which works without scripts, too.
    pub fn check_box(&self) -> String {
        let (key, number, title) = (escape(&self.key), self.step.number, escape(&self.title()));
        format!("<input type=\"checkbox\" data-step id=\"done-{key}\" aria-label=\"Step {number} done: {title}\">")
    }

    /// The title, short enough for a label.
    fn title(&self) -> String {
        const CHARS: usize = 80;
        shortened(&self.step.title, CHARS)
    }

    /// Where its heading or the item starts.
    pub fn is_at(&self, span: Span, is_heading: bool) -> bool {
        self.step.is_heading == is_heading && self.step.span.start == span.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_no_change() {
        let text = "1. One\n\n   more\n2. Two\n";
        for same in [
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
            format!("\u{feff}{text}"),
            text.trim_end().to_string(),
            format!("{text}\n\n"),
        ] {
            assert_eq!(hash(&same), hash(text), "{same:?}");
        }
        for other in [text.replace("more", "mire"), text.replace("\n\n", "\n")] {
            assert_ne!(hash(&other), hash(text), "{other:?}");
        }
    }
}
