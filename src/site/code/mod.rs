//! Code blocks on the page: what is a command, a prompt, output or something to fill in, and what it may do.

mod overlay;

use std::collections::HashSet;
use std::ops::Range;

use super::highlight::{Highlighted, escape};
use crate::command::{Command, CommandBlock, Packs, Placeholder, Risk, places};
use crate::document::{CodeBlock, TextPlaces};
use crate::source::Span;
use overlay::{Overlay, splice};

/// A code block with what is known of it.
pub struct View<'v> {
    pub block: &'v CodeBlock,
    pub commands: &'v CommandBlock,
    /// Those of the document.
    pub placeholders: &'v [Placeholder],
    pub packs: &'v Packs,
    pub is_output: bool,
    /// The id of its element, or empty.
    pub id: String,
}

impl View<'_> {
    /// What its commands may do, each once: what only holds others does what they do. A block that shows output holds
    /// none.
    pub fn risks(&self) -> impl Iterator<Item = &Command> {
        let commands = if self.is_output { &[] } else { self.commands.commands.as_slice() };
        let holds_next = |at: usize| {
            commands
                .get(at + 1)
                .is_some_and(|next| commands[at].span.contains(next.span) && next.risk == commands[at].risk)
        };
        let risky = move |(at, command): &(usize, &Command)| command.risk >= Risk::Disruptive && !holds_next(*at);
        commands.iter().enumerate().filter(risky).map(|(_, command)| command)
    }

    /// What the reader fills in; nothing in output.
    pub fn own_placeholders(&self) -> &[Placeholder] {
        if self.is_output {
            return &[];
        }
        let from = |at: u32| self.placeholders.partition_point(|placeholder| placeholder.span.start < at);
        &self.placeholders[from(self.block.span.start)..from(self.block.span.end)]
    }
}

/// A code block with its language and what it destroys, copy buttons (which a script shows), and its text.
pub fn figure(view: &View<'_>, highlighted: &Highlighted<'_>) -> String {
    let (block, is_output) = (view.block, view.is_output);
    let language = escape(&block.language);
    let caption = match (is_output, block.language.as_str()) {
        (true, _) => "output",
        (false, "") => "text",
        // Drawing it would take a script heavier than the rest of the site.
        (false, "mermaid") => "mermaid (diagram source)",
        (false, _) => &language,
    };
    let id = if view.id.is_empty() { String::new() } else { format!(" id=\"{}\"", escape(&view.id)) };
    let output = if is_output { " data-output" } else { "" };
    // Lines of boxes must touch, so they are set closer than code.
    let is_box_art = block.shown().contains(|c: char| ('\u{2500}'..='\u{257f}').contains(&c));
    let box_art = if is_box_art { " data-box-art" } else { "" };
    let (risk, risk_words) = risk(view);
    // Nobody pastes what a command printed.
    let button = match (is_output, view.commands.statements.len()) {
        (true, _) => "",
        (false, 0 | 1) => "<button type=\"button\" data-copy hidden>Copy</button>",
        (false, _) => "<button type=\"button\" data-copy hidden>Copy all</button>",
    };
    format!(
        "<figure class=\"code\"{id} data-language=\"{language}\"{risk}{output}{box_art}><figcaption>{caption}{risk_words}</figcaption>\
         {button}<pre tabindex=\"0\"><code class=\"language-{language}\">{}</code></pre></figure>",
        splice(&highlighted.html(&block.language, block.shown()), overlays(view))
    )
}

