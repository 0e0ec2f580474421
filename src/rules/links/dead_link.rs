//! A link to a file that does not exist.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::checked::{Written, written};
use super::missing::{Words, missing};
use crate::corpus::{Corpus, Entry, Target, path};
use crate::diagnostic::{Finding, Fixability, Level, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeadLink {}

impl Rule for DeadLink {
    const INFO: RuleInfo = RuleInfo {
        name: "dead-link",
        group: "links",
        level: Level::Error,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a link to a file that does not exist",
        docs: include_str!("dead_link.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let said_of_rows = missing_rows(corpus, entry);
        for written in written(entry).iter().filter(|written| !written.link.is_image) {
            let Target::Missing { path } = written.target else { continue };
            if !said_of_rows.contains(path.as_str()) {
                findings.push(finding(corpus, entry, written, path));
            }
        }
    }
}

/// Missing files that rows of this index lead to: `dead-index-row` speaks of them.
fn missing_rows<'e>(corpus: &Corpus<'_>, entry: &'e Entry<'_>) -> BTreeSet<&'e str> {
    let rows =
        corpus.index_at(entry.file).into_iter().flat_map(|index| index.tables.iter().flat_map(|table| &table.rows));
    rows.filter_map(|row| match &entry.targets[row.link.link] {
        Target::Missing { path } => Some(path.as_str()),
        _ => None,
    })
    .collect()
}

const WORDS: Words = Words { noun: "file", remedy: |path| format!("create `{path}`, or remove the link") };

fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, written: &Written<'_>, missing_path: &str) -> Finding {
    let link = written.link;
    if link.target.is_empty() {
        return Finding {
            help: Some("write the file's path between the parentheses, or make it plain text".to_string()),
            ..Finding::new(written.place(entry), "", format!("link `{}` has no target", link.text))
        };
    }
    // Marks that were put around an address make a path of it.
    let bare = link.target.trim_matches(['[', ']', '(', ')', '"', '\'', '<', '>']);
    let address = match bare {
        _ if path::is_external(bare) => Some(bare.to_string()),
        _ if is_address(bare) => Some(format!("mailto:{bare}")),
        _ if bare.starts_with("www.") => Some(format!("https://{bare}")),
        _ => None,
    };
    let finding = missing(corpus, entry, written, missing_path, &WORDS);
    match address {
        Some(address) => Finding { help: Some(format!("write `{address}`")), fix: None, ..finding },
        None => finding,
    }
}

/// `name@host.example`
fn is_address(target: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains(['/', '@']);
    target.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host) && host.contains('.'))
}
