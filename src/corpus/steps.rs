//! The steps of a procedure, and how long the parts of a document take.

use std::ops::Range;

use super::duration::{Duration, parse_duration, parse_inner_duration};
use super::sections::Section;
use crate::document::{Document, Heading, Item};
use crate::settings::Fact;
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
    /// The step with all that stands in it.
    pub body: Span,
    /// The fragment of the heading, or of the one over the list.
    pub anchor: String,
    /// Position in `Document::headings` of the one over it: steps of one scenario have one parent.
    pub parent: Option<usize>,
    /// Whether it is a heading, not a list item.
    pub is_heading: bool,
    pub estimate: Option<Estimate>,
}

/// How long something takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// As the author wrote it.
    pub text: String,
    pub duration: Duration,
}

/// Reads the steps: of each procedure its numbered headings, else the items of its ordered lists; without a procedure,
/// the numbered headings of the whole document. `estimates` are those of the headings.
pub fn read_steps(
    source: &Source,
    document: &Document<'_>,
    sections: &[Section],
    estimates: &[Option<Estimate>],
) -> Vec<Step> {
    let mut procedures: Vec<Span> = Vec::new();
    for section in sections.iter().filter(|section| section.id.as_deref() == Some("procedure")) {
        let span = procedure_span(document, sections, section.heading);
        if !procedures.iter().any(|outer| outer.contains(span)) {
            procedures.push(span);
        }
    }
    let by_heading = |procedure: Span| {
        let headings = document.headings.iter().enumerate();
        let inside = headings.filter(move |(_, heading)| heading.level > 1 && procedure.contains(heading.span));
        inside.filter_map(|(index, _)| heading_step(document, index, estimates))
    };
    if procedures.is_empty() {
        return by_heading(Span::new(0, source.text.len())).collect();
    }
    let mut steps = Vec::new();
    for procedure in procedures {
        let count = steps.len();
        steps.extend(by_heading(procedure));
        if steps.len() == count {
            let items = document.items.iter().filter(|item| item.depth == 0 && procedure.contains(item.span));
            steps.extend(items.filter_map(|item| item_step(source, document, item)));
        }
    }
    steps
}

/// A procedure's section, with the headings behind it that are steps of its own level: `## Procedure`, `## Step 1: …`.
fn procedure_span(document: &Document<'_>, sections: &[Section], index: usize) -> Span {
    let heading = &document.headings[index];
    let behind = document.headings.iter().zip(sections).skip(index + 1);
    let is_step = |(next, section): &(&Heading, &Section)| {
        let own_step = || section.id.is_none() && read_number(&next.text).is_some_and(|read| read.word.is_some());
        next.level > heading.level || (next.level == heading.level && own_step())
    };
    let end = behind.take_while(is_step).last().map_or(heading.section_end, |(last, _)| last.section_end);
    Span { start: heading.span.start, end: end.max(heading.section_end) }
}

/// The number that a text begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<'t> {
    pub number: u32,
    /// The digits in the text.
    pub digits: Range<usize>,
    /// The word before the number, in lower case: `step`.
    pub word: Option<&'static str>,
    /// What makes it a part of a step, or several: the `b` of `Step 3b`, the `.1` of `Step 3.1`, the `-5` of `Steps 3-5`.
    pub part: &'t str,
    pub title: &'t str,
}

const STEP_WORDS: [&str; 8] = ["steps", "step", "schritt", "étape", "paso", "stap", "шаг", "步骤"];

/// Reads `Step 3: Fence the primary`, `3. Fence the primary` and `3) Fence the primary`; `None` where a text begins with
/// no number of a step.
pub fn read_number(text: &str) -> Option<Numbered<'_>> {
    // Most headings leave here.
    if !has_digit(text) {
        return None;
    }
    let start = text.find(char::is_alphanumeric)?;
    let bare = &text[start..];
    let word = STEP_WORDS.iter().find_map(|word| {
        let head = bare.get(..word.len()).filter(|head| head.to_lowercase() == **word)?;
        let rest = &bare[head.len()..];
        Some((*word, bare.len() - rest.trim_start_matches([' ', '#']).len()))
    });
    let skipped = word.map_or(0, |(_, len)| len);
    let number = &bare[skipped..];
    let len = number.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &number[len..];
    let part = if word.is_some() { &rest[..part_len(rest)] } else { "" };
    let rest = &rest[part.len()..];
    let marked = rest.starts_with(['.', ')', ':']) && !rest[1..].starts_with(|c: char| c.is_ascii_digit());
    let counts = (1..3).contains(&len) && (word.is_some() || marked);
    let title = rest.trim_start_matches(['.', ')', ':', ' ', '-', '–', '—']);
    let at = start + skipped;
    let read = || Some((number[..len].parse().ok()?, at..at + len));
    let (number, digits) = counts.then(read)??;
    Some(Numbered { number, digits, word: word.map(|(word, _)| word), part, title })
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Length of the `b`, `.1`, `.1.2` or `-5` behind a number.
fn part_len(rest: &str) -> usize {
    let mut chars = rest.chars();
    let (first, second) = (chars.next(), chars.next());
    match first {
        Some(letter) if letter.is_ascii_alphabetic() && !second.is_some_and(char::is_alphanumeric) => 1,
        Some('.' | '-' | '–' | '/' | '&') if second.is_some_and(|c| c.is_ascii_digit()) => {
            rest.find(|c: char| !(c.is_ascii_digit() || ".-–/&".contains(c))).unwrap_or(rest.len())
        }
        _ => 0,
    }
}

