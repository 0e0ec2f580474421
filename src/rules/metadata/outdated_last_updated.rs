//! A date of the last update that is older than the last change of the words, as git has it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, History, Kind, stated_change};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OutdatedLastUpdated {
    /// Days by which the date may lag behind the change.
    grace_days: u16,
}

impl Rule for OutdatedLastUpdated {
    const INFO: RuleInfo = RuleInfo {
        name: "outdated-last-updated",
        group: "metadata",
        level: Level::Warning,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a Last Updated that is older than the last change of the words in git",
        docs: include_str!("outdated_last_updated.md"),
    };

    fn has_facts(&self, corpus: &Corpus<'_>) -> bool {
        matches!(corpus.facts.history, History::Known(_))
    }

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let source = corpus.source(entry.file);
        let change = corpus.facts.history.change(&source.path);
        let (Some(change), Some(value)) = (change, stated_change(&entry.metadata)) else { return };
        let Some(stated) = value.date().filter(|_| entry.kind != Kind::Index) else { return };
        let late = change.date.duration_since(stated).as_hours() / 24;
        if late <= i64::from(self.grace_days) {
            return;
        }
        let name = Fact::LastUpdated.name();
        let commit = change.commit.get(..SHORT).unwrap_or(&change.commit);
        let location = |span| Location { file: entry.file, span };
        let edit = date_span(source.slice(value.value_span), value.value_span, &stated.to_string())
            .map(|span| Edit { location: location(span), replacement: change.date.to_string() });
        findings.push(Finding {
            help: Some(format!("write {}, or the day on which it was read again as a whole", change.date)),
            fix: edit.map(|edit| Fix {
                effect: Effect::Text,
                applicability: Applicability::Unsafe,
                message: format!("set `{name}` to {}", change.date),
                edits: vec![edit],
            }),
            ..Finding::new(
                location(value.value_span),
                Fact::LastUpdated.id(),
                format!("`{name}` is {stated}, but commit {commit} changed the words on {}", change.date),
            )
        });
    }
}

/// Digits of a commit that people write.
const SHORT: usize = 10;

/// The date within the value.
fn date_span(text: &str, span: Span, date: &str) -> Option<Span> {
    let at = span.start as usize + text.find(date)?;
    Some(Span::new(at, at + date.len()))
}
