//! Whom to call, for the whole handbook: priorities with their scenarios, who is called when, and how to reach them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Report;
use super::findings::section_url;
use crate::corpus::{Band, Column, Contact, Corpus, Entry, EscalationPath, Index, Kind, priority_in};
use crate::document::slug;
use crate::site::OutputFile;
use crate::site::call::{contact, escalating_index, known};
use crate::site::navigation::plain_title;
use crate::site::pages::{SiteError, href};

const URL: &str = "report/escalation.html";

#[derive(Serialize)]
struct EscalationView<'v> {
    indexes: Vec<IndexView<'v>>,
}

#[derive(Serialize)]
struct IndexView<'v> {
    title: &'v str,
    url: String,
    priorities: Vec<PriorityView<'v>>,
    contacts: Vec<ContactView>,
    /// Whether any contact has a backup.
    has_backups: bool,
    /// The section of the index with the contacts.
    contacts_url: String,
}

#[derive(Serialize)]
struct PriorityView<'v> {
    id: String,
    /// Such as `P0`; empty for a path that holds for all.
    name: &'v str,
    /// Response time: `15 minutes`, or empty.
    response: String,
    /// Example scenarios as the author wrote them.
    examples: &'v str,
    bands: Vec<BandView>,
    runbooks: Vec<RunbookView<'v>>,
    /// Runbooks of the priority that are not shown.
    more: usize,
    /// Where the index says it.
    url: String,
}

#[derive(Serialize)]
struct BandView {
    time: String,
    from_minutes: u32,
    /// Empty where the band has no end.
    to_minutes: Option<u32>,
    roles: Vec<RoleView>,
}

#[derive(Serialize)]
struct RoleView {
    name: String,
    primary: Vec<Part>,
    backup: Vec<Part>,
    method: Vec<Part>,
}

#[derive(Serialize)]
struct ContactView {
    role: String,
    primary: Vec<Part>,
    backup: Vec<Part>,
    method: Vec<Part>,
}

#[derive(Serialize)]
struct RunbookView<'v> {
    title: &'v str,
    url: String,
}

/// A piece of what says how to reach somebody; `url` is empty where it is only words.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Part {
    text: String,
    url: String,
}

/// Whether an index says whom to call.
pub fn can_escalate(corpus: &Corpus<'_>) -> bool {
    corpus.indexes.iter().any(says_whom)
}

fn says_whom(index: &Index) -> bool {
    !(index.contacts.is_empty() && index.escalation.is_empty())
}

/// The address of a priority of an index on the escalation page.
pub fn priority_url(corpus: &Corpus<'_>, index: &Index, priority: &str) -> String {
    if priority.is_empty() {
        return URL.to_string();
    }
    let before = corpus.indexes.iter().filter(|other| says_whom(other)).take_while(|other| other.file != index.file);
    format!("{URL}#{}", priority_id(before.count(), priority))
}

fn priority_id(index: usize, priority: &str) -> String {
    let slug: String = slug(priority).chars().filter(char::is_ascii).collect();
    match index {
        0 => format!("priority-{slug}"),
        index => format!("priority-{slug}-{}", index + 1),
    }
}

