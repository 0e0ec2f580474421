//! A link to a heading that does not exist.

use schemars::JsonSchema;
use serde::Deserialize;

use super::checked::{Written, written};
use super::missing::replace;
use crate::corpus::{Corpus, Entry, Fragment, Target, path};
use crate::diagnostic::{Applicability, Finding, Fix, Fixability, Level, RuleInfo};
use crate::document::{Document, Link};
use crate::rules::Rule;
use crate::settings::nearest;
use crate::source::FileId;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeadAnchor {}

impl Rule for DeadAnchor {
    const INFO: RuleInfo = RuleInfo {
        name: "dead-anchor",
        group: "links",
        level: Level::Error,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "a link to a heading that does not exist",
        docs: include_str!("dead_anchor.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for written in written(entry) {
            if let Target::Document { file, fragment: Fragment::Missing(fragment) } = written.target {
                // A page that could not be read has unknown headings.
                if corpus.source(*file).problem.is_none() {
                    findings.push(finding(corpus, entry, &written, *file, fragment));
                }
            }
        }
    }
}

fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, written: &Written<'_>, file: FileId, fragment: &str) -> Finding {
    let document = &corpus.entry(file).document;
    let meant = same_letters(document, fragment)
        .map(|anchor| Meant { anchor, file, applicability: Some(Applicability::Safe) })
        .or_else(|| by_text(document, written.link).map(|anchor| Meant::unsure(anchor, file)))
        .or_else(|| in_other_document(corpus, entry, written.link, fragment))
        .or_else(|| likely(document, fragment).map(|anchor| Meant { anchor, file, applicability: None }));
    let here = &corpus.source(entry.file).path;
    let target = meant.as_ref().map(|meant| meant.target(corpus, here, file));
    Finding {
        help: Some(match &target {
            Some(target) => format!("did you mean `{target}`?"),
            None if fragment.to_lowercase().starts_with("todo") => {
                "write where it leads, or make it plain text until that is known".to_string()
            }
            None if is_label(corpus, fragment) => {
                format!("write `({fragment})=` on a line before the place that is meant")
            }
            None => what_is_there(document),
        }),
        related: written.uses(entry),
        fix: meant.as_ref().and_then(|meant| point_at(corpus, entry, written, meant, file)),
        ..Finding::new(
            written.place(entry),
            &written.link.target,
            match file == entry.file {
                false => format!("no heading in `{}` makes the anchor `#{fragment}`", corpus.source(file).path),
                true => format!("no heading makes the anchor `#{fragment}`"),
            },
        )
    }
}

/// The heading that was probably meant.
struct Meant<'c> {
    anchor: &'c str,
    file: FileId,
    /// `None` where the likeness is enough for a question only.
    applicability: Option<Applicability>,
}

impl<'c> Meant<'c> {
    fn unsure(anchor: &'c str, file: FileId) -> Self {
        Meant { anchor, file, applicability: Some(Applicability::Unsafe) }
    }

    /// As the link would write it; without the path where that is right.
    fn target(&self, corpus: &Corpus<'_>, here: &str, asked: FileId) -> String {
        let path = match self.file == asked {
            true => String::new(),
            false => path::percent_encode(&path::relative(here, &corpus.source(self.file).path)),
        };
        format!("{path}#{}", self.anchor)
    }
}

/// The only anchor of the same letters and digits: the link has other case or other marks between them.
fn same_letters<'d>(document: &'d Document<'_>, fragment: &str) -> Option<&'d str> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let asked: String = letters(fragment);
    let mut same = anchors(document).filter(|anchor| !asked.is_empty() && letters(anchor) == asked);
    same.next().filter(|_| same.next().is_none())
}

/// The anchor of the only heading whose text is that of the link.
fn by_text<'d>(document: &'d Document<'_>, link: &Link) -> Option<&'d str> {
    let mut same = document.headings.iter().filter(|heading| heading.text.eq_ignore_ascii_case(link.text.trim()));
    same.next().filter(|_| same.next().is_none()).map(|heading| heading.anchor.as_str())
}

/// The anchor in the only other document that has it, for a link within the page: text that was moved to another page
/// leaves such links behind.
fn in_other_document<'c>(corpus: &'c Corpus<'_>, entry: &Entry<'_>, link: &Link, fragment: &str) -> Option<Meant<'c>> {
    // One word, such as `#rollback`, is a heading of most runbooks and says nothing.
    if !link.target.starts_with('#') || !fragment.contains('-') {
        return None;
    }
    let others = corpus.entries.iter().filter(|other| other.file != entry.file);
    let mut found = others.filter_map(|other| {
        let anchor = anchors(&other.document).find(|anchor| *anchor == fragment)?;
        Some(Meant::unsure(anchor, other.file))
    });
    found.next().filter(|_| found.next().is_none())
}

fn likely<'d>(document: &'d Document<'_>, fragment: &str) -> Option<&'d str> {
    nearest(&fragment.to_lowercase(), &anchors(document).collect::<Vec<_>>())
}

fn anchors<'d>(document: &'d Document<'_>) -> impl Iterator<Item = &'d str> {
    document.headings.iter().map(|heading| heading.anchor.as_str())
}

fn point_at(
    corpus: &Corpus<'_>,
    entry: &Entry<'_>,
    written: &Written<'_>,
    meant: &Meant<'_>,
    asked: FileId,
) -> Option<Fix> {
    let source = corpus.source(entry.file);
    let applicability = meant.applicability?;
    let target = meant.target(corpus, &source.path, asked);
    let fragment = written.fragment_span(source)?;
    let (span, replacement) = match meant.file == asked {
        true => (fragment, path::percent_encode(meant.anchor)),
        false => (written.link.target_span, target.clone()),
    };
    Some(replace(entry, span, replacement, format!("write `{target}`"), applicability))
}

/// No heading makes such an anchor; where documents declare labels, another one is meant.
fn is_label(corpus: &Corpus<'_>, fragment: &str) -> bool {
    fragment.contains([':', '/']) && corpus.entries.iter().any(|entry| !entry.document.labels.is_empty())
}

/// The first few anchors, so that a long page does not fill the screen.
fn what_is_there(document: &Document<'_>) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = anchors(document).take(SHOWN).map(|anchor| format!("`#{anchor}`")).collect();
    match document.headings.len().saturating_sub(SHOWN) {
        0 if shown.is_empty() => "the page has no headings; link to it without an anchor".to_string(),
        0 => format!("the page has {}", shown.join(", ")),
        more => format!("the page has {} and {more} more", shown.join(", ")),
    }
}
