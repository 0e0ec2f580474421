//! A contact that nobody stands in for.

use schemars::JsonSchema;
use serde::Deserialize;

use super::places::narrowed;
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ContactWithoutBackup {}

impl Rule for ContactWithoutBackup {
    const INFO: RuleInfo = RuleInfo {
        name: "contact-without-backup",
        group: "escalation",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a contact whose backup is empty",
        docs: include_str!("contact_without_backup.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        let source = corpus.source(entry.file);
        let lacking = index.contacts.iter().filter(|contact| contact.has_backup && is_empty(&contact.backup));
        findings.extend(lacking.filter(|contact| !contact.role.is_empty()).map(|contact| {
            let row = Location { file: entry.file, span: contact.span };
            Finding {
                help: Some("name who answers when the first does not".to_string()),
                ..Finding::new(
                    narrowed(source, contact.role.clone(), row).location,
                    &contact.role,
                    format!("`{}` has no backup", contact.role),
                )
            }
        }));
    }
}

fn is_empty(backup: &str) -> bool {
    ["", "-", "–", "—", "none", "n/a", "no", "?"].contains(&backup.trim().to_lowercase().as_str())
}