impl Report<'_, '_, '_> {
    /// The page, where an index says whom to call.
    pub fn escalation(&self) -> Result<Option<OutputFile>, SiteError> {
        let corpus = self.corpus;
        let indexes: Vec<&Index> = corpus.indexes.iter().filter(|index| says_whom(index)).collect();
        if indexes.is_empty() {
            return Ok(None);
        }
        let mut runbooks: BTreeMap<(u32, String), Vec<&Entry<'_>>> = BTreeMap::new();
        for entry in corpus.entries.iter().filter(|entry| entry.kind == Kind::Runbook) {
            let Some(index) = escalating_index(corpus, entry) else { continue };
            let value = corpus.value_of(corpus.entry(entry.file), Column::Priority).unwrap_or_default();
            for name in value.split(['/', ',', ' ']).map(str::trim).filter(|name| !name.is_empty()) {
                runbooks.entry((index.file.0, name.to_uppercase())).or_default().push(entry);
            }
        }
        let views =
            indexes.into_iter().enumerate().map(|(position, index)| self.index_view(position, index, &runbooks));
        let view = EscalationView { indexes: views.collect() };
        self.incident_page("escalation.html", "Escalation and contacts", URL, "escalation", &view).map(Some)
    }

    fn index_view<'v>(
        &'v self,
        position: usize,
        index: &'v Index,
        runbooks: &BTreeMap<(u32, String), Vec<&'v Entry<'_>>>,
    ) -> IndexView<'v> {
        const SHOWN: usize = 12;
        let entry = self.corpus.entry(index.file);
        // A definition names its priority in bold, in words or as `P0`.
        let same = |name: &str, path: &EscalationPath| {
            let short = |text: &str| priority_in(text).unwrap_or_else(|| text.to_string()).to_uppercase();
            !path.priority.is_empty() && short(name) == short(&path.priority)
        };
        let of_runbooks = |name: &str| {
            let name = priority_in(name).unwrap_or_else(|| name.to_string());
            runbooks.get(&(index.file.0, name.to_uppercase())).map_or(&[][..], Vec::as_slice)
        };
        let view = |name: &'v str, response: String, examples: &'v str, path: Option<&EscalationPath>, at: u32| {
            let held = of_runbooks(name);
            let shown = held.iter().take(SHOWN);
            PriorityView {
                id: priority_id(position, path.map_or(name, |path| &path.priority)),
                name,
                response,
                examples,
                bands: path.map_or(Vec::new(), |path| path.bands.iter().map(|band| self.band(index, band)).collect()),
                runbooks: shown.map(|entry| RunbookView { title: plain_title(entry), url: href(entry) }).collect(),
                more: held.len().saturating_sub(SHOWN),
                url: section_url(entry, at),
            }
        };
        let mut priorities: Vec<PriorityView<'v>> = Vec::new();
        for priority in &index.priorities {
            let path = index.escalation.iter().find(|path| same(&priority.name, path));
            let response = priority.response_minutes.map_or(String::new(), minutes);
            priorities.push(view(&priority.name, response, &priority.examples, path, priority.span.start));
        }
        for path in &index.escalation {
            if !index.priorities.iter().any(|priority| same(&priority.name, path)) {
                let at = path.bands.first().map_or(0, |band| band.span.start);
                priorities.push(view(&path.priority, String::new(), "", Some(path), at));
            }
        }
        IndexView {
            title: plain_title(entry),
            url: href(entry),
            priorities,
            has_backups: index.contacts.iter().any(|contact| !known(&contact.backup).is_empty()),
            contacts: index.contacts.iter().map(contact_view).collect(),
            contacts_url: index
                .contacts
                .first()
                .map_or(String::new(), |contact| section_url(entry, contact.span.start)),
        }
    }

    fn band(&self, index: &Index, band: &Band) -> BandView {
        let role = |name: &String| {
            let found = contact(self.corpus.settings, index, name);
            let part = |text: Option<&String>| text.map_or(Vec::new(), |text| reach(text));
            RoleView {
                name: name.clone(),
                primary: part(found.as_ref().map(|found| &found.primary)),
                backup: part(found.as_ref().map(|found| &found.backup)),
                method: part(found.as_ref().map(|found| &found.method)),
            }
        };
        BandView {
            time: match band.to_minutes {
                Some(to) => format!("{}–{to} min", band.from_minutes),
                None => format!("{}+ min", band.from_minutes),
            },
            from_minutes: band.from_minutes,
            to_minutes: band.to_minutes,
            roles: band.roles.iter().map(role).collect(),
        }
    }
}

fn contact_view(contact: &Contact) -> ContactView {
    ContactView {
        role: contact.role.clone(),
        primary: reach(&known(&contact.primary)),
        backup: reach(&known(&contact.backup)),
        method: reach(&known(&contact.method)),
    }
}

