//! A link that leaves the handbook.

use schemars::JsonSchema;
use serde::Deserialize;

use super::checked::{Written, written};
use super::missing::elsewhere;
use crate::corpus::{Corpus, Entry, Target, path};
use crate::diagnostic::{Finding, Fixability, Level, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EscapingLink {}

impl Rule for EscapingLink {
    const INFO: RuleInfo = RuleInfo {
        name: "escaping-link",
        group: "links",
        level: Level::Warning,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a link that leaves the handbook's root",
        docs: include_str!("escaping_link.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let repository = corpus.settings.site.repository.as_deref();
        for written in written(entry) {
            match written.target {
                // The site links it to the repository.
                Target::Outside { exists: true, .. } if repository.is_some() => {}
                Target::Outside { path, exists: true } => findings.push(leaves(entry, &written, path)),
                Target::Outside { path, exists: false } => findings.push(nothing_there(corpus, entry, &written, path)),
                _ => {}
            }
        }
    }
}

fn leaves(entry: &Entry<'_>, written: &Written<'_>, path: &str) -> Finding {
    Finding {
        help: Some(format!(
            "name the repository as `repository` in `[site]` of runbook-site.toml, and the site links `{path}` there"
        )),
        related: written.uses(entry),
        ..Finding::new(
            written.place(entry),
            &written.link.target,
            format!("`{}` is outside the root: the site cannot show it", written.link.target),
        )
    }
}

fn nothing_there(corpus: &Corpus<'_>, entry: &Entry<'_>, written: &Written<'_>, missing: &str) -> Finding {
    let here = &corpus.source(entry.file).path;
    let name = path::file_name(missing);
    let known = corpus.known_paths.same_name(missing).iter().find(|known| path::file_name(known) == name);
    Finding {
        help: Some(match known {
            Some(known) => format!("did you mean `{}`?", path::relative(here, known)),
            None => "correct the path, or remove the link".to_string(),
        }),
        related: written.uses(entry),
        fix: elsewhere(corpus, entry, written, missing),
        ..Finding::new(
            written.place(entry),
            &written.link.target,
            format!("`{}` is outside the root, and nothing is there", written.link.target),
        )
    }
}
