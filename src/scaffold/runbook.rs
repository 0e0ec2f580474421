//! A runbook as it begins: the template of its index, or the sections of its standard.

use jiff::civil::Date;

use crate::corpus::{Value, read_metadata};
use crate::diagnostic::{Edit, Location};
use crate::document::{Document, FrontMatter, parse};
use crate::fix::apply;
use crate::settings::{Fact, GuidelineKind, Origin, RequiredKey, Standard, TitleForm, ValueKind};
use crate::source::{FileId, Source, Span};

/// What is known of a runbook before it is written.
pub struct NewRunbook<'n> {
    /// As people say it, without what all titles begin with.
    pub title: &'n str,
    pub today: Date,
    /// Who writes it.
    pub owner: Option<&'n str>,
}

/// The name of the file: `Database Failover (EU)` is `database-failover-eu.md`. `None` for a title without a letter or
/// a digit.
pub fn file_name(title: &str) -> Option<String> {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .map(|word| word.replace(['\'', '’'], "").to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then(|| format!("{}.md", words.join("-")))
}

/// The title in the form of a standard, or in that of the template's own title.
fn full_title(title: &str, standard: &Standard, template: Option<&str>) -> String {
    let own = template.and_then(|heading| TitleForm::of(heading, Origin::Preset));
    if let Some(form) = standard.title_form.as_ref().or(own.as_ref()) {
        let gap = if form.prefix.ends_with(char::is_alphanumeric) { " " } else { "" };
        return format!("{}{gap}{}", form.prefix, without_prefix(title, &form.prefix));
    }
    match template.and_then(blank) {
        // `[Service] Runbook`
        Some((before, after)) => format!("{before}{title}{after}"),
        None => title.to_string(),
    }
}

/// The text of a new runbook, with `\n` for line ends.
pub fn new_runbook(new: &NewRunbook<'_>, standard: &Standard, template: Option<&str>) -> String {
    match template {
        Some(template) => from_template(new, standard, &template.replace("\r\n", "\n")),
        None => from_standard(new, standard),
    }
}

/// A title may be given with what all titles begin with.
fn without_prefix<'t>(title: &'t str, prefix: &str) -> &'t str {
    let word = prefix.trim().trim_end_matches([':', '-', '–', '—']).trim_end();
    let rest = title.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|_| &title[word.len()..]);
    let rest = rest.and_then(|rest| rest.trim_start().strip_prefix([':', '-', '–', '—'])).map(str::trim);
    rest.filter(|rest| !rest.is_empty()).unwrap_or(title)
}

/// What stands before and behind the first blank of a title.
fn blank(heading: &str) -> Option<(&str, &str)> {
    let (before, rest) = heading.split_once(['[', '<', '{'])?;
    let (_, after) = rest.split_once([']', '>', '}'])?;
    Some((before, after.trim_start_matches(['}', '>'])))
}

fn from_template(new: &NewRunbook<'_>, standard: &Standard, template: &str) -> String {
    let source = Source::new("template", template);
    let document = parse(&source);
    let title = document.title_heading();
    let full = full_title(new.title, standard, title.map(|title| title.text.as_str()));
    let mut edits = facts(new, &source, &document);
    let in_front_matter = document.front_matter.as_ref().and_then(|block| Some((block, block.get("title")?)));
    match (title, in_front_matter) {
        (Some(title), _) => edits.push(edit(title.text_span, full.clone())),
        (None, Some(_)) => {}
        (None, None) => {
            let start = document.front_matter.as_ref().map_or(0, |block| block.span.end as usize);
            let gap = if start == 0 { "" } else { "\n" };
            edits.push(edit(Span::new(start, start), format!("{gap}# {full}\n\n")));
        }
    }
    if let Some((block, entry)) = in_front_matter {
        edits.push(in_block(&source, block, entry.span, &full));
    }
    let text = apply(template, &edits);
    format!("{}\n", text.trim_end())
}

/// The date and the owner in the places of their blanks.
fn facts(new: &NewRunbook<'_>, source: &Source, document: &Document<'_>) -> Vec<Edit> {
    let metadata = read_metadata(source, document);
    let known = metadata.iter().filter_map(|(fact, value)| {
        let text = known_value(new, fact, &value.text)?;
        Some(match document.front_matter.as_ref().filter(|block| block.span.contains(value.span)) {
            Some(block) => in_block(source, block, value.span, &text),
            None => edit(written(source, value), text),
        })
    });
    // A key that waits for its value.
    let empty = document.metadata.iter().filter(|line| line.value.is_empty()).filter_map(|line| {
        let (fact, _) = Fact::of_key(&line.key).filter(|(fact, _)| metadata.get(*fact).is_none())?;
        let end = line.span.start as usize + source.slice(line.span).trim_end().len();
        Some(edit(Span::new(end, end), format!(" {}", known_value(new, fact, "")?)))
    });
    known.chain(empty).collect()
}