/// `15 minutes`, `2 hours`, `1 day`
fn minutes(minutes: u32) -> String {
    let (number, noun) = match minutes {
        minutes if minutes >= 2880 && minutes.is_multiple_of(1440) => (minutes / 1440, "day"),
        minutes if minutes >= 60 && minutes.is_multiple_of(60) => (minutes / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    crate::report::count(number as usize, noun)
}

/// Words that announce a telephone number.
const PHONE_WORDS: [&str; 8] = ["phone", "tel", "call", "mobile", "cell", "sms", "telephone", "dial"];

/// Digits that a telephone number has at least, so that a version or a port is none.
const PHONE_DIGITS: usize = 7;

/// Cuts a text into words and what can be called or written to: mail addresses, and numbers with a `+` or behind a word
/// such as "phone".
fn reach(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let opens = text[..at].chars().next_back().is_none_or(|before| !is_of_word(before));
        let found = if opens { mail(rest).or_else(|| phone(&text[..at], rest)) } else { None };
        match found {
            Some((len, url)) => {
                if plain < at {
                    parts.push(Part { text: text[plain..at].to_string(), url: String::new() });
                }
                parts.push(Part { text: rest[..len].to_string(), url });
                at += len;
                plain = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if plain < text.len() {
        parts.push(Part { text: text[plain..].to_string(), url: String::new() });
    }
    parts
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || "._+-@#".contains(character)
}

/// The length of the mail address that a text starts with, and its link.
fn mail(text: &str) -> Option<(usize, String)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._+-@".contains(c))).unwrap_or(text.len());
    let address = text[..end].trim_end_matches(['.', '-', '+']);
    let (name, host) = address.split_once('@')?;
    let is_host =
        host.contains('.') && !host.starts_with('.') && !host.contains(['@', '+', '_']) && !host.contains("..");
    (is_host && !name.is_empty()).then(|| (address.len(), format!("mailto:{address}")))
}

/// The same for a telephone number.
fn phone(before: &str, text: &str) -> Option<(usize, String)> {
    let is_digit = |c: char| c.is_ascii_digit();
    if !text.starts_with(|c: char| is_digit(c) || c == '+' || c == '(') {
        return None;
    }
    let end = text.find(|c: char| !(is_digit(c) || " +()-./\u{a0}".contains(c))).unwrap_or(text.len());
    let number = text[..end].trim_end_matches(|c: char| !is_digit(c));
    let last_word = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let last_word = last_word.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let announced = text.starts_with('+') || PHONE_WORDS.contains(&last_word.as_str());
    let digits: String = number.chars().filter(|c| is_digit(*c) || *c == '+').collect();
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let is_number = announced && (PHONE_DIGITS..=15).contains(&count) && digits.rfind('+').is_none_or(|at| at == 0);
    is_number.then(|| (number.len(), format!("tel:{digits}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_become_links_and_names_do_not() {
        let cases = [
            ("Phone +00 555 0102", "Phone [+00 555 0102](tel:+005550102)"),
            (
                "Slack #urgent, security@ops.example",
                "Slack #urgent, [security@ops.example](mailto:security@ops.example)",
            ),
            ("@ines.halvorsen", "@ines.halvorsen"),
            ("PagerDuty: tram-primary", "PagerDuty: tram-primary"),
            ("Tel. 555-0102-33, then 12", "Tel. [555-0102-33](tel:555010233), then 12"),
            ("ticket 12345678", "ticket 12345678"),
            ("call (030) 123 45 67.", "call [(030) 123 45 67](tel:0301234567)."),
            ("a.b+c@x.example.", "[a.b+c@x.example](mailto:a.b+c@x.example)."),
            ("ops@host", "ops@host"),
            ("+1 555", "+1 555"),
            ("Zoë über +49 30 1234567", "Zoë über [+49 30 1234567](tel:+49301234567)"),
        ];
        for (text, expected) in cases {
            let shown: Vec<String> = reach(text)
                .iter()
                .map(
                    |part| {
                        if part.url.is_empty() { part.text.clone() } else { format!("[{}]({})", part.text, part.url) }
                    },
                )
                .collect();
            assert_eq!(shown.concat(), expected);
        }
    }

    #[test]
    fn response_times_are_short() {
        let cases = [
            (15, "15 minutes"),
            (1, "1 minute"),
            (60, "1 hour"),
            (90, "90 minutes"),
            (1440, "24 hours"),
            (2880, "2 days"),
        ];
        for (given, expected) in cases {
            assert_eq!(minutes(given), expected);
        }
    }
}