/// The worst that a block does: its attribute, and in words behind the language.
fn risk(view: &View<'_>) -> (String, String) {
    let mut risks: Vec<&Command> = view.risks().collect();
    let Some(worst) = risks.iter().map(|command| command.risk).max() else { return Default::default() };
    risks.retain(|command| command.risk == worst);
    let mut seen = HashSet::new();
    let reasons: Vec<&str> = risks
        .iter()
        .map(|command| command.reason.as_str())
        .filter(|reason| !reason.is_empty() && seen.insert(*reason))
        .collect();
    let reason = match reasons.as_slice() {
        [] => String::new(),
        [only] => format!(": {only}"),
        [first, rest @ ..] => format!(": {first}, and {} more", rest.len()),
    };
    let (name, sign) = (worst.name(), if worst == Risk::Destructive { "⚠" } else { "!" });
    (
        format!(" data-risk=\"{name}\""),
        format!(" <span class=\"risk\"><span aria-hidden=\"true\">{sign}</span> {name}{}</span>", escape(&reason)),
    )
}

fn overlays(view: &View<'_>) -> Vec<Overlay> {
    let read = view.commands;
    if view.is_output || read.dialect.is_none() {
        return Vec::new();
    }
    let in_block = Places::of(view.block);
    let mut overlays: Vec<Overlay> = Vec::new();
    let mut lay = |span: Span, open: String, close: String| {
        overlays.push(Overlay { range: in_block.shown(span), open, close });
    };
    let end = || "</span>".to_string();
    for prompt in &read.prompts {
        lay(*prompt, "<span class=\"prompt\" data-skip>".to_string(), end());
    }
    // A block without a command holds what is to be put somewhere, such as a line of a crontab: nothing of it is left out.
    let has_commands = !read.statements.is_empty() || !read.prompts.is_empty();
    let output = if has_commands { read.output.as_slice() } else { &[] };
    for line in output {
        lay(*line, "<span class=\"output\" data-skip>".to_string(), end());
    }
    for comment in &read.comments {
        lay(*comment, "<span class=\"comment\" data-comment>".to_string(), end());
    }
    let has_buttons = read.statements.len() > 1;
    for statement in &read.statements {
        let inside = &read.commands[statement.commands.clone()];
        let worst = inside.iter().rev().max_by_key(|command| command.risk);
        let risk = worst.map(risk_attributes).unwrap_or_default();
        let close = match has_buttons {
            true => format!("</span>{}", button(&view.block.shown()[in_block.shown(statement.span)])),
            false => end(),
        };
        lay(statement.span, format!("<span class=\"command\" data-command{risk}>"), close);
        // What it holds shows where the danger is.
        let is_whole = |command: &Command| {
            inside.len() == 1 && command.span.start == statement.span.start || command.span == statement.span
        };
        for command in inside.iter().filter(|command| command.risk >= Risk::Disruptive && !is_whole(command)) {
            lay(command.span, format!("<span class=\"command\"{}>", risk_attributes(command)), end());
        }
    }
    let own = view.own_placeholders();
    let spans: Vec<Span> = own.iter().map(|placeholder| placeholder.span).collect();
    for (placeholder, place) in own.iter().zip(places(view.block, view.packs, &spans)) {
        let name = escape(&placeholder.name);
        let open = format!("<var class=\"variable\" data-variable=\"{name}\" data-place=\"{place}\">");
        lay(placeholder.span, open, "</var>".to_string());
    }
    overlays
}

fn risk_attributes(command: &Command) -> String {
    match command.risk {
        Risk::Destructive | Risk::Disruptive => {
            format!(" data-risk=\"{}\" data-reason=\"{}\"", command.risk.name(), escape(&command.reason))
        }
        Risk::Safe | Risk::Unknown => String::new(),
    }
}

/// The button of one statement among several, named by how the statement begins.
fn button(statement: &str) -> String {
    const CHARS: usize = 60;
    let line = statement.lines().next().unwrap_or_default().trim_end_matches(['\\', ' ', '\t']);
    let mut name: String = line.chars().take(CHARS).collect();
    if name.len() < statement.trim_end().len() {
        name.push_str(" …");
    }
    format!("<button type=\"button\" data-copy hidden aria-label=\"Copy: {}\">Copy</button>", escape(&name))
}

/// From places in the file to places in the text of a block as it is shown.
struct Places<'b> {
    block: &'b CodeBlock,
    text: TextPlaces<'b>,
}

