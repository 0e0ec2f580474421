//! From text to [`Document`]: one pass over the parser's events.

use std::cell::RefCell;
use std::ops::Range;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, RefDefs, Tag, TagEnd,
};

use super::{
    Anchors, Callout, Cell, CodeBlock, Document, Heading, Item, Link, LinkStyle, Paragraph, Row, SpannedEvent, Table,
    UndefinedReference, autolink, code_block, front_matter, hidden_code, html_tags, link_target, metadata, suppression,
};
use crate::source::{Source, Span};

/// Reads a file. Broken Markdown does not exist, and a source that could not be read gives an empty document.
pub fn parse(source: &Source) -> Document<'_> {
    let text = source.text.as_str();
    let front_matter = front_matter::find(text, source.bom_len());
    let from = front_matter.as_ref().map_or(source.bom_len(), |block| block.span.end as usize);
    let undefined = RefCell::new(Vec::new());
    let note_undefined = |link: BrokenLink<'_>| {
        undefined.borrow_mut().extend(undefined_reference(text, from, &link));
        None
    };
    let mut parser =
        Parser::new_with_broken_link_callback(&text[from..], options(), Some(note_undefined)).into_offset_iter();
    let events: Vec<SpannedEvent> =
        parser.by_ref().map(|(event, range)| (event, range.start + from..range.end + from)).collect();
    let events =
        if text.contains("http") || text.contains("www.") { autolink::link_bare_addresses(events) } else { events };
    let definitions = parser.reference_definitions();
    let mut builder = Builder::new(text, from, definitions);
    for (index, (event, range)) in events.iter().enumerate() {
        builder.event(&events, index, event, range);
    }
    let mut document = builder.document;
    document.front_matter = front_matter;
    document.reference_labels = definitions.iter().map(|(label, _)| label.to_string()).collect();
    document.reference_labels.sort_unstable();
    drop(parser);
    document.undefined_references = undefined.into_inner();
    document.undefined_references.sort_by_key(|reference| reference.span.start);
    document.undefined_references.dedup_by_key(|reference| reference.span);
    close_sections(&mut document.headings, text.len());
    document.events = events;
    document.hidden_code = hidden_code::find(text, from, &document.code_blocks);
    document.suppressions = suppression::find(text, &document);
    document
}

/// GitHub's Markdown, chosen in this one place. Front matter is found beforehand.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// Gives every heading the end of its section.
fn close_sections(headings: &mut [Heading], end_of_text: usize) {
    let mut open: Vec<usize> = Vec::new();
    for index in 0..headings.len() {
        let (level, start) = (headings[index].level, headings[index].span.start);
        while let Some(last) = open.pop_if(|last| headings[*last].level >= level) {
            headings[last].section_end = start;
        }
        open.push(index);
    }
    for index in open {
        headings[index].section_end = end_of_text as u32;
    }
}

/// `[text][label]` and `[text][]`; a lone `[text]` is text in brackets. So is what stands behind a word, such as
/// `list[0][name]`.
fn undefined_reference(text: &str, from: usize, link: &BrokenLink<'_>) -> Option<UndefinedReference> {
    let is_full = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
    let span = link.span.start + from..link.span.end + from;
    let behind_word = text[..span.start].ends_with(|c: char| c.is_alphanumeric() || "_]})$.\"'".contains(c));
    (is_full && !behind_word)
        .then(|| UndefinedReference { label: link.reference.to_string(), span: span.clone().into() })
}

struct Builder<'a, 'd> {
    text: &'a str,
    /// Offset of the Markdown behind byte order mark and front matter.
    from: usize,
    definitions: &'d RefDefs<'d>,
    document: Document<'a>,
    anchors: Anchors,
    heading: Option<(String, Option<Range<usize>>)>,
    leaf: Option<Leaf>,
    links: Vec<OpenLink>,
    lists: Vec<OpenList>,
    items: Vec<OpenItem>,
    list_count: usize,
    in_cell: bool,
    /// Depth of block quotes, items and footnotes around the event.
    containers: usize,
}

/// A run of inline events: a paragraph, or the text of a tight list item.
struct Leaf {
    first_event: usize,
    span: Range<usize>,
    text: String,
}

struct OpenLink {
    index: usize,
    kind: LinkType,
    label: String,
    range: Range<usize>,
    inner_end: usize,
}

struct OpenList {
    ordered: bool,
    number: usize,
}

struct OpenItem {
    index: usize,
    in_lead: bool,
}

impl<'a, 'd> Builder<'a, 'd> {
    fn new(text: &'a str, from: usize, definitions: &'d RefDefs<'d>) -> Self {
        Builder {
            text,
            from,
            definitions,
            document: Document::default(),
            anchors: Anchors::default(),
            heading: None,
            leaf: None,
            links: Vec::new(),
            lists: Vec::new(),
            items: Vec::new(),
            list_count: 0,
            in_cell: false,
            containers: 0,
        }
    }

