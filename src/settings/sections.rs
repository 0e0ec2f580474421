//! The names under which a section may stand: data in `sections.toml`, matched here.

use std::collections::{HashMap, HashSet};
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
    /// Exact name → positions in `kinds`.
    by_name: HashMap<String, Vec<usize>>,
    /// Of all `kinds`.
    phrases: Phrases,
    other: HashSet<String>,
    other_phrases: Phrases,
}

/// Telling phrases by their first character: a handbook has thousands of headings, and the file hundreds of phrases.
#[derive(Default)]
struct Phrases {
    by_first: HashMap<char, Vec<Phrase>>,
}

struct Phrase {
    text: String,
    place: Place,
    /// Position in `Names::kinds`.
    kind: usize,
}

/// Where in a heading a phrase tells.
enum Place {
    /// At the beginning.
    Start,
    /// Anywhere, as whole words.
    Words,
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
        let mut phrases = Phrases::default();
        for (position, kind) in file.section.iter().enumerate() {
            phrases.add(position, &kind.prefix, &kind.word);
        }
        let mut other_phrases = Phrases::default();
        other_phrases.add(0, &file.other.prefix, &file.other.word);
        let other = file.other.exact.into_iter().collect();
        Names { kinds: file.section, by_name, phrases, other, other_phrases }
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
    let named = exact.iter().map(|position| (*position, Sureness::Name));
    let told = names().phrases.found(&name).filter(|position| !exact.contains(position));
    let told = told.filter(|position| !names().kinds[*position].excludes(&name));
    let mut found: Vec<(usize, Sureness)> = named.chain(told.map(|position| (position, Sureness::Phrase))).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(position, sureness)| (names().kinds[position].id.as_str(), sureness)).collect()
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
    names().other.contains(&name) || names().other_phrases.found(&name).next().is_some()
}

/// The usual heading of a section id; the id itself where the section is a team's own.
pub fn section_name(id: &str) -> &str {
    section_kinds().iter().find(|kind| kind.id == id).map_or(id, |kind| kind.name.as_str())
}

impl SectionKind {
    fn excludes(&self, name: &str) -> bool {
        self.not.iter().any(|phrase| holds_phrase(name, phrase))
    }
}

impl Phrases {
    fn add(&mut self, kind: usize, prefixes: &[String], words: &[String]) {
        let prefixes = prefixes.iter().map(|text| (text, Place::Start));
        let words = words.iter().map(|text| (text, Place::Words));
        for (text, place) in prefixes.chain(words) {
            let first = text.chars().next().expect("a phrase of sections.toml has words");
            self.by_first.entry(first).or_default().push(Phrase { text: text.clone(), place, kind });
        }
    }

    /// The kinds of which a name holds a phrase; one may come several times.
    fn found<'p>(&'p self, name: &'p str) -> impl Iterator<Item = usize> + 'p {
        word_starts(name).flat_map(move |(at, first)| {
            let phrases = self.by_first.get(&first).map_or(&[][..], Vec::as_slice);
            let rest = &name[at..];
            let tells = move |phrase: &&Phrase| match phrase.place {
                Place::Start => at == 0 && begins_with(rest, &phrase.text),
                Place::Words => {
                    rest.strip_prefix(&phrase.text).is_some_and(|tail| !tail.starts_with(char::is_alphanumeric))
                }
            };
            phrases.iter().filter(tells).map(|phrase| phrase.kind)
        })
    }
}

/// The first character of a name and of each of its words, with its place.
fn word_starts(name: &str) -> impl Iterator<Item = (usize, char)> {
    let mut in_word = false;
    name.char_indices().filter(move |(at, character)| {
        let was_in_word = std::mem::replace(&mut in_word, character.is_alphanumeric());
        *at == 0 || !was_in_word
    })
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
        for name in &names().other {
            assert_eq!(&plain_name(name), name);
        }
    }
}
