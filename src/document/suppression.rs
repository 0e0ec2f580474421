//! Comments that allow what a rule would report: `<!-- runbook-site: allow dead-link until 2027-03-01 — reason -->`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::{Document, Heading, SpannedEvent};
use crate::source::Span;

/// One comment. What it means for findings is decided by `lint`.
#[derive(Debug)]
pub struct Suppression {
    /// The comment in the file.
    pub span: Span,
    pub scope: Scope,
    /// Findings that start in here are meant. The comment itself where nothing follows it.
    pub covers: Span,
    /// The rules named, in order.
    pub rules: Vec<Word>,
    /// The last day on which it holds, as written.
    pub until: Option<Word>,
    /// Empty where none is given.
    pub reason: String,
    /// What is wrong with the comment as a sentence, whatever its words mean.
    pub problem: Option<SuppressionProblem>,
}

/// How far a suppression reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    File,
    Section,
    Block,
}

/// A word of a comment and its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub span: Span,
}

/// Why a comment is no sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuppressionProblem {
    /// Neither `allow` nor `allow-file` follows the colon. The word that does, perhaps empty.
    UnknownVerb(Word),
    NoRule,
    NoReason,
    /// `until` without a date behind it.
    NoDate(Span),
    /// A word between the date and the reason.
    Misplaced(Word),
    /// No colon behind `runbook-site`.
    NoColon,
    /// The comment has no end, so that all that follows is part of it.
    Unclosed,
}

/// What a comment for this tool starts with. A colon follows.
const MARK: &str = "runbook-site";

/// What may stand between the rules and the reason.
const SEPARATORS: [&str; 5] = ["—", "–", "--", ":", " - "];

/// The suppressions of a document whose other nodes are complete.
pub fn find(text: &str, document: &Document<'_>) -> Vec<Suppression> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let events = &document.events;
    let mut found = Vec::new();
    let mut open: Vec<(&Tag<'_>, &Range<usize>)> = Vec::new();
    let mut before = Before::Start;
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(tag @ Tag::HtmlBlock) => {
                open.push((tag, range));
                for comment in comments(text, range.clone()) {
                    let (scope, covers) = match before {
                        Before::Start | Before::Title => (Scope::File, Span::new(0, text.len())),
                        Before::Heading(heading) => (Scope::Section, section(heading)),
                        Before::Other => next_block(text, document, index),
                    };
                    found.push(read(text, comment, scope, covers));
                }
            }
            Event::Start(tag) => {
                open.push((tag, range));
                before = before.then(document, tag, range, open.len() == 1);
            }
            Event::End(_) => {
                open.pop();
            }
            Event::InlineHtml(_) => {
                for comment in comments(text, range.clone()) {
                    let (scope, covers) = block_around(document, &open).unwrap_or((Scope::Block, comment.span));
                    found.push(read(text, comment, scope, covers));
                }
            }
            _ => {}
        }
    }
    found
}

/// What stands before a comment, other comments aside.
#[derive(Clone, Copy)]
enum Before<'d> {
    /// Nothing but front matter.
    Start,
    /// The title, and metadata lines perhaps.
    Title,
    Heading(&'d Heading),
    Other,
}