fn known_value(new: &NewRunbook<'_>, fact: Fact, text: &str) -> Option<String> {
    match fact {
        Fact::LastUpdated => Some(new.today.to_string()),
        Fact::Owner if is_blank(text) => new.owner.map(str::to_string),
        _ => None,
    }
}

/// Whether a value of a template waits for another one.
fn is_blank(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || text.contains(['[', '<', '{'])
        || ["TODO", "TBD", "...", "…"].iter().any(|mark| text.starts_with(mark))
}

/// The value without the space that a cell of a table has around it.
fn written(source: &Source, value: &Value) -> Span {
    let text = source.slice(value.value_span);
    let start = value.value_span.start as usize + text.len() - text.trim_start().len();
    Span::new(start, start + text.trim().len())
}

/// Gives a line of front matter another value.
fn in_block(source: &Source, block: &FrontMatter, line: Span, value: &str) -> Edit {
    let text = source.slice(line);
    let is_toml = source.slice(block.span).starts_with('+');
    let separator = if is_toml { '=' } else { ':' };
    let key = text.split(separator).next().unwrap_or_default();
    let is_plain = |c: char| c.is_alphanumeric() || [' ', '-', '_', '.'].contains(&c);
    let is_date =
        value.starts_with(|c: char| c.is_ascii_digit()) && value.chars().all(|c| c.is_ascii_digit() || c == '-');
    let is_bare = is_date || !is_toml && value.starts_with(char::is_alphabetic) && value.chars().all(is_plain);
    let value = if is_bare { value.to_string() } else { format!("{value:?}") };
    let end = line.start as usize + text.trim_end().len();
    edit(
        Span::new(line.start as usize, end),
        format!("{}{}{separator} {value}", key.trim_end(), if is_toml { " " } else { "" }),
    )
}

fn edit(span: Span, replacement: String) -> Edit {
    Edit { location: Location { file: FileId::new(0), span }, replacement }
}

/// What an author finds in a section that the tool knows. All of it is a placeholder that a check names.
const BODIES: [(&str, &str); 13] = [
    ("purpose", "[What this runbook is for, and when it is the right one]"),
    ("prerequisites", "- [ ] [Access, tools and approvals that are needed]"),
    ("procedure", "1. [First step]\n2. [Second step]"),
    ("verification", "- [ ] [What shows that it worked]"),
    ("rollback", "[How to undo it]"),
    ("post-incident", "- [ ] [What is done afterwards]"),
    ("meaning", "[What the alert says]"),
    ("impact", "[What users notice, and how fast it grows]"),
    ("diagnosis", "1. [What to look at first]"),
    ("mitigation", "1. [What stops the damage]"),
    ("symptoms", "- [What is seen]"),
    ("resolution", "1. [What mends it]"),
    ("escalation", "[Whom to call, and after how long]"),
];

/// The procedure of a standard that asks for a time in its sections.
const TIMED_PROCEDURE: &str = "### Step 1: [Step title] ([X] minutes)\n\n[What to do]";

fn from_standard(new: &NewRunbook<'_>, standard: &Standard) -> String {
    let mut text = format!("# {}\n\n", full_title(new.title, standard, None));
    text.push_str(&head(new, standard));
    for section in &standard.sections {
        let known = BODIES.iter().find(|(id, _)| *id == section.id).map(|(_, body)| *body);
        let timed = standard.guideline(GuidelineKind::TimeEstimates).filter(|_| section.id == "procedure");
        let body = timed.map(|_| TIMED_PROCEDURE).or(known).unwrap_or("TODO");
        text.push_str(&format!("\n## {}\n\n{body}\n", section.name));
    }
    text
}

/// The metadata that the standard requires; whose it is and how old it is, in any case.
fn head(new: &NewRunbook<'_>, standard: &Standard) -> String {
    let asks = |fact: Fact| standard.metadata.iter().any(|key| key.fact == Some(fact));
    let always = [Fact::LastUpdated, Fact::Owner].into_iter().filter(|fact| !asks(*fact));
    let always = always.map(|fact| (fact.name(), known_value(new, fact, "").unwrap_or("[Team]".to_string())));
    let required = standard.metadata.iter().filter(|key| !key.optional);
    let required = required.map(|key| (key.name.as_str(), key_value(new, key)));
    always.chain(required).map(|(key, value)| format!("**{key}**: {value}\n")).collect()
}