/// Splits `Step 3: Fence the primary (5 minutes)` into number and title.
pub fn split_number(text: &str) -> Option<(u32, &str)> {
    read_number(text).map(|read| (read.number, read.title))
}

fn heading_step(document: &Document<'_>, index: usize, estimates: &[Option<Estimate>]) -> Option<Step> {
    let heading = &document.headings[index];
    let (number, title) = split_number(&heading.text)?;
    Some(Step {
        number,
        title: split_estimate(title).0.to_string(),
        span: heading.span,
        body: Span { start: heading.span.start, end: heading.section_end },
        anchor: heading.anchor.clone(),
        parent: parent(document, index),
        is_heading: true,
        estimate: estimates[index].clone(),
    })
}

/// The heading that a heading stands under.
pub fn parent(document: &Document<'_>, index: usize) -> Option<usize> {
    let level = document.headings[index].level;
    document.headings[..index].iter().rposition(|outer| outer.level < level)
}

/// The heading that each heading stands under.
pub fn parents(document: &Document<'_>) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let of = |(index, heading): (usize, &Heading)| {
        while open.pop_if(|last| document.headings[*last].level >= heading.level).is_some() {}
        let parent = open.last().copied();
        open.push(index);
        parent
    };
    document.headings.iter().enumerate().map(of).collect()
}

fn item_step(source: &Source, document: &Document<'_>, item: &Item) -> Option<Step> {
    let number = item.number.filter(|_| item.ordered)?;
    let span = item.span;
    let first_line_end = source.slice(span).find('\n').map_or(span.end, |at| span.start + at as u32);
    let first = item.text.split(". ").next().unwrap_or(&item.text);
    let (title, estimate) = split_estimate(first.lines().next().unwrap_or_default());
    let is_over = |heading: &Heading| heading.span.start <= span.start && span.start < heading.section_end;
    let parent = document.headings.iter().rposition(is_over);
    Some(Step {
        number,
        title: title.to_string(),
        span: Span { start: span.start, end: first_line_end },
        body: span,
        anchor: parent.map_or(String::new(), |parent| document.headings[parent].anchor.clone()),
        parent,
        is_heading: false,
        estimate,
    })
}

/// The estimates of the headings' sections: in the heading, or stated under it before any deeper one.
pub fn read_estimates(document: &Document<'_>) -> Vec<Option<Estimate>> {
    let mut estimates: Vec<Option<Estimate>> =
        document.headings.iter().map(|heading| split_estimate(&heading.text).1).collect();
    let mut offer = |at: Span, estimate: Estimate| {
        let over = document.headings.iter().rposition(|heading| heading.span.start <= at.start);
        if let Some(own) = over.map(|over| &mut estimates[over]).filter(|own| own.is_none()) {
            *own = Some(estimate);
        }
    };
    for line in document.metadata.iter().filter(|line| is_estimate_key(&line.key)) {
        if let Some(duration) = parse_duration(&line.value) {
            offer(line.span, Estimate { text: line.value.clone(), duration });
        }
    }
    for paragraph in document.paragraphs.iter().filter(|paragraph| paragraph.text.starts_with(['~', '≈', '⏱', '⏰']))
    {
        let text = paragraph.text.trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some(estimate) = estimate(text) {
            offer(paragraph.span, estimate);
        }
    }
    estimates
}

/// `Estimated Time`, `Duration`, `Time`, `Estimated recovery time`
fn is_estimate_key(key: &str) -> bool {
    let is_fact = || Fact::of_key(key).is_some_and(|(fact, _)| fact == Fact::EstimatedTime);
    let lower = key.to_lowercase();
    is_fact() || lower.trim() == "time" || (lower.starts_with("estimated ") && lower.ends_with("time"))
}

