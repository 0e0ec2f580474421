//! A destructive command in a runbook that says nowhere how to undo it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::dangerous::{destructive, first_line, shown, subject};
use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::document::Heading;
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnrecoverableCommand {}

impl Rule for UnrecoverableCommand {
    const INFO: RuleInfo = RuleInfo {
        name: "unrecoverable-command",
        group: "commands",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a destructive command in a runbook that does not say how to undo it",
        docs: include_str!("unrecoverable_command.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let asks = corpus.standard_of(entry).is_some_and(|standard| standard.asks_for("rollback"));
        if entry.kind != Kind::Runbook
            || !asks
            || entry.sections_named("rollback").any(|heading| says_how(entry, heading))
        {
            return;
        }
        let rollbacks: Vec<_> =
            entry.sections_named("rollback").map(|heading| entry.document.section_span(heading)).collect();
        // What undoes something else is not undone in its turn.
        let in_rollback = |at: u32| rollbacks.iter().any(|span| span.start <= at && at < span.end);
        let commands = destructive(entry).into_iter().flat_map(|(_, commands)| commands);
        let Some(command) = commands.into_iter().find(|command| !in_rollback(command.span.start)) else { return };
        let rollback = entry.sections_named("rollback").next();
        let what = match rollback {
            Some(heading) => format!("`{}` does not say how to undo it", heading.text),
            None => "no section says how to undo it".to_string(),
        };
        let place = Location { file: entry.file, span: first_line(command, entry) };
        let mut finding =
            Finding::new(place, subject(command), format!("`{}` {}, and {what}", shown(command), command.reason));
        finding.help = Some(
            "write how it is undone, or `Not applicable: …` with the reason, such as where the last backup is"
                .to_string(),
        );
        finding.related.extend(rollback.map(|heading| Related {
            location: Location { file: entry.file, span: heading.span },
            message: "this section should say it".to_string(),
        }));
        findings.push(finding);
    }
}

/// Words that say that there is nothing, where they are all that a section has.
const NOTHING: [&str; 10] = [
    "none",
    "na",
    "n a",
    "not applicable",
    "not available",
    "not possible",
    "no rollback",
    "nothing to do",
    "tbd",
    "todo",
];

/// Whether a section says how to undo something, or why nothing does.
fn says_how(entry: &Entry<'_>, heading: &Heading) -> bool {
    let document = &entry.document;
    let span = document.section_span(heading);
    if document.code_blocks.iter().any(|block| span.contains(block.span)) {
        return true;
    }
    let text: Vec<&str> = document
        .paragraphs
        .iter()
        .filter(|paragraph| span.contains(paragraph.span))
        .map(|paragraph| paragraph.text.as_str())
        .chain(document.items.iter().filter(|item| span.contains(item.span)).map(|item| item.text.as_str()))
        .collect();
    let text = text.join(" ").to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    !words.is_empty() && !NOTHING.contains(&words.join(" ").as_str())
}
