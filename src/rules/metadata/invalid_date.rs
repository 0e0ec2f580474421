//! A date of the metadata that is not a calendar date.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Value, meant_date};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::Fact;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InvalidDate {}

impl Rule for InvalidDate {
    const INFO: RuleInfo = RuleInfo {
        name: "invalid-date",
        group: "metadata",
        level: Level::Error,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "a date that is not a calendar date `YYYY-MM-DD`",
        docs: include_str!("invalid_date.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for fact in [Fact::LastUpdated, Fact::NextReview] {
            let Some(value) = entry.metadata.get(fact) else { continue };
            // A placeholder is the business of placeholder-text.
            let says_no_date = value.is_computed() || !value.text.contains(|c: char| c.is_ascii_digit());
            if value.date().is_some() || (says_no_date && is_placeholder(value)) {
                continue;
            }
            let meant = meant_date(value.text.trim()).map(|date| date.to_string());
            let place = Location { file: entry.file, span: value.value_span };
            findings.push(Finding {
                help: Some(match &meant {
                    Some(date) => format!("write `{date}`"),
                    None => "write the day as `YYYY-MM-DD`".to_string(),
                }),
                fix: meant.and_then(|date| replace(corpus.source(entry.file), place, value, date)),
                ..Finding::new(
                    place,
                    fact.id(),
                    format!("`{}` is not a calendar date: `{}`", fact.name(), value.text.trim()),
                )
            });
        }
    }
}

fn is_placeholder(value: &Value) -> bool {
    let text = value.text.trim().to_lowercase();
    value.is_computed()
        || text.contains("yyyy")
        || text.starts_with(['[', '<'])
        || ["todo", "tbd", "fixme"].contains(&text.as_str())
}

/// In front matter the span is the whole line, and quotes may stand around the value.
fn replace(source: &Source, place: Location, value: &Value, date: String) -> Option<Fix> {
    let text = value.text.trim();
    let start = place.span.start as usize + source.slice(place.span).rfind(text)?;
    let span = Span::new(start, start + text.len());
    Some(Fix {
        applicability: Applicability::Safe,
        effect: Effect::Text,
        message: format!("write `{date}`"),
        edits: vec![Edit { location: Location { span, ..place }, replacement: date }],
    })
}