impl<'d> Before<'d> {
    fn then(self, document: &'d Document<'_>, tag: &Tag<'_>, range: &Range<usize>, at_top: bool) -> Before<'d> {
        match (self, tag) {
            (_, Tag::Heading { .. }) => {
                let heading = document.headings.iter().find(|heading| heading.span.start as usize == range.start);
                match heading {
                    Some(heading) if is_title(document, heading) => Before::Title,
                    Some(heading) => Before::Heading(heading),
                    None => Before::Other,
                }
            }
            (Before::Start | Before::Title, Tag::Paragraph) if at_top && is_metadata(document, range) => self,
            // The inline tags of a title, a metadata line or a heading.
            (Before::Start | Before::Title, _) if !at_top => self,
            (Before::Heading(heading), _) if range.end <= heading.span.end as usize => self,
            _ => Before::Other,
        }
    }
}

fn is_title(document: &Document<'_>, heading: &Heading) -> bool {
    document.title_heading().is_some_and(|title| title.span == heading.span)
        && document.headings.first().is_some_and(|first| first.span == heading.span)
}

fn is_metadata(document: &Document<'_>, range: &Range<usize>) -> bool {
    document.metadata.iter().any(|line| line.span.start as usize == range.start)
}

fn section(heading: &Heading) -> Span {
    Span { start: heading.span.start, end: heading.section_end }
}

/// The block behind the HTML block that starts at an event; that of a heading is its section.
fn next_block(text: &str, document: &Document<'_>, index: usize) -> (Scope, Span) {
    let events = &document.events;
    let here: Span = events[index].1.clone().into();
    let mut at = end_of(events, index) + 1;
    while let Some((event, range)) = events.get(at) {
        match event {
            Event::Start(Tag::HtmlBlock) if is_comment(&text[range.clone()]) => at = end_of(events, at) + 1,
            Event::Start(Tag::Heading { .. }) => {
                let heading = document.headings.iter().find(|heading| heading.span.start as usize == range.start);
                return heading.map_or((Scope::Block, here), |heading| (Scope::Section, section(heading)));
            }
            Event::End(_) => break,
            _ => return (Scope::Block, range.clone().into()),
        }
    }
    (Scope::Block, here)
}

fn end_of(events: &[SpannedEvent<'_>], start: usize) -> usize {
    let mut depth = 0;
    let ends = |(event, _): &SpannedEvent<'_>| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        depth == 0
    };
    events[start..].iter().position(ends).map_or(events.len(), |len| start + len)
}

fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") && html.find("-->").is_some_and(|end| end + "-->".len() == html.len())
}

/// The row, item, paragraph or section in which an inline comment stands.
fn block_around(document: &Document<'_>, open: &[(&Tag<'_>, &Range<usize>)]) -> Option<(Scope, Span)> {
    open.iter().rev().find_map(|(tag, range)| match tag {
        Tag::Heading { .. } => {
            let heading = document.headings.iter().find(|heading| heading.span.start as usize == range.start)?;
            let scope = if is_title(document, heading) { Scope::File } else { Scope::Section };
            Some((scope, section(heading)))
        }
        Tag::TableRow | Tag::TableHead | Tag::Item | Tag::Paragraph => Some((Scope::Block, (*range).clone().into())),
        _ => None,
    })
}

/// A comment of ours: its place, and the bytes behind the mark and its colon.
struct Comment {
    span: Span,
    body: Range<usize>,
    has_colon: bool,
    closed: bool,
}

fn comments(text: &str, range: Range<usize>) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut at = range.start;
    while let Some(start) = text[at..range.end].find("<!--").map(|start| at + start) {
        let inner = start + "<!--".len();
        let end = text[inner..range.end].find("-->").map(|end| inner + end);
        // One without an end is shown by its first line.
        let line = || text[inner..range.end].find(['\n', '\r']).map_or(range.end, |len| inner + len);
        let (closed, end, after) = match end {
            Some(end) => (true, end, end + "-->".len()),
            None => (false, line(), range.end),
        };
        at = after;
        let Some(body) = text[inner..end].trim_start().strip_prefix(MARK) else { continue };
        let (has_colon, body) = body.strip_prefix(':').map_or((false, body), |body| (true, body));
        if has_colon || body.trim_start().starts_with("allow") {
            let span = Span::new(start, if closed { after } else { end });
            found.push(Comment { span, body: end - body.len()..end, has_colon, closed });
        }
    }
    found
}

fn read(text: &str, comment: Comment, scope: Scope, covers: Span) -> Suppression {
    let body = &text[comment.body.clone()];
    let (verb, rest) = split_word(text, comment.body.clone());
    let mut suppression = Suppression {
        span: comment.span,
        scope,
        covers,
        rules: Vec::new(),
        until: None,
        reason: String::new(),
        problem: None,
    };
    if !comment.closed || !comment.has_colon {
        let problem = if comment.closed { SuppressionProblem::NoColon } else { SuppressionProblem::Unclosed };
        suppression.problem = Some(problem);
        return suppression;
    }
    match verb.text.as_str() {
        "allow" => {}
        "allow-file" => (suppression.scope, suppression.covers) = (Scope::File, Span::new(0, text.len())),
        _ => {
            let empty = Word { text: String::new(), span: comment.span };
            let verb = if body.trim().is_empty() { empty } else { verb };
            suppression.problem = Some(SuppressionProblem::UnknownVerb(verb));
            return suppression;
        }
    }
    let head = match separator(&text[rest.clone()]) {
        Some((at, len)) => {
            suppression.reason = one_line(&text[rest.start + at + len..rest.end]);
            rest.start..rest.start + at
        }
        None => list_of_names(text, rest),
    };
    read_head(text, head, &mut suppression);
    if suppression.problem.is_none() {
        suppression.problem = match (suppression.rules.is_empty(), suppression.reason.is_empty()) {
            (true, _) => Some(SuppressionProblem::NoRule),
            (false, true) => Some(SuppressionProblem::NoReason),
            (false, false) => None,
        };
    }
    suppression
}

