//! Priorities, escalation bands and contacts of an index page.

use crate::corpus::duration::parse_duration;
use crate::document::{CodeBlock, Document, Row, Table};
use crate::source::{Source, Span};

/// A row of the Priority Definitions.
#[derive(Debug)]
pub struct Priority {
    /// Such as `P0`.
    pub name: String,
    /// Response time in minutes; `None` where it cannot be read.
    pub response_minutes: Option<u32>,
    /// Example scenarios as the author wrote them.
    pub examples: String,
    pub span: Span,
}

/// Whom to call for a priority, in order of time.
#[derive(Debug)]
pub struct EscalationPath {
    /// Empty where the page has one path for all.
    pub priority: String,
    pub bands: Vec<Band>,
}

/// A stretch of time since the incident began, and who is called in it.
#[derive(Debug)]
pub struct Band {
    pub from_minutes: u32,
    /// `None` where the band has no end.
    pub to_minutes: Option<u32>,
    pub roles: Vec<String>,
    pub span: Span,
}

/// A row of the Contact Information.
#[derive(Debug)]
pub struct Contact {
    pub role: String,
    pub primary: String,
    pub backup: String,
    pub method: String,
    /// Whether the table has a column for backups.
    pub has_backup: bool,
    pub span: Span,
}

/// Position of the first column whose header is one of these names.
pub fn column(table: &Table, names: &[&str]) -> Option<usize> {
    table.header.iter().position(|cell| names.contains(&cell.text.trim().to_lowercase().as_str()))
}

/// Text of a cell; empty where the row is short.
pub fn cell(row: &Row, column: Option<usize>) -> String {
    column.and_then(|column| row.cells.get(column)).map_or(String::new(), |cell| cell.text.clone())
}

const PRIORITY: &[&str] = &["priority", "severity", "sev", "level", "severity level", "priority level"];
const RESPONSE: &[&str] =
    &["response time", "response", "time to respond", "initial response", "response sla", "sla", "target response"];
const EXAMPLES: &[&str] =
    &["example scenarios", "examples", "example", "description", "definition", "criteria", "scenarios", "impact"];

/// Reads the tables that define priorities.
pub fn read_priorities(document: &Document<'_>) -> Vec<Priority> {
    let defines = |table: &&Table| column(table, PRIORITY).is_some() && column(table, RESPONSE).is_some();
    let rows = document.tables.iter().filter(defines).flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    rows.map(|(table, row)| Priority {
        name: cell(row, column(table, PRIORITY)),
        response_minutes: parse_duration(&cell(row, column(table, RESPONSE)))
            .and_then(|time| time.max_minutes.or(time.min_minutes)),
        examples: cell(row, column(table, EXAMPLES)),
        span: row.span,
    })
    .collect()
}

const ROLE: &[&str] = &["role", "team", "function", "who"];
const PRIMARY: &[&str] = &["primary", "primary contact", "contact", "name", "person", "handle"];
const BACKUP: &[&str] = &["backup", "secondary", "secondary contact", "deputy", "backup contact"];
const METHOD: &[&str] = &["method", "channel", "contact method", "how", "via", "phone", "slack", "reach via"];

/// Reads the tables that name contacts.
pub fn read_contacts(document: &Document<'_>) -> Vec<Contact> {
    let names = |table: &&Table| {
        column(table, ROLE).is_some()
            && column(table, PRIMARY).is_some()
            && (column(table, BACKUP).is_some() || column(table, METHOD).is_some())
    };
    let rows = document.tables.iter().filter(names).flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    rows.map(|(table, row)| Contact {
        role: cell(row, column(table, ROLE)),
        primary: cell(row, column(table, PRIMARY)),
        backup: cell(row, column(table, BACKUP)),
        method: cell(row, column(table, METHOD)),
        has_backup: column(table, BACKUP).is_some(),
        span: row.span,
    })
    .collect()
}

const TIME: &[&str] = &["time", "after", "elapsed", "elapsed time", "time since start", "when", "time band", "minutes"];
const CALLED: &[&str] = &["role", "roles", "escalate to", "who", "contact", "notify", "call", "escalation", "person"];

/// Reads escalation paths from tables and from box art under a heading that speaks of escalation.
pub fn read_escalation(source: &Source, document: &Document<'_>) -> Vec<EscalationPath> {
    let mut paths: Vec<EscalationPath> = Vec::new();
    let heading = |at: u32| document.heading_over(at).map_or(String::new(), |heading| heading.text.clone());
    let escalates = |at: u32| {
        document.headings.iter().any(|heading| {
            heading.span.start <= at && at < heading.section_end && heading.text.to_lowercase().contains("escalation")
        })
    };
    for table in &document.tables {
        let (Some(time), Some(called)) = (column(table, TIME), column(table, CALLED)) else { continue };
        let own_priority = column(table, PRIORITY);
        for row in &table.rows {
            let Some((from_minutes, to_minutes)) = read_band(&cell(row, Some(time))) else { continue };
            let priority = match own_priority {
                Some(column) => cell(row, Some(column)),
                None => priority_in(&heading(table.span.start)).unwrap_or_default(),
            };
            let band = Band { from_minutes, to_minutes, roles: split_roles(&cell(row, Some(called))), span: row.span };
            add(&mut paths, priority, band);
        }
    }
    for block in document.code_blocks.iter().filter(|block| escalates(block.span.start)) {
        read_box_art(source, block, &heading(block.span.start), &mut paths);
    }
    paths
}

