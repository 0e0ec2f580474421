//! Two headings under one parent that make the same anchor.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::document::{Heading, slug};
use crate::rules::Rule;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DuplicateHeading {}

impl Rule for DuplicateHeading {
    const INFO: RuleInfo = RuleInfo {
        name: "duplicate-heading",
        group: "sections",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "two headings under one parent whose anchors collide",
        docs: include_str!("duplicate_heading.md"),
    };

    fn check(&self, _corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let headings = &entry.document.headings;
        let keys: Vec<(Option<Span>, String)> =
            (0..headings.len()).map(|at| (parent(headings, at), slug(&headings[at].text))).collect();
        for (at, heading) in headings.iter().enumerate() {
            let (_, anchor) = &keys[at];
            let Some(first) = keys[..at].iter().position(|key| *key == keys[at]) else { continue };
            if anchor.is_empty() || heading.explicit_id.is_some() {
                continue;
            }
            findings.push(Finding {
                help: Some(format!("reword one of them; `#{}` may come to lead elsewhere", heading.anchor)),
                related: vec![Related {
                    location: Location { file: entry.file, span: headings[first].span },
                    message: "the first one".to_string(),
                }],
                ..Finding::new(
                    Location { file: entry.file, span: heading.span },
                    anchor,
                    format!("`{}` is a heading a second time: `#{anchor}` leads to the first", heading.text),
                )
            });
        }
    }
}

/// The nearest heading above of a higher rank.
fn parent(headings: &[Heading], at: usize) -> Option<Span> {
    headings[..at].iter().rev().find(|above| above.level < headings[at].level).map(|above| above.span)
}