/// The rules, and the date behind `until`.
fn read_head(text: &str, head: Range<usize>, suppression: &mut Suppression) {
    let mut words = words(text, head).into_iter();
    while let Some(word) = words.next() {
        if suppression.until.is_some() {
            suppression.problem = Some(SuppressionProblem::Misplaced(word));
            return;
        }
        if word.text != "until" {
            suppression.rules.push(word);
            continue;
        }
        suppression.until = words.next();
        if suppression.until.is_none() {
            suppression.problem = Some(SuppressionProblem::NoDate(word.span));
        }
    }
}

/// Where the rules end and the length of what separates them from the reason.
fn separator(text: &str) -> Option<(usize, usize)> {
    SEPARATORS.iter().filter_map(|mark| Some((text.find(mark)?, mark.len()))).min()
}

/// Without a separator only what commas join is a list of rules: the words behind it are a reason that lacks its dash.
fn list_of_names(text: &str, rest: Range<usize>) -> Range<usize> {
    let words = words(text, rest.clone());
    let goes_on = |word: &Word| text[word.span.end as usize..rest.end].trim_start().starts_with(',');
    let last = words.iter().find(|word| !goes_on(word)).or(words.last());
    rest.start..last.map_or(rest.end, |last| last.span.end as usize)
}

/// The words of a range, which white space and commas part.
fn words(text: &str, range: Range<usize>) -> Vec<Word> {
    let mut found = Vec::new();
    let mut at = range.start;
    for word in text[range].split([' ', '\t', '\r', '\n', ',']) {
        if !word.is_empty() {
            found.push(Word { text: word.to_string(), span: Span::new(at, at + word.len()) });
        }
        at += word.len() + 1;
    }
    found
}

