//! Diagnostics with the lines they speak of, drawn by miette over sources whose lines are indexed already.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use miette::{
    Diagnostic as MietteDiagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};

use super::{Report, is_steering, plain};
use crate::diagnostic::{ConfigError, Diagnostic, Level};
use crate::source::{Source, Span};

/// How the terminal is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub color: bool,
    pub unicode: bool,
    /// Columns.
    pub width: usize,
}

/// The report with snippets.
pub fn full(report: &Report<'_>, look: Look) -> String {
    let handler = handler(look);
    let mut shown: BTreeMap<usize, Cow<'_, str>> = BTreeMap::new();
    for diagnostic in report.diagnostics {
        let file = diagnostic.finding.location.file.index();
        shown.entry(file).or_insert_with(|| harmless(&report.sources[file].text));
    }
    let mut text = String::new();
    for diagnostic in report.diagnostics {
        let file = diagnostic.finding.location.file.index();
        let snippet = Snippet {
            source: report.sources[file],
            text: &shown[&file],
            name: plain(&report.paths[file]),
            width: look.width,
        };
        draw(&handler, &Drawn::new(report, diagnostic, snippet), &mut text);
    }
    text
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
    GraphicalReportHandler::new_themed(theme).with_width(look.width).with_links(false).with_context_lines(0)
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
        let (same, other): (Vec<_>, Vec<_>) =
            finding.related.iter().partition(|related| related.location.file == finding.location.file);
        let mut labels = vec![label(finding.location.span, None)];
        labels.extend(
            same.iter().map(|related| label(related.location.span, Some(plain(&related.message).into_owned()))),
        );
        let mut help: Vec<String> = finding.help.iter().map(|help| plain(help).into_owned()).collect();
        help.extend(other.iter().map(|related| {
            let file = related.location.file.index();
            let position = report.sources[file].position(related.location.span.start);
            format!("{}: {}:{}:{}", plain(&related.message), plain(&report.paths[file]), position.line, position.column)
        }));
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
