//! A link that starts with `/` where a relative one is meant.

use schemars::JsonSchema;
use serde::Deserialize;

use super::checked::{Written, written};
use crate::corpus::{Corpus, Entry, Target, path, strip_document_ending};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AbsolutePathLink {}

impl Rule for AbsolutePathLink {
    const INFO: RuleInfo = RuleInfo {
        name: "absolute-path-link",
        group: "links",
        level: Level::Warning,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a link that starts with `/` where a relative one is meant",
        docs: include_str!("absolute_path_link.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        if corpus.links_are_absolute {
            return;
        }
        let written = written(entry);
        let absolute: Vec<(&Written<'_>, String)> = written
            .iter()
            .filter(|written| written.link.target.starts_with('/'))
            .filter_map(|written| Some((written, relative(corpus, entry, written)?)))
            .collect();
        // One decision of the author makes them all.
        if let Some((first, to)) = absolute.first() {
            findings.push(finding(corpus, entry, first, to, &absolute));
        }
    }
}

/// The relative path to the same file, without query and fragment; `None` where the link leads to no known file.
fn relative(corpus: &Corpus<'_>, entry: &Entry<'_>, written: &Written<'_>) -> Option<String> {
    let target = match written.target {
        Target::Document { file, .. } => {
            let path = corpus.source(*file).path.as_str();
            // Links to a generator's pages name the page, not its source.
            let page = path.strip_suffix(".html.md").map(|stem| format!("{stem}.html"));
            let asked_for_page = path::split_target(&written.link.target).path.ends_with(".html");
            let of_source =
                || strip_document_ending(path).filter(|_| asked_for_page).map(|stem| format!("{stem}.html"));
            page.or_else(of_source).unwrap_or_else(|| path.to_string())
        }
        Target::File { path } if !path.is_empty() => path.clone(),
        _ => return None,
    };
    Some(path::relative(&corpus.source(entry.file).path, &target))
}

fn finding(
    corpus: &Corpus<'_>,
    entry: &Entry<'_>,
    first: &Written<'_>,
    to: &str,
    absolute: &[(&Written<'_>, String)],
) -> Finding {
    let target = &first.link.target;
    let others = absolute[1..]
        .iter()
        .map(|(written, _)| Related { location: written.place(entry), message: "likewise".to_string() });
    let edits: Vec<Edit> = absolute
        .iter()
        .filter_map(|(written, to)| {
            let span = written.path_span(corpus.source(entry.file))?;
            Some(Edit { location: Location { file: entry.file, span }, replacement: path::percent_encode(to) })
        })
        .collect();
    Finding {
        help: Some(format!("write `{to}`")),
        related: first.uses(entry).into_iter().chain(others).collect(),
        fix: Some(Fix {
            applicability: Applicability::Unsafe,
            effect: Effect::Markup,
            message: "make the links of the page relative".to_string(),
            edits,
        }),
        ..Finding::new(
            first.place(entry),
            target,
            match absolute.len() {
                1 => format!("`{target}` starts with `/`: it works only where the handbook is the whole of its server"),
                count => format!(
                    "{count} links start with `/`, the first is `{target}`: they work only where the handbook is the \
                     whole of its server"
                ),
            },
        )
    }
}