    fn event(&mut self, events: &[SpannedEvent<'a>], index: usize, event: &Event<'a>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(events, index, tag, range),
            Event::End(tag) => self.end(events, index, tag, range),
            Event::Text(text) if self.in_code() => self.code_text(text, range),
            Event::Text(text) | Event::Code(text) => self.inline(index, range, text),
            Event::SoftBreak | Event::HardBreak => self.inline(index, range, " "),
            Event::InlineHtml(_) => {
                self.html(range);
                self.inline(index, range, "");
            }
            Event::FootnoteReference(_) => self.inline(index, range, ""),
            Event::TaskListMarker(checked) => {
                if let Some(item) = self.items.last() {
                    self.document.items[item.index].checked = Some(*checked);
                }
                self.inline(index, range, "");
            }
            Event::Html(_) | Event::Rule | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, events: &[SpannedEvent<'a>], index: usize, tag: &Tag<'a>, range: &Range<usize>) {
        if !is_inline(tag) {
            self.close_leaf(events, index);
        }
        match tag {
            Tag::Heading { .. } => self.heading = Some((String::new(), None)),
            Tag::BlockQuote(kind) => {
                self.containers += 1;
                self.document.callouts.extend(kind.map(|kind| callout(kind, range)));
            }
            Tag::FootnoteDefinition(_) => self.containers += 1,
            Tag::CodeBlock(kind) => self.start_code(kind, range),
            Tag::HtmlBlock => self.html(range),
            Tag::List(first) => {
                self.lists.push(OpenList { ordered: first.is_some(), number: self.list_count });
                self.list_count += 1;
            }
            Tag::Item => self.start_item(range),
            Tag::Table(_) => {
                self.document.tables.push(Table { span: range.clone().into(), header: Vec::new(), rows: Vec::new() });
            }
            Tag::TableRow => {
                if let Some(table) = self.document.tables.last_mut() {
                    table.rows.push(Row { span: range.clone().into(), cells: Vec::new() });
                }
            }
            Tag::TableCell => self.start_cell(range),
            Tag::Strong => {
                self.inline(index, range, "");
                if let Some(item) = self.items.last_mut() {
                    item.in_lead = self.document.items[item.index].text.trim().is_empty();
                }
            }
            Tag::Link { link_type, dest_url, id, .. } => self.start_link(index, *link_type, dest_url, id, range, false),
            Tag::Image { link_type, dest_url, id, .. } => self.start_link(index, *link_type, dest_url, id, range, true),
            _ => {
                if is_inline(tag) {
                    self.inline(index, range, "");
                }
            }
        }
    }

    fn end(&mut self, events: &[SpannedEvent<'a>], index: usize, tag: &TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(*level, range),
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.close_leaf(events, index);
                self.containers -= 1;
            }
            TagEnd::CodeBlock => self.end_code(range),
            TagEnd::Paragraph => self.close_leaf(events, index),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Item => {
                self.close_leaf(events, index);
                self.end_item();
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Strong => self.end_lead(),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    /// Takes text into everything that is open around it.
    fn inline(&mut self, index: usize, range: &Range<usize>, text: &str) {
        for link in &mut self.links {
            link.inner_end = link.inner_end.max(range.end);
            self.document.links[link.index].text.push_str(text);
        }
        if let Some(item) = self.items.last() {
            self.document.items[item.index].text.push_str(text);
        }
        if let Some((heading, span)) = &mut self.heading {
            heading.push_str(text);
            let start = span.as_ref().map_or(range.start, |span| span.start);
            *span = Some(start..range.end);
            return;
        }
        if self.in_cell {
            if let Some(cell) = self.document.tables.last_mut().and_then(open_cell) {
                cell.text.push_str(text);
            }
            return;
        }
        let leaf =
            self.leaf.get_or_insert_with(|| Leaf { first_event: index, span: range.clone(), text: String::new() });
        leaf.text.push_str(text);
        leaf.span.end = leaf.span.end.max(range.end);
    }

    fn close_leaf(&mut self, events: &[SpannedEvent<'a>], index: usize) {
        let Some(leaf) = self.leaf.take() else { return };
        let found = metadata::read(self.text, leaf.span.clone(), &events[leaf.first_event..index]);
        self.document.metadata.extend(found);
        let text = leaf.text.trim().to_string();
        if let Some(label) = myst_target(&text) {
            self.document.labels.push((label.to_string(), leaf.span.clone().into()));
        }
        self.document.paragraphs.push(Paragraph { text, span: leaf.span.into() });
    }

    fn end_heading(&mut self, level: HeadingLevel, range: &Range<usize>) {
        let Some((raw, text_span)) = self.heading.take() else { return };
        let (text, explicit_id) = split_explicit_id(raw.trim());
        let end = range.start + self.text[range.clone()].trim_end().len();
        self.document.headings.push(Heading {
            level: level as u8,
            text: text.to_string(),
            span: Span::new(range.start, end),
            text_span: text_span.unwrap_or(end..end).into(),
            // GitHub does not trim what a tag leaves behind: `Scale <app>` makes `scale-`.
            anchor: self.anchors.next(&raw),
            explicit_id: explicit_id.map(str::to_string),
            section_end: 0,
            top_level: self.containers == 0,
        });
    }

    fn in_code(&self) -> bool {
        // A code block's span is complete only at its end.
        self.document.code_blocks.last().is_some_and(|block| block.span.end == 0)
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'a>, range: &Range<usize>) {
        let (language, fenced) = match kind {
            CodeBlockKind::Fenced(info) => (code_block::language(info), true),
            CodeBlockKind::Indented => (String::new(), false),
        };
        let span = Span::new(range.start, 0);
        self.document.code_blocks.push(CodeBlock {
            language,
            text: String::new(),
            redacted: None,
            lines: Vec::new(),
            span,
            fence: if fenced { code_block::opening_fence(self.text, range).into() } else { Span::default() },
            fenced,
            closed: true,
        });
    }

    /// The parser hands a block out in pieces of whole lines, or of parts of a line where it dropped something between.
    fn code_text(&mut self, text: &str, range: &Range<usize>) {
        let Some(block) = self.document.code_blocks.last_mut() else { return };
        let mut at = range.start;
        for line in text.split_inclusive('\n') {
            let goes_on = !block.text.is_empty() && !block.text.ends_with('\n');
            let span = Span::new(at, at + line.trim_end_matches(['\n', '\r']).len());
            at += line.len();
            match block.lines.last_mut().filter(|_| goes_on) {
                // Behind a carriage return the line end comes as a piece of its own.
                Some(last) if span.start < span.end => last.end = span.end,
                Some(_) => {}
                None => block.lines.push(span),
            }
            block.text.push_str(line);
        }
    }

    fn end_code(&mut self, range: &Range<usize>) {
        if let Some(block) = self.document.code_blocks.last_mut() {
            block.span = range.clone().into();
            block.closed = !block.fenced || code_block::is_closed(self.text, range);
            if let Some(label) = code_block::directive_name(block) {
                self.document.labels.push((label.to_string(), block.span));
            }
        }
    }

    fn start_item(&mut self, range: &Range<usize>) {
        let list = self.lists.last();
        let (marker, number) = item_marker(self.text, range);
        self.items.push(OpenItem { index: self.document.items.len(), in_lead: false });
        self.containers += 1;
        self.document.items.push(Item {
            text: String::new(),
            lead: None,
            span: range.clone().into(),
            marker: marker.into(),
            number,
            checked: None,
            depth: self.lists.len().saturating_sub(1),
            ordered: list.is_some_and(|list| list.ordered),
            list: list.map_or(0, |list| list.number),
            links: self.document.links.len()..self.document.links.len(),
        });
    }

    fn end_item(&mut self) {
        self.containers -= 1;
        if let Some(open) = self.items.pop() {
            let item = &mut self.document.items[open.index];
            item.links.end = self.document.links.len();
            item.text = item.text.trim().to_string();
        }
        // What follows in the item around is not glued to what stood before the nested list.
        if let Some(outer) = self.items.last() {
            self.document.items[outer.index].text.push(' ');
        }
    }

    fn end_lead(&mut self) {
        if let Some(open) = self.items.last_mut().filter(|open| open.in_lead) {
            open.in_lead = false;
            let item = &mut self.document.items[open.index];
            let lead = item.text.trim();
            if item.lead.is_none() && !lead.is_empty() {
                item.lead = Some(lead.trim_end_matches(':').to_string());
            }
        }
    }

    fn start_cell(&mut self, range: &Range<usize>) {
        let first_link = self.document.links.len();
        let cell = Cell { text: String::new(), span: range.clone().into(), links: first_link..first_link };
        if let Some(table) = self.document.tables.last_mut() {
            match table.rows.last_mut() {
                Some(row) => row.cells.push(cell),
                None => table.header.push(cell),
            }
        }
        self.in_cell = true;
    }

    fn end_cell(&mut self) {
        self.in_cell = false;
        let end = self.document.links.len();
        if let Some(cell) = self.document.tables.last_mut().and_then(open_cell) {
            cell.links.end = end;
            cell.text = cell.text.trim().to_string();
        }
    }

    fn start_link(
        &mut self,
        index: usize,
        kind: LinkType,
        target: &str,
        label: &str,
        range: &Range<usize>,
        is_image: bool,
    ) {
        self.inline(index, range, "");
        let style = match kind {
            LinkType::Inline | LinkType::WikiLink { .. } => LinkStyle::Inline,
            LinkType::Autolink | LinkType::Email if self.text[range.clone()].starts_with('<') => LinkStyle::Autolink,
            LinkType::Autolink | LinkType::Email => LinkStyle::Bare,
            _ => LinkStyle::Reference,
        };
        let span = range.clone().into();
        let open = self.document.links.len();
        self.document.links.push(Link {
            style,
            is_image,
            text: String::new(),
            target: match kind {
                LinkType::Email => format!("mailto:{target}"),
                _ => target.to_string(),
            },
            span,
            target_span: span,
        });
        let label = label.to_string();
        self.links.push(OpenLink { index: open, kind, label, range: range.clone(), inner_end: range.start });
    }

    fn end_link(&mut self) {
        let Some(open) = self.links.pop() else { return };
        let link = &mut self.document.links[open.index];
        // The link's own start event counts as content up to its end; only what lies inside says where the text ends.
        let target_span = match link.style {
            LinkStyle::Inline => {
                link_target::inline_target(self.text, &open.range, open.inner_end.max(open.range.start))
            }
            LinkStyle::Reference => self
                .definitions
                .get(&open.label)
                .map(|definition| definition.span.start + self.from..definition.span.end + self.from)
                .and_then(|span| link_target::definition_target(self.text, &span)),
            LinkStyle::Autolink => Some(open.range.start + 1..open.range.end.saturating_sub(1)),
            LinkStyle::Bare | LinkStyle::Html => None,
        };
        debug_assert!(open.kind != LinkType::Inline || target_span.is_some());
        if let Some(span) = target_span {
            link.target_span = span.into();
        }
    }

    /// Anchors, links and images that raw HTML declares.
    fn html(&mut self, range: &Range<usize>) {
        for tag in html_tags(&self.text[range.clone()]) {
            if tag.closing {
                continue;
            }
            let place =
                |value: &str, offset: usize| Span::new(range.start + offset, range.start + offset + value.len());
            for key in ["id", "name"] {
                if let Some((value, offset)) = tag.attribute(key).filter(|(value, _)| !value.is_empty()) {
                    self.document.explicit_anchors.push((value.to_string(), place(value, offset)));
                }
            }
            let is_image = tag.name.eq_ignore_ascii_case("img");
            let target = match is_image {
                true => tag.attribute("src"),
                false => tag.attribute("href").filter(|_| tag.name.eq_ignore_ascii_case("a")),
            };
            if let Some((value, offset)) = target {
                let text = tag.attribute("alt").map_or("", |(alt, _)| alt);
                self.document.links.push(Link {
                    style: LinkStyle::Html,
                    is_image,
                    text: text.to_string(),
                    target: value.replace("&amp;", "&"),
                    span: Span::new(range.start + tag.start, range.start + tag.end),
                    target_span: place(value, offset),
                });
            }
        }
    }
}

fn open_cell(table: &mut Table) -> Option<&mut Cell> {
    match table.rows.last_mut() {
        Some(row) => row.cells.last_mut(),
        None => table.header.last_mut(),
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. }
            | Tag::Superscript
            | Tag::Subscript
    )
}

/// The bullet or number that a list item begins with, and the number's value.
fn item_marker(text: &str, range: &Range<usize>) -> (Range<usize>, Option<u32>) {
    let item = text.get(range.clone()).unwrap_or_default();
    let start = range.start + item.len() - item.trim_start_matches([' ', '\t']).len();
    let digits = text[start..range.end].bytes().take_while(u8::is_ascii_digit).count();
    // A bullet and the mark behind a number are one byte each.
    (start..(start + digits + 1).min(range.end), text[start..start + digits].parse().ok())
}

fn callout(kind: BlockQuoteKind, range: &Range<usize>) -> Callout {
    let kind = match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    };
    Callout { kind, span: range.clone().into() }
}

/// `Alerts {#alert-testing}` → the text and the id.
fn split_explicit_id(text: &str) -> (&str, Option<&str>) {
    let split = text.strip_suffix('}').and_then(|rest| rest.rsplit_once("{#"));
    match split {
        Some((before, id)) if !id.is_empty() && !id.contains([' ', '{', '}']) => (before.trim_end(), Some(id)),
        _ => (text, None),
    }
}

/// The label of a MyST target, `(label)=` on a line of its own before a block.
fn myst_target(text: &str) -> Option<&str> {
    let (label, rest) = text.strip_prefix('(')?.split_once(")=")?;
    let is_alone = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (is_alone && !label.is_empty() && !label.contains([' ', '(', ')'])).then_some(label)
}
