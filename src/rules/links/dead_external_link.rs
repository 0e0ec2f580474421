//! A link to an address on the web that does not answer, or answers that nothing is there.

use std::num::{NonZeroU64, NonZeroUsize};

use globset::{Glob, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::checked::{Written, written};
use crate::corpus::{Answer, Corpus, Entry, host_of, web_address};
use crate::diagnostic::{Finding, Fixability, Level, RuleInfo};
use crate::rules::Rule;

/// The options say how addresses are asked, too: what they answer comes to the rule as facts.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct DeadExternalLink {
    /// Addresses and hosts that are taken to be alive. They are not asked.
    #[serde(deserialize_with = "addresses")]
    #[schemars(with = "Vec<String>")]
    allow: GlobSet,
    /// Those that are taken to be dead. They are not asked.
    #[serde(deserialize_with = "addresses")]
    #[schemars(with = "Vec<String>")]
    deny: GlobSet,
    /// Statuses, beside 200 to 299, of a page that is there.
    pub accept: Vec<u16>,
    /// How long one request may take.
    pub timeout_seconds: NonZeroU64,
    /// Attempts after the first, where it may go better the next time.
    pub retries: u32,
    /// Requests to one host at a time.
    pub per_host: NonZeroUsize,
    /// How long an address that was alive is not asked again.
    pub cache_hours: u64,
}

impl Default for DeadExternalLink {
    fn default() -> Self {
        DeadExternalLink {
            allow: GlobSet::empty(),
            deny: GlobSet::empty(),
            // What wants a login is there.
            accept: vec![401, 403, 407],
            timeout_seconds: NonZeroU64::MIN.saturating_add(9),
            retries: 2,
            per_host: NonZeroUsize::MIN.saturating_add(1),
            cache_hours: 24,
        }
    }
}

impl Rule for DeadExternalLink {
    const INFO: RuleInfo = RuleInfo {
        name: "dead-external-link",
        group: "links",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a link to the web that nothing answers (only with `--external`)",
        docs: include_str!("dead_external_link.md"),
    };

    fn has_facts(&self, corpus: &Corpus<'_>) -> bool {
        corpus.facts.external.is_some()
    }

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(answers) = &corpus.facts.external else { return };
        for written in written(entry) {
            let Some(address) = web_address(written.link) else { continue };
            let problem = match answers.get(&address) {
                _ if matches(&self.allow, &address) => continue,
                _ if matches(&self.deny, &address) => "is denied by the config".to_string(),
                Some(Answer::Status(status)) => format!("answers {}", status_words(*status)),
                Some(Answer::Silent(reason)) => format!("does not answer: {reason}"),
                Some(Answer::Alive | Answer::Unjudged) | None => continue,
            };
            findings.push(finding(entry, &written, &problem));
        }
    }
}

impl DeadExternalLink {
    /// Whether an address has to be asked.
    pub fn asks(&self, address: &str) -> bool {
        !matches(&self.allow, address) && !matches(&self.deny, address)
    }
}

fn finding(entry: &Entry<'_>, written: &Written<'_>, problem: &str) -> Finding {
    let target = &written.link.target;
    Finding {
        help: Some("write the address to which it has moved, or remove the link".to_string()),
        related: written.uses(entry),
        ..Finding::new(written.place(entry), target, format!("`{target}` {problem}"))
    }
}

/// Statuses that say why in a word.
const STATUSES: [(u16, &str); 6] = [
    (404, "not found"),
    (410, "gone"),
    (451, "withheld"),
    (500, "an error of its server"),
    (502, "an error of its gateway"),
    (503, "not available"),
];

fn status_words(status: u16) -> String {
    match STATUSES.iter().find(|(known, _)| *known == status) {
        Some((_, words)) => format!("{status}, {words}"),
        None => status.to_string(),
    }
}

/// A pattern means whole addresses, with or without their scheme, or hosts.
fn matches(patterns: &GlobSet, address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    patterns.is_match(address) || patterns.is_match(rest) || patterns.is_match(host_of(address))
}

fn addresses<'d, D: Deserializer<'d>>(deserializer: D) -> Result<GlobSet, D::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in Vec::<String>::deserialize(deserializer)? {
        let invalid =
            |error: globset::Error| D::Error::custom(format!("invalid pattern `{pattern}`: {}", error.kind()));
        set.add(Glob::new(&pattern).map_err(invalid)?);
    }
    set.build().map_err(D::Error::custom)
}