fn split_word(text: &str, range: Range<usize>) -> (Word, Range<usize>) {
    let body = &text[range.clone()];
    let start = range.end - body.trim_start().len();
    let len = text[start..range.end].find([' ', '\t', '\r', '\n', ':']).unwrap_or(range.end - start);
    let word = Word { text: text[start..start + len].to_string(), span: Span::new(start, start + len) };
    (word, start + len..range.end)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::source::Source;

    /// Scope, covered text and rules of each suppression.
    fn found(text: &str) -> Vec<(Scope, String, String)> {
        let source = Source::new("a.md", text);
        let document = parse(&source);
        let of = |one: &Suppression| {
            let rules: Vec<&str> = one.rules.iter().map(|rule| rule.text.as_str()).collect();
            (one.scope, source.slice(one.covers).trim().to_string(), rules.join(" "))
        };
        document.suppressions.iter().map(of).collect()
    }

    fn one(comment: &str) -> Suppression {
        let source = Source::new("a.md", format!("x\n\n{comment}\n\ny\n"));
        let mut suppressions = parse(&source).suppressions;
        assert_eq!(suppressions.len(), 1, "{comment}");
        suppressions.remove(0)
    }

    #[test]
    fn the_place_says_how_far_it_reaches() {
        let block = |covers: &str| vec![(Scope::Block, covers.to_string(), "r".to_string())];
        let cases = [
            ("# T\n\npara\n\n<!-- runbook-site: allow r — x -->\nnext\n\nmore\n", block("next")),
            ("para\n\n<!-- runbook-site: allow r — x -->\n\nnext\n\nmore\n", block("next")),
            ("para\n\n<!-- runbook-site: allow r — x -->\n```sh\na\n```\n\nmore\n", block("```sh\na\n```")),
            ("- one <!-- runbook-site: allow r — x -->\n- two\n", block("- one <!-- runbook-site: allow r — x -->")),
            (
                "a\n\n|a|b|\n|-|-|\n|1|2 <!-- runbook-site: allow r — x -->|\n|3|4|\n",
                block("|1|2 <!-- runbook-site: allow r — x -->|"),
            ),
            (
                "1. step\n\n   <!-- runbook-site: allow r -- x -->\n\n   ```sh\n   a\n   ```\n2. b\n",
                block("```sh\n   a\n   ```"),
            ),
            ("a\n\n<!-- runbook-site: allow r — x -->\n", block("<!-- runbook-site: allow r — x -->")),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text}");
        }
        let section =
            found("# T\n\n## A *b*\n\n<!-- note -->\n<!-- runbook-site: allow r — x -->\n\na\n\n### B\n\nb\n\n## C\n");
        assert_eq!(section[0].0, Scope::Section);
        assert!(section[0].1.starts_with("## A") && section[0].1.ends_with("b"), "{section:?}");
        let before = found("# T\n\n## A\n\na\n\n<!-- runbook-site: allow r — x -->\n## C\n\nc\n");
        assert_eq!((before[0].0, before[0].1.as_str()), (Scope::Section, "## C\n\nc"));
    }

    #[test]
    fn the_head_and_allow_file_mean_the_file() {
        for text in [
            "<!-- runbook-site: allow r — x -->\n# T\n\na\n",
            "---\ntitle: x\n---\n<!-- runbook-site: allow r — x -->\n# T\n",
            "# T\n<!-- runbook-site: allow r — x -->\n\na\n",
            "# T\n\n**Owner**: Ana\n**Last Updated**: 2026-01-01\n\n<!-- runbook-site: allow r — x -->\n\na\n",
            "# T <!-- runbook-site: allow r — x -->\n\na\n",
            "# T\n\na\n\n## B\n\nb\n\n<!-- runbook-site: allow-file r — x -->\n",
        ] {
            assert_eq!(found(text)[0].0, Scope::File, "{text}");
        }
    }

    #[test]
    fn code_holds_no_suppressions() {
        assert!(
            found("a\n\n```html\n<!-- runbook-site: allow r — x -->\n```\n\n`<!-- runbook-site: allow r — x -->`\n")
                .is_empty()
        );
    }

    #[test]
    fn every_separator_parts_rules_and_reason() {
        for comment in [
            "<!-- runbook-site: allow a-b, c until 2027-03-01 — two: words -->",
            "<!-- runbook-site: allow a-b c until 2027-03-01 -- two: words -->",
            "<!-- runbook-site: allow a-b,c until 2027-03-01: two: words -->",
            "<!--runbook-site:allow a-b, c until 2027-03-01 - two: words-->",
            "<!-- runbook-site: allow a-b, c\n     until 2027-03-01\n     – two: words -->",
        ] {
            let one = one(comment);
            let rules: Vec<&str> = one.rules.iter().map(|rule| rule.text.as_str()).collect();
            assert_eq!(rules, ["a-b", "c"], "{comment}");
            assert_eq!(one.until.as_ref().map(|until| until.text.as_str()), Some("2027-03-01"), "{comment}");
            assert_eq!((one.reason.trim_start_matches("- "), &one.problem), ("two: words", &None), "{comment}");
        }
    }

    #[test]
    fn what_is_missing_is_known() {
        use SuppressionProblem::{Misplaced, NoDate, NoReason, NoRule, UnknownVerb};
        let problem = |comment: &str| one(comment).problem;
        assert_eq!(problem("<!-- runbook-site: allow a -->"), Some(NoReason));
        assert_eq!(problem("<!-- runbook-site: allow a — -->"), Some(NoReason));
        assert_eq!(problem("<!-- runbook-site: allow a because it is so -->"), Some(NoReason));
        assert_eq!(problem("<!-- runbook-site: allow — reason -->"), Some(NoRule));
        assert!(matches!(problem("<!-- runbook-site: allow a until — reason -->"), Some(NoDate(_))));
        assert!(matches!(problem("<!-- runbook-site: ignore a — reason -->"), Some(UnknownVerb(_))));
        assert_eq!(problem("<!-- runbook-site allow a — reason -->"), Some(SuppressionProblem::NoColon));
        assert_eq!(problem("<!-- runbook-site: allow a — reason"), Some(SuppressionProblem::Unclosed));
        assert!(found("x\n\n<!-- runbook-site is what checks this -->\n").is_empty());
        let behind = problem("<!-- runbook-site: allow a until 2027-03-01 b — reason -->");
        assert!(matches!(behind, Some(Misplaced(word)) if word.text == "b"));
        assert_eq!(one("<!-- runbook-site: allow a because it is so -->").rules.len(), 1);
    }
}
