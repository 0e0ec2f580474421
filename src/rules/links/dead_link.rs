//! A link to a file that does not exist.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Target, path};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, RuleInfo};
use crate::document::Link;
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
        for (link, target) in entry.document.links.iter().zip(&entry.targets) {
            let Target::Missing { path } = target else { continue };
            if !link.is_image && !said_of_rows.contains(path.as_str()) {
                findings.push(finding(corpus, entry, link, path));
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

fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, link: &Link, missing: &str) -> Finding {
    let place = Location { file: entry.file, span: link.target_span };
    if link.target.is_empty() {
        return Finding {
            help: Some("write the file's path between the parentheses, or make it plain text".to_string()),
            ..Finding::new(place, "", format!("link `{}` has no target", link.text))
        };
    }
    let here = &corpus.source(entry.file).path;
    let meant = corpus.known_paths.nearest(missing);
    let mut finding = Finding::new(place, &link.target, message(&link.target, missing));
    finding.help = Some(match meant {
        _ if is_address(&link.target) => format!("write `mailto:{}`", link.target),
        _ if link.target.starts_with("www.") => format!("write `https://{}`", link.target),
        Some(meant) => format!("did you mean `{}`?", path::relative(here, meant)),
        None => format!("create `{missing}`, or remove the link"),
    });
    finding.fix = elsewhere(corpus, missing).map(|found| relink(place, &link.target, path::relative(here, found)));
    finding
}

fn message(target: &str, missing: &str) -> String {
    match target.starts_with('/') {
        true => format!("no file `{missing}` under the root"),
        false => format!("no file `{}`", target.split(['#', '?']).next().unwrap_or(target)),
    }
}

/// `name@host.example`
fn is_address(target: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains(['/', '@']);
    target.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host) && host.contains('.'))
}

/// The only file of the missing one's name, in another folder.
fn elsewhere<'c>(corpus: &'c Corpus<'_>, missing: &str) -> Option<&'c str> {
    let name = path::file_name(missing);
    let mut same = corpus.known_paths.same_name(missing).iter().filter(|known| path::file_name(known) == name);
    same.next().filter(|_| same.next().is_none()).copied()
}

fn relink(place: Location, target: &str, to: String) -> Fix {
    let rest = target.find(['#', '?']).map_or("", |at| &target[at..]);
    Fix {
        applicability: Applicability::Unsafe,
        effect: Effect::Markup,
        message: format!("link to `{to}`"),
        edits: vec![Edit { location: place, replacement: path::percent_encode(&to) + rest }],
    }
}
