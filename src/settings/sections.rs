//! The names under which a section may stand: data in `sections.toml`, matched here.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A section that runbooks have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionKind {
    /// Such as `post-incident`.
    pub id: String,
    /// Such as `Post-Incident`.
    pub name: String,
    exact: Vec<String>,
    #[serde(default)]
    prefix: Vec<String>,
    #[serde(default)]
    word: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    not: Vec<String>,
}

/// How surely a heading opens a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// It begins with or holds a telling phrase.
    Phrase,
    /// It is one of the section's names.
    Name,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    exact: Vec<String>,
    prefix: Vec<String>,
    word: Vec<String>,
}

struct Names {
    kinds: Vec<SectionKind>,
    other: Other,
    /// Exact name → positions in `kinds`.
    by_name: HashMap<String, Vec<usize>>,
}

fn names() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            section: Vec<SectionKind>,
            other: Other,
        }
        let file: File = toml::from_str(include_str!("sections.toml")).expect("sections.toml is part of the program");
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, kind) in file.section.iter().enumerate() {
            for name in &kind.exact {
                by_name.entry(name.clone()).or_default().push(position);
            }
        }
        Names { kinds: file.section, other: file.other, by_name }
    });
    &NAMES
}

/// All sections that are known by name.
pub fn section_kinds() -> &'static [SectionKind] {
    &names().kinds
}

/// The ids of all sections that a heading may open, in the order of preference.
pub fn section_ids(heading: &str) -> Vec<(&'static str, Sureness)> {
    let name = plain_name(heading);
    if name.is_empty() {
        return Vec::new();
    }
    let exact = names().by_name.get(&name).map_or(&[][..], Vec::as_slice);
    let kinds = names().kinds.iter().enumerate();
    kinds
        .filter_map(|(position, kind)| match exact.contains(&position) {
            true => Some((kind.id.as_str(), Sureness::Name)),
            false => kind.matches(&name).then_some((kind.id.as_str(), Sureness::Phrase)),
        })
        .collect()
}

/// The id of the section that a heading most likely opens.
pub fn section_id(heading: &str) -> Option<&'static str> {
    section_ids(heading).first().map(|(id, _)| *id)
}

/// Whether a heading means a section only where nothing better does: `Resolution` may be the procedure.
pub fn is_weak_name(heading: &str, id: &str) -> bool {
    let name = plain_name(heading);
    section_kinds().iter().any(|kind| kind.id == id && kind.weak.contains(&name))
}

/// Whether a heading is known to open a section that is no part of a procedure.
pub fn is_other_section(heading: &str) -> bool {
    let name = plain_name(heading);
    let other = &names().other;
    other.exact.contains(&name)
        || other.prefix.iter().any(|prefix| name.starts_with(prefix))
        || other.word.iter().any(|word| holds_words(&name, word))
}

/// The usual heading of a section id; the id itself where the section is a team's own.
pub fn section_name(id: &str) -> &str {
    section_kinds().iter().find(|kind| kind.id == id).map_or(id, |kind| kind.name.as_str())
}

impl SectionKind {
    fn matches(&self, name: &str) -> bool {
        let begins = self.prefix.iter().any(|phrase| begins_with(name, phrase));
        let holds = || self.word.iter().any(|phrase| holds_words(name, phrase));
        (begins || holds()) && !self.not.iter().any(|phrase| holds_phrase(name, phrase))
    }
}

/// Whether a name begins with a phrase; a phrase that ends in a letter may go on within its last word (`strateg`).
fn begins_with(name: &str, phrase: &str) -> bool {
    match phrase.split_once('*') {
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|tail| tail.contains(rest)),
        None => name.starts_with(phrase),
    }
}

fn holds_phrase(name: &str, phrase: &str) -> bool {
    match phrase.split_once('*') {
        Some((start, rest)) => name.split_once(start).is_some_and(|(_, tail)| tail.contains(rest)),
        None => name.contains(phrase),
    }
}

fn holds_words(name: &str, phrase: &str) -> bool {
    name.match_indices(phrase).any(|(at, _)| {
        let is_word = |c: char| c.is_alphanumeric();
        !name[..at].ends_with(is_word) && !name[at + phrase.len()..].starts_with(is_word)
    })
}

/// `2. ⚠️ Steps to follow: (5 min)` → `steps to follow`.
pub fn plain_name(heading: &str) -> String {
    let words: Vec<&str> = heading.split_whitespace().collect();
    let mut name = words.join(" ").to_lowercase().replace('’', "'");
    while let Some((before, _)) = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        name.truncate(before.trim_end().len());
    }
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
    let name = name.trim_start_matches(|c: char| !c.is_alphabetic());
    // `Step 3: Verify`, `Phase 2 - Rollback`, `A) Verify`, `(P) Preparation`
    let numbered = ["step", "part", "section", "stage", "schritt", "шаг"].iter().find_map(|word| {
        let rest = name.strip_prefix(word)?.trim_start();
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let rest = (number.len() < rest.len()).then_some(number)?;
        rest.starts_with([':', '-', '–', '—', ')', ' ']).then(|| rest.trim_start_matches(|c: char| !c.is_alphabetic()))
    });
    let lettered = || {
        let mut chars = name.chars();
        let (letter, mark) = (chars.next()?, chars.next()?);
        (letter.is_alphabetic() && (mark == ')' || mark == '.')).then(|| chars.as_str().trim_start())
    };
    numbered.filter(|rest| !rest.is_empty()).or_else(lettered).unwrap_or(name).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_find_their_section() {
        let cases = [
            ("Purpose", Some("purpose")),
            ("1. Overview", Some("purpose")),
            ("✅ Verification Checklist", Some("verification")),
            ("Step 3: Verify rollout (2 min)", Some("verification")),
            ("Health Verification Checklist", Some("verification")),
            ("Pre-Rollback Checklist", Some("prerequisites")),
            ("Rollback Plan", Some("rollback")),
            ("If Rollback Fails", None),
            ("What to do if rollback fails", None),
            ("Post-Rollback Verification", Some("verification")),
            ("Post-Incident Actions", Some("post-incident")),
            ("Fix Procedure", Some("procedure")),
            ("Steps:", Some("procedure")),
            ("Überprüfung", Some("verification")),
            ("2. Предварительные требования", Some("prerequisites")),
            ("Retour arrière", Some("rollback")),
            ("回滚", Some("rollback")),
            ("Nazorg", Some("post-incident")),
            ("Próximos pasos", Some("post-incident")),
            ("", None),
        ];
        for (heading, id) in cases {
            assert_eq!(section_id(heading), id, "{heading}");
        }
    }

    #[test]
    fn every_name_is_written_as_it_is_compared() {
        for kind in section_kinds() {
            for name in kind.exact.iter().chain(&kind.word).chain(&kind.weak) {
                assert_eq!(&plain_name(name), name, "{} of {}", name, kind.id);
            }
        }
        for name in &names().other.exact {
            assert_eq!(&plain_name(name), name);
        }
    }
}