/// `Fence the primary (5 minutes)`, `Fence the primary ~5 min`, `Fence the primary – 5 min`
pub fn split_estimate(text: &str) -> (&str, Option<Estimate>) {
    let text = text.trim();
    if !has_digit(text) && !text.contains(['(', '（']) {
        return (text, None);
    }
    for mark in ["(", "（", "[", "~", " – ", " — ", " - "] {
        if let Some(at) = text.rfind(mark) {
            let inner = text[at + mark.len()..].trim_end_matches([')', '）', ']']);
            if let Some(estimate) = estimate(inner) {
                return (text[..at].trim_end_matches([' ', '-', '–', '—', ':', '(', '（']), Some(estimate));
            }
        }
    }
    (text, None)
}

/// Words before the time itself.
const ESTIMATED: [&str; 8] = ["estimated time", "estimated", "estimate", "est", "duration", "time", "eta", "takes"];

fn estimate(text: &str) -> Option<Estimate> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '⏱' || c == '\u{fe0f}');
    let after_word = ESTIMATED.iter().find_map(|word| {
        let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
        Some(text[head.len()..].trim_start_matches([':', '.', ' ']))
    });
    let text = after_word.unwrap_or(text);
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || "~≈<>≤≥".contains(c)) || after_word.is_some();
    let upper = ["up to ", "within ", "about ", "approx", "under ", "at most ", "around "];
    let begins = begins || upper.iter().any(|word| text.to_lowercase().starts_with(word));
    let duration = parse_inner_duration(text).filter(|duration| begins || duration.varies)?;
    Some(Estimate { text: text.to_string(), duration })
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
            ("Step 3b: Encrypt", Some((3, "Encrypt"))),
            ("Step 4.1: Encrypt", Some((4, "Encrypt"))),
            ("**Step #5** - Encrypt", Some((5, "** - Encrypt"))),
            ("Stepping down", None),
        ];
        for (text, expected) in cases {
            assert_eq!(split_number(text), expected, "{text}");
        }
    }

    #[test]
    fn estimates_are_split_from_titles() {
        let cases = [
            ("Fence the primary (5 minutes)", "Fence the primary", Some((Some(5), Some(5)))),
            ("Drain ~10 min", "Drain", Some((Some(10), Some(10)))),
            ("Drain (est. 2-3 min)", "Drain", Some((Some(2), Some(3)))),
            ("Drain (within 5 min)", "Drain", Some((None, Some(5)))),
            ("Drain – 1 h", "Drain", Some((Some(60), Some(60)))),
            ("Drain - 1h per node", "Drain", Some((Some(60), Some(60)))),
            ("Restart (if needed)", "Restart (if needed)", None),
            ("Restart (5 minutes after the alert)", "Restart (5 minutes after the alert)", None),
            ("Rotate keys (every 30 days)", "Rotate keys (every 30 days)", None),
        ];
        for (text, title, minutes) in cases {
            let (read, estimate) = split_estimate(text);
            let read_minutes = estimate.map(|estimate| (estimate.duration.min_minutes, estimate.duration.max_minutes));
            assert_eq!((read, read_minutes), (title, minutes), "{text}");
        }
    }

    /// Number, title, heading over it and minutes of the steps of a procedure.
    fn steps(text: &str) -> Vec<(u32, String, Option<String>, Option<u32>)> {
        let source = Source::new("a.md", text);
        let document = crate::document::parse(&source);
        let names = crate::corpus::sections::HeadingNames::of(&document);
        let sections = crate::corpus::sections::name_sections(&document, &names, None);
        let steps = read_steps(&source, &document, &sections, &read_estimates(&document));
        let over = |step: &Step| step.parent.map(|parent| document.headings[parent].text.clone());
        let minutes = |step: &Step| step.estimate.as_ref().and_then(|estimate| estimate.duration.max_minutes);
        steps.iter().map(|step| (step.number, step.title.clone(), over(step), minutes(step))).collect()
    }

    #[test]
    fn each_scenario_has_its_own_steps() {
        let text = "# A\n\n## Scenario 1\n\n### Step 1: Look\n\n**Time**: 5 min\n\nx\n\n### Step 2: Act (1 h)\n\n\
                    ## Scenario 2\n\n1. Go (2 min)\n2. Come\n";
        let first = Some("Scenario 1".to_string());
        let second = Some("Scenario 2".to_string());
        let expected = [
            (1, "Look".to_string(), first.clone(), Some(5)),
            (2, "Act".to_string(), first, Some(60)),
            (1, "Go".to_string(), second.clone(), Some(2)),
            (2, "Come".to_string(), second, None),
        ];
        assert_eq!(steps(text), expected);
    }

    #[test]
    fn steps_beside_the_procedure_belong_to_it() {
        let text = "# A\n\n## Procedure\n\nAs follows.\n\n## Step 1: Look\n\n### 1. Up\n\n## Step 2: Act\n\n## Rollback\n\n\
                    ### Step 1: Undo\n";
        let titles: Vec<String> = steps(text).into_iter().map(|(_, title, _, _)| title).collect();
        assert_eq!(titles, ["Look", "Up", "Act"]);
    }
}
