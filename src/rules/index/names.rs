//! Whether two texts name one runbook: its title, file name, or the scenario of its row.

use std::collections::BTreeSet;

use super::rows::LinkedRow;
use crate::corpus::{Column, Corpus, Entry, path, strip_document_ending};
use crate::source::FileId;

/// A name as it is compared.
#[derive(Debug, Clone)]
pub struct Name {
    /// As the author wrote it.
    pub text: String,
    /// All words, in order, in lower case.
    plain: String,
    words: BTreeSet<String>,
    /// The words that tell one runbook from another.
    distinctive: BTreeSet<String>,
}

/// Words that say nothing.
const STOP: [&str; 22] = [
    "a", "an", "the", "of", "for", "to", "in", "on", "and", "or", "with", "from", "at", "by", "is", "are", "how", "do",
    "does", "not", "when", "md",
];

/// Words that many runbooks have in their names.
const GENERIC: [&str; 37] = [
    "runbook",
    "playbook",
    "procedure",
    "process",
    "guide",
    "step",
    "operation",
    "incident",
    "response",
    "investigation",
    "investigate",
    "investigating",
    "troubleshooting",
    "troubleshoot",
    "diagnosis",
    "diagnosing",
    "issue",
    "problem",
    "maintenance",
    "management",
    "managing",
    "handling",
    "spike",
    "high",
    "low",
    "alert",
    "update",
    "check",
    "service",
    "system",
    "production",
    "standard",
    "planned",
    "error",
    "failure",
    "deployment",
    "fix",
];

impl Name {
    /// Reads a name.
    pub fn new(text: &str) -> Name {
        let text = text.trim().trim_end_matches(':').trim();
        let bare = strip_document_ending(text).unwrap_or(text);
        let all: Vec<String> =
            bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        let words: BTreeSet<String> =
            all.iter().filter(|word| !STOP.contains(&word.as_str())).map(|word| singular(word)).collect();
        let distinctive = words.iter().filter(|word| !GENERIC.contains(&word.as_str())).cloned().collect();
        Name { text: text.to_string(), plain: all.join(" "), words, distinctive }
    }

    /// The same words in the same order.
    pub fn is(&self, other: &Name) -> bool {
        !self.plain.is_empty() && self.plain == other.plain
    }

    /// Most of the words that tell runbooks apart are the same. One common word is never enough.
    pub fn is_like(&self, other: &Name) -> bool {
        let shared = self.distinctive.intersection(&other.distinctive).count();
        let (own, others) = (self.distinctive.len(), other.distinctive.len());
        let is_part = shared == own || shared == others;
        let most = shared * 2 > own + others - shared;
        self.words.intersection(&other.words).count() >= 2 && shared >= 1 && is_part && most
    }
}

/// The names under which a document is known: its title, with and without a prefix, and its file's name.
pub fn names_of(corpus: &Corpus<'_>, file: FileId) -> Vec<Name> {
    let title = corpus.entry(file).title.as_str();
    let behind_prefix = title.split_once(':').map(|(_, title)| title);
    let mut names: Vec<Name> = std::iter::once(title).chain(behind_prefix).map(Name::new).collect();
    names.extend(name_of_path(&corpus.source(file).path));
    names
}

/// The names that a row gives to what it leads to.
pub fn names_of_row(row: &LinkedRow<'_>, entry: &Entry<'_>) -> Vec<Name> {
    let cells = [Column::Scenario, Column::Runbook].into_iter().filter_map(|column| row.row.cell(column));
    let mut names: Vec<Name> = cells.map(|cell| Name::new(&cell.text)).collect();
    names.extend(name_of_path(&path::split_target(&row.node(entry).target).path));
    names
}

/// A folder's own page is named for nothing.
fn name_of_path(path: &str) -> Option<Name> {
    let name = Name::new(path::file_name(path));
    let is_own_page = crate::corpus::INDEX_NAMES.iter().any(|own| own.eq_ignore_ascii_case(&name.plain));
    (!is_own_page).then_some(name)
}

fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ if word.len() > 3 && !word.ends_with("ss") && !word.ends_with("us") => {
            word.strip_suffix('s').unwrap_or(word).to_string()
        }
        _ => word.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        Name::new(one).is_like(&Name::new(other))
    }

    #[test]
    fn names_of_one_thing_are_alike() {
        let pairs = [
            ("Security Incident Response", "Security incident"),
            ("High Error Rate Investigation", "Error rate spike"),
            ("Latency Investigation", "High latency investigation"),
            ("Certificate Renewals", "certificate-renewal.md"),
        ];
        for (one, other) in pairs {
            assert!(alike(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn a_common_word_is_not_enough() {
        let pairs = [
            ("Database Maintenance", "Planned maintenance"),
            ("Database Maintenance", "Database failover"),
            ("AKS Node Maintenance", "Planned maintenance"),
            ("Storage Management", "log-management.md"),
            ("Network Troubleshooting", "troubleshooting-latency.md"),
            ("High Error Rate Investigation", "High latency investigation"),
            ("Memory Investigation", "Latency Investigation"),
            ("Hotfix Deployment", "Blue-Green Deployment"),
            ("Incident Response", "Security Incident Response"),
            ("Connection errors", "Error rate spike"),
        ];
        for (one, other) in pairs {
            assert!(!alike(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn case_and_punctuation_make_no_other_name() {
        assert!(Name::new("Database Failover:").is(&Name::new("database-failover.md")));
        assert!(!Name::new("Database Failover").is(&Name::new("Failover Database")));
    }
}
