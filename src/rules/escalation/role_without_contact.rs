//! A role that must approve, own or be called, and that the contacts lack.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::places::{nearest_index, others, roles_in, spoken_for};
use crate::corpus::{Contact, Corpus, Entry, Index};
use crate::diagnostic::{Finding, Fixability, Level, RuleInfo};
use crate::rules::Rule;
use crate::rules::roles::{self, Named};
use crate::settings::Settings;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RoleWithoutContact {}

impl Rule for RoleWithoutContact {
    const INFO: RuleInfo = RuleInfo {
        name: "role-without-contact",
        group: "escalation",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a role that approves, owns or is called, and that the contacts lack",
        docs: include_str!("role_without_contact.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = nearest_index(corpus, entry.file, has_contacts) else { return };
        let known = known_roles(corpus.settings, &index.contacts);
        let mut said = BTreeSet::new();
        for role in roles_in(corpus, entry) {
            let key = roles::known_key(corpus.settings, &role.text);
            if known.contains(&key) || is_address(&role.text) || !said.insert(key.clone()) {
                continue;
            }
            let everywhere = spoken_for(corpus, index, has_contacts).flat_map(|entry| roles_in(corpus, entry));
            let places: Vec<_> =
                everywhere.filter(|other| roles::known_key(corpus.settings, &other.text) == key).collect();
            // Once a role, in the first document that names it.
            if places.first().is_some_and(|first| first.location.file == entry.file) {
                findings.push(Finding {
                    help: Some(help(corpus, index, &role.text)),
                    related: others(&places),
                    ..Finding::new(role.location, &role.text, format!("the contacts lack `{}`", role.text))
                });
            }
        }
    }
}

fn has_contacts(index: &Index) -> bool {
    !index.contacts.is_empty()
}

/// Roles of the contacts, and the people who hold them, whom an owner may be. A handle is no role: `Security Team` is not
/// the role `Security` that `@security-team` holds.
fn known_roles(settings: &Settings, contacts: &[Contact]) -> BTreeSet<String> {
    let people = contacts.iter().flat_map(|contact| [&contact.primary, &contact.backup]).filter(|who| !is_address(who));
    let reached = settings.roles.iter().filter(|(_, role)| role.contact.is_some());
    let mut known: BTreeSet<String> = reached.map(|(name, _)| roles::key(name)).collect();
    for text in contacts.iter().map(|contact| &contact.role).chain(people) {
        known.insert(roles::known_key(settings, text));
        if let Named::Roles(roles) = roles::named(text) {
            known.extend(roles.iter().map(|role| roles::known_key(settings, role)));
        }
    }
    known
}

/// A handle, a channel or a mail address says by itself how it is reached.
fn is_address(role: &str) -> bool {
    role.contains(['@', '#'])
}

fn help(corpus: &Corpus<'_>, index: &Index, role: &str) -> String {
    let wanted: BTreeSet<String> = roles::words(role).into_iter().collect();
    let like = index.contacts.iter().map(|contact| contact.role.as_str()).find(|known| {
        let known: BTreeSet<String> = roles::words(known).into_iter().collect();
        !known.is_empty() && (known.is_subset(&wanted) || wanted.is_subset(&known))
    });
    let path = &corpus.source(index.file).path;
    match like {
        Some(like) => {
            format!("if `{like}` is meant, use one name for both; else add `{role}` to the contacts of `{path}`")
        }
        None => format!("add a row for `{role}` to the contacts of `{path}`"),
    }
}
