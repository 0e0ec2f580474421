//! The template for new runbooks that an index holds in a code block.

use pulldown_cmark::Event;

use super::super::sections::{HeadingNames, name_sections};
use super::super::steps::{read_estimates, read_steps};
use crate::document::{CodeBlock, Document, Heading, parse};
use crate::settings::{GuidelineKind, Standard, section_id};
use crate::source::{Source, Span};

/// A Markdown code block under a heading that speaks of a template.
#[derive(Debug)]
pub struct Template {
    /// The Markdown of the template, with escaped fences mended.
    pub text: String,
    /// What an author is to replace, brackets included: `[Team/Individual]`.
    pub placeholders: Vec<String>,
    /// The sections that it writes as check lists, by id, each with the first item's line in the index.
    pub checklists: Vec<(String, Span)>,
    /// The code block.
    pub span: Span,
    /// The marks of the fence that opens the block and, where there is one, of that which closes it.
    pub fences: (Span, Option<Span>),
    /// Marks of fences inside that were escaped, so that they do not close the block: `` \`\`\` ``.
    pub escaped_fences: Vec<Span>,
    /// Marks of the first fence inside that is as long as the outer one: its end is the end of the block.
    pub cut_at: Option<Span>,
    /// What it has of what its index asks for; empty where the index states no standard.
    pub sections: Vec<TemplateSection>,
    /// Guidelines that it gives an example of.
    pub shows: Vec<GuidelineKind>,
    /// Each line of the block in the file.
    lines: Vec<Span>,
}

/// A section of the standard in the template.
#[derive(Debug)]
pub struct TemplateSection {
    pub id: String,
    pub heading: String,
    /// Line of the heading in the index.
    pub span: Span,
}

impl Template {
    /// The line in the index on which a span of the template starts.
    pub(super) fn place(&self, template: &Source, span: Span) -> Span {
        let line = template.position(span.start).line;
        self.lines.get(line - 1).copied().unwrap_or(self.span)
    }

    /// The text under the heading of a section.
    pub fn section_body(&self, id: &str) -> Option<String> {
        let source = Source::new("template", self.text.as_str());
        let document = parse(&source);
        let is_it =
            |heading: &&Heading| section_id(&heading.text) == Some(id) || crate::document::slug(&heading.text) == id;
        let heading = document.headings.iter().filter(|heading| heading.level > 1).find(is_it)?;
        Some(source.slice(document.section_span(heading)).trim().to_string()).filter(|body| !body.is_empty())
    }

    /// Reads what the template has of what a standard asks for.
    pub fn hold_to(&mut self, standard: &Standard) {
        let source = Source::new("template", self.text.as_str());
        let document = parse(&source);
        let sections = name_sections(&document, &HeadingNames::of(&document), Some(standard));
        let has_steps = !read_steps(&source, &document, &sections, &read_estimates(&document)).is_empty();
        let of_standard = |section: &super::super::Section| {
            let id = section.id.clone().filter(|id| standard.asks_for(id))?;
            let heading = &document.headings[section.heading];
            Some(TemplateSection { id, heading: heading.text.clone(), span: self.place(&source, heading.span) })
        };
        let found = sections.iter().filter_map(of_standard).collect();
        self.shows = shown(&document, has_steps);
        self.sections = found;
    }
}

/// The template of an index: the Markdown code block under a heading that says so.
pub fn read_template(source: &Source, document: &Document<'_>) -> Option<Template> {
    let block = document.code_blocks.iter().find(|block| {
        let heading =
            document.heading_over(block.span.start).map_or(String::new(), |heading| heading.text.to_lowercase());
        heading.contains("template") && ["markdown", "md", ""].contains(&block.language.as_str())
    })?;
    let fences = fences(source, block);
    let mut text = String::with_capacity(block.text.len());
    let (mut escaped_fences, mut cut_at) = (Vec::new(), None);
    for (line, span) in block.text.split_inclusive('\n').zip(&block.lines) {
        match inner_fence(line) {
            Some(fence) => {
                let start = span.start as usize + fence.indent;
                let marks = Span::new(start, start + fence.written);
                if fence.escaped {
                    escaped_fences.push(marks);
                } else if fence.indent < 4
                    && fence.mark == outer_mark(source, block)
                    && fence.count >= fences.0.range().len()
                {
                    cut_at = cut_at.or(Some(marks));
                }
                text.push_str(&line[..fence.indent]);
                text.extend(std::iter::repeat_n(fence.mark, fence.count));
                text.push_str(&line[fence.indent + fence.written..]);
            }
            None => text.push_str(line),
        }
    }
    let mut template = Template {
        placeholders: placeholders(&text),
        text,
        checklists: Vec::new(),
        span: block.span,
        fences,
        escaped_fences,
        cut_at,
        sections: Vec::new(),
        shows: Vec::new(),
        lines: block.lines.clone(),
    };
    template.checklists = checklists(&template);
    Some(template)
}

