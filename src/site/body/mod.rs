//! From the events of a document to the HTML of its page, without the title.

mod anchors;
mod blocks;
mod headings;
mod lede;
mod tables;

use std::collections::{BTreeSet, HashSet};

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, Tag, TagEnd, html};

use super::document_page::{RiskView, VariableView};
use super::highlight::{Highlighted, escape};
use super::index_filter::{IndexFilter, index_filter};
use super::navigation::plain_title;
use super::sanitize::{raw_html, sanitize};
use super::steps::{self, StepMark};
use crate::corpus::{Corpus, Entry, Kind, path};
use crate::document::{Document, HtmlTag, LinkStyle, SpannedEvent};
use crate::source::Span;
use blocks::announcement;
use headings::OpenHeading;
use lede::{Lede, lede};
use tables::OpenTable;

pub use lede::metadata_paragraphs;
pub use tables::{MarkCell, RowMark};

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

/// `⚠️ WARNING` opens a paragraph that must not be overlooked.
fn is_warning(text: &str) -> bool {
    text.starts_with('⚠') || (text.starts_with("WARNING") && text.contains(':'))
}
