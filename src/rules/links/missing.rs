//! What is said of a path at which nothing is, by the rules on links and on images.

use super::checked::Written;
use crate::corpus::{Corpus, Entry, path};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Location};
use crate::source::Span;

/// The words of a rule.
pub struct Words {
    /// What is missing.
    pub noun: &'static str,
    /// What could be done where nothing like it is there; `{}` is the path from the root.
    pub remedy: fn(&str) -> String,
}

/// A finding on a target whose file is missing.
pub fn missing(corpus: &Corpus<'_>, entry: &Entry<'_>, written: &Written<'_>, missing: &str, words: &Words) -> Finding {
    let (link, here) = (written.link, &corpus.source(entry.file).path);
    let name = link.target.split(['#', '?']).next().unwrap_or(&link.target);
    let message = match name.starts_with('/') {
        true => format!("no {} `{missing}` under the root", words.noun),
        false => format!("no {} `{name}`", words.noun),
    };
    let help = match corpus.known_paths.nearest(missing) {
        Some(meant) => format!("did you mean `{}`?", path::relative(here, meant)),
        None => (words.remedy)(missing),
    };
    Finding {
        help: Some(help),
        related: written.uses(entry),
        fix: elsewhere(corpus, entry, written, missing),
        ..Finding::new(written.place(entry), &link.target, message)
    }
}

/// Links to the only file of the missing one's name, in another folder.
pub fn elsewhere(corpus: &Corpus<'_>, entry: &Entry<'_>, written: &Written<'_>, missing: &str) -> Option<Fix> {
    let name = path::file_name(missing);
    let mut same = corpus.known_paths.same_name(missing).iter().filter(|known| path::file_name(known) == name);
    let found = same.next().filter(|_| same.next().is_none())?;
    let source = corpus.source(entry.file);
    let to = path::relative(&source.path, found);
    let message = format!("write `{to}`");
    Some(replace(entry, written.path_span(source)?, path::percent_encode(&to), message, Applicability::Unsafe))
}

/// A fix of one edit.
pub fn replace(
    entry: &Entry<'_>,
    span: Span,
    replacement: String,
    message: String,
    applicability: Applicability,
) -> Fix {
    let location = Location { file: entry.file, span };
    Fix { applicability, effect: Effect::Markup, message, edits: vec![Edit { location, replacement }] }
}
