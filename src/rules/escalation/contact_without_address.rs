//! A contact with a way to be reached, but no number, address or handle for it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::places::narrowed;
use crate::corpus::{Contact, Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ContactWithoutAddress {}

impl Rule for ContactWithoutAddress {
    const INFO: RuleInfo = RuleInfo {
        name: "contact-without-address",
        group: "escalation",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a contact whose method lacks its number or address, or is a placeholder",
        docs: include_str!("contact_without_address.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(index) = corpus.index_at(entry.file) else { return };
        let source = corpus.source(entry.file);
        for contact in &index.contacts {
            let targets = entry.document.links.iter().filter(|link| contact.span.contains(link.span));
            let targets: Vec<&str> = targets.map(|link| link.target.as_str()).collect();
            let Some((at, message, help)) = fault(contact, &targets) else { continue };
            let row = Location { file: entry.file, span: contact.span };
            findings.push(Finding {
                help: Some(help.to_string()),
                ..Finding::new(narrowed(source, at.to_string(), row).location, &contact.role, message)
            });
        }
    }
}

/// A way to reach somebody that needs more than a name.
struct Method {
    words: &'static [&'static str],
    lacking: &'static str,
    is_in: fn(&str) -> bool,
    help: &'static str,
}

const METHODS: [Method; 2] = [
    Method {
        words: &["phone", "telephone", "mobile", "call", "sms", "telefon", "téléphone", "teléfono"],
        lacking: "number",
        is_in: has_number,
        help: "write the number into the row",
    },
    Method {
        words: &["email", "mail", "e-mail"],
        lacking: "address",
        is_in: has_mail,
        help: "write the address into the row",
    },
];

/// Systems and lists that know the number themselves.
const ROUTED: [&str; 10] = [
    "pagerduty",
    "opsgenie",
    "victorops",
    "rotation",
    "directory",
    "hotline",
    "see ",
    "rota",
    "grafana oncall",
    "wiki",
];

fn fault<'c>(contact: &'c Contact, targets: &[&str]) -> Option<(&'c str, String, &'static str)> {
    let role = &contact.role;
    let cells = [&contact.primary, &contact.backup, &contact.method];
    if let Some(cell) = cells.into_iter().find(|cell| is_placeholder(cell)) {
        return Some((
            cell,
            format!("`{cell}` of `{role}` was never filled in"),
            "write the number, address or handle",
        ));
    }
    let row = format!("{} {} {} {}", contact.primary, contact.backup, contact.method, targets.join(" ")).to_lowercase();
    if ROUTED.iter().any(|word| row.contains(word)) {
        return None;
    }
    let words: Vec<String> =
        contact.method.split(|c: char| !(c.is_alphanumeric() || c == '-')).map(str::to_lowercase).collect();
    let says_more = row.contains(['@', '#']) || has_number(&row) || !targets.is_empty();
    if is_empty(&contact.primary) && is_empty(&contact.backup) && !is_empty(&contact.method) && !says_more {
        let message = format!("`{}` of `{role}` names nobody", contact.method);
        return Some((&contact.method, message, "write who is reached by it"));
    }
    let named = |method: &&Method| words.iter().any(|word| method.words.contains(&word.as_str()));
    let method = METHODS.iter().filter(named).find(|method| !(method.is_in)(&row))?;
    let message = format!("`{}` of `{role}` has no {}", contact.method, method.lacking);
    Some((&contact.method, message, method.help))
}

fn is_empty(cell: &str) -> bool {
    ["", "-", "–", "—"].contains(&cell.trim())
}

/// Five digits, or three of an extension.
fn has_number(row: &str) -> bool {
    let count = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    count(row) >= 5 || (row.contains("ext") && count(row) >= 3)
}

fn has_mail(row: &str) -> bool {
    row.split([' ', ',', ';', ':', '<', '>', '(', ')'])
        .any(|word| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')))
}

/// `[Phone]`, `<name>`, `TBD`, `+1-XXX-XXX-XXXX`
fn is_placeholder(cell: &str) -> bool {
    let cell = cell.trim();
    let is_wrapped = [('[', ']'), ('<', '>'), ('{', '}')]
        .iter()
        .any(|(open, close)| cell.starts_with(*open) && cell.ends_with(*close) && !cell.contains('@'));
    let lower = cell.to_lowercase();
    is_wrapped
        || ["tbd", "todo", "tba", "fixme", "???"].contains(&lower.as_str())
        || lower.contains("xxx-")
        || lower.contains("-xxxx")
}