fn key_value(new: &NewRunbook<'_>, key: &RequiredKey) -> String {
    let known = key.fact.and_then(|fact| known_value(new, fact, ""));
    let blank = || match (key.kind, key.fact) {
        _ if !key.placeholder.is_empty() => key.placeholder.clone(),
        _ if !key.values.is_empty() => format!("[One of {}]", key.values.join(", ")),
        (ValueKind::Date, _) => "YYYY-MM-DD".to_string(),
        (ValueKind::Duration, _) | (_, Some(Fact::EstimatedTime)) => "[X minutes]".to_string(),
        (_, Some(Fact::Owner)) => "[Team]".to_string(),
        (ValueKind::Text | ValueKind::Number | ValueKind::Url, _) => format!("[{}]", key.name),
    };
    known.unwrap_or_else(blank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::presets;

    fn new<'n>(title: &'n str, owner: Option<&'n str>) -> NewRunbook<'n> {
        NewRunbook { title, today: jiff::civil::date(2026, 3, 9), owner }
    }

    fn made(template: &str) -> String {
        new_runbook(&new("Crane Stuck", Some("Ana: Docks")), &presets()[0].standard(), Some(template))
    }

    #[test]
    fn titles_become_file_names() {
        let cases = [
            ("Database Failover (EU)", Some("database-failover-eu.md")),
            ("  What's full? /var & more ", Some("whats-full-var-more.md")),
            ("Überlauf: Silo 3", Some("überlauf-silo-3.md")),
            ("../../etc/passwd", Some("etc-passwd.md")),
            ("?!", None),
        ];
        for (title, name) in cases {
            assert_eq!(file_name(title).as_deref(), name, "{title}");
        }
    }

    #[test]
    fn titles_take_the_form_of_the_template() {
        let standard = presets()[0].standard();
        let cases = [
            ("Runbook: [Title]", "Crane Stuck", "Runbook: Crane Stuck"),
            ("Runbook: [Title]", "runbook: Crane Stuck", "Runbook: Crane Stuck"),
            ("Runbook: [Title]", "Runbook reviews", "Runbook: Runbook reviews"),
            ("[Service] Runbook", "Crane Stuck", "Crane Stuck Runbook"),
            ("{{ title }}", "Crane Stuck", "Crane Stuck"),
            ("Title", "Crane Stuck", "Crane Stuck"),
            ("Runbook[Title]", "Crane Stuck", "Runbook Crane Stuck"),
            ("手册：[标题]", "吊车", "手册：吊车"),
        ];
        for (form, title, full) in cases {
            assert_eq!(full_title(title, &standard, Some(form)), full, "{form} of {title}");
        }
    }

    #[test]
    fn date_and_owner_take_the_places_of_their_blanks() {
        let cases = [
            ("**Last Updated**: YYYY-MM-DD\n**Owner**: [Team]", "**Last Updated**: 2026-03-09\n**Owner**: Ana: Docks"),
            ("**Last Updated**:\n**Owner**: Harbour Office", "**Last Updated**: 2026-03-09\n**Owner**: Harbour Office"),
            (
                "| Owner | [team] |\n|--|--|\n| Updated | 2020-01-01 |",
                "| Owner | Ana: Docks |\n|--|--|\n| Updated | 2026-03-09 |",
            ),
            ("Owner: [who]", "Owner: Ana: Docks"),
        ];
        for (head, filled) in cases {
            assert_eq!(
                made(&format!("# [Title]\n\n{head}\n\n## Purpose\n\n[Why]\n")),
                format!("# Crane Stuck\n\n{filled}\n\n## Purpose\n\n[Why]\n")
            );
        }
    }

    #[test]
    fn front_matter_stays_valid() {
        let text = made("---\ntitle: \"[Title]\"\nowner: [team]\nlast_updated: YYYY-MM-DD\n---\n\n## Purpose\n");
        assert_eq!(text, "---\ntitle: Crane Stuck\nowner: [team]\nlast_updated: 2026-03-09\n---\n\n## Purpose\n");
        let text = made("+++\ntitle = \"x\"\nowner = \"<team>\"\n+++\n## Purpose\n");
        assert_eq!(text, "+++\ntitle = \"Crane Stuck\"\nowner = \"Ana: Docks\"\n+++\n## Purpose\n");
    }
}
