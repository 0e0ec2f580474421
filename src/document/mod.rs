//! Syntax of one Markdown file: one parse, typed nodes with byte spans, no meaning yet.
//!
//! [`parse`] cannot fail. The events of the parser are kept beside the nodes, so that the site renders from the same
//! parse that the rules read.

mod anchor;
mod autolink;
mod code_block;
mod front_matter;
mod hidden_code;
mod html_tag;
mod inline_code;
mod link_target;
mod metadata;
mod parse;
mod prose;
mod step_reference;
mod suppression;

use std::ops::Range;

use pulldown_cmark::Event;

use crate::source::Span;

pub use anchor::{Anchors, slug};
pub use code_block::TextPlaces;
pub use front_matter::{FrontMatter, FrontMatterProblem};
pub use html_tag::{HtmlTag, html_tags};
pub use inline_code::{InlineCode, inline_code};
pub use metadata::Metadata;
pub use parse::parse;
pub use prose::{ProseLine, bracketed, prose};
pub use step_reference::{StepReference, step_references};
pub use suppression::{Scope, Suppression, SuppressionProblem, Word};

/// A parser event with the bytes of the file that it came from.
pub type SpannedEvent<'a> = (Event<'a>, Range<usize>);

/// The nodes of one file, each list in the order of the file.
#[derive(Debug, Default)]
pub struct Document<'a> {
    /// What the HTML is rendered from; ranges are offsets in the file.
    pub events: Vec<SpannedEvent<'a>>,
    pub front_matter: Option<FrontMatter>,
    pub headings: Vec<Heading>,
    pub paragraphs: Vec<Paragraph>,
    /// `**Key**: value` lines, wherever they stand.
    pub metadata: Vec<Metadata>,
    pub links: Vec<Link>,
    /// Labels of `[label]: target`, sorted.
    pub reference_labels: Vec<String>,
    /// What was written as a reference link and has no such definition: it shows as text in brackets.
    pub undefined_references: Vec<UndefinedReference>,
    pub tables: Vec<Table>,
    pub items: Vec<Item>,
    pub code_blocks: Vec<CodeBlock>,
    /// Code that the author means as a block and Markdown does not know: fences deep in a container or under an HTML
    /// tag, and shortcodes.
    pub hidden_code: Vec<CodeBlock>,
    /// Block quotes of GitHub's kinds: `> [!WARNING]`.
    pub callouts: Vec<Callout>,
    /// Ids that raw HTML declares: `<a id="x">`, `name="x"`.
    pub explicit_anchors: Vec<(String, Span)>,
    /// MyST labels, `(x)=` alone in a block or `:name: x` of a directive: `#x` in any document of the root leads there.
    pub labels: Vec<(String, Span)>,
    /// Comments that allow what rules would report. Never in code.
    pub suppressions: Vec<Suppression>,
}

/// A heading of either style. Headings inside code fences are not headings.
#[derive(Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Text without markup, without a trailing `{#id}`.
    pub text: String,
    /// The whole heading, its markers included.
    pub span: Span,
    /// The heading's text in the file, markup included; empty at the end of the markers where there is none.
    pub text_span: Span,
    /// The fragment that GitHub makes for it.
    pub anchor: String,
    /// The id of a trailing `{#id}`, which other generators take as the anchor.
    pub explicit_id: Option<String>,
    /// Where the text under it ends: at the next heading of its level or above.
    pub section_end: u32,
    /// Whether it stands in the flow of the document, not in a list item or a block quote.
    pub top_level: bool,
}

/// A run of text lines.
#[derive(Debug)]
pub struct Paragraph {
    pub text: String,
    pub span: Span,
}

/// How a link or an image was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStyle {
    /// `[text](target)`
    Inline,
    /// `[text][label]`, `[text][]`, `[label]`
    Reference,
    /// `<https://…>`, `<name@host>`
    Autolink,
    /// A bare address in the text, made a link as GitHub does.
    Bare,
    /// `<a href>` and `<img src>` in raw HTML.
    Html,
}

