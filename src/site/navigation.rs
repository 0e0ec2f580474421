//! The groups in which the handbook is walked: the tables of its indexes, then the rest by folder.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::pages::{Site, href};
use crate::corpus::{Column, Corpus, Entry, Index, IndexRow, IndexTable, Kind, path};
use crate::source::FileId;

/// A group of documents under a heading.
#[derive(Debug)]
pub struct Group {
    pub heading: String,
    /// The index page whose table it is.
    pub index: Option<FileId>,
    pub items: Vec<GroupItem>,
}

/// A document in a group.
#[derive(Debug)]
pub struct GroupItem {
    pub file: FileId,
    /// The scenario of its row, else its title.
    pub title: String,
    /// Time or priority from its row.
    pub note: String,
}

/// A runbook that an emergency table of an index leads to.
#[derive(Debug, Serialize)]
pub struct Emergency {
    /// The scenario of its row, else its title.
    pub title: String,
    pub url: String,
    /// As the row says, or empty.
    pub time: String,
    pub approval: String,
}

/// Whether a table under this heading is for emergencies.
pub fn is_emergency(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ["emergency", "emergencies", "critical", "urgent"].iter().any(|word| heading.contains(word))
}

/// Emergencies that stand at the top of an index at most: more are found quicker in their table.
const EMERGENCIES: usize = 12;

impl Site<'_, '_> {
    /// The runbooks of the emergency tables of an index.
    pub fn emergencies(&self, entry: &Entry<'_>) -> Vec<Emergency> {
        self.emergencies_of(self.corpus.index_at(entry.file))
    }

    /// The runbooks of the emergency tables of some indexes.
    pub fn emergencies_of<'i>(&self, indexes: impl IntoIterator<Item = &'i Index>) -> Vec<Emergency> {
        let tables = indexes.into_iter().flat_map(|index| index.tables.iter().map(move |table| (index, table)));
        let tables = tables.filter(|(_, table)| is_emergency(&table.heading));
        let rows = tables.flat_map(|(index, table)| table.rows.iter().map(move |row| (index, table, row)));
        let mut seen = BTreeSet::new();
        let emergency = |(index, table, row): (&Index, &IndexTable, &IndexRow)| {
            let file = row.link.file.filter(|file| seen.insert(*file))?;
            let cell = |column: Column| self.corpus.row_value(index, table, row, column);
            let target = self.corpus.entry(file);
            Some(Emergency {
                title: cell(Column::Scenario).unwrap_or(plain_title(target)).to_string(),
                url: href(target),
                time: shorten(cell(Column::EstimatedTime).unwrap_or_default()),
                approval: cell(Column::ApprovalRequired).unwrap_or_default().to_string(),
            })
        };
        rows.filter_map(emergency).take(EMERGENCIES).collect()
    }
}

/// A group as the shared navigation script holds it.
#[derive(Serialize)]
struct ScriptGroup<'a> {
    heading: &'a str,
    items: Vec<ScriptItem<'a>>,
}

#[derive(Serialize)]
struct ScriptItem<'a> {
    title: &'a str,
    url: String,
    note: &'a str,
}

/// All groups: each document stands in at least one, but for the indexes that lead the groups.
pub fn groups(corpus: &Corpus<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut grouped: BTreeSet<FileId> = BTreeSet::new();
    for index in &corpus.indexes {
        for table in &index.tables {
            let group = table_group(corpus, index, table);
            grouped.extend(group.items.iter().map(|item| item.file));
            if !group.items.is_empty() {
                groups.push(group);
            }
        }
    }
    let mut folders: BTreeMap<&str, Vec<GroupItem>> = BTreeMap::new();
    let leads = |entry: &Entry<'_>| groups.iter().any(|group| group.index == Some(entry.file));
    let rest: Vec<&Entry<'_>> =
        corpus.entries.iter().filter(|entry| !grouped.contains(&entry.file) && !leads(entry)).collect();
    for entry in rest {
        let item = GroupItem { file: entry.file, title: plain_title(entry).to_string(), note: String::new() };
        folders.entry(path::folder(&corpus.source(entry.file).path)).or_default().push(item);
    }
    let many = !groups.is_empty();
    groups.extend(folders.into_iter().map(|(folder, items)| {
        let heading = match folder {
            "" if many => "Other pages".to_string(),
            "" => "Pages".to_string(),
            folder => folder_name(folder),
        };
        Group { heading, index: None, items }
    }));
    groups
}

