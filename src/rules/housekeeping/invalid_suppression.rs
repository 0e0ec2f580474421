//! A comment that means to allow something and does not.

use jiff::ToSpan;
use schemars::JsonSchema;
use serde::Deserialize;

use super::suppressions::allowable;
use crate::corpus::{Corpus, Entry, parse_date};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::{Suppression, SuppressionProblem, Word};
use crate::rules::{Rule, all, find};
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InvalidSuppression {}

impl Rule for InvalidSuppression {
    const INFO: RuleInfo = RuleInfo {
        name: "invalid-suppression",
        group: "housekeeping",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a comment that allows an unknown rule, gives no reason, or has no valid date",
        docs: include_str!("invalid_suppression.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for suppression in &entry.document.suppressions {
            let mistakes = problem(suppression).into_iter().chain(unknown_rules(suppression));
            findings.extend(mistakes.chain(date(corpus, suppression)).map(|mistake| Finding {
                help: Some(mistake.help),
                ..Finding::new(Location { file: entry.file, span: mistake.span }, mistake.subject, mistake.message)
            }));
        }
    }
}

struct Mistake {
    span: Span,
    subject: String,
    message: String,
    help: String,
}

fn problem(suppression: &Suppression) -> Option<Mistake> {
    let rules: Vec<&str> = suppression.rules.iter().map(|rule| rule.text.as_str()).collect();
    let rules = rules.join(", ");
    let (span, message, help) = match suppression.problem.as_ref()? {
        SuppressionProblem::UnknownVerb(word) => {
            let message = match word.text.as_str() {
                "" => "nothing follows `runbook-site:`".to_string(),
                verb => format!("`{verb}` is no directive; expected `allow` or `allow-file`"),
            };
            (word.span, message, "write `<!-- runbook-site: allow RULE — reason -->`".to_string())
        }
        SuppressionProblem::NoColon => (
            suppression.span,
            "no colon behind `runbook-site`".to_string(),
            "write `runbook-site:`; until then nothing is allowed".to_string(),
        ),
        SuppressionProblem::Unclosed => (
            suppression.span,
            "the comment has no end and hides what follows".to_string(),
            "write ` -->` behind the reason".to_string(),
        ),
        SuppressionProblem::NoRule => (
            suppression.span,
            "no rule is named".to_string(),
            "write the rule's name behind `allow`; each finding shows it in brackets".to_string(),
        ),
        SuppressionProblem::NoReason => (
            suppression.span,
            format!("no reason why `{rules}` is allowed"),
            format!("write ` — ` and the reason behind `{rules}`; until then nothing is allowed"),
        ),
        SuppressionProblem::Misplaced(word) => (
            word.span,
            format!("`{}` stands behind the date", word.text),
            "write the rules, then `until` and the day, then ` — ` and the reason".to_string(),
        ),
        SuppressionProblem::NoDate(span) => {
            (*span, "no date behind `until`".to_string(), "write the last day, such as `until 2027-03-01`".to_string())
        }
    };
    Some(Mistake { span, subject: rules, message, help })
}

fn unknown_rules(suppression: &Suppression) -> impl Iterator<Item = Mistake> {
    suppression.rules.iter().filter(|rule| !allowable(&rule.text)).map(unknown_rule)
}

fn unknown_rule(word: &Word) -> Mistake {
    let name = word.text.as_str();
    let (message, help) = match find(name) {
        Ok(_) => (
            format!("`{name}` cannot be allowed by a comment"),
            "mend what it reports, or set its level in `[rules]` of the config".to_string(),
        ),
        Err(_) if all().any(|info| info.group == name) => (
            format!("`{name}` is a group of rules; a comment allows single ones"),
            format!("write the name of the rule; `runbook-site rules` lists those of `{name}`"),
        ),
        Err(error) => (error.message, error.help),
    };
    Mistake { span: word.span, subject: name.to_string(), message, help }
}

fn date(corpus: &Corpus<'_>, suppression: &Suppression) -> Option<Mistake> {
    let until = suppression.until.as_ref().filter(|until| parse_date(&until.text).is_none())?;
    let example = corpus.facts.today.and_then(|today| today.checked_add(3.months()).ok());
    let example = example.map_or("2027-03-01".to_string(), |day| day.to_string());
    Some(Mistake {
        span: until.span,
        subject: until.text.clone(),
        message: format!("`{}` is no calendar date YYYY-MM-DD", until.text),
        help: format!("write the last day on which it is allowed, such as `until {example}`"),
    })
}
