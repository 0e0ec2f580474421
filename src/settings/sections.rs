//! The names under which a section may stand: data in `sections.toml`, matched here.

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
    not: Vec<String>,
}

/// All sections that are known by name.
pub fn section_kinds() -> &'static [SectionKind] {
    static KINDS: LazyLock<Vec<SectionKind>> = LazyLock::new(|| {
        #[derive(Deserialize)]
        struct File {
            section: Vec<SectionKind>,
        }
        let file: File = toml::from_str(include_str!("sections.toml")).expect("sections.toml is part of the program");
        file.section
    });
    &KINDS
}

/// The id of the section among `allowed` that a heading opens; the first of `allowed` that matches wins.
pub fn section_id(heading: &str, allowed: &[&'static str]) -> Option<&'static str> {
    let name = plain_name(heading);
    allowed
        .iter()
        .filter_map(|id| section_kinds().iter().find(|kind| kind.id == *id))
        .find(|kind| kind.matches(&name))
        .map(|kind| kind.id.as_str())
}

/// The usual heading of a section id; the id itself where the section is a team's own.
pub fn section_name(id: &str) -> &str {
    section_kinds().iter().find(|kind| kind.id == id).map_or(id, |kind| kind.name.as_str())
}

impl SectionKind {
    fn matches(&self, name: &str) -> bool {
        let begins = |phrase: &String| {
            name.strip_prefix(phrase.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        self.exact.iter().any(|exact| exact == name)
            || (self.prefix.iter().any(begins) && !self.not.iter().any(|not| name.contains(not.as_str())))
    }
}

/// `2. ⚠️ Steps to follow: (5 min)` → `steps to follow`.
pub fn plain_name(heading: &str) -> String {
    let words: Vec<&str> = heading.split_whitespace().collect();
    let mut name = words.join(" ").to_lowercase();
    while let Some((before, _)) = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        name.truncate(before.trim_end().len());
    }
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
    let name = name.trim_start_matches(|c: char| !c.is_alphabetic());
    // `Step 3: Verify`, `Phase 2 - Rollback`, `A) Verify`, `(P) Preparation`
    let numbered = ["step", "phase", "part", "section", "stage"].iter().find_map(|word| {
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

    const SIX: [&str; 6] = ["purpose", "prerequisites", "rollback", "verification", "post-incident", "procedure"];

    #[test]
    fn headings_find_their_section() {
        let cases = [
            ("Purpose", Some("purpose")),
            ("1. Overview", Some("purpose")),
            ("✅ Verification Checklist", Some("verification")),
            ("Step 3: Verify rollout (2 min)", Some("verification")),
            ("Rollback Plan", Some("rollback")),
            ("If Rollback Fails", None),
            ("What to do if rollback fails", None),
            ("Rollbacks at a glance", None),
            ("Post-Incident Actions", Some("post-incident")),
            ("Fix Procedure", Some("procedure")),
            ("Steps:", Some("procedure")),
            ("", None),
        ];
        for (heading, id) in cases {
            assert_eq!(section_id(heading, &SIX), id, "{heading}");
        }
    }

    #[test]
    fn every_name_is_written_as_it_is_compared() {
        for kind in section_kinds() {
            for name in kind.exact.iter().chain(&kind.prefix).chain(&kind.not) {
                assert_eq!(&plain_name(name), name, "{} of {}", name, kind.id);
            }
        }
    }
}
