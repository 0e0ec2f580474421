//! Whom to call for a runbook: contacts for its approval, and the escalation path of its priority.

use serde::Serialize;

use super::navigation::is_emergency;
use super::report::priority_url;
use crate::corpus::{Band, Column, Contact, Corpus, Entry, Index, Kind, path, split_roles};
use crate::settings::Settings;

/// What the index says of whom to call.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallView {
    /// Such as `P0`; empty where the runbook has no priority with a path.
    pub priority: String,
    /// What is of this priority, in the words of the index; or empty.
    pub examples: String,
    /// The priority on the escalation page, from the site's root; empty where there is no such page.
    pub url: String,
    pub contacts: Vec<ContactView>,
    pub bands: Vec<BandView>,
}

/// A contact; what is not known is empty.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ContactView {
    pub role: String,
    pub primary: String,
    pub backup: String,
    pub method: String,
}

/// A stretch of time and who is called in it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct BandView {
    time: String,
    from_minutes: u32,
    /// `None` where it has no end.
    to_minutes: Option<u32>,
    roles: String,
}

/// Reads it for a runbook from the nearest index above that has contacts or escalation paths.
pub fn call(corpus: &Corpus<'_>, entry: &Entry<'_>) -> CallView {
    let index = (entry.kind == Kind::Runbook).then(|| escalating_index(corpus, entry)).flatten();
    let Some(index) = index else { return CallView::default() };
    let entry = corpus.entry(entry.file);
    let approval = corpus.value_of(entry, Column::ApprovalRequired).unwrap_or_default();
    let contacts = split_roles(&approval);
    let contacts = contacts.iter().filter_map(|role| contact(corpus.settings, index, role)).collect();
    // The gravest first: a runbook for P1 and P2 escalates as P1 does.
    let priorities = corpus.value_of(entry, Column::Priority).unwrap_or_default();
    let stated = priorities
        .split(['/', ',', ' '])
        .find_map(|name| index.escalation.iter().find(|path| path.priority.eq_ignore_ascii_case(name.trim())));
    let path = stated
        .or_else(|| index.escalation.first().filter(|_| priorities.is_empty() && is_for_emergencies(corpus, entry)))
        .filter(|path| !path.priority.is_empty());
    let examples = path.and_then(|path| {
        let mut defined = index.priorities.iter();
        defined.find(|priority| priority.name.eq_ignore_ascii_case(&path.priority))
    });
    CallView {
        examples: examples.map_or(String::new(), |priority| priority.examples.clone()),
        url: priority_url(corpus, index, path.map_or("", |path| path.priority.as_str())),
        priority: path.map_or(String::new(), |path| path.priority.clone()),
        contacts,
        bands: path.map_or(Vec::new(), |path| path.bands.iter().map(band_view).collect()),
    }
}

/// Whether an index lists it among the emergencies: it escalates as the gravest priority does, which an index puts first.
fn is_for_emergencies(corpus: &Corpus<'_>, entry: &Entry<'_>) -> bool {
    corpus.rows_of(entry.file).any(|(_, table, _)| is_emergency(&table.heading))
}

/// The nearest index above that has contacts or escalation paths.
pub fn escalating_index<'c>(corpus: &'c Corpus<'_>, entry: &Entry<'_>) -> Option<&'c Index> {
    let own_path = &corpus.source(entry.file).path;
    let over = |index: &&Index| {
        let folder = path::folder(&corpus.source(index.file).path);
        path::is_below(own_path, folder) && !(index.contacts.is_empty() && index.escalation.is_empty())
    };
    corpus.indexes.iter().filter(over).max_by_key(|index| path::folder(&corpus.source(index.file).path).len())
}

/// The contact of a role: that of the table, under any name that the config knows, else the config's own.
pub fn contact(settings: &Settings, index: &Index, role: &str) -> Option<ContactView> {
    let known = settings.role(role);
    let names = known
        .map_or_else(Vec::new, |(name, setting)| setting.aliases.iter().map(String::as_str).chain([name]).collect());
    let in_table = std::iter::once(role).chain(names).find_map(|name| table_contact(index, name)).map(contact_view);
    in_table.or_else(|| {
        let (name, setting) = known?;
        let method = setting.contact.clone()?;
        Some(ContactView { role: name.to_string(), primary: String::new(), backup: String::new(), method })
    })
}

/// "Security Team" is called by the contact "Security".
fn table_contact<'i>(index: &'i Index, role: &str) -> Option<&'i Contact> {
    let exact = index.contacts.iter().find(|contact| contact.role.eq_ignore_ascii_case(role));
    exact.or_else(|| {
        let without_team = |name: &str| name.to_lowercase().trim_end_matches("team").trim().to_string();
        index.contacts.iter().find(|contact| without_team(&contact.role) == without_team(role))
    })
}

/// The text of a cell; empty where it only says that there is none.
pub fn known(text: &str) -> String {
    if text.trim_matches(['-', '–', '—', ' ']).is_empty() { String::new() } else { text.to_string() }
}

fn contact_view(contact: &Contact) -> ContactView {
    ContactView {
        role: contact.role.clone(),
        primary: known(&contact.primary),
        backup: known(&contact.backup),
        method: known(&contact.method),
    }
}

fn band_view(band: &Band) -> BandView {
    let time = match band.to_minutes {
        Some(to) => format!("{}–{to} min", band.from_minutes),
        None => format!("{}+ min", band.from_minutes),
    };
    BandView { time, from_minutes: band.from_minutes, to_minutes: band.to_minutes, roles: band.roles.join(", ") }
}
