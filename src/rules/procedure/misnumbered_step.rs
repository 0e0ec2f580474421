//! Numbers of steps that leave one out, stand twice, or go back.

use std::collections::{BTreeMap, HashMap, HashSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::numbering::{Fault, faults};
use super::renumbering::{renumber_headings, renumber_items};
use crate::corpus::{Corpus, Entry, Numbered, parent, parents, read_number};
use crate::diagnostic::{Finding, Fixability, Level, Location, Related, RuleInfo};
use crate::document::{Document, Heading, Item};
use crate::rules::Rule;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MisnumberedStep {}

impl Rule for MisnumberedStep {
    const INFO: RuleInfo = RuleInfo {
        name: "misnumbered-step",
        group: "procedure",
        level: Level::Warning,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "numbers of steps that leave one out, stand twice, or go back",
        docs: include_str!("misnumbered_step.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let source = corpus.source(entry.file);
        for row in heading_rows(source, &entry.document) {
            check_headings(corpus, entry, &row, findings);
        }
        let lists = lists(&entry.document);
        for items in &lists {
            check_items(corpus, entry, items, findings);
        }
        let is_top =
            |items: &&Vec<Numeral>| items.first().is_some_and(|first| entry.document.items[first.node].depth == 0);
        let top: Vec<&Vec<Numeral>> = lists.iter().filter(is_top).collect();
        for pair in top.windows(2) {
            check_restart(corpus, entry, pair[0], pair[1], findings);
        }
    }
}

/// A numbered heading or list item.
pub struct Numeral {
    pub number: u32,
    /// As the author wrote it: `Step 3`, `3.`
    pub label: String,
    /// What a finding points at.
    pub span: Span,
    /// The digits in the file; `None` where they are not written plainly, and for a part of a step, `Step 3b`.
    pub digits: Option<Span>,
    /// Position in `Document::headings` or `Document::items`.
    pub node: usize,
}

/// Numbered headings that count together: those of one form and level under one heading.
#[derive(Default)]
struct Row {
    /// Whether they say "Step", or are bare numbers.
    is_worded: bool,
    numerals: Vec<Numeral>,
    /// Numbers that stand in it as parts, `3a`, or as ranges, `3-5`.
    parts: Vec<u32>,
    /// The last one before the numbers start again with no heading between.
    restarts_behind: Option<(String, Span)>,
}

fn heading_rows(source: &Source, document: &Document<'_>) -> Vec<Row> {
    let parents = parents(document);
    let mut rows: Vec<Row> = Vec::new();
    // The row that is open for each form and level under a heading.
    let mut open: HashMap<(Option<usize>, u8, bool), usize> = HashMap::new();
    // Rows behind which an unnumbered heading of their level stands: to the reader it is a new parent.
    let mut interrupted: HashSet<usize> = HashSet::new();
    for (index, heading) in document.headings.iter().enumerate().filter(|(_, heading)| heading.level > 1) {
        let key = |is_worded: bool| (parents[index], heading.level, is_worded);
        let Some(read) = read_number(&heading.text) else {
            interrupted.extend([true, false].iter().filter_map(|is_worded| open.get(&key(*is_worded))));
            continue;
        };
        let is_worded = read.word.is_some();
        let known = open.get(&key(is_worded)).copied();
        let starts_again = known.is_some_and(|known| {
            let first = rows[known].numerals.first().map(|first| first.number);
            read.part.is_empty() && read.number <= 1 && first == Some(read.number)
        });
        let at = match known.filter(|_| !starts_again) {
            Some(known) => known,
            None => {
                let last = known.filter(|known| !interrupted.contains(known)).and_then(|row| rows[row].numerals.last());
                let restarts_behind = last.map(|last| (last.label.clone(), last.span));
                rows.push(Row { is_worded, restarts_behind, ..Row::default() });
                rows.len() - 1
            }
        };
        open.insert(key(is_worded), at);
        interrupted.remove(&at);
        match read.part.is_empty() {
            true => rows[at].numerals.push(heading_numeral(source, heading, index, &read)),
            false => {
                let last = read.part.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(read.number);
                rows[at].parts.extend(read.number..=last.clamp(read.number, read.number + 99));
            }
        }
    }
    rows
}

fn heading_numeral(source: &Source, heading: &Heading, index: usize, read: &Numbered<'_>) -> Numeral {
    let digits = source.slice(heading.text_span).find(|c: char| c.is_ascii_digit()).map(|at| {
        let start = heading.text_span.start as usize + at;
        Span::new(start, start + read.digits.len())
    });
    let end = if read.word.is_some() { read.digits.end } else { read.digits.end + 1 };
    Numeral {
        number: read.number,
        label: heading.text[..end].trim_start_matches(|c: char| !c.is_alphanumeric()).to_string(),
        span: heading.span,
        digits: digits.filter(|span| source.slice(*span) == &heading.text[read.digits.clone()]),
        node: index,
    }
}

fn check_headings(corpus: &Corpus<'_>, entry: &Entry<'_>, row: &Row, findings: &mut Vec<Finding>) {
    let Some(first) = row.numerals.first() else { return };
    let document = &entry.document;
    let mut found = Vec::new();
    if let Some((label, span)) = &row.restarts_behind {
        let message = format!("`{}` behind `{label}`: the numbers start again under the same heading", first.label);
        let help = "put a heading over each row of steps, or number on";
        found.push(finding(entry, first, message, help.to_string(), Some((*span, label.clone()))));
    } else if first.number > 1 && !continues(document, row, first) {
        let message = format!("`{}` is the first: none before it is numbered {}", first.label, first.number - 1);
        found.push(finding(entry, first, message, renumber(first, 1), None));
    }
    let numbers: Vec<u32> = row.numerals.iter().map(|numeral| numeral.number).collect();
    let is_elsewhere = |number: u32, after: usize, at: usize| {
        let between = Span { start: row.numerals[after].span.end, end: row.numerals[at].span.start };
        row.parts.contains(&number) || stands_between(document, between, number)
    };
    let start = if found.is_empty() { first.number } else { 1 };
    for (at, fault) in faults(&numbers, is_elsewhere) {
        found.push(of_fault(entry, &row.numerals, at, fault, start + at as u32));
    }
    // Where numbers start again, or parts stand among them, only the author knows what they should be.
    if row.restarts_behind.is_none()
        && row.parts.is_empty()
        && let Some(finding) = found.first_mut()
    {
        finding.fix = renumber_headings(corpus, entry, &row.numerals, start);
    }
    findings.append(&mut found);
}

/// Whether a number goes on from one that stands before it: under another heading, in another form, in a paragraph. One
/// bare number alone is no count.
fn continues(document: &Document<'_>, row: &Row, first: &Numeral) -> bool {
    let before = Span { start: 0, end: first.span.start };
    let is_alone = row.numerals.len() == 1 && !row.is_worded;
    let headings = document.headings[..first.node].iter().filter_map(|heading| read_number(&heading.text));
    let mut headings = headings.filter(|read| read.word.is_some() == row.is_worded);
    let parts = row.parts.iter().any(|part| *part < first.number);
    is_alone
        || parts
        || headings.any(|read| read.number + 1 == first.number || !read.part.is_empty())
        || stands_between(document, before, first.number - 1)
}

/// Whether a paragraph or a heading of another level begins with a step's number within a span. Headings with bare
/// numbers count where they go on from those above them: others are counted under their own parent.
fn stands_between(document: &Document<'_>, between: Span, number: u32) -> bool {
    let mut paragraphs = document.paragraphs.iter().filter(|paragraph| between.contains(paragraph.span));
    let headings = document.headings.iter().enumerate().filter(|(_, heading)| between.contains(heading.span));
    let mut numbered = headings.filter_map(|(index, heading)| Some((index, read_number(&heading.text)?)));
    paragraphs.any(|paragraph| read_number(&paragraph.text).is_some_and(|read| read.number == number))
        || numbered.any(|(index, read)| {
            let goes_on = || {
                let over = parent(document, index);
                let mut siblings = (over.map_or(0, |over| over + 1)..=index).filter(|at| parent(document, *at) == over);
                siblings.find_map(|at| read_number(&document.headings[at].text)).is_some_and(|first| first.number > 1)
            };
            read.number == number && (read.word.is_some() || goes_on())
        })
}

/// The ordered lists of a document, each with its items.
fn lists(document: &Document<'_>) -> Vec<Vec<Numeral>> {
    let mut lists: BTreeMap<usize, Vec<Numeral>> = BTreeMap::new();
    for (index, item) in document.items.iter().enumerate().filter(|(_, item)| item.ordered) {
        let Some(number) = item.number else { continue };
        lists.entry(item.list).or_default().push(numeral(index, item, number));
    }
    lists.into_values().collect()
}

fn numeral(index: usize, item: &Item, number: u32) -> Numeral {
    Numeral {
        number,
        label: format!("{number}."),
        span: item.marker,
        digits: Some(Span { start: item.marker.start, end: item.marker.end - 1 }),
        node: index,
    }
}

/// Numbers that count, and those that are all the same, which the reader's browser counts, are right.
fn check_items(corpus: &Corpus<'_>, entry: &Entry<'_>, items: &[Numeral], findings: &mut Vec<Finding>) {
    let Some(first) = items.first().map(|item| item.number) else { return };
    if items.iter().all(|item| item.number == first) {
        return;
    }
    let restarts: Vec<usize> = (1..items.len()).filter(|at| items[*at].number == first).collect();
    let mut found: Vec<Finding> = restarts.iter().map(|at| restart_in_list(entry, &items[*at])).collect();
    let starts = [0].into_iter().chain(restarts.iter().copied());
    for (start, end) in starts.zip(restarts.iter().copied().chain([items.len()])) {
        let run = &items[start..end];
        let numbers: Vec<u32> = run.iter().map(|item| item.number).collect();
        let expected = |at: usize| first.saturating_add((start + at) as u32);
        let faults = faults(&numbers, |_, _, _| false).into_iter();
        found.extend(faults.map(|(at, fault)| of_fault(entry, run, at, fault, expected(at))));
    }
    // Two lists that run into one need words between them, not numbers.
    if let Some(finding) = found.first_mut().filter(|_| restarts.is_empty()) {
        finding.fix = renumber_items(corpus, entry, items, first);
    }
    findings.append(&mut found);
}

fn restart_in_list(entry: &Entry<'_>, item: &Numeral) -> Finding {
    let message = format!("the numbers start again at `{}` in one list", item.label);
    let help =
        "number on; where two lists are meant, put a line of text between them: a blank line does not end a list";
    finding(entry, item, message, help.to_string(), None)
}

/// A code block that is not indented ends a list, and the next item starts a new one: the reader sees `1.` again.
fn check_restart(
    corpus: &Corpus<'_>,
    entry: &Entry<'_>,
    before: &[Numeral],
    list: &[Numeral],
    findings: &mut Vec<Finding>,
) {
    let document = &entry.document;
    let (Some(last), Some(first)) = (before.last(), list.first()) else { return };
    let (last_item, item) = (&document.items[last.node], &document.items[first.node]);
    let between = Span { start: last_item.span.end, end: item.span.start };
    if between.end < between.start || first.number != before[0].number {
        return;
    }
    let source = corpus.source(entry.file);
    if !source.slice(between).trim_start().starts_with(['`', '~']) {
        return;
    }
    let length = |span: Span| source.slice(span).bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    let first_block = document.code_blocks.partition_point(|block| block.span.start < between.start);
    let blocks = document.code_blocks[first_block..].iter().map(|block| block.span);
    let blocks: Vec<Span> = blocks.take_while(|block| between.contains(*block)).collect();
    let Some(block_span) = blocks.first().copied() else { return };
    if length(between) != blocks.iter().map(|block| length(*block)).sum::<usize>() {
        return;
    }
    let width = item.marker.end - item.marker.start + 1;
    findings.push(Finding {
        help: Some(format!("indent the block by {width} spaces, so that it belongs to its step")),
        related: vec![Related {
            location: Location { file: entry.file, span: block_span },
            message: "the block that ends the list".to_string(),
        }],
        ..Finding::new(
            Location { file: entry.file, span: first.span },
            first.label.clone(),
            format!("the list starts again at `{}` behind a code block", first.label),
        )
    });
}

fn of_fault(entry: &Entry<'_>, row: &[Numeral], at: usize, fault: Fault, expected: u32) -> Finding {
    let numeral = &row[at];
    let label = &numeral.label;
    let (other, message) = match fault {
        Fault::Gap { after } => {
            let missing = row[after].number + 1;
            (after, format!("`{label}` follows `{}`: no {missing}", row[after].label))
        }
        Fault::Repeat { of } => (of, format!("a second `{label}`")),
        Fault::Behind { of } => (of, format!("`{label}` stands behind `{}`", row[of].label)),
        Fault::Ahead { of } => (of, format!("`{label}` stands before `{}`", row[of].label)),
    };
    let related = (row[other].span, row[other].label.clone());
    finding(entry, numeral, message, renumber(numeral, expected), Some(related))
}

fn renumber(numeral: &Numeral, expected: u32) -> String {
    let (before, behind) = numeral.label.split_once(&numeral.number.to_string()).unwrap_or(("", ""));
    format!("write `{before}{expected}{behind}`, and number those behind it anew")
}

fn finding(
    entry: &Entry<'_>,
    numeral: &Numeral,
    message: String,
    help: String,
    related: Option<(Span, String)>,
) -> Finding {
    let place = |span: Span| Location { file: entry.file, span };
    let related = related.map(|(span, label)| Related { location: place(span), message: format!("`{label}`") });
    Finding {
        help: Some(help),
        related: related.into_iter().collect(),
        ..Finding::new(place(numeral.span), numeral.label.clone(), message)
    }
}
