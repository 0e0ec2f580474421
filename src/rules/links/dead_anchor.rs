//! A link to a heading that does not exist.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Fragment, Target};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::{Document, Link};
use crate::rules::Rule;
use crate::settings::nearest;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeadAnchor {}

impl Rule for DeadAnchor {
    const INFO: RuleInfo = RuleInfo {
        name: "dead-anchor",
        group: "links",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a link to a heading that does not exist",
        docs: include_str!("dead_anchor.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for (link, target) in entry.document.links.iter().zip(&entry.targets) {
            if let Target::Document { file, fragment: Fragment::Missing(fragment) } = target {
                // A page that could not be read has unknown headings.
                if corpus.source(*file).problem.is_none() {
                    let place = Location { file: entry.file, span: link.target_span };
                    let in_file = (*file != entry.file).then(|| corpus.source(*file).path.as_str());
                    findings.push(Finding {
                        help: Some(help(link, fragment, &corpus.entry(*file).document)),
                        ..Finding::new(place, &link.target, message(fragment, in_file))
                    });
                }
            }
        }
    }
}

fn message(fragment: &str, in_file: Option<&str>) -> String {
    match in_file {
        Some(path) => format!("no heading in `{path}` makes the anchor `#{fragment}`"),
        None => format!("no heading makes the anchor `#{fragment}`"),
    }
}

fn help(link: &Link, fragment: &str, document: &Document<'_>) -> String {
    let anchors: Vec<&str> = document.headings.iter().map(|heading| heading.anchor.as_str()).collect();
    let lower = fragment.to_lowercase();
    let same_text = document.headings.iter().find(|heading| heading.text.eq_ignore_ascii_case(&link.text));
    let other_case = anchors.iter().find(|anchor| **anchor == lower).copied();
    match other_case.or_else(|| nearest(&lower, &anchors)).or(same_text.map(|heading| heading.anchor.as_str())) {
        Some(anchor) => format!("did you mean `#{anchor}`?"),
        None if anchors.is_empty() => "the page has no headings; link to it without an anchor".to_string(),
        None => format!("the page has {}", list(&anchors)),
    }
}

/// The first few anchors, so that a long page does not fill the screen.
fn list(anchors: &[&str]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = anchors.iter().take(SHOWN).map(|anchor| format!("`#{anchor}`")).collect();
    let more = anchors.len().saturating_sub(SHOWN);
    match more {
        0 => shown.join(", "),
        _ => format!("{} and {more} more", shown.join(", ")),
    }
}
