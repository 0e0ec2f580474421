//! From the events of a document to the HTML of its page, without the title.

use std::collections::{BTreeSet, HashSet};

use pulldown_cmark::{Alignment, BlockQuoteKind, CowStr, Event, Tag, TagEnd, html};

use super::code;
use super::document_page::{RiskView, VariableView};
use super::highlight::{Highlighted, escape};
use super::index_filter::{self, IndexFilter, index_filter};
use super::links::{self, Destination, destination};
use super::navigation::{is_emergency, plain_title};
use super::sanitize::{raw_html, sanitize};
use super::steps::{self, StepMark};
use crate::command::Risk;
use crate::corpus::{
    Column, Corpus, Entry, Kind, Target, parse_duration, path, priority_in, split_estimate, split_number,
};
use crate::document::{Document, HtmlTag, LinkStyle, Paragraph, SpannedEvent};
use crate::source::Span;

/// A rendered document.
pub struct Body {
    pub html: String,
    /// What the document is for, in a paragraph of its own that the page shows at its top; or empty.
    pub lede: String,
    /// Files of the source, from the root, that the page shows or links.
    pub files: BTreeSet<String>,
    /// What its commands destroy and disrupt, in this order.
    pub risks: Vec<RiskView>,
    /// What the reader fills in, in the order of the text.
    pub variables: Vec<VariableView>,
}

/// Text that an index page shows behind the rows of its tables.
pub struct RowMark {
    /// Position in `Document::tables` and in `Table::rows`.
    pub table: usize,
    pub row: usize,
    /// How the runbook stands, in one word: `passes`, `warnings`, `overdue`, `errors`, `missing`.
    pub state: &'static str,
    /// The same columns for all rows of a table.
    pub cells: Vec<MarkCell>,
}

/// A cell behind a row.
pub struct MarkCell {
    /// The column's header.
    pub label: &'static str,
    pub class: &'static str,
    /// What the column is sorted by: a number or a date. Rows without it come last.
    pub sort: Option<String>,
    pub html: String,
}

/// Renders a document. `marks` are for the index tables of the document, in the order of its rows.
pub fn render(corpus: &Corpus<'_>, entry: &Entry<'_>, highlighted: &Highlighted<'_>, marks: &[RowMark]) -> Body {
    let text = &corpus.source(entry.file).text;
    let mut renderer = Renderer {
        corpus,
        entry,
        document: &entry.document,
        highlighted,
        marks,
        hoisted: metadata_paragraphs(&entry.document, text),
        title: entry.document.title_heading().map(|heading| heading.span.start as usize),
        filter: index_filter(&entry.document, marks),
        islands: Vec::new(),
        island_mark: island_mark(&entry.document),
        files: BTreeSet::new(),
        has_raw_html: false,
        items: Vec::new(),
        out: Vec::with_capacity(entry.document.events.len()),
        next: Next::default(),
        table: None,
        in_heading: false,
        lists_runbooks: entry.kind == Kind::Index,
        named: false,
        open_links: Vec::new(),
        open_quotes: Vec::new(),
        last_paragraph: String::new(),
        skip: None,
        steps: steps::step_marks(entry, text),
        ids: steps::ids(&entry.document),
        open_sections: Vec::new(),
        item_anchors: Vec::new(),
        heading_step: None,
        announced: None,
        risks: Vec::new(),
        variables: Vec::new(),
        lede: lede(entry),
        lede_out: Vec::new(),
        in_lede: false,
    };
    let events = &entry.document.events;
    let mut index = 0;
    while index < events.len() {
        index = renderer.event(events, index);
    }
    renderer.close_sections(u32::MAX);
    let mut body = String::with_capacity(text.len() * 2);
    html::push_html(&mut body, renderer.out.into_iter());
    let mut lede = String::new();
    html::push_html(&mut lede, renderer.lede_out.into_iter());
    if renderer.has_raw_html {
        body = sanitize(&body);
        lede = sanitize(&lede);
    }
    for (number, island) in renderer.islands.iter().enumerate().rev() {
        body = body.replacen(&format!("{}{number};", renderer.island_mark), island, 1);
    }
    Body { html: body, lede, files: renderer.files, risks: renderer.risks, variables: renderer.variables }
}

/// Where a document says what it is for: the first paragraph of its purpose, or of a runbook one before its sections.
#[derive(Debug, Clone, Copy)]
struct Lede {
    paragraph: Span,
    /// The heading of a section that holds nothing else.
    heading: Option<Span>,
}

