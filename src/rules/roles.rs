//! Roles as cells and metadata name them.

use crate::corpus::{split_roles, without_parentheticals};
use crate::settings::Settings;

/// Words behind which a value says when the role is asked, not who it is.
const CONDITIONS: [&str; 10] =
    [" for ", " if ", " when ", " unless ", " before ", " during ", " only", " - ", " – ", " — "];

/// Values that name nobody.
const NOBODY: [&str; 14] =
    ["none", "no", "-", "–", "—", "n/a", "na", "not required", "not needed", "nobody", "nein", "keine", "нет", "无"];

/// Values that leave open who it is.
const OPEN: [&str; 8] = ["yes", "ja", "varies", "depends", "tbd", "todo", "any", "anyone"];

/// Who is named by a value such as `Yes - DBA + On-call Lead (weekdays)`.
#[derive(Debug, PartialEq, Eq)]
pub enum Named {
    /// `None`, `No`, `-`
    Nobody,
    /// `Yes`, `Varies`: somebody, but not whom.
    Open,
    /// Each as the author wrote it.
    Roles(Vec<String>),
}

/// Reads who a value names. Parentheticals and conditions do not count.
pub fn named(text: &str) -> Named {
    let text = without_parentheticals(text);
    let text = text.trim().trim_end_matches('.');
    if is_one_of(text, &NOBODY) || text.is_empty() {
        return Named::Nobody;
    }
    // A blank that was never filled in names nobody, but does not say so.
    if text.starts_with(['[', '<', '{']) {
        return Named::Open;
    }
    let text = without_yes(text).replace(" or ", ",").replace(" then ", ",");
    let parts = split_roles(&text);
    let roles: Vec<String> =
        parts.iter().map(|part| without_condition(part)).filter(|role| is_role(role)).map(str::to_string).collect();
    let says_nobody = parts.iter().any(|part| is_one_of(without_condition(part), &NOBODY) || starts_with_no(part));
    match (roles.is_empty(), says_nobody) {
        (true, true) => Named::Nobody,
        (true, false) => Named::Open,
        (false, _) => Named::Roles(roles),
    }
}

/// The role as it is compared: `On-call Lead` and `on call lead` are one.
pub fn key(role: &str) -> String {
    role.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The role as it is compared where `[roles]` of the config knows other names for it.
pub fn known_key(settings: &Settings, role: &str) -> String {
    key(settings.role(role).map_or(role, |(name, _)| name))
}

/// Words of a role in lower case.
pub fn words(role: &str) -> Vec<String> {
    role.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn is_one_of(text: &str, values: &[&str]) -> bool {
    values.contains(&text.trim().to_lowercase().as_str())
}

fn starts_with_no(part: &str) -> bool {
    let lower = part.to_lowercase();
    ["none ", "no ", "not "].iter().any(|start| lower.starts_with(start))
}

/// A name of a few words, no sentence and no blank to fill in.
fn is_role(text: &str) -> bool {
    let count = words(text).len();
    (1..=5).contains(&count)
        && text.starts_with(|c: char| c.is_alphabetic() || c == '@' || c == '#')
        && !text.contains(['[', ']', '<', '>', '{', '}', '?'])
        && !is_one_of(text, &NOBODY)
        && !is_one_of(text, &OPEN)
        && !starts_with_no(text)
}

/// `Yes - DBA` → `DBA`
fn without_yes(text: &str) -> &str {
    let rest = text.get(..3).filter(|start| start.eq_ignore_ascii_case("yes")).map(|_| &text[3..]);
    match rest {
        Some(rest) if rest.trim_start().starts_with(['-', '–', '—', ':', ',']) => {
            rest.trim_start().trim_start_matches(['-', '–', '—', ':', ',']).trim_start()
        }
        _ => text,
    }
}

fn without_condition(role: &str) -> &str {
    let lower = role.to_ascii_lowercase();
    let end = CONDITIONS.iter().filter_map(|word| lower.find(word)).min().unwrap_or(role.len());
    role[..end].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_from_values() {
        let cases = [
            ("DBA + On-call lead", &["DBA", "On-call lead"][..]),
            ("Yes - Security Team", &["Security Team"]),
            ("On-call Lead (weekdays, nights) and DBA", &["On-call Lead", "DBA"]),
            ("None for read-only checks; On-call Lead for delete", &["On-call Lead"]),
            ("Engineering Manager or CTO", &["Engineering Manager", "CTO"]),
        ];
        for (text, roles) in cases {
            assert_eq!(named(text), Named::Roles(roles.iter().map(|role| role.to_string()).collect()), "{text}");
        }
    }

    #[test]
    fn no_role_is_made_of_none_and_varies() {
        for text in ["None", "no", "-", "N/A", "None (safe at any time)", "No approval needed", ""] {
            assert_eq!(named(text), Named::Nobody, "{text}");
        }
        for text in ["Yes", "Varies", "[Yes/No - Who]"] {
            assert_eq!(named(text), Named::Open, "{text}");
        }
    }
}
