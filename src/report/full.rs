//! Diagnostics with the lines they speak of, drawn by miette over sources whose lines are indexed already.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

use miette::{
    Diagnostic as MietteDiagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use super::{Report, is_steering, plain};
use crate::diagnostic::{ConfigError, Diagnostic, Finding, Level, Location};
use crate::source::{Source, Span};

/// How the terminal is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub color: bool,
    pub unicode: bool,
    /// Columns.
    pub width: usize,
}

/// From this many findings of a rule in a file on, only the first is drawn and the others are listed under it.
const FOLDED: usize = 3;

/// Up to this many findings, all are drawn with their lines, and none needs a table to be found again.
const FEW: usize = 30;

/// In a longer report, how often a rule is drawn with its lines. Whoever has seen it so often needs only the place.
const DRAWN: usize = 3;

/// The report with snippets. Findings of one rule in one file stand together.
pub fn full(report: &Report<'_>, look: Look) -> String {
    let handler = handler(look);
    let is_long = is_long(report);
    let mut shown: BTreeMap<usize, Cow<'_, str>> = BTreeMap::new();
    let mut drawn: BTreeMap<&str, usize> = BTreeMap::new();
    let mut listed_file = None;
    let mut text = String::new();
    for (first, more) in groups(report.diagnostics) {
        let file = first.finding.location.file.index();
        let path = plain(&report.paths[file]);
        let count = drawn.entry(first.rule).or_default();
        *count += 1;
        if is_long && *count > DRAWN {
            match listed_file == Some(file) {
                true => truncate_blank_line(&mut text),
                false => text.push_str(&format!("{path}\n")),
            }
            list(report, None, &[&[first], more.as_slice()].concat(), look, &mut text);
            listed_file = Some(file);
            continue;
        }
        listed_file = None;
        let snippet = Snippet {
            source: report.sources[file],
            text: shown.entry(file).or_insert_with(|| harmless(&report.sources[file].text)),
            name: path.clone(),
            width: look.width,
        };
        draw(&handler, &Drawn::new(report, first, snippet), &mut text);
        if !more.is_empty() {
            truncate_blank_line(&mut text);
            text.push_str(&format!("  {} more in {path}:\n", more.len()));
            list(report, Some(first), &more, look, &mut text);
        }
    }
    text
}

/// Whether there is so much to read that a table by rule helps.
pub fn is_long(report: &Report<'_>) -> bool {
    report.diagnostics.len() > FEW
}

fn truncate_blank_line(text: &mut String) {
    if text.ends_with("\n\n") {
        text.pop();
    }
}

/// The diagnostics in their order; where a rule has many in a file, these stand behind the first one.
fn groups(diagnostics: &[Diagnostic]) -> Vec<(&Diagnostic, Vec<&Diagnostic>)> {
    let key = |diagnostic: &Diagnostic| (diagnostic.finding.location.file, diagnostic.rule, diagnostic.level);
    let mut counts: HashMap<_, usize> = HashMap::new();
    for diagnostic in diagnostics {
        *counts.entry(key(diagnostic)).or_default() += 1;
    }
    let mut groups: Vec<(&Diagnostic, Vec<&Diagnostic>)> = Vec::new();
    let mut folded: HashMap<_, usize> = HashMap::new();
    for diagnostic in diagnostics {
        let key = key(diagnostic);
        match folded.get(&key) {
            Some(group) => groups[*group].1.push(diagnostic),
            None => {
                if counts[&key] >= FOLDED {
                    folded.insert(key, groups.len());
                }
                groups.push((diagnostic, Vec::new()));
            }
        }
    }
    groups
}

/// Findings of one rule in one file without their lines: place, what is wrong, and the help where it differs from that
/// of the one before. `drawn` is the one that they follow; without it they also say of which rule they are.
fn list(report: &Report<'_>, drawn: Option<&Diagnostic>, listed: &[&Diagnostic], look: Look, text: &mut String) {
    let places: Vec<String> = listed.iter().map(|one| place(report, one.finding.location)).collect();
    let width = places.iter().map(String::len).max().unwrap_or(0).max(5);
    let under = " ".repeat(width + 4);
    let mut last_help = drawn.map(|drawn| help(report, &drawn.finding));
    for (diagnostic, place) in listed.iter().zip(places) {
        let rule = if drawn.is_some() { String::new() } else { format!("{} ", head(diagnostic, look)) };
        let message = format!("{rule}{}", plain(&diagnostic.finding.message));
        wrap(&message, &format!("  {place:>width$}  "), &under, look.width, text);
        let help = help(report, &diagnostic.finding);
        if last_help.as_ref() != Some(&help) {
            for (position, line) in help.iter().enumerate() {
                let first = if position == 0 { "help: " } else { "      " };
                wrap(line, &format!("{under}{first}"), &format!("{under}      "), look.width, text);
            }
        }
        last_help = Some(help);
    }
    text.push('\n');
}

