//! The steps of a procedure.

use super::duration::{Duration, parse_duration};
use super::sections::Section;
use crate::document::{Document, Heading};
use crate::source::{Source, Span};

/// A numbered step.
#[derive(Debug)]
pub struct Step {
    /// As the author wrote it.
    pub number: u32,
    /// Without number and estimate.
    pub title: String,
    /// The heading or the list item's first line.
    pub span: Span,
    /// The fragment of the heading, or of the one over the list.
    pub anchor: String,
    pub estimate: Option<Duration>,
}

/// Reads the steps: numbered headings of the procedure, else the items of its ordered lists; without a procedure, the
/// numbered headings of the whole document.
pub fn read_steps(source: &Source, document: &Document<'_>, sections: &[Section]) -> Vec<Step> {
    let procedures: Vec<Span> = sections
        .iter()
        .filter(|section| section.id.as_deref() == Some("procedure"))
        .map(|section| &document.headings[section.heading])
        .map(|heading| Span { start: heading.span.start, end: heading.section_end })
        .collect();
    let inside = |span: Span| procedures.is_empty() || procedures.iter().any(|procedure| procedure.contains(span));
    let by_heading: Vec<Step> = document
        .headings
        .iter()
        .filter(|heading| heading.level > 1 && inside(heading.span))
        .filter_map(|heading| heading_step(source, document, heading))
        .collect();
    if !by_heading.is_empty() || procedures.is_empty() {
        return by_heading;
    }
    let items = document.items.iter().filter(|item| item.ordered && item.depth == 0 && inside(item.span));
    items.filter_map(|item| item_step(source, document, item.span, &item.text)).collect()
}

/// Splits `Step 3: Fence the primary (5 minutes)` into number and title.
pub fn split_number(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let after_word = ["step", "schritt", "étape", "paso", "stap", "шаг", "步骤"].iter().find_map(|word| {
        let head = text.get(..word.len())?;
        head.to_lowercase().eq(*word).then(|| text[word.len()..].trim_start())
    });
    let number = after_word.unwrap_or(text);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &number[digits..];
    let marked = rest.starts_with(['.', ')', ':']) && !rest[1..].starts_with(|c: char| c.is_ascii_digit());
    let counts = digits > 0 && digits < 3 && (after_word.is_some() || marked);
    let title = rest.trim_start_matches(['.', ')', ':', ' ', '-', '–', '—']);
    counts.then(|| number[..digits].parse().ok().map(|number| (number, title)))?
}

fn heading_step(source: &Source, document: &Document<'_>, heading: &Heading) -> Option<Step> {
    let (number, title) = split_number(&heading.text)?;
    let (title, own) = split_estimate(title);
    let estimate = own.or_else(|| stated_estimate(source, document, document.section_span(heading)));
    Some(Step { number, title: title.to_string(), span: heading.span, anchor: heading.anchor.clone(), estimate })
}

fn item_step(source: &Source, document: &Document<'_>, span: Span, text: &str) -> Option<Step> {
    let marker = source.slice(span).trim_start();
    let digits = marker.bytes().take_while(u8::is_ascii_digit).count();
    let number = marker[..digits].parse().ok()?;
    let first_line_end = source.slice(span).find('\n').map_or(span.end, |at| span.start + at as u32);
    let first = text.split(". ").next().unwrap_or(text);
    let (title, estimate) = split_estimate(first.lines().next().unwrap_or_default());
    let anchor = document.heading_over(span.start).map_or(String::new(), |heading| heading.anchor.clone());
    Some(Step {
        number,
        title: title.to_string(),
        span: Span { start: span.start, end: first_line_end },
        anchor,
        estimate,
    })
}

/// `Fence the primary (5 minutes)`, `Fence the primary ~5 min`
pub fn split_estimate(text: &str) -> (&str, Option<Duration>) {
    let text = text.trim();
    for open in ['(', '（', '[', '~'] {
        if let Some(at) = text.rfind(open) {
            let inner = text[at + open.len_utf8()..].trim_end_matches([')', '）', ']']);
            if let Some(duration) = parse_duration(inner) {
                return (text[..at].trim_end_matches([' ', '-', '–', '—', ':']), Some(duration));
            }
        }
    }
    (text, None)
}

/// `**Estimated Time**: 5 minutes` under the heading, before any deeper one.
fn stated_estimate(source: &Source, document: &Document<'_>, span: Span) -> Option<Duration> {
    let end = document.headings.iter().map(|heading| heading.span.start).find(|start| *start >= span.start);
    let own = Span { start: span.start, end: end.unwrap_or(span.end).min(span.end) };
    let line = document.metadata.iter().find(|line| {
        let is_time = crate::settings::Fact::of_key(&line.key)
            .is_some_and(|(fact, _)| fact == crate::settings::Fact::EstimatedTime);
        own.contains(line.span) && (is_time || line.key.eq_ignore_ascii_case("time"))
    });
    line.and_then(|line| parse_duration(source.slice(line.value_span)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_split_from_titles() {
        let cases = [
            ("Step 3: Fence the primary", Some((3, "Fence the primary"))),
            ("2) Check", Some((2, "Check"))),
            ("1. Issue tokens", Some((1, "Issue tokens"))),
            ("Schritt 4 – Prüfen", Some((4, "Prüfen"))),
            ("3.1 Details", None),
            ("2026 review", None),
            ("Check 2. floor", None),
        ];
        for (text, expected) in cases {
            assert_eq!(split_number(text), expected, "{text}");
        }
    }

    #[test]
    fn estimates_are_split_from_titles() {
        let (title, estimate) = split_estimate("Fence the primary (5 minutes)");
        assert_eq!((title, estimate.and_then(|e| e.max_minutes)), ("Fence the primary", Some(5)));
        let (title, estimate) = split_estimate("Drain ~10 min");
        assert_eq!((title, estimate.and_then(|e| e.max_minutes)), ("Drain", Some(10)));
        assert_eq!(split_estimate("Restart (if needed)"), ("Restart (if needed)", None));
    }
}
