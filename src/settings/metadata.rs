//! The keys of metadata: data in `metadata.toml`, matched here.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A fact that the head of a runbook states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    LastUpdated,
    Owner,
    ApprovalRequired,
    EstimatedTime,
    Priority,
    ReviewIn,
    NextReview,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    id: Fact,
    name: String,
    names: Vec<String>,
}

struct Keys {
    keys: Vec<Key>,
    /// Key as it is compared → fact and the position among the fact's names.
    by_name: HashMap<String, (Fact, usize)>,
}

fn keys() -> &'static Keys {
    static KEYS: LazyLock<Keys> = LazyLock::new(|| {
        #[derive(Deserialize)]
        struct File {
            key: Vec<Key>,
        }
        let file: File = toml::from_str(include_str!("metadata.toml")).expect("metadata.toml is part of the program");
        let mut by_name = HashMap::new();
        for key in &file.key {
            for (rank, name) in key.names.iter().enumerate() {
                by_name.insert(plain_key(name), (key.id, rank));
            }
        }
        Keys { keys: file.key, by_name }
    });
    &KEYS
}

impl Fact {
    /// All facts.
    pub fn all() -> impl Iterator<Item = Fact> {
        keys().keys.iter().map(|key| key.id)
    }

    /// The fact that a key states, and how usual the key is for it: 0 is the first choice.
    pub fn of_key(key: &str) -> Option<(Fact, usize)> {
        keys().by_name.get(&plain_key(key)).copied()
    }

    /// The usual key, such as `Last Updated`.
    pub fn name(self) -> &'static str {
        keys().keys.iter().find(|key| key.id == self).map_or("", |key| key.name.as_str())
    }

    /// As reports for machines name it, such as `last_updated`.
    pub fn id(self) -> &'static str {
        match self {
            Fact::LastUpdated => "last_updated",
            Fact::Owner => "owner",
            Fact::ApprovalRequired => "approval_required",
            Fact::EstimatedTime => "estimated_time",
            Fact::Priority => "priority",
            Fact::ReviewIn => "review_in",
            Fact::NextReview => "next_review",
        }
    }
}

/// Whether two keys are one to a reader.
pub fn same_key(a: &str, b: &str) -> bool {
    plain_key(a) == plain_key(b)
}

/// Lower case, `_` and `-` as spaces, marks around it dropped.
fn plain_key(key: &str) -> String {
    let key = key.replace(['_', '-'], " ").to_lowercase();
    let key = key.trim_matches(|c: char| !c.is_alphanumeric());
    key.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_find_their_fact() {
        let cases = [
            ("Last Updated", Some(Fact::LastUpdated)),
            ("last_reviewed_on", Some(Fact::LastUpdated)),
            ("⏱ Estimated time", Some(Fact::EstimatedTime)),
            ("Verantwortlich", Some(Fact::Owner)),
            ("owner_slack", Some(Fact::Owner)),
            ("Approver", Some(Fact::ApprovalRequired)),
            ("Title", None),
        ];
        for (key, fact) in cases {
            assert_eq!(Fact::of_key(key).map(|(fact, _)| fact), fact, "{key}");
        }
    }

    #[test]
    fn no_key_stands_for_two_facts() {
        let count: usize = keys().keys.iter().map(|key| key.names.len()).sum();
        assert_eq!(keys().by_name.len(), count);
    }
}