/// The paragraph that the page shows at its top, where it stands alone: neither a list nor code hangs on it.
fn lede(entry: &Entry<'_>) -> Option<Lede> {
    const LONGEST: usize = 480;
    let document = &entry.document;
    let title = document.title_heading().map_or(0, |title| title.span.end);
    let first = document.headings.iter().find(|heading| heading.span.start > title);
    let is_lede = |paragraph: &&Paragraph| {
        let text = paragraph.text.trim_end();
        let is_prose = (30..LONGEST).contains(&text.len()) && text.contains(' ') && !text.ends_with([':', '：']);
        let is_metadata = || document.metadata.iter().any(|line| paragraph.span.contains(line.span));
        is_prose
            && !is_warning(text)
            && !code::announces_output(text)
            && !is_metadata()
            && stands_free(document, paragraph.span)
    };
    if entry.kind == Kind::Index || document.title_heading().is_none_or(|title| title.level > 1) {
        return None;
    }
    let between = |start: u32, end: u32| {
        let from = document.paragraphs.partition_point(|paragraph| paragraph.span.start < start);
        document.paragraphs[from..].iter().take_while(move |paragraph| paragraph.span.start < end)
    };
    let mut before = between(title, first.map_or(u32::MAX, |first| first.span.start))
        .filter(|paragraph| !document.metadata.iter().any(|line| line.span.start == paragraph.span.start));
    if let Some(paragraph) = before.next() {
        // Of other pages, the first paragraph is only the first.
        let lede = Some(paragraph).filter(|_| entry.kind == Kind::Runbook).filter(is_lede);
        return lede.map(|paragraph| Lede { paragraph: paragraph.span, heading: None });
    }
    let first = first?;
    let is_purpose = entry.sections_named("purpose").any(|heading| heading.span == first.span);
    let paragraph = between(first.span.end, first.section_end).next().filter(|_| is_purpose).filter(is_lede)?;
    // Right behind the heading, with nothing between them.
    let events = &document.events;
    let start = events.partition_point(|(_, range)| range.start < paragraph.span.start as usize);
    let is_first = matches!(events.get(start.checked_sub(1)?), Some((Event::End(TagEnd::Heading(_)), _)));
    let end = events[start..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
    let next = events.get(start + end + 1).map_or(u32::MAX, |(_, range)| range.start as u32);
    let is_all = next >= first.section_end;
    is_first.then_some(Lede { paragraph: paragraph.span, heading: is_all.then_some(first.span) })
}

/// Whether a paragraph stands in no list, quote or other container.
fn stands_free(document: &Document<'_>, span: Span) -> bool {
    let (start, mut depth) = (span.start as usize, 0i32);
    for (event, range) in &document.events {
        if range.start >= start && matches!(event, Event::Start(Tag::Paragraph)) {
            return depth == 0 && range.start == start;
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    false
}

/// A word that the text does not hold. It stands for what is put into the page after raw HTML was cleaned. What counts
/// is the text as the page shows it: entities can spell any word.
fn island_mark(document: &Document<'_>) -> String {
    let texts = document.events.iter().filter_map(|(event, _)| match event {
        Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => Some(&**text),
        _ => None,
    });
    let text: String = texts.collect();
    (0..).map(|number| format!("island{number}:")).find(|mark| !text.contains(mark)).unwrap_or_default()
}

/// Spans of the paragraphs that hold nothing but metadata and stand before the first section: the page shows their
/// facts at its top.
pub fn metadata_paragraphs(document: &Document<'_>, text: &str) -> Vec<Span> {
    let head_end =
        document.headings.iter().find(|heading| heading.level > 1).map_or(u32::MAX, |heading| heading.span.start);
    let is_metadata = |span: &Span| {
        let own = || document.metadata.iter().filter(|entry| span.contains(entry.span));
        let lines = text[span.range()].lines().filter(|line| !line.trim().is_empty()).count();
        // A label alone, such as one over a list, says nothing that the head of the page could show.
        own().any(|entry| !entry.value.is_empty()) && own().count() >= lines
    };
    let spans = document.paragraphs.iter().map(|paragraph| paragraph.span);
    spans.take_while(|span| span.start < head_end).filter(is_metadata).collect()
}

struct Renderer<'a, 'c> {
    corpus: &'c Corpus<'a>,
    entry: &'c Entry<'a>,
    document: &'c Document<'a>,
    highlighted: &'c Highlighted<'c>,
    marks: &'c [RowMark],
    hoisted: Vec<Span>,
    title: Option<usize>,
    /// The filter of an index, until it is written.
    filter: Option<IndexFilter>,
    islands: Vec<String>,
    island_mark: String,
    files: BTreeSet<String>,
    has_raw_html: bool,
    /// Positions of the open items in `Document::items`.
    items: Vec<usize>,
    out: Vec<Event<'c>>,
    next: Next,
    table: Option<OpenTable>,
    in_heading: bool,
    /// Whether the document is an index, whose lists name runbooks.
    lists_runbooks: bool,
    /// Whether a name that was made a link is open.
    named: bool,
    /// For each open link without a place to go the reason.
    open_links: Vec<Option<String>>,
    /// Whether each open block quote is a callout.
    open_quotes: Vec<bool>,
    last_paragraph: String,
    /// Events up to the end of this one are left out.
    skip: Option<TagEnd>,
    steps: Vec<StepMark<'c>>,
    /// Ids that are taken on the page.
    ids: HashSet<String>,
    /// Ends of the steps that are open, in the file.
    open_sections: Vec<u32>,
    /// For each open item the permalink of its step, until it stands behind the item's first text.
    item_anchors: Vec<Option<String>>,
    /// The step whose heading is open: its position, and whether its number is still to come.
    heading_step: Option<OpenHeading>,
    /// What the last paragraph, which is left out, calls the output behind it.
    announced: Option<String>,
    /// The gravest first.
    risks: Vec<RiskView>,
    variables: Vec<VariableView>,
    lede: Option<Lede>,
    lede_out: Vec<Event<'c>>,
    in_lede: bool,
}

#[derive(Clone, Copy)]
struct OpenHeading {
    has_number: bool,
    /// Where the last text of the heading starts in the file.
    last_text: usize,
}

/// Positions of the next node of each kind: nodes come in the order of the events.
#[derive(Default)]
struct Next {
    heading: usize,
    link: usize,
    table: usize,
    code: usize,
    paragraph: usize,
    item: usize,
}

struct OpenTable {
    index: usize,
    /// `None` in the header.
    row: Option<usize>,
    column: usize,
    alignments: Vec<Alignment>,
    marked: bool,
}

impl<'a, 'c> Renderer<'a, 'c> {
    /// Renders one event or a group of them, and gives the index of the next one.
    fn event(&mut self, events: &'c [SpannedEvent<'a>], index: usize) -> usize {
        let (event, range) = &events[index];
        if let Some(end) = self.skip {
            if matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. })) {
                self.next_link();
            }
            if matches!(event, Event::End(tag) if *tag == end) {
                self.skip = None;
            }
            return index + 1;
        }
        match event {
            Event::Start(Tag::HtmlBlock) => return self.html_block(events, index),
            Event::Start(Tag::CodeBlock(_)) => return self.code_block(events, index),
            Event::Start(Tag::Image { .. }) => return self.image(events, index),
            Event::Start(Tag::Item) => self.start_item(events, index),
            Event::Start(Tag::Heading { .. }) => self.start_heading(events, index),
            Event::Start(Tag::Paragraph) => self.start_paragraph(events, index),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::InlineHtml(html) => self.raw(html, range.start),
            Event::Text(text) => self.text(text, range.start),
            Event::TaskListMarker(done) => self.task_box(*done),
            event => self.out.push(event.clone()),
        }
        index + 1
    }

    fn write(&mut self, html: impl Into<String>) {
        self.out.push(Event::Html(CowStr::from(html.into())));
    }

    fn write_inline(&mut self, html: impl Into<String>) {
        self.out.push(Event::InlineHtml(CowStr::from(html.into())));
    }

    fn text(&mut self, text: &CowStr<'a>, at: usize) {
        // The id of a heading is no part of its text.
        let heading = self.in_heading.then(|| &self.document.headings[self.next.heading - 1]);
        if let Some(id) = heading.and_then(|heading| heading.explicit_id.as_deref())
            && let Some(before) = text.strip_suffix(&format!("{{#{id}}}"))
        {
            return self.step_heading_text(before.trim_end(), at);
        }
        self.step_heading_text(text, at);
    }

    /// Text, and in the heading of a step its number and its estimate as elements of their own.
    fn step_heading_text(&mut self, text: &str, at: usize) {
        let Some(step) = self.heading_step.as_mut() else {
            return self.out.push(Event::Text(CowStr::from(text.to_string())));
        };
        let is_last = step.last_text == at;
        let mut rest = text;
        if !std::mem::replace(&mut step.has_number, true)
            && let Some((_, title)) = split_number(text)
            && let Some(number) = text.strip_suffix(title)
        {
            let bare = number.trim_end();
            self.write_inline(format!("<span class=\"step-number\">{}</span>", escape(bare)));
            self.out.push(Event::Text(CowStr::from(number[bare.len()..].to_string())));
            rest = title;
        }
        if is_last
            && let (title, Some(_)) = split_estimate(rest)
            && let Some(at) = rest.find(title).map(|at| at + title.len())
            && let (title, estimate) = rest.trim_end().split_at(at)
            && !estimate.trim().is_empty()
        {
            let bare = estimate.trim_start();
            let gap = &estimate[..estimate.len() - bare.len()];
            self.out.push(Event::Text(CowStr::from(format!("{title}{gap}"))));
            return self.write_inline(format!("<span class=\"estimate\">{}</span>", escape(bare)));
        }
        self.out.push(Event::Text(CowStr::from(rest.to_string())));
    }

    fn start(&mut self, tag: &'c Tag<'a>) {
        if matches!(tag, Tag::List(_) | Tag::BlockQuote(_) | Tag::Table(_)) {
            self.item_anchor();
        }
        match tag {
            Tag::BlockQuote(kind) => self.start_quote(*kind),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.row = Some(table.row.map_or(0, |row| row + 1));
                    table.column = 0;
                }
                self.start_row();
            }
            Tag::TableCell => self.start_cell(),
            Tag::Link { .. } => self.start_link(),
            Tag::Strong => {
                self.out.push(Event::Start(Tag::Strong));
                if let Some(href) = self.named_runbook() {
                    self.write_inline(format!("<a href=\"{}\">", escape(&href)));
                    self.named = true;
                }
            }
            tag => self.out.push(Event::Start(tag.clone())),
        }
    }

    fn end(&mut self, tag: &TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => match self.open_quotes.pop() {
                Some(true) => self.write("</aside>\n"),
                _ => self.write("</blockquote>\n"),
            },
            TagEnd::Table => {
                self.table = None;
                self.out.push(Event::End(TagEnd::Table));
                self.write("</div>\n");
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.row_mark();
                self.out.push(Event::End(*tag));
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Strong => {
                if std::mem::take(&mut self.named) {
                    self.write_inline("</a>");
                }
                self.out.push(Event::End(TagEnd::Strong));
            }
            TagEnd::Paragraph => {
                self.item_anchor();
                self.out.push(Event::End(TagEnd::Paragraph));
                if std::mem::take(&mut self.in_lede) {
                    std::mem::swap(&mut self.out, &mut self.lede_out);
                }
            }
            TagEnd::Item => {
                self.item_anchor();
                self.item_anchors.pop();
                self.items.pop();
                self.out.push(Event::End(TagEnd::Item));
            }
            TagEnd::Link => {
                let close = self.close_tag();
                self.write_inline(close);
            }
            tag => self.out.push(Event::End(*tag)),
        }
    }

    /// The page of the runbook that an item of an index leads with by name, without linking it.
    fn named_runbook(&self) -> Option<String> {
        let item = self.items.last().map(|item| &self.document.items[*item])?;
        let lead = item.lead.as_deref().filter(|_| item.links.is_empty() && self.lists_runbooks)?;
        // Only the bold text that opens the item is a name.
        let opens = matches!(self.out.get(self.out.len().checked_sub(2)?), Some(Event::Start(Tag::Item)));
        let named = |entry: &&Entry<'_>| entry.kind == Kind::Runbook && plain_title(entry).eq_ignore_ascii_case(lead);
        let mut found = self.corpus.entries.iter().filter(named);
        let first = found.next().filter(|_| opens && found.next().is_none())?;
        Some(path::percent_encode(&path::relative(&self.entry.address, &first.address)))
    }

    fn start_heading(&mut self, events: &'c [SpannedEvent<'a>], index: usize) {
        let at = events[index].1.start;
        let document = self.document;
        let heading = &document.headings[self.next.heading];
        self.next.heading += 1;
        self.item_anchor();
        if heading.top_level {
            self.close_sections(heading.span.start);
        }
        if Some(at) == self.title {
            self.skip = Some(TagEnd::Heading(level(heading.level)));
            return;
        }
        self.write_filter(heading.span);
        // The page's title is the only heading of the first level.
        let level = heading.level.max(2);
        let id = escape(&links::site_anchor(&heading.anchor));
        let explicit = heading.explicit_id.as_ref().map(|id| format!("<span id=\"{}\"></span>", escape(id)));
        self.in_heading = true;
        if self.lede.and_then(|lede| lede.heading) == Some(heading.span) {
            // Its paragraph stands at the top of the page, and with it its name, for those who follow a link to it.
            std::mem::swap(&mut self.out, &mut self.lede_out);
            self.write(format!("<h{level} class=\"visually-hidden\" id=\"{id}\">"));
            return self.write_inline(explicit.unwrap_or_default());
        }
        let step = self.steps.iter().find(|mark| mark.is_at(heading.span, true)).filter(|_| heading.top_level);
        if let Some(mark) = step {
            let (section, check_box) = (format!("<section class=\"step\"{}>", mark.attributes()), mark.check_box());
            self.open_sections.push(mark.step.body.end);
            let inside =
                events[index..].iter().take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_))));
            let texts = inside.filter(|(event, _)| !matches!(event, Event::End(_)));
            let last = texts.last().filter(|(event, _)| matches!(event, Event::Text(_)));
            self.heading_step =
                Some(OpenHeading { has_number: false, last_text: last.map_or(usize::MAX, |(_, range)| range.start) });
            self.write(format!("{section}\n{check_box}\n"));
        }
        self.write(format!("<h{level} id=\"{id}\">"));
        self.write_inline(explicit.unwrap_or_default());
    }

    /// Closes the steps that end before a place.
    fn close_sections(&mut self, at: u32) {
        while self.open_sections.pop_if(|end| *end <= at || at == u32::MAX).is_some() {
            self.write("</section>\n");
        }
    }

    /// The permalink of the step that the innermost item is, behind its first text.
    fn item_anchor(&mut self) {
        if let Some(id) = self.item_anchors.last_mut().and_then(Option::take) {
            let href = path::percent_encode(&id);
            self.write_inline(format!(" <a class=\"anchor\" href=\"#{href}\" aria-label=\"Link to this step\">#</a>"));
        }
    }

    fn end_heading(&mut self) {
        self.in_heading = false;
        let heading = &self.document.headings[self.next.heading - 1];
        let (level, id) = (heading.level.max(2), links::site_anchor(&heading.anchor));
        let href = path::percent_encode(&id);
        self.write_inline(format!(
            " <a class=\"anchor\" href=\"#{href}\" aria-label=\"Link to this section\">#</a></h{level}>\n"
        ));
        self.heading_step = None;
        if self.lede.and_then(|lede| lede.heading) == Some(heading.span) {
            std::mem::swap(&mut self.out, &mut self.lede_out);
        }
    }

    fn start_paragraph(&mut self, events: &'c [SpannedEvent<'a>], index: usize) {
        let at = events[index].1.start;
        let paragraphs = &self.document.paragraphs;
        while paragraphs.get(self.next.paragraph).is_some_and(|paragraph| (paragraph.span.start as usize) < at) {
            self.next.paragraph += 1;
        }
        let Some(paragraph) = paragraphs.get(self.next.paragraph) else {
            self.out.push(Event::Start(Tag::Paragraph));
            return;
        };
        self.last_paragraph = paragraph.text.clone();
        let is_mark = paragraph.text.eq_ignore_ascii_case("[toc]");
        let label = self.document.labels.iter().find(|(_, span)| *span == paragraph.span);
        if let Some((id, _)) = label {
            self.write(format!("<span id=\"{}\"></span>", escape(id)));
        }
        if is_mark || label.is_some() || self.hoisted.contains(&paragraph.span) {
            self.skip = Some(TagEnd::Paragraph);
        } else if let Some(name) = announcement(events, index, &paragraph.text) {
            self.announced = Some(name.to_string());
            self.skip = Some(TagEnd::Paragraph);
        } else if self.lede.is_some_and(|lede| lede.paragraph == paragraph.span) {
            std::mem::swap(&mut self.out, &mut self.lede_out);
            self.in_lede = true;
            self.write("<p class=\"lede\">");
        } else if is_warning(&paragraph.text) && !self.open_quotes.contains(&true) {
            // The end of the paragraph closes it: only the start differs.
            self.write("<p class=\"warning\" data-warning>");
        } else {
            self.out.push(Event::Start(Tag::Paragraph));
        }
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        self.open_quotes.push(kind.is_some());
        let Some(kind) = kind else { return self.write("<blockquote>\n") };
        let (class, title, warns) = match kind {
            BlockQuoteKind::Note => ("note", "Note", ""),
            BlockQuoteKind::Tip => ("tip", "Tip", ""),
            BlockQuoteKind::Important => ("important", "Important", ""),
            BlockQuoteKind::Warning => ("warning", "Warning", " data-warning"),
            BlockQuoteKind::Caution => ("caution", "Caution", " data-warning"),
        };
        self.write(format!("<aside class=\"callout {class}\"{warns}><p class=\"callout-title\">{title}</p>\n"));
    }

    fn start_item(&mut self, events: &'c [SpannedEvent<'a>], index: usize) {
        let after = events[index + 1..].iter().map(|(event, _)| event);
        let first = after.clone().find(|event| !matches!(event, Event::Start(Tag::Paragraph)));
        let is_task = matches!(first, Some(Event::TaskListMarker(_)));
        self.item_anchor();
        let item = &self.document.items[self.next.item];
        self.items.push(self.next.item);
        self.next.item += 1;
        let Some(mark) = self.steps.iter().find(|mark| mark.is_at(item.span, false)) else {
            self.item_anchors.push(None);
            return match is_task {
                true => self.write("<li class=\"task\">"),
                false => self.out.push(Event::Start(Tag::Item)),
            };
        };
        let (id, attributes, check_box) = (mark.key.clone(), mark.attributes(), mark.check_box());
        self.write(format!("<li class=\"step\" id=\"{}\"{attributes}>{check_box} ", escape(&id)));
        self.item_anchors.push(Some(id));
    }

    /// The box of a task, named by the task for those who do not see them side by side.
    fn task_box(&mut self, done: bool) {
        const CHARS: usize = 80;
        let item = self.items.last().map(|item| &self.document.items[*item]);
        if item.is_some_and(|item| self.steps.iter().any(|mark| mark.is_at(item.span, false))) {
            return; // a step has a box already, which works
        }
        let text = item.map_or("", |item| item.text.as_str());
        let label: String = text.chars().take(CHARS).collect();
        let checked = if done { " checked" } else { "" };
        // Whoever does a runbook ticks what is done. Elsewhere the marks are the author's.
        let kind = if self.entry.kind == Kind::Runbook { "data-task" } else { "disabled" };
        self.write_inline(format!("<input type=\"checkbox\" {kind}{checked} aria-label=\"{}\"> ", escape(&label)));
    }

    fn start_table(&mut self, alignments: &'c [Alignment]) {
        let index = self.next.table;
        self.next.table += 1;
        let table = &self.document.tables[index];
        self.write_filter(table.span);
        let marked = self.marks.iter().any(|mark| mark.table == index);
        let heading = self.document.heading_over(table.span.start).map_or("", |heading| heading.text.as_str());
        let urgent = is_emergency(heading);
        let class = match (marked, urgent) {
            (true, true) => " class=\"index-table emergency\"",
            (true, false) => " class=\"index-table\"",
            _ => "",
        };
        let label = escape(&format!("Table: {}", if heading.is_empty() { &self.entry.title } else { heading }));
        self.write(format!("<div class=\"wide\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\">"));
        self.write(format!("<table{class}>"));
        self.table = Some(OpenTable { index, row: None, column: 0, alignments: alignments.to_vec(), marked });
    }

    /// Writes the filter where it stands before this heading or table.
    fn write_filter(&mut self, span: Span) {
        if let Some(filter) = self.filter.take_if(|filter| filter.before == span) {
            self.write_island(filter.html);
        }
    }

    fn start_cell(&mut self) {
        let Some(table) = &self.table else { return };
        let align = match table.alignments.get(table.column) {
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            _ => "",
        };
        let label = self.document.tables[table.index].header.get(table.column).map_or("", |cell| cell.text.as_str());
        let html = match (table.row, table.marked) {
            (None, _) => format!("<th scope=\"col\"{align}>"),
            (Some(row), true) => {
                let cell = self.document.tables[table.index].rows.get(row).and_then(|row| row.cells.get(table.column));
                let key = cell.and_then(|cell| sort_key(label, &cell.text));
                let sort = key.map_or(String::new(), |key| format!(" data-sort=\"{}\"", escape(&key)));
                format!("<td{align} data-label=\"{}\"{sort}>", escape(label))
            }
            (Some(_), false) => format!("<td{align}>"),
        };
        self.write_inline(html);
    }

    /// A row of an index table says what it can be filtered by.
    fn start_row(&mut self) {
        let table = self.table.as_ref().filter(|table| table.marked);
        let place = table.and_then(|table| Some((table.index, table.row?)));
        let Some((index, row)) = place else { return self.out.push(Event::Start(Tag::TableRow)) };
        let mark = self.marks.iter().find(|mark| (mark.table, mark.row) == (index, row));
        let state = mark.map_or("", |mark| mark.state);
        let priority = mark.map_or("", |mark| index_filter::priority(self.document, mark));
        self.write(format!("<tr data-health=\"{state}\" data-priority=\"{}\">", escape(priority)));
    }

    fn end_cell(&mut self) {
        let Some(table) = &mut self.table else { return };
        table.column += 1;
        let html = if table.row.is_none() { "</th>" } else { "</td>" };
        self.write_inline(html);
    }

    /// The last cells of a row of an index table: how its runbook stands.
    fn row_mark(&mut self) {
        let Some(table) = self.table.as_ref().filter(|table| table.marked) else { return };
        let of_table = || self.marks.iter().filter(|mark| mark.table == table.index);
        let columns = of_table().next().map_or(&[][..], |mark| &mark.cells);
        let mark = table.row.and_then(|row| of_table().find(|mark| mark.row == row));
        let cell = |(position, column): (usize, &MarkCell)| {
            let MarkCell { label, class, .. } = column;
            if table.row.is_none() {
                return format!("<th scope=\"col\" class=\"{class}\">{label}</th>");
            }
            let cell = mark.and_then(|mark| mark.cells.get(position));
            let html = cell.map_or("", |cell| cell.html.as_str());
            let key = cell.and_then(|cell| cell.sort.as_deref());
            let sort = key.map_or(String::new(), |key| format!(" data-sort=\"{key}\""));
            format!("<td class=\"{class}\" data-label=\"{label}\"{sort}>{html}</td>")
        };
        let html: String = columns.iter().enumerate().map(cell).collect();
        self.write_inline(html);
    }

    /// The node of the link or image that starts now.
    fn next_link(&mut self) -> usize {
        while self.document.links[self.next.link].style == LinkStyle::Html {
            self.next.link += 1;
        }
        self.next.link += 1;
        self.next.link - 1
    }

    fn start_link(&mut self) {
        let index = self.next_link();
        // A drawing that is opened by itself can run scripts; as a picture it cannot.
        if matches!(&self.entry.targets[index], Target::File { path } if path.ends_with(".svg")) {
            let picture = self.picture(index);
            self.write_inline(picture);
            self.skip = Some(TagEnd::Link);
            return;
        }
        let open = self.open_tag(index);
        self.write_inline(open);
        if let Some(title) = self.title_for_file_name(index) {
            self.out.push(Event::Text(CowStr::from(title.to_string())));
            let close = self.close_tag();
            self.write_inline(close);
            self.skip = Some(TagEnd::Link);
        }
    }

    /// Whoever reads the site looks for a runbook, not for a file: a link whose text is the file's name shows the
    /// title of the document.
    fn title_for_file_name(&self, index: usize) -> Option<&'c str> {
        let link = &self.document.links[index];
        let Target::Document { file, .. } = &self.entry.targets[index] else { return None };
        let source = &self.corpus.source(*file).path;
        let is_name = link.text == path::file_name(source) || (link.text == link.target && link.text.ends_with(".md"));
        is_name.then(|| plain_title(self.corpus.entry(*file)))
    }

    /// The start tag of a link. Without a place to go it is marked text.
    fn open_tag(&mut self, index: usize) -> String {
        let link = &self.document.links[index];
        let destination = match destination(self.corpus, self.entry, link, &self.entry.targets[index]) {
            // A drawing that is opened by itself can run scripts.
            Destination::File { source, .. } if source.ends_with(".svg") => {
                Destination::Nowhere { mark: "not linked", reason: format!("{source} is shown as a picture only") }
            }
            destination => destination,
        };
        self.open_links.push(match &destination {
            Destination::Nowhere { reason, .. } => Some(reason.clone()),
            _ => None,
        });
        match destination {
            Destination::Internal(href) => format!("<a href=\"{}\">", escape(&href)),
            Destination::File { source, href } => {
                self.files.insert(source);
                format!("<a href=\"{}\">", escape(&href))
            }
            Destination::External(href) => {
                format!("<a class=\"external\" rel=\"noreferrer noopener\" href=\"{}\">", escape(&href))
            }
            Destination::Nowhere { mark, reason } => {
                format!("<span class=\"dead\" title=\"{}\"><span class=\"mark danger\">{mark}</span> ", escape(&reason))
            }
        }
    }

    /// The end tag of the link that was opened last. A reader who cannot hover is told the reason, too.
    fn close_tag(&mut self) -> String {
        match self.open_links.pop().flatten() {
            Some(reason) => format!("<span class=\"visually-hidden\"> ({})</span></span>", escape(&reason)),
            None => "</a>".to_string(),
        }
    }

    fn image(&mut self, events: &'c [SpannedEvent<'a>], index: usize) -> usize {
        let link = self.next_link();
        let html = self.picture(link);
        self.write_inline(html);
        let mut depth = 0;
        for (at, (event, _)) in events.iter().enumerate().skip(index) {
            match event {
                Event::Start(Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => depth -= 1,
                _ => {}
            }
            // What stands inside the alternative text is part of it.
            if at > index && matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. })) {
                self.next_link();
            }
            if depth == 0 {
                return at + 1;
            }
        }
        events.len()
    }

    /// An image of the handbook as such; one from elsewhere as a link, since the page loads nothing from elsewhere.
    fn picture(&mut self, index: usize) -> String {
        let link = &self.document.links[index];
        let alt = escape(&link.text);
        match destination(self.corpus, self.entry, link, &self.entry.targets[index]) {
            Destination::File { source, href } if links::is_image(&source) => {
                self.files.insert(source);
                format!("<img src=\"{}\" alt=\"{alt}\" loading=\"lazy\">", escape(&href))
            }
            Destination::Nowhere { .. } => format!("{}{alt}{}", self.open_tag(index), self.close_tag()),
            _ => {
                let shown = if alt.is_empty() { escape(&link.target) } else { alt };
                format!("{}{shown}{}", self.open_tag(index), self.close_tag())
            }
        }
    }

    fn code_block(&mut self, events: &'c [SpannedEvent<'a>], index: usize) -> usize {
        let block = &self.document.code_blocks[self.next.code];
        self.next.code += 1;
        self.item_anchor();
        let commands = &self.entry.command_blocks[self.next.code - 1];
        let announced = self.announced.take();
        // A prompt is typed behind, whatever stands before.
        let is_output =
            (announced.is_some() || code::announces_output(&self.last_paragraph)) && commands.prompts.is_empty();
        self.last_paragraph.clear();
        let mut view = code::View {
            block,
            commands,
            placeholders: &self.entry.placeholders,
            packs: self.corpus.settings.packs(),
            is_output,
            id: String::new(),
        };
        view.id = self.count_risks(&view);
        self.note_variables(&view);
        let mut figure = code::figure(&view, self.highlighted);
        if is_output {
            let open = if block.shown().lines().count() > FOLDED_LINES { "" } else { " open" };
            let name = announced.as_deref().unwrap_or("Expected output");
            figure = format!("<details class=\"output\"{open}><summary>{}</summary>{figure}</details>", escape(name));
        } else if let Some(name) = announced {
            figure = format!("<p>{}:</p>\n{figure}", escape(&name));
        }
        self.write_island(figure);
        let end = events[index..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::CodeBlock)));
        end.map_or(events.len(), |end| index + end + 1)
    }

    /// Counts what a block destroys and disrupts, and gives the block an id if it is the first to do so.
    fn count_risks(&mut self, view: &code::View<'_>) -> String {
        let mut id = String::new();
        for risk in [Risk::Destructive, Risk::Disruptive] {
            let count = view.risks().filter(|command| command.risk == risk).count();
            if count == 0 {
                continue;
            }
            if let Some(known) = self.risks.iter_mut().find(|known| known.risk == risk.name()) {
                known.count += count;
                continue;
            }
            if id.is_empty() {
                id = steps::free_id(&mut self.ids, &format!("first-{}-command", risk.name()));
            }
            self.risks.push(RiskView { risk: risk.name(), count, anchor: id.clone() });
        }
        self.risks.sort_by_key(|known| known.risk);
        id
    }

    fn note_variables(&mut self, view: &code::View<'_>) {
        for placeholder in view.own_placeholders() {
            if !self.variables.iter().any(|known| known.name == placeholder.name) {
                let hint = placeholder.name.replace('-', " ");
                self.variables.push(VariableView { name: placeholder.name.clone(), hint });
            }
        }
    }

    /// Writes what the cleaning of raw HTML must not touch.
    fn write_island(&mut self, html: String) {
        let mark = format!("{}{};", self.island_mark, self.islands.len());
        self.islands.push(html);
        self.write(format!("{mark}\n"));
    }

    fn html_block(&mut self, events: &'c [SpannedEvent<'a>], index: usize) -> usize {
        let mut html = String::new();
        let mut at = index + 1;
        while let Some((event, _)) = events.get(at) {
            at += 1;
            match event {
                Event::Html(line) => html.push_str(line),
                Event::End(TagEnd::HtmlBlock) => break,
                _ => {}
            }
        }
        self.item_anchor();
        self.raw(&html, events[index].1.start);
        at
    }

    /// `<a id="x">` without a target. Where a heading has the id already, the tag goes without it.
    fn anchor_tag(&mut self, tag: &HtmlTag<'_>) -> Option<String> {
        if !tag.closing && tag.name.eq_ignore_ascii_case("a") {
            self.open_links.push(None);
        }
        let id = tag.attribute("id").or(tag.attribute("name")).map(|(id, _)| id)?;
        let taken = self.document.headings.iter().any(|heading| heading.anchor == id);
        taken.then(|| format!("<{}>", tag.name))
    }

    fn raw(&mut self, html: &str, at: usize) {
        let document = self.document;
        let raw = raw_html(html, |tag: &HtmlTag<'_>| {
            let span = Span::new(at + tag.start, at + tag.end);
            let link = document.links.iter().position(|link| link.style == LinkStyle::Html && link.span == span);
            match link {
                Some(index) if document.links[index].is_image => Some(self.picture(index)),
                Some(index) => Some(self.open_tag(index)),
                None if tag.closing && tag.name.eq_ignore_ascii_case("a") => Some(self.close_tag()),
                None => self.anchor_tag(tag),
            }
        });
        self.has_raw_html |= raw.has_tags;
        self.write_inline(raw.html);
    }
}

