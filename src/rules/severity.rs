//! Priorities and severities as cells and metadata name them.

use std::collections::BTreeSet;

use crate::corpus::without_parentheticals;

/// What a value names: `P1/P2`, `SEV-1`, `P1-P3`, `High`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Severity {
    /// Such as `P1`, in upper case and without a hyphen.
    pub codes: BTreeSet<String>,
    /// Such as `high`, where the value is made of such words.
    pub words: BTreeSet<String>,
}

const WORDS: [&str; 9] = ["critical", "urgent", "high", "major", "medium", "moderate", "minor", "low", "informational"];

/// Reads the priorities that a value names.
pub fn severity(text: &str) -> Severity {
    let parts = text.split(['/', ',', '+', '|', '(', ')', '–']).flat_map(|part| part.split(" - "));
    let parts: Vec<String> = parts.map(|part| part.trim().to_lowercase()).filter(|part| !part.is_empty()).collect();
    let words = parts.into_iter().filter(|part| WORDS.contains(&part.as_str())).collect();
    // `P2 (P1 on match days)` is P2; `Critical (P1)` says it only there.
    let plain = codes(&without_parentheticals(text));
    Severity { codes: if plain.is_empty() { codes(text) } else { plain }, words }
}

/// The letters of a code: `SEV1` → `SEV`.
pub fn scale(code: &str) -> &str {
    code.trim_end_matches(|c: char| c.is_ascii_digit())
}

fn codes(text: &str) -> BTreeSet<String> {
    let tokens: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
    let mut found: Vec<(usize, String)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let upper = token.to_uppercase();
        let next = tokens.get(at + 1).copied().unwrap_or_default();
        if let Some(letters) =
            ["SEV", "P", "S"].into_iter().find(|letters| is_digit(upper.strip_prefix(letters).unwrap_or_default()))
        {
            found.push((at, format!("{letters}{}", &upper[letters.len()..])));
        } else if upper == "SEV" && is_digit(next) {
            found.push((at, format!("SEV{next}")));
        }
    }
    let mut codes: BTreeSet<String> = found.iter().map(|(_, code)| code.clone()).collect();
    // `P1-P3` and `P1 to P3` are all from one to the other.
    if let [(_, from), (_, to)] = found.as_slice()
        && scale(from) == scale(to)
        && is_range(text)
        && let (Some(first), Some(last)) = (digit(from), digit(to))
    {
        codes.extend((first..=last).map(|number| format!("{}{number}", scale(from))));
    }
    codes
}

fn is_range(text: &str) -> bool {
    let after = text.split_once(|c: char| c.is_ascii_digit()).map_or("", |(_, rest)| rest);
    let between = after.split(|c: char| c.is_alphabetic() && c != 't' && c != 'o').next().unwrap_or_default().trim();
    ["-", "–", "—", "to", "..", "…"].contains(&between)
}

fn is_digit(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn digit(code: &str) -> Option<u32> {
    code.chars().last()?.to_digit(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read() {
        let cases = [
            ("P1/P2", &["P1", "P2"][..]),
            ("**P0**", &["P0"]),
            ("P1-P3", &["P1", "P2", "P3"]),
            ("p0 to p2", &["P0", "P1", "P2"]),
            ("SEV-1, Sev 2", &["SEV1", "SEV2"]),
            ("P2 (P1 on match days)", &["P2"]),
            ("Critical (P1)", &["P1"]),
            ("High", &[]),
        ];
        for (text, codes) in cases {
            assert_eq!(severity(text).codes, codes.iter().map(|code| code.to_string()).collect(), "{text}");
        }
    }

    #[test]
    fn words_are_read_only_where_they_are_the_value() {
        assert_eq!(severity("High/Critical").words.len(), 2);
        assert!(severity("low disk space").words.is_empty());
    }
}
