//! A metadata value that the document's standard does not allow.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind, Value, parse_date, parse_duration, without_parentheticals};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;
use crate::settings::{RequiredKey, ValueKind, nearest};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InvalidMetadataValue {}

impl Rule for InvalidMetadataValue {
    const INFO: RuleInfo = RuleInfo {
        name: "invalid-metadata-value",
        group: "metadata",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a metadata value that the standard does not allow",
        docs: include_str!("invalid_metadata_value.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(standard) = corpus.standard_of(entry).filter(|_| entry.kind == Kind::Runbook) else { return };
        for key in &standard.metadata {
            let Some(value) = stated(entry, key) else { continue };
            // What is not filled in yet is the business of `placeholder-text`.
            if value.is_computed() || value.text.starts_with(['[', '<']) {
                continue;
            }
            if let Some(help) = remedy(key, &value.text) {
                let message = format!("`{}` is not {}: `{}`", key.name, expected(key), value.text.trim());
                let place = Location { file: entry.file, span: value.value_span };
                let subject = key.fact.map_or(key.name.as_str(), |fact| fact.id());
                findings.push(Finding { help: Some(help), ..Finding::new(place, subject, message) });
            }
        }
    }
}

fn stated<'e>(entry: &'e Entry<'_>, key: &RequiredKey) -> Option<&'e Value> {
    let by_fact = key.fact.and_then(|fact| entry.metadata.get(fact));
    by_fact.or_else(|| entry.metadata.find(|written| key.is_named(written)))
}

/// What to write instead; `None` where the value is allowed.
fn remedy(key: &RequiredKey, text: &str) -> Option<String> {
    let text = text.trim();
    if !key.values.is_empty() {
        return (!are_allowed(&key.values, text)).then(|| {
            let known: Vec<&str> = key.values.iter().map(String::as_str).collect();
            match nearest(text, &known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("write one of {}", quoted(&key.values)),
            }
        });
    }
    let (is_valid, form) = match key.kind {
        ValueKind::Text => (true, ""),
        ValueKind::Date => (parse_date(text).is_some(), "a day of the form `YYYY-MM-DD`"),
        ValueKind::Duration => {
            (parse_duration(text).is_some(), "a number or a range with its unit, such as `15 minutes`")
        }
        ValueKind::Number => (text.parse::<f64>().is_ok_and(f64::is_finite), "digits alone, such as `3`"),
        ValueKind::Url => (is_url(text), "an address that begins with `https://`"),
    };
    (!is_valid).then(|| format!("write {form}"))
}

/// One allowed value, or several: `P1/P2`, `gold, silver`.
fn are_allowed(values: &[String], text: &str) -> bool {
    let is_one = |text: &str| values.iter().any(|value| value.trim().to_lowercase() == text.trim().to_lowercase());
    let bare = without_parentheticals(text);
    is_one(text) || is_one(&bare) || bare.split(['/', ',', '+']).all(is_one)
}

fn is_url(text: &str) -> bool {
    let text = text.trim_matches(['<', '>']);
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
}

fn expected(key: &RequiredKey) -> &'static str {
    match key.kind {
        _ if !key.values.is_empty() => "one of its values",
        ValueKind::Text => "a text",
        ValueKind::Date => "a date",
        ValueKind::Duration => "a length of time",
        ValueKind::Number => "a number",
        ValueKind::Url => "an address",
    }
}

fn quoted(values: &[String]) -> String {
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}
