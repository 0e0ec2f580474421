//! Whether two statements of one fact say the same.

use std::collections::BTreeSet;

use crate::corpus::parse_duration;
use crate::rules::roles::{self, Named};
use crate::rules::severity::severity;
use crate::settings::{Fact, Settings};

/// Whether two values of a fact agree; `None` where they cannot be compared, or one of them is empty.
pub fn agree(settings: &Settings, fact: Fact, one: &str, other: &str) -> Option<bool> {
    match fact {
        Fact::EstimatedTime => Some(parse_duration(one)? == parse_duration(other)?),
        Fact::ApprovalRequired | Fact::Owner => same_roles(settings, one, other),
        Fact::Priority => same_priorities(one, other),
        Fact::LastUpdated | Fact::ReviewIn | Fact::NextReview => None,
    }
}

fn same_roles(settings: &Settings, one: &str, other: &str) -> Option<bool> {
    if one.trim().is_empty() || other.trim().is_empty() {
        return None;
    }
    let keys = |named: Named| match named {
        Named::Nobody => Some(BTreeSet::new()),
        Named::Open => None,
        Named::Roles(names) => Some(names.iter().map(|role| roles::known_key(settings, role)).collect()),
    };
    Some(keys(roles::named(one))? == keys(roles::named(other))?)
}

/// `P1` and `High` are of different scales: neither contradicts the other.
fn same_priorities(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (severity(one), severity(other));
    match (one.codes.is_empty(), other.codes.is_empty()) {
        (false, false) => Some(one.codes == other.codes),
        (true, true) if !one.words.is_empty() && !other.words.is_empty() => Some(one.words == other.words),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_words_for_one_thing_agree() {
        let cases = [
            (Fact::EstimatedTime, "60-120 minutes", "1–2 hours"),
            (Fact::EstimatedTime, "5 min/submodule", "5 minutes per submodule"),
            (Fact::EstimatedTime, "30-120 minutes", "30-120 minutes (depending on scenario)"),
            (Fact::ApprovalRequired, "DBA + On-call lead", "On-call Lead (any) and DBA"),
            (Fact::ApprovalRequired, "None", "No"),
            (Fact::ApprovalRequired, "-", "None (safe at any time)"),
            (Fact::ApprovalRequired, "DBA", "Yes - DBA"),
            (Fact::Owner, "platform team", "Platform Team"),
            (Fact::Priority, "P1/P2", "P2, P1"),
        ];
        for (fact, one, other) in cases {
            assert_eq!(agree(&Settings::default(), fact, one, other), Some(true), "{one} and {other}");
        }
    }

    #[test]
    fn roles_agree_under_all_their_names() {
        let settings = Settings::parse("[roles.\"Engineering Manager\"]\naliases = [\"EM\"]\n").expect("valid");
        assert_eq!(agree(&settings, Fact::Owner, "EM", "engineering manager"), Some(true));
        assert_eq!(agree(&settings, Fact::Owner, "EM", "DBA"), Some(false));
    }

    #[test]
    fn what_cannot_be_compared_is_no_contradiction() {
        let cases = [
            (Fact::EstimatedTime, "soon", "5 minutes"),
            (Fact::ApprovalRequired, "Yes", "DBA"),
            (Fact::ApprovalRequired, "", "DBA"),
            (Fact::Priority, "High", "P1"),
        ];
        for (fact, one, other) in cases {
            assert_eq!(agree(&Settings::default(), fact, one, other), None, "{one} and {other}");
        }
    }
}
