//! The words of a document, by which a change of what it says is told from one of its form or its metadata.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::metadata::{Metadata, Value, head_end, read_metadata};
use crate::document::Document;
use crate::settings::Fact;
use crate::source::{Source, Span};

/// What one version of a document says.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// Letters and digits of the text; of code its punctuation, too. Metadata, link targets and comments are left out.
    pub text: String,
    /// The value of Last Updated, as written.
    pub last_updated: Option<String>,
}

/// Reads the words of a document.
pub fn words(source: &Source, document: &Document<'_>) -> Words {
    let metadata = read_metadata(source, document);
    let head_end = head_end(document);
    // A value may go on over the line's end, so that the paragraph is taken as a whole.
    let is_metadata = |span: Span| document.metadata.iter().any(|line| line.span.start == span.start);
    let head = document.paragraphs.iter().map(|paragraph| paragraph.span);
    let head = head.filter(|span| span.start < head_end && is_metadata(*span));
    let mut facts: Vec<Span> = head.chain(metadata.iter().map(|(_, value)| value.span)).collect();
    facts.extend(revision_histories(document));
    facts.sort_unstable();
    let is_fact = |at: u32| {
        let before = facts.partition_point(|span| span.start <= at);
        facts[..before].iter().any(|span| at < span.end)
    };
    let mut text = String::with_capacity(source.text.len());
    let mut in_code = false;
    for (event, range) in &document.events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) | Event::Code(_) if is_fact(range.start as u32) => {}
            Event::Text(said) if in_code => text.extend(said.chars().filter(|c| is_said_by_code(*c))),
            Event::Code(said) => text.extend(said.chars().filter(|c| c.is_alphanumeric())),
            Event::Text(said) => {
                let words = said.split_whitespace().map(without_number);
                text.extend(words.flat_map(str::chars).filter(|c| c.is_alphanumeric()));
            }
            _ => {}
        }
    }
    Words { text, last_updated: metadata.get(Fact::LastUpdated).map(|value| value.text.clone()) }
}

/// Formatters of code move white space, and add or change quotes and trailing commas.
fn is_said_by_code(character: char) -> bool {
    character.is_alphanumeric() || character.is_ascii_punctuation() && !"'\"`,;".contains(character)
}

/// `2.` and `2.Stop` without the number: formatters make items of a list out of such lines, and lines of items.
fn without_number(word: &str) -> &str {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = word.len() - rest.len();
    match rest.strip_prefix(['.', ')']) {
        Some(rest) if (1..=2).contains(&digits) && !rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => word,
    }
}

/// What the rows of a Revision History say is said of the document, not by it.
fn revision_histories(document: &Document<'_>) -> impl Iterator<Item = Span> {
    let is_history = |text: &str| {
        let text = text.to_lowercase();
        ["revision", "change log", "changelog", "version history"].iter().any(|name| text.contains(name))
    };
    let headings = document.headings.iter().filter(move |heading| is_history(&heading.text));
    headings.map(|heading| Span { start: heading.span.start, end: heading.section_end })
}

/// Keys of dates that do not claim to be those of the last change: a review changes nothing, and `date` may be that of the
/// first version.
const OTHER_DATES: [&str; 4] = ["review", "verif", "prüf", "проверк"];
const BARE_DATES: [&str; 4] = ["date", "datum", "дата", "stand"];

/// The date of the last change, as the document states it.
pub fn stated_change(metadata: &Metadata) -> Option<&Value> {
    let value = metadata.get(Fact::LastUpdated)?;
    let key = value.key.to_lowercase();
    let claims_a_change = !OTHER_DATES.iter().any(|word| key.contains(word)) && !BARE_DATES.contains(&key.as_str());
    claims_a_change.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    fn read(text: &str) -> Words {
        let source = Source::new("a.md", text);
        words(&source, &parse(&source))
    }

    #[test]
    fn a_list_that_became_lines_says_the_same() {
        let list = "# T\n\n1. **Stop** it\n2. Wait 2.5 hours\n";
        assert_eq!(read("# T\n\n1.**Stop** it 2.Wait 2.5 hours\n").text, read(list).text);
        assert_ne!(read("# T\n\n1. **Stop** it\n2. Wait 3.5 hours\n").text, read(list).text);
    }

    const TEXT: &str =
        "# T\n\n**Last Updated**: 2026-01-01\n\n## A\n\nRun it *now*, [see](a.md).\n\n```sh\nrm a\n```\n";

    #[test]
    fn form_and_metadata_are_no_words() {
        for changed in [
            "# T\n\n**Last Updated**: 2026-02-02\n**Owner**: Ana\n\n## A\n\nRun it *now*, [see](a.md).\n\n```sh\nrm a\n```\n",
            "T\n=\n\n**Last Updated**: 2026-01-01\n\n## A\n\n- Run it __now__,\n  [see](b.md).\n\n~~~bash\nrm  a\n~~~\n",
            "---\nowner: Ana\n---\n# T\n\n## A\n\n<!-- why -->\nRun it now, see.\n\n    rm a\n",
            "# T\n\n## A\n\nRun it now, see.\n\n```\nrm a\n```\n\n## Revision History\n\n|a|\n|-|\n|2026|\n",
        ] {
            assert_eq!(read(changed).text, read(TEXT).text, "{changed}");
        }
    }

    #[test]
    fn words_and_commands_are() {
        for (old, new) in [("Run", "Do not run"), ("rm a", "rm -f a"), ("## A", "## B")] {
            assert_ne!(read(&TEXT.replace(old, new)).text, read(TEXT).text, "{new}");
        }
        let code = |code: &str| read(&TEXT.replace("rm a", code)).text;
        assert_eq!(code("send('a', b)"), code("send(\n  \"a\",\n  b,\n);"));
        assert_eq!(read(TEXT).last_updated.as_deref(), Some("2026-01-01"));
    }

    #[test]
    fn dates_of_reviews_claim_no_change() {
        let claims = |line: &str| {
            let source = Source::new("a.md", format!("# T\n\n{line}\n"));
            stated_change(&read_metadata(&source, &parse(&source))).is_some()
        };
        assert!(claims("**Last Updated**: 2026-01-01") && claims("Updated: 2026-01-01"));
        assert!(!claims("**Last Reviewed**: 2026-01-01") && !claims("**Date**: 2026-01-01"));
    }
}