/// `on-call/reference_data` → `On call / Reference data`
fn folder_name(folder: &str) -> String {
    let name = |part: &str| {
        let words = part.replace(['-', '_'], " ");
        let mut chars = words.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    };
    folder.split('/').map(name).collect::<Vec<_>>().join(" / ")
}

/// The title without the form's word: `Runbook: Disk full` → `Disk full`.
pub fn plain_title<'e>(entry: &'e Entry<'_>) -> &'e str {
    let title = entry.title.as_str();
    let stripped = title.get(..8).filter(|word| word.eq_ignore_ascii_case("runbook:")).map(|_| title[8..].trim());
    stripped.filter(|rest| entry.kind != Kind::Index && !rest.is_empty()).unwrap_or(title)
}

/// The navigation as a script that calls one global.
pub fn script(corpus: &Corpus<'_>, groups: &[Group]) -> Vec<u8> {
    let groups: Vec<ScriptGroup<'_>> = groups
        .iter()
        .map(|group| ScriptGroup {
            heading: &group.heading,
            items: group
                .items
                .iter()
                .map(|item| ScriptItem { title: &item.title, url: href(corpus.entry(item.file)), note: &item.note })
                .collect(),
        })
        .collect();
    // Only maps with keys that are no strings fail to serialise, and there are none.
    let json = serde_json::to_string(&groups).unwrap_or_default();
    // `</script` must not stand in a page that embeds the file; the two separators end a line in old JavaScript.
    let json = json.replace("</", "<\\/").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    format!("RunbookSite.navigation({json});\n").into_bytes()
}

fn table_group(corpus: &Corpus<'_>, index: &Index, table: &IndexTable) -> Group {
    let mut seen = BTreeSet::new();
    let items = table.rows.iter().filter_map(|row| {
        let file = row.link.file.filter(|file| seen.insert(*file))?;
        let cell = |column: Column| corpus.row_value(index, table, row, column);
        let title = cell(Column::Scenario).unwrap_or(plain_title(corpus.entry(file))).to_string();
        let note = cell(Column::EstimatedTime).or(cell(Column::Priority)).unwrap_or_default();
        Some(GroupItem { file, title, note: shorten(note) })
    });
    let heading = if table.heading.is_empty() { &corpus.entry(index.file).title } else { &table.heading };
    Group { heading: heading.clone(), index: Some(index.file), items: items.collect() }
}

/// `5-15 minutes` → `5–15 min`: the note stands in a narrow column.
fn shorten(note: &str) -> String {
    let words = [("minutes", "min"), ("minute", "min"), ("hours", "h"), ("hour", "h")];
    let short =
        note.split(' ').map(|word| words.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| short));
    let short: Vec<&str> = short.collect();
    let text = short.join(" ");
    let is_range = text.split_once('-').is_some_and(|(from, to)| {
        from.ends_with(|c: char| c.is_ascii_digit()) && to.starts_with(|c: char| c.is_ascii_digit())
    });
    if is_range { text.replacen('-', "–", 1) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_short() {
        let cases = [
            ("5-15 minutes", "5–15 min"),
            ("2 hours", "2 h"),
            ("Varies", "Varies"),
            ("P1/P2", "P1/P2"),
            ("follow-up", "follow-up"),
        ];
        for (note, short) in cases {
            assert_eq!(shorten(note), short);
        }
    }
}
