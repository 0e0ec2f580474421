//! Time bands of an escalation path that leave a gap, overlap, or end.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Band, Corpus, Entry, EscalationPath};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::rules::Rule;
use crate::source::FileId;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EscalationGap {}

impl Rule for EscalationGap {
    const INFO: RuleInfo = RuleInfo {
        name: "escalation-gap",
        group: "escalation",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "time bands of an escalation path that leave a gap, overlap, or end",
        docs: include_str!("escalation_gap.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        for path in index.escalation.iter().filter(|path| is_of_bands(path)) {
            check_path(entry.file, path, findings);
        }
    }
}

/// `after 15 min`, `after 30 min` are points in time, each until the next: nothing can lie between them.
fn is_of_bands(path: &EscalationPath) -> bool {
    path.bands.iter().filter(|band| band.to_minutes.is_some_and(|to| to > band.from_minutes)).count() >= 2
        && path.bands.iter().any(|band| band.from_minutes > 0)
}

fn check_path(file: FileId, path: &EscalationPath, findings: &mut Vec<Finding>) {
    let mut bands: Vec<&Band> = path.bands.iter().collect();
    bands.sort_by_key(|band| (band.from_minutes, band.to_minutes.unwrap_or(u32::MAX)));
    let of = match path.priority.as_str() {
        "" => String::new(),
        priority => format!(" of `{priority}`"),
    };
    let place = |band: &Band| Location { file, span: band.span };
    let finding = |band: &Band, other: Option<&Band>, message: String, help: &str| Finding {
        help: Some(help.to_string()),
        related: other
            .map(|other| Related { location: place(other), message: "the band before it".to_string() })
            .into_iter()
            .collect(),
        ..Finding::new(place(band), &path.priority, message)
    };
    if let Some(first) = bands.first().filter(|band| band.from_minutes > 0) {
        let message = format!("nobody is called in the first {} minutes{of}", first.from_minutes);
        findings.push(finding(first, None, message, "begin at 0"));
    }
    for pair in bands.windows(2) {
        let [before, band] = pair else { continue };
        // Two roles may share a band.
        if (before.from_minutes, before.to_minutes) == (band.from_minutes, band.to_minutes) {
            continue;
        }
        let from = band.from_minutes;
        match before.to_minutes {
            Some(to) if to < from => findings.push(finding(
                band,
                Some(before),
                format!("nobody is called between {to} and {from} minutes{of}"),
                "let each band begin where the one before it ends",
            )),
            Some(to) if to > from => findings.push(finding(
                band,
                Some(before),
                format!("two bands{of} overlap between {from} and {to} minutes"),
                "let each band begin where the one before it ends",
            )),
            Some(_) => {}
            None => findings.push(finding(
                band,
                Some(before),
                format!("a band{of} begins at {from} minutes, and the one before it has no end"),
                "give only the last band no end",
            )),
        }
    }
    if let Some((last, to)) = bands.last().and_then(|band| Some((*band, band.to_minutes?)))
        && bands.iter().all(|band| band.to_minutes.is_some())
    {
        let message = format!("nobody is called after {to} minutes{of}");
        findings.push(finding(last, None, message, &format!("add a last band without an end, `{to}+ min`")));
    }
}
