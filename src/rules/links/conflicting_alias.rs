//! An alias that makes no redirect.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Alias, AliasFault, Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ConflictingAlias {}

impl Rule for ConflictingAlias {
    const INFO: RuleInfo = RuleInfo {
        name: "conflicting-alias",
        group: "links",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "an alias that makes no redirect, since its address is taken or none of this site",
        docs: include_str!("conflicting_alias.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let faulty = entry.aliases.iter().filter_map(|alias| Some((alias, alias.address.as_ref().err()?)));
        findings.extend(faulty.map(|(alias, fault)| finding(corpus, entry, alias, fault)));
    }
}

fn finding(corpus: &Corpus<'_>, entry: &Entry<'_>, alias: &Alias, fault: &AliasFault) -> Finding {
    let text = &alias.text;
    let mut related = Vec::new();
    let (message, help) = match fault {
        AliasFault::Outside => (
            format!("the alias `{text}` leaves the site"),
            "an alias is a path of this site: `/old/path.html` from its root, or relative to this document".to_string(),
        ),
        AliasFault::NoAddress => {
            (format!("no page can have the alias `{text}`"), "write a path such as `/old/path.html`".to_string())
        }
        AliasFault::Reserved => (
            format!("the alias `{text}` is an address that the site itself uses"),
            "take the alias out: the site's own page is shown there".to_string(),
        ),
        AliasFault::Page(other) => (
            format!("the alias `{text}` is the address of `{}`", corpus.source(*other).path),
            "that page is shown there: take the alias out, or rename that document".to_string(),
        ),
        AliasFault::Alias(other, span) => {
            related.push(Related {
                location: Location { file: *other, span: *span },
                message: "it leads here".to_string(),
            });
            (
                format!("the alias `{text}` is one of `{}` already", corpus.source(*other).path),
                "keep it at the document to which readers of the old page should come".to_string(),
            )
        }
        AliasFault::Blocked(by) => (
            format!(
                "the alias `{text}` needs a folder where there is a file, or a file where there is a folder: `{by}`"
            ),
            "take the alias out, or rename what is there".to_string(),
        ),
    };
    let location = Location { file: entry.file, span: alias.span };
    Finding { help: Some(help), related, ..Finding::new(location, text, message) }
}