fn checklists(template: &Template) -> Vec<(String, Span)> {
    let source = Source::new("template", template.text.as_str());
    let document = parse(&source);
    let checks = |heading: &Heading| {
        let under = document.section_span(heading);
        document.items.iter().find(|item| item.checked.is_some() && under.contains(item.span))
    };
    let sections = document.headings.iter().filter(|heading| heading.level > 1);
    let found = sections.filter_map(|heading| {
        let id = section_id(&heading.text)?;
        Some((id.to_string(), template.place(&source, checks(heading)?.span)))
    });
    found.collect()
}

/// A fence as a line inside a block writes it. `indent` and `written` are bytes.
struct InnerFence {
    indent: usize,
    mark: char,
    /// Marks without backslashes.
    count: usize,
    written: usize,
    escaped: bool,
}

fn inner_fence(line: &str) -> Option<InnerFence> {
    let rest = line.trim_start_matches(' ');
    let mark = rest.trim_start_matches('\\').chars().next().filter(|mark| *mark == '`' || *mark == '~')?;
    let (mut count, mut written) = (0, 0);
    let mut characters = rest.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&mark) => {}
            _ if character == mark => count += 1,
            _ => break,
        }
        written += 1;
    }
    let escaped = rest[..written].contains('\\');
    // A back-tick behind the marks makes them inline code.
    let is_fence = count >= 3 && !(mark == '`' && rest[written..].contains('`'));
    is_fence.then_some(InnerFence { indent: line.len() - rest.len(), mark, count, written, escaped })
}

fn outer_mark(source: &Source, block: &CodeBlock) -> char {
    source.slice(block.span).trim_start().chars().next().unwrap_or('`')
}

fn fences(source: &Source, block: &CodeBlock) -> (Span, Option<Span>) {
    let text = source.slice(block.span);
    let mark = outer_mark(source, block);
    let indent = text.len() - text.trim_start().len();
    let start = block.span.start as usize;
    let open = text[indent..].chars().take_while(|c| *c == mark).count();
    let trimmed = text.trim_end();
    let close = trimmed.chars().rev().take_while(|c| *c == mark).count();
    let close = (block.fenced && block.closed).then(|| Span::new(start + trimmed.len() - close, start + trimmed.len()));
    (Span::new(start + indent, start + indent + open), close)
}

/// What is in brackets outside code. `[x]` and `[1]` are no words.
fn placeholders(template: &str) -> Vec<String> {
    let source = Source::new("template", template);
    let document = parse(&source);
    let is_words = |text: &&str| text.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let lines = crate::document::prose(&document);
    lines.iter().flat_map(|line| crate::document::bracketed(&line.text)).filter(is_words).map(str::to_string).collect()
}

/// Words that a template needs in its sections to show an estimate, or what a command prints.
const TIME_WORDS: [&str; 6] = ["time", "minute", "min)", "hour", "duration", "estimate"];
const OUTPUT_WORDS: [&str; 3] = ["expected", "output", "should see"];

/// The guidelines that a template shows how to follow.
fn shown(document: &Document<'_>, has_steps: bool) -> Vec<GuidelineKind> {
    let sections_start =
        document.headings.iter().find(|heading| heading.level > 1).map_or(0, |heading| heading.span.start);
    let headings = document.headings.iter().map(|heading| (heading.span, &heading.text));
    let paragraphs = document.paragraphs.iter().map(|paragraph| (paragraph.span, &paragraph.text));
    let code = document.code_blocks.iter().map(|block| (block.span, &block.text));
    let in_sections: Vec<String> = headings
        .chain(paragraphs)
        .chain(code)
        .filter(|(span, _)| span.start >= sections_start)
        .map(|(_, text)| text.to_lowercase())
        .collect();
    let says = |words: &[&str]| in_sections.iter().any(|text| words.iter().any(|word| text.contains(word)));
    let has_tasks = document.events.iter().any(|(event, _)| matches!(event, Event::TaskListMarker(_)));
    let all = [
        (GuidelineKind::NumberedSteps, has_steps),
        // Without a command there is nothing that it could print.
        (GuidelineKind::ExpectedOutput, document.code_blocks.is_empty() || says(&OUTPUT_WORDS)),
        (GuidelineKind::TimeEstimates, says(&TIME_WORDS)),
        (GuidelineKind::Checklists, has_tasks),
        // A template holds no commands of its own that could be dangerous, or that stand outside a block.
        (GuidelineKind::CodeBlocks, true),
        (GuidelineKind::DangerMarkers, true),
    ];
    all.into_iter().filter(|(_, shown)| *shown).map(|(kind, _)| kind).collect()
}
