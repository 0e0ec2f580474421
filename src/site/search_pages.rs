//! Documents as the search sees them.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::body::metadata_paragraphs;
use super::links::site_anchor;
use super::navigation::{Group, plain_title};
use super::search::{SearchPage, SearchSection};
use crate::command::{CommandBlock, Risk};
use crate::corpus::{Column, Corpus, Entry, Kind, path, split_number, split_priorities, strip_document_ending};
use crate::document::CodeBlock;
use crate::source::FileId;

/// One page for each document, in their order.
pub fn search_pages(corpus: &Corpus<'_>, groups: &[Group]) -> Vec<SearchPage> {
    let mut places: BTreeMap<FileId, Vec<(&Group, &str)>> = BTreeMap::new();
    for group in groups.iter().filter(|group| group.index.is_some()) {
        for item in &group.items {
            places.entry(item.file).or_default().push((group, &item.title));
        }
    }
    let page = |entry: &Entry<'_>| {
        let source_path = &corpus.source(entry.file).path;
        let places = places.get(&entry.file).map_or(&[][..], Vec::as_slice);
        let stem = strip_document_ending(path::file_name(source_path)).unwrap_or_default();
        let mut keywords = vec![stem.to_string()];
        keywords.extend(places.iter().map(|(_, scenario)| scenario.to_string()));
        SearchPage {
            url: entry.address.clone(),
            title: plain_title(entry).to_string(),
            kind: match entry.kind {
                Kind::Runbook => "runbook",
                Kind::Index => "index",
                Kind::Page => "page",
            },
            owner: entry.metadata_value(Column::Owner).map(str::to_string),
            category: places.first().map(|(group, _)| group.heading.clone()),
            priorities: corpus
                .value_of(corpus.entry(entry.file), Column::Priority)
                .map_or_else(Vec::new, |value| split_priorities(&value).map(str::to_string).collect()),
            risk: risk(entry),
            keywords,
            sections: sections(corpus, entry),
        }
    };
    corpus.entries.iter().map(page).collect()
}

/// The worst that a command of the document may do, where that is worth a warning.
fn risk(entry: &Entry<'_>) -> Option<&'static str> {
    let worst = entry.commands().map(|(_, command)| command.risk).max()?;
    (worst >= Risk::Disruptive).then(|| worst.name())
}

/// The text of a document cut at its headings. The title is left out: the page has it.
fn sections(corpus: &Corpus<'_>, entry: &Entry<'_>) -> Vec<SearchSection> {
    let document = &entry.document;
    let metadata = metadata_paragraphs(document, &corpus.source(entry.file).text);
    let title = document.title_heading().map(|title| title.span.start as usize);
    let mut sections = vec![SearchSection::default()];
    let mut headings = document.headings.iter();
    let mut code_blocks = document.code_blocks.iter().zip(&entry.command_blocks);
    let (mut in_heading, mut in_code) = (false, false);
    for (event, range) in &document.events {
        let Some(section) = sections.last_mut() else { break };
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                let Some(heading) = headings.next() else { continue };
                if Some(range.start) != title {
                    sections.push(SearchSection {
                        anchor: Some(site_anchor(&heading.anchor)),
                        heading: heading.text.clone(),
                        is_step: entry.kind != Kind::Index && split_number(&heading.text).is_some(),
                        ..SearchSection::default()
                    });
                }
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(_)) => {
                in_code = true;
                let Some((block, commands)) = code_blocks.next() else { continue };
                read_block(block, commands, section);
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            // Owner and dates are facts of the page, not what it is about.
            Event::Text(_) | Event::Code(_) if metadata.iter().any(|span| span.range().contains(&range.start)) => {}
            Event::Text(text) | Event::Code(text) if !in_heading && !in_code => section.body.push_str(text),
            Event::SoftBreak | Event::HardBreak => section.body.push(' '),
            Event::End(tag) if is_block(tag) => section.body.push(' '),
            _ => {}
        }
    }
    let secrets = corpus.secrets_of(entry.file);
    if !secrets.is_empty() {
        for section in &mut sections {
            section.body = corpus.redacted(entry.file, &section.body).into_owned();
        }
    }
    sections
}

/// Commands as a person runs them; what else the block says (output, comments, a config file) is text.
fn read_block(block: &CodeBlock, read: &CommandBlock, section: &mut SearchSection) {
    section.commands.extend(read.commands.iter().map(|command| command.text.clone()));
    let is_command = |number: usize| {
        let line = block.lines.get(number);
        line.is_some_and(|line| {
            read.commands.iter().any(|command| command.span.start < line.end && line.start < command.span.end)
        })
    };
    let rest = block.shown().lines().enumerate().filter(|(number, _)| !is_command(*number));
    // Lines that draw boxes and rules say nothing.
    for (_, line) in rest.filter(|(_, line)| line.contains(char::is_alphanumeric)) {
        section.body.push(' ');
        section.body.push_str(line);
    }
    section.body.push(' ');
}

/// Whether words before and behind the end of this element are apart.
fn is_block(tag: &TagEnd) -> bool {
    !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}