/// Output of more lines is folded away.
const FOLDED_LINES: usize = 12;

/// What a paragraph calls the code block right behind it, where it says nothing else: that name stands on the block.
fn announcement<'p>(events: &[SpannedEvent<'_>], index: usize, paragraph: &'p str) -> Option<&'p str> {
    let name = code::only_announces(paragraph)?;
    let len = events[index..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
    let is_plain = events[index..index + len]
        .iter()
        .all(|(event, _)| !matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }) | Event::InlineHtml(_)));
    let next = events.get(index + len + 1).map(|(event, _)| event);
    (is_plain && matches!(next, Some(Event::Start(Tag::CodeBlock(_))))).then_some(name)
}

/// What a cell of an index table is sorted by where its text does not tell: a time in minutes, a priority by its gravity.
fn sort_key(header: &str, text: &str) -> Option<String> {
    match Column::of(header)? {
        Column::EstimatedTime => {
            let time = parse_duration(text)?;
            let (from, to) = (time.min_minutes.or(time.max_minutes)?, time.max_minutes.unwrap_or(u32::MAX / 2));
            // By the least time; of equal ones by the most.
            Some(format!("{from}.{to:010}"))
        }
        Column::Priority => priority_in(text).map(|name| name.chars().filter(char::is_ascii_digit).collect()),
        _ => None,
    }
}

/// `⚠️ WARNING` opens a paragraph that must not be overlooked.
fn is_warning(text: &str) -> bool {
    text.starts_with('⚠') || (text.starts_with("WARNING") && text.contains(':'))
}

fn level(level: u8) -> pulldown_cmark::HeadingLevel {
    pulldown_cmark::HeadingLevel::try_from(level as usize).unwrap_or(pulldown_cmark::HeadingLevel::H6)
}