/// A link or an image.
#[derive(Debug)]
pub struct Link {
    pub style: LinkStyle,
    pub is_image: bool,
    /// Text without markup; the alternative text of an image.
    pub text: String,
    /// The target with escapes and entities resolved, percent signs as written.
    pub target: String,
    pub span: Span,
    /// The target in the file; for reference links in their definition.
    pub target_span: Span,
}

/// `[text][label]` or `[label][]` without a definition.
#[derive(Debug)]
pub struct UndefinedReference {
    pub label: String,
    pub span: Span,
}

/// A table. Cells beyond the header's width do not exist, missing ones are empty, as in GFM.
#[derive(Debug)]
pub struct Table {
    pub span: Span,
    pub header: Vec<Cell>,
    pub rows: Vec<Row>,
}

#[derive(Debug)]
pub struct Row {
    pub span: Span,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Default)]
pub struct Cell {
    /// Text without markup.
    pub text: String,
    pub span: Span,
    /// Range in `Document::links`.
    pub links: Range<usize>,
}

/// A list item, nested ones included.
#[derive(Debug)]
pub struct Item {
    /// Text without markup, without that of nested lists.
    pub text: String,
    /// The text of a leading `**bold**`, where the item starts with one.
    pub lead: Option<String>,
    pub span: Span,
    /// `-`, `*`, `+`, `3.` or `3)` in the file.
    pub marker: Span,
    /// The number of an ordered item as it is written, which is not always the one that is shown.
    pub number: Option<u32>,
    /// `- [ ]` is `Some(false)`, `- [x]` is `Some(true)`.
    pub checked: Option<bool>,
    /// 0 for a list at the top.
    pub depth: usize,
    pub ordered: bool,
    /// Number of the list in the document; nested lists have their own.
    pub list: usize,
    /// Range in `Document::links`, nested items included.
    pub links: Range<usize>,
}

/// A fenced or indented code block.
#[derive(Debug)]
pub struct CodeBlock {
    /// First word of the info string in lower case; empty where there is none.
    pub language: String,
    pub text: String,
    /// The text as others may see it, where it holds secrets.
    pub redacted: Option<Redacted>,
    /// Each line of the text in the file, without its end. Inside lists and quotes their markers lie between the lines.
    pub lines: Vec<Span>,
    pub span: Span,
    /// The back-ticks or tildes of the opening fence; empty where the block is indented.
    pub fence: Span,
    pub fenced: bool,
    /// False where the file or the container ended before the closing fence.
    pub closed: bool,
}

/// The text of a code block without its secrets.
#[derive(Debug, PartialEq, Eq)]
pub struct Redacted {
    pub text: String,
    /// What was taken out: ranges of the block's text, sorted and apart.
    pub hidden: Vec<Range<usize>>,
    /// What stands in the place of each.
    pub mark: &'static str,
}

impl CodeBlock {
    /// The text as others may see it.
    pub fn shown(&self) -> &str {
        self.redacted.as_ref().map_or(&self.text, |redacted| &redacted.text)
    }
}

/// A block quote that says what it is.
#[derive(Debug)]
pub struct Callout {
    /// In lower case: `warning`, `caution`, `important`, `note`, `tip`.
    pub kind: &'static str,
    pub span: Span,
}

impl Document<'_> {
    /// The first level-1 heading, or the first heading of all where the file has none.
    pub fn title_heading(&self) -> Option<&Heading> {
        self.headings.iter().find(|heading| heading.level == 1)
    }

    /// The text of a section: from the end of its heading to the next heading of its level or above.
    pub fn section_span(&self, heading: &Heading) -> Span {
        Span { start: heading.span.end, end: heading.section_end }
    }

    /// The innermost heading over an offset.
    pub fn heading_over(&self, offset: u32) -> Option<&Heading> {
        self.headings.iter().rev().find(|heading| heading.span.start <= offset && offset < heading.section_end)
    }
}