/// Boxes drawn with characters: a line that names a priority, then lines of a time and the roles.
fn read_box_art(source: &Source, block: &CodeBlock, heading: &str, paths: &mut Vec<EscalationPath>) {
    let mut priority = priority_in(heading).unwrap_or_default();
    for line in &block.lines {
        let cells: Vec<&str> = source
            .slice(*line)
            .split(['│', '|', '┃', '║'])
            .map(|cell| cell.trim_matches(|c: char| c.is_whitespace() || ('\u{2500}'..='\u{257f}').contains(&c)))
            .filter(|cell| !cell.is_empty())
            .collect();
        // Without an inner line, two spaces or an arrow part the time from the roles.
        let parts: Vec<&str> = match cells.as_slice() {
            [one] => one
                .split("  ")
                .flat_map(|part| part.split(['→', '►']))
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect(),
            _ => cells,
        };
        match parts.as_slice() {
            [time, roles @ ..] if !roles.is_empty() && read_band(time).is_some() => {
                if let Some((from_minutes, to_minutes)) = read_band(time) {
                    let roles = roles.iter().flat_map(|role| split_roles(role)).collect();
                    add(paths, priority.clone(), Band { from_minutes, to_minutes, roles, span: *line });
                }
            }
            [title, ..] => priority = priority_in(title).unwrap_or(priority),
            [] => {}
        }
    }
}

fn add(paths: &mut Vec<EscalationPath>, priority: String, band: Band) {
    match paths.iter_mut().find(|path| path.priority == priority) {
        Some(path) => path.bands.push(band),
        None => paths.push(EscalationPath { priority, bands: vec![band] }),
    }
}

/// `15-30 min` → 15 and 30; `60+ min` has no end.
fn read_band(text: &str) -> Option<(u32, Option<u32>)> {
    let text = text.trim().trim_start_matches(['+', 'T', 't']).trim();
    if let Some(rest) =
        ["after ", "from ", "> "].iter().find_map(|word| text.to_lowercase().strip_prefix(word).map(str::to_string))
    {
        return parse_duration(&rest).and_then(|time| Some((time.min_minutes?, None)));
    }
    let time = parse_duration(text)?;
    let is_range = text.contains(['-', '–', '—']) || text.contains(" to ") || text.contains('+');
    match (time.min_minutes, time.max_minutes) {
        (Some(from), to) if is_range => Some((from, to)),
        (Some(from), Some(_)) => Some((0, Some(from))),
        (None, Some(to)) => Some((0, Some(to))),
        (Some(from), None) => Some((from, None)),
        (None, None) => None,
    }
}

/// The priority that a text names: `P0 Escalation` → `P0`.
pub fn priority_in(text: &str) -> Option<String> {
    let is_priority = |word: &&str| {
        let upper = word.to_uppercase();
        let digits = ["SEV-", "SEV", "S", "P"].iter().find_map(|prefix| upper.strip_prefix(prefix).map(str::to_string));
        digits.is_some_and(|digits| digits.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.split(|c: char| !(c.is_alphanumeric() || c == '-')).find(is_priority).map(str::to_string)
}

/// `P1/P2` and `P1, P2` are two.
pub fn split_priorities(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', ',']).map(str::trim).filter(|name| !name.is_empty())
}

/// `DBA + On-call Lead`, `Lead, Manager`, `Lead and Manager` → the roles without parentheticals.
pub fn split_roles(text: &str) -> Vec<String> {
    let text = text.replace(" and ", ",").replace(" und ", ",").replace(" & ", ",").replace(['+', '/', ';'], ",");
    let bare = |role: &str| role.split('(').next().unwrap_or_default().trim().to_string();
    text.split(',').map(bare).filter(|role| !role.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    #[test]
    fn bands_are_read_from_box_art_and_tables() {
        let art = "## Escalation Path\n\n```\n┌────┐\n│ P1 Escalation │\n├────┤\n│ 0-15 min │ On-call │\n│ 15-60 min │ Lead + Manager │\n│ 60+ min │ CTO │\n└────┘\n```\n";
        let table = "## P2 escalation\n\n| Time | Escalate to |\n|--|--|\n| 0-2 hours | On-call |\n| 2+ hours | Lead, Manager |\n";
        let text = format!("# Ops\n\n{art}\n{table}");
        let source = Source::new("README.md", text);
        let document = parse(&source);
        let paths = read_escalation(&source, &document);
        let shown: Vec<String> = paths
            .iter()
            .flat_map(|path| path.bands.iter().map(move |band| (path, band)))
            .map(|(path, band)| {
                format!("{} {}-{:?} {}", path.priority, band.from_minutes, band.to_minutes, band.roles.join("&"))
            })
            .collect();
        let expected = [
            "P2 0-Some(120) On-call",
            "P2 120-None Lead&Manager",
            "P1 0-Some(15) On-call",
            "P1 15-Some(60) Lead&Manager",
            "P1 60-None CTO",
        ];
        assert_eq!(shown, expected);
        assert_eq!(source.slice(paths[1].bands[0].span), "│ 0-15 min │ On-call │");
    }

    #[test]
    fn roles_are_split() {
        assert_eq!(split_roles("DBA + On-call lead (weekdays)"), ["DBA", "On-call lead"]);
        assert_eq!(split_roles("Security and Legal"), ["Security", "Legal"]);
    }
}