impl<'b> Places<'b> {
    fn of(block: &'b CodeBlock) -> Self {
        Places { block, text: TextPlaces::of(block) }
    }

    fn shown(&self, span: Span) -> Range<usize> {
        let (start, end) = (self.text.offset(span.start), self.text.offset(span.end));
        let Some(redacted) = &self.block.redacted else { return start..end.max(start) };
        let shown = |at: usize, is_end: bool| {
            let count = redacted.hidden.partition_point(|hidden| hidden.end <= at);
            let removed: usize = redacted.hidden[..count].iter().map(|hidden| hidden.len()).sum();
            let before = at - removed + count * redacted.mark.len();
            match redacted.hidden.get(count).filter(|hidden| hidden.start < at) {
                // In the middle of what is hidden: around its mark.
                Some(hidden) => before - (at - hidden.start) + if is_end { redacted.mark.len() } else { 0 },
                None => before,
            }
        };
        let start = shown(start, false);
        start..shown(end, true).max(start)
    }
}

/// Words with which a paragraph says that the block behind it is what a command prints.
const ANNOUNCEMENTS: [&str; 24] = [
    "expected output",
    "expected result",
    "expected response",
    "example output",
    "example response",
    "sample output",
    "output",
    "you should see",
    "expect to see",
    "the output is",
    "erwartete ausgabe",
    "beispielausgabe",
    "ausgabe",
    "sortie attendue",
    "exemple de sortie",
    "salida esperada",
    "salida",
    "saída esperada",
    "verwachte uitvoer",
    "output atteso",
    "ожидаемый вывод",
    "вывод",
    "预期输出",
    "输出",
];

/// Whether a paragraph says that the block behind it is what the command prints.
pub fn announces_output(paragraph: &str) -> bool {
    const SHORT: usize = 60;
    let text = paragraph.trim_end_matches([':', '：', '.', ' ']).to_lowercase();
    ANNOUNCEMENTS.iter().any(|words| text.ends_with(words) || (text.starts_with(words) && text.len() < SHORT))
}

/// A paragraph that says nothing else, as the name of what it announces: `Expected output`.
pub fn only_announces(paragraph: &str) -> Option<&str> {
    let text = paragraph.trim_end_matches([':', '：', '.', ' ']);
    let lower = text.to_lowercase();
    ANNOUNCEMENTS.contains(&lower.as_str()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Redacted;

    #[test]
    fn output_is_announced() {
        for text in ["Expected Output:", "Output", "You should see:", "Example output:", "Erwartete Ausgabe:"] {
            assert!(announces_output(text), "{text}");
        }
        for text in ["Read the output of the last step, then compare it with the list of all nodes below.", ""] {
            assert!(!announces_output(text), "{text}");
        }
        assert_eq!(only_announces("Expected Output:"), Some("Expected Output"));
        assert_eq!(only_announces("Restart it. Expected output:"), None);
    }

    #[test]
    fn places_move_with_what_is_redacted() {
        let block = CodeBlock {
            language: String::new(),
            text: "a SECRET1 b\nc\n".into(),
            redacted: Some(Redacted {
                text: "a [x] b\nc\n".into(),
                hidden: std::iter::once(2..9).collect(),
                mark: "[x]",
            }),
            lines: vec![Span::new(10, 21), Span::new(24, 25)],
            span: Span::new(10, 25),
            fence: Span::default(),
            fenced: true,
            closed: true,
        };
        let places = Places::of(&block);
        let shown = |start: usize, end: usize| &block.shown()[places.shown(Span::new(start, end))];
        assert_eq!(shown(10, 21), "a [x] b");
        assert_eq!(shown(12, 19), "[x]");
        assert_eq!(shown(14, 16), "[x]");
        assert_eq!(shown(20, 25), "b\nc");
        assert_eq!(shown(24, 25), "c");
    }
}