/// `error[dead-link]`
fn head(diagnostic: &Diagnostic, look: Look) -> String {
    let name = diagnostic.level.name();
    let color = match diagnostic.level {
        Level::Error => 31,
        Level::Warning => 33,
        Level::Info => 36,
    };
    match look.color {
        true => format!("\x1b[{color}m{name}[{}]\x1b[0m", diagnostic.rule),
        false => format!("{name}[{}]", diagnostic.rule),
    }
}

/// `12:5`
fn place(report: &Report<'_>, location: Location) -> String {
    let position = report.sources[location.file.index()].position(location.span.start);
    format!("{}:{}", position.line, position.column)
}

/// Writes words in lines of a width; one that is longer than a line keeps its own. Colours take no room.
pub fn wrap(words: &str, first: &str, others: &str, width: usize, text: &mut String) {
    let mut line = first.to_string();
    let mut is_empty = true;
    for word in words.split_whitespace() {
        if !is_empty && columns(&line) + 1 + columns(word) > width {
            text.push_str(line.trim_end());
            text.push('\n');
            line = others.to_string();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// A mistake in the config, drawn like a finding. `path` is how the config file is named.
pub fn config_error(error: &ConfigError, path: &str, text: &str, look: Look) -> String {
    let source = Source::new(path, text);
    let shown = harmless(&source.text);
    let span = Span::from(error.span.clone());
    let drawn = Drawn {
        code: "error[config-error]".to_string(),
        message: plain(&error.message).into_owned(),
        level: Level::Error,
        help: error.help.as_deref().map(|help| plain(help).into_owned()),
        labels: vec![label(span, None)],
        snippet: Some(Snippet { source: &source, text: &shown, name: plain(path), width: look.width }),
    };
    let mut drawing = String::new();
    draw(&handler(look), &drawn, &mut drawing);
    drawing
}

fn handler(look: Look) -> GraphicalReportHandler {
    let theme = match (look.unicode, look.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme { characters: miette::ThemeCharacters::ascii(), ..GraphicalTheme::unicode() },
        (false, false) => GraphicalTheme::none(),
    };
    // A path or an anchor in two parts can be neither clicked nor copied.
    GraphicalReportHandler::new_themed(theme)
        .with_width(look.width)
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation)
        .with_break_words(false)
        .with_links(false)
        .with_context_lines(0)
}

fn draw(handler: &GraphicalReportHandler, drawn: &Drawn<'_>, text: &mut String) {
    // Writing to a string cannot fail, and every span lies in its source.
    let _ = handler.render_report(text, drawn);
    let trimmed = text.trim_end().len();
    text.truncate(trimmed);
    text.push_str("\n\n");
}

/// A diagnostic in the form that miette draws.
struct Drawn<'a> {
    code: String,
    message: String,
    level: Level,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    /// `None` where the file has no text to show.
    snippet: Option<Snippet<'a>>,
}

impl<'a> Drawn<'a> {
    fn new(report: &Report<'_>, diagnostic: &Diagnostic, snippet: Snippet<'a>) -> Self {
        let finding = &diagnostic.finding;
        let same = finding.related.iter().filter(|related| related.location.file == finding.location.file);
        let mut labels = vec![label(finding.location.span, None)];
        labels.extend(same.map(|related| label(related.location.span, Some(plain(&related.message).into_owned()))));
        let help = help(report, finding);
        let has_text = !snippet.text.is_empty();
        let message = plain(&finding.message);
        Drawn {
            code: format!("{}[{}]", diagnostic.level.name(), diagnostic.rule),
            message: if has_text { message.into_owned() } else { format!("{}: {message}", snippet.name) },
            level: diagnostic.level,
            help: (!help.is_empty()).then(|| help.join("\n")),
            labels: if has_text { labels } else { Vec::new() },
            snippet: has_text.then_some(snippet),
        }
    }
}

/// Characters that are seen: a colour takes no room.
fn columns(text: &str) -> usize {
    let colored = text.split('\x1b').skip(1).map(|code| code.find('m').map_or(0, |end| end + 2)).sum::<usize>();
    text.chars().count() - colored
}

/// The help, and the related places in other files.
fn help(report: &Report<'_>, finding: &Finding) -> Vec<String> {
    let own = finding.help.iter().map(|help| plain(help).into_owned());
    let other = finding.related.iter().filter(|related| related.location.file != finding.location.file);
    let elsewhere = other.map(|related| {
        let path = plain(&report.paths[related.location.file.index()]);
        format!("{}: {path}:{}", plain(&related.message), place(report, related.location))
    });
    own.chain(elsewhere).collect()
}

fn label(span: Span, text: Option<String>) -> LabeledSpan {
    LabeledSpan::new_primary_with_span(text, span.range())
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl MietteDiagnostic for Drawn<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A source for miette, which would count all lines from the start for each span.
struct Snippet<'a> {
    source: &'a Source,
    /// The source's text, harmless for terminals, of the same length.
    text: &'a str,
    name: Cow<'a, str>,
    /// Columns of the terminal.
    width: usize,
}

impl SourceCode for Snippet<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let len = self.text.len();
        let (start, end) = (span.offset().min(len), (span.offset() + span.len()).min(len));
        let first = self.source.lines.line_at(start as u32).0.saturating_sub(lines_before).max(1);
        // A span that ends with a line end does not touch the next line.
        let last_offset = if end > start { end - 1 } else { end };
        let last = self.source.lines.line_at(last_offset as u32).0 + lines_after;
        let mut from = self.source.lines.line_span(first, len).start as usize;
        let mut to = self.source.lines.line_span(last, len).end as usize;
        from = from.max(if first == 1 { self.source.bom_len() } else { 0 }).min(start);
        if first == last {
            (from, to) = self.window(from..to, start..end);
        }
        let position =
            self.source
                .position(if lines_before == 0 && lines_after == 0 && from <= start { start } else { from } as u32);
        let contents = MietteSpanContents::new_named(
            self.name.to_string(),
            &self.text.as_bytes()[from..to],
            (from, to - from).into(),
            position.line - 1,
            position.column - 1,
            last - first + 1,
        );
        Ok(Box::new(contents))
    }
}

