//! Text of a template that nobody replaced.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::document::{ProseLine, bracketed, prose};
use crate::rules::Rule;
use crate::source::{Source, Span};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PlaceholderText {}

impl Rule for PlaceholderText {
    const INFO: RuleInfo = RuleInfo {
        name: "placeholder-text",
        group: "sections",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "text of a template that was left in place",
        docs: include_str!("placeholder_text.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let origin = corpus.standard_of(entry).and_then(|standard| standard.origin.location());
        let index = origin.and_then(|origin| corpus.index_at(origin.file));
        let of_template =
            index.and_then(|index| index.template.as_ref()).map(|template| template.placeholders.as_slice());
        let source = corpus.source(entry.file);
        let own = entry.document.front_matter.iter().flat_map(|block| &block.entries);
        let found = own
            .filter(|entry| is_placeholder(entry.value.trim()))
            .map(|entry| (entry.span, entry.value.trim().to_string()))
            .chain(prose(&entry.document).into_iter().filter_map(|line| left(&line, of_template.unwrap_or_default())));
        findings.extend(found.map(|(span, text)| {
            let message = format!("placeholder left in place: `{text}`");
            Finding {
                help: Some("write what belongs here; where nothing does, say why".to_string()),
                ..Finding::new(Location { file: entry.file, span: narrowed(source, span, &text) }, text, message)
            }
        }));
    }
}

/// The placeholder of a line: one of the index's template anywhere, or what is one by itself where nothing else stands
/// beside it but a key.
fn left(line: &ProseLine, of_template: &[String]) -> Option<(Span, String)> {
    let text = line.text.trim();
    let is_of_template = |found: &&str| of_template.iter().any(|placeholder| placeholder == found);
    if !of_template.is_empty()
        && let Some(known) = bracketed(text).find(is_of_template)
    {
        return Some((line.span, known.to_string()));
    }
    let value = text.split_once('：').or_else(|| text.split_once(':')).map(|(_, value)| value.trim());
    let whole = [Some(text), value]
        .into_iter()
        .flatten()
        .find(|part| is_placeholder(part) || (is_ellipsis(part) && !line.listed));
    let to_do = || to_do(text).or_else(|| value.and_then(to_do));
    let filler = || holds_filler(text).then_some("lorem ipsum");
    let found = whole.or_else(to_do).or_else(filler)?;
    Some((line.span, found.to_string()))
}

/// The placeholder alone, where the file has it as one piece.
fn narrowed(source: &Source, line: Span, text: &str) -> Span {
    let at = source.slice(line).rfind(text).map(|at| line.start as usize + at);
    at.map_or(line, |start| Span::new(start, start + text.len()))
}

const TO_DO: [&str; 4] = ["TODO", "FIXME", "TBD", "TBC"];

/// What a line that begins with `TODO` may speak of, rather than be one.
const THINGS: [&str; 8] = ["list", "lists", "item", "items", "board", "file", "comment", "comments"];

/// The word of `TODO`, `TODO: …`, `TBD (Ana)`, `TODO write this`: not `TODO list`, which is a thing.
fn to_do(text: &str) -> Option<&'static str> {
    let bare = text.trim_start_matches(['(', '[', '*', '_']);
    // Every line of every document comes here, and nearly all leave at once.
    if !bare.starts_with(['T', 'F']) {
        return None;
    }
    let (word, rest) = TO_DO.iter().find_map(|word| Some((*word, bare.strip_prefix(word)?)))?;
    let next = rest.split_whitespace().next().unwrap_or_default();
    let is_word = rest.starts_with(char::is_whitespace) && next.starts_with(char::is_lowercase);
    let is_marked = rest.trim_start().starts_with([':', '(', ')', ']', '.', '-', '–', '—', '!', '?']);
    (next.is_empty() || is_marked || (is_word && !THINGS.contains(&next))).then_some(word)
}

fn holds_filler(text: &str) -> bool {
    let may = text.contains("psum") || text.contains("PSUM");
    may && text.to_lowercase().contains("lorem ipsum")
}

/// In a list or a table, it says that there are more.
fn is_ellipsis(text: &str) -> bool {
    ["...", "…"].contains(&text)
}

fn is_placeholder(text: &str) -> bool {
    let date = ["YYYY-MM-DD", "yyyy-mm-dd", "DD/MM/YYYY", "MM/DD/YYYY"];
    date.contains(&text) || is_bracketed(text)
}

/// `[Brief description of …]` and `[Yes/No - Who]`: brackets around words, and nothing beside them.
fn is_bracketed(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    let is_plain = !inner.contains(['[', ']', '`', '=', '\u{fffc}']) && !inner.starts_with(['^', '!', '@', '#']);
    let words = inner.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    is_plain && inner.starts_with(char::is_uppercase) && words > 0 && inner.chars().any(char::is_lowercase)
}