impl Snippet<'_> {
    /// The part of a long line that fits on the screen and holds the span.
    fn window(&self, line: std::ops::Range<usize>, span: std::ops::Range<usize>) -> (usize, usize) {
        const FRAME: usize = 12;
        let room = self.width.saturating_sub(FRAME).max(20);
        if line.len() <= room {
            return (line.start, line.end);
        }
        // The line's start is shown as long as the span still fits behind it.
        let before = if span.end - line.start <= room { line.len() } else { room.saturating_sub(span.len()) / 2 };
        let mut from = span.start.saturating_sub(before).max(line.start);
        let mut to = (from + room).max(span.end).min(line.end);
        while !self.text.is_char_boundary(from) {
            from -= 1;
        }
        while !self.text.is_char_boundary(to) {
            to += 1;
        }
        (from, to)
    }
}

/// The text with steering characters replaced by others of the same length in bytes, so that spans hold.
fn harmless(text: &str) -> Cow<'_, str> {
    let steers = |c: char| is_steering(c) && c != '\n' && c != '\r';
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let replacement = |c: char| match c.len_utf8() {
        1 => '?',
        2 => '¿',
        _ => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(|c| if steers(c) { replacement(c) } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Hidden;
    use crate::source::FileId;

    const LOOK: Look = Look { color: false, unicode: true, width: 60 };

    /// The report of findings given as file, line, and message, all of one rule.
    fn reported(findings: &[(u32, usize, &str)], look: Look) -> String {
        let text: String = (1..=99).map(|line| format!("line {line:>4}\n")).collect();
        let sources = [Source::new("a.md", text.as_str()), Source::new("b.md", text.as_str())];
        let diagnostic = |(file, line, message): &(u32, usize, &str)| {
            let start = (line - 1) * 10;
            let location = Location { file: FileId(*file), span: Span::new(start, start + 4) };
            let help = Some(format!("mend {}", message.split(' ').next().unwrap_or_default()));
            let finding = Finding { help, ..Finding::new(location, "", *message) };
            Diagnostic { rule: "dead-link", level: Level::Error, finding, fingerprint: String::new() }
        };
        let diagnostics: Vec<Diagnostic> = findings.iter().map(diagnostic).collect();
        let paths = ["a.md".to_string(), "b.md".to_string()];
        full(
            &Report {
                sources: &sources.iter().collect::<Vec<_>>(),
                paths: &paths,
                diagnostics: &diagnostics,
                hidden: Hidden::default(),
                documents: 2,
                runbooks: 0,
            },
            look,
        )
    }

    #[test]
    fn many_findings_of_a_rule_in_a_file_are_folded() {
        let text = reported(&[(0, 3, "x one"), (0, 5, "x two"), (0, 12, "y three"), (1, 1, "x four")], LOOK);
        let list = "  help: mend x\n  2 more in a.md:\n    5:1  x two\n   12:1  y three\n         help: mend y\n\n";
        assert!(text.contains(list), "{text}");
        assert_eq!(text.matches("error[dead-link]").count(), 2, "{text}");
        assert_eq!(reported(&[(0, 3, "x one"), (0, 5, "x two")], LOOK).matches('╭').count(), 2);
    }

    #[test]
    fn paths_and_anchors_stay_whole() {
        let message = "see `docs/database/failover-of-the-primary.md:12:5` and `#step-1-stop-the-primary-and-wait`";
        let text = reported(&[(0, 3, message)], Look { width: 40, ..LOOK });
        for word in message.split(' ') {
            assert!(text.contains(word), "{word} in {text}");
        }
    }

    #[test]
    fn a_long_report_draws_each_rule_a_few_times() {
        let message = format!("x {}", "word ".repeat(15));
        let in_file = |file| (1..=20).map(move |line| (file, line * 2));
        let findings: Vec<_> = (0..2).flat_map(in_file).map(|(file, line)| (file, line, message.as_str())).collect();
        for color in [false, true] {
            let text = reported(&findings, Look { color, ..LOOK });
            assert_eq!(text.matches('╭').count(), 2, "{text}");
            assert!(text.lines().all(|line| columns(line) <= 60), "{text}");
            let places = (1..=20).filter(|line| text.contains(&format!("{}:1", line * 2))).count();
            assert_eq!(places, 20, "{text}");
        }
    }
}
