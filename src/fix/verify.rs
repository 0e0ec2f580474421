//! Proves that edits change the rendered page only where and how their fixes declare it. comrak renders both texts; each
//! block of the HTML knows the lines that it came from.

use std::borrow::Cow;

use comrak::{Arena, Options, parse_document};

use crate::diagnostic::{Edit, Effect};

/// Whether `after`, which is `before` with the edits, is what the effects allow:
///
/// - a block that no edit touches renders as before, and all of them stand in the same order;
/// - where all effects are [`Effect::Markup`], the touched blocks hold the same words, and only targets may differ
///   elsewhere, since a definition at the end of a file is used above;
/// - unless one is [`Effect::Code`], every block of code is there as before.
pub fn is_sound(before: &str, after: &str, edits: &[&Edit], effects: &[Effect]) -> bool {
    let (old_lines, new_lines) = touched_lines(before, edits);
    let (old, new) = (blocks(before), blocks(after));
    let (old_touched, old_kept) = split(&old, &old_lines);
    let (new_touched, new_kept) = split(&new, &new_lines);
    let only_markup = effects.iter().all(|effect| *effect == Effect::Markup);
    let same = |(old, new): (&&Block, &&Block)| {
        old.within == new.within
            && (old.html == new.html || only_markup && without_targets(&old.html) == without_targets(&new.html))
    };
    let kept = old_kept.len() == new_kept.len() && old_kept.iter().zip(&new_kept).all(same);
    let words = |touched: &[&Block]| touched.iter().map(|block| words(&block.html)).collect::<Vec<_>>().concat();
    let code = |blocks: &[Block]| -> Vec<String> {
        blocks.iter().filter(|block| block.is_code()).map(|block| self::words(&block.html).concat()).collect()
    };
    kept && (!only_markup || words(&old_touched) == words(&new_touched))
        && (effects.contains(&Effect::Code) || is_within(&code(&old), &code(&new)))
}

/// First and last line, from 1.
type Lines = (usize, usize);

/// The lines that the edits touch before and after.
fn touched_lines(before: &str, edits: &[&Edit]) -> (Vec<Lines>, Vec<Lines>) {
    let mut edits: Vec<&Edit> = edits.to_vec();
    edits.sort_by_key(|edit| (edit.location.span.start, edit.location.span.end));
    let line_of = |offset: usize| before[..offset].matches('\n').count() + 1;
    let (mut old, mut new) = (Vec::new(), Vec::new());
    let mut shift = 0isize;
    for edit in edits {
        let span = edit.location.span.range();
        let is_line_start = |offset: usize| offset == 0 || before[..offset].ends_with('\n');
        let (lines, removed) = (edit.replacement.matches('\n').count(), before[span.clone()].matches('\n').count());
        let first = line_of(span.start);
        let new_first = first.saturating_add_signed(shift);
        // Whole lines that come or go between two others touch neither of them.
        let is_whole = is_line_start(span.start) && (is_line_start(span.end) || span.end == before.len());
        let ends_whole = |text: &str| text.is_empty() || text.ends_with('\n');
        let (old_ends, new_ends) =
            (is_whole && ends_whole(&before[span.clone()]), is_whole && ends_whole(&edit.replacement));
        let last = |first: usize, lines: usize, ends: bool| (first + lines).checked_sub(usize::from(ends));
        old.extend(last(first, removed, old_ends).filter(|last| *last >= first).map(|last| (first, last)));
        new.extend(last(new_first, lines, new_ends).filter(|last| *last >= new_first).map(|last| (new_first, last)));
        shift += lines as isize - removed as isize;
    }
    (old, new)
}

/// A piece of the HTML that begins with the tag of a block.
#[derive(Debug)]
struct Block {
    /// In the Markdown.
    lines: Lines,
    /// The tags of the blocks around it. Those are no blocks of their own here: where a list begins is no change of the
    /// list.
    within: String,
    /// Without the ends of the blocks around it, which belong to where the last one of them stands.
    html: String,
}

impl Block {
    fn is_code(&self) -> bool {
        self.html.starts_with("<pre")
    }
}

const PLACE: &str = " data-sourcepos=\"";

/// Tags within the text of a block.
const INLINE: [&str; 10] = ["a", "code", "em", "strong", "del", "img", "input", "br", "sup", "span"];

/// Blocks that hold others.
const CONTAINERS: [&str; 9] = ["ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "section"];

fn blocks(text: &str) -> Vec<Block> {
    let html = without_comments(&render(text));
    let tag_start = |(at, _): (usize, &str)| html[..at].rfind('<');
    let mut starts: Vec<usize> = html.match_indices(PLACE).filter_map(tag_start).collect();
    starts.dedup();
    starts.retain(|start| !INLINE.contains(&tag_name(&html[*start..])));
    let ends = starts.iter().skip(1).copied().chain([html.len()]);
    let mut open: Vec<String> = Vec::new();
    let mut blocks = Vec::new();
    for (start, end) in starts.iter().copied().zip(ends) {
        let piece = &html[start..end];
        let Some((head, rest)) = piece.split_once(PLACE) else { continue };
        let Some((place, rest)) = rest.split_once('"') else { continue };
        let mut own = without_places(&format!("{head}{rest}"));
        let within = open.concat();
        let mut closed = 0;
        for container in CONTAINERS {
            let closing = format!("</{container}>");
            closed += own.matches(&closing).count();
            own = own.replace(&closing, "");
        }
        if CONTAINERS.contains(&tag_name(head)) {
            let tag_end = own.find('>').map_or(own.len(), |at| at + 1);
            open.push(own[..tag_end].to_string());
            // The text of an item in a tight list is in no block of its own.
            let text = own[tag_end..].trim();
            if !text.is_empty() {
                let first = lines(place).0;
                let last = first + text.matches('\n').count();
                blocks.push(Block { lines: (first, last), within: open.concat(), html: text.to_string() });
            }
        } else {
            // A blank line in one item makes the whole list a loose one: its items get more space and stay the same.
            let own = own.trim_end();
            let in_item =
                own.strip_prefix("<p>").and_then(|own| own.strip_suffix("</p>")).filter(|_| within.ends_with("<li>"));
            blocks.push(Block { lines: lines(place), html: in_item.unwrap_or(own).to_string(), within });
        }
        open.truncate(open.len().saturating_sub(closed));
    }
    blocks
}

/// `<a href` → `a`
fn tag_name(tag: &str) -> &str {
    tag.trim_start_matches('<').split([' ', '>']).next().unwrap_or_default()
}

/// Texts within a block know their places, too.
fn without_places(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, place)) = rest.split_once(PLACE) {
        kept.push_str(before);
        rest = place.split_once('"').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// `3:1-4:10` → 3 and 4
fn lines(place: &str) -> Lines {
    let line = |text: &str| text.split(':').next().and_then(|line| line.parse().ok()).unwrap_or(0);
    place.split_once('-').map_or((0, 0), |(start, end)| (line(start), line(end)))
}

fn render(text: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.alerts = true;
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = if text.starts_with("+++") { "+++" } else { "---" };
    options.extension.front_matter_delimiter = Some(delimiter.to_string());
    options.render.sourcepos = true;
    // Nothing of this HTML is shown to anybody.
    options.render.r#unsafe = true;
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options);
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = comrak::html::format_document(root, &options, &mut html);
    html
}

/// Nobody sees comments on a page, and comrak does not say where they stand.
fn without_comments(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept.push_str(before.trim_end_matches('\n'));
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// The blocks that the lines touch, and the others. A block that holds others is touched only by its own tag, which has
/// no words.
fn split<'b>(blocks: &'b [Block], touched: &[Lines]) -> (Vec<&'b Block>, Vec<&'b Block>) {
    blocks
        .iter()
        .partition(|block| touched.iter().any(|(first, last)| block.lines.0 <= *last && *first <= block.lines.1))
}

/// The HTML without the values of `href` and `src`.
fn without_targets(html: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(html);
    for attribute in ["href=\"", "src=\""] {
        let mut at = 0;
        while let Some(found) = text[at..].find(attribute) {
            let start = at + found + attribute.len();
            let end = text[start..].find('"').map_or(text.len(), |length| start + length);
            text.to_mut().replace_range(start..end, "");
            at = start;
        }
    }
    text
}

/// The words between the tags.
fn words(html: &str) -> Vec<String> {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.split_whitespace().map(str::to_string).collect()
}

/// Whether all of `some` stand in `all`, in their order.
fn is_within(some: &[String], all: &[String]) -> bool {
    let mut all = all.iter();
    some.iter().all(|one| all.any(|other| other == one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Location;
    use crate::source::{FileId, Span};

    /// `«old»new|` in a text is an edit of `old` to `new`.
    fn check(marked: &str, effect: Effect) -> bool {
        let (mut before, mut after) = (String::new(), String::new());
        let mut edits = Vec::new();
        let mut rest = marked;
        while let Some((head, tail)) = rest.split_once('«') {
            let (old, tail) = tail.split_once('»').expect("an old text");
            let (new, tail) = tail.split_once('¦').expect("a new text");
            before.push_str(head);
            after.push_str(head);
            let span = Span::new(before.len(), before.len() + old.len());
            edits.push(Edit { location: Location { file: FileId(0), span }, replacement: new.to_string() });
            before.push_str(old);
            after.push_str(new);
            rest = tail;
        }
        before.push_str(rest);
        after.push_str(rest);
        is_sound(&before, &after, &edits.iter().collect::<Vec<_>>(), &[effect])
    }

    #[test]
    fn what_is_declared_may_change() {
        let cases = [
            ("# A\n\n[x](«b»c¦.md)\n\n- one\n", Effect::Markup),
            ("[x][l]\n\ntext\n\n[l]: «b»c¦.md\n", Effect::Markup),
            ("- a\n- «»[ ] ¦b\n\ntext\n", Effect::Markup),
            ("```«»sh¦\nls\n```\n", Effect::Markup),
            ("# A\n\ntext\n\n«»## B\n\nTODO\n\n¦## C\n\nmore\n", Effect::Text),
            ("# A\n\n**Owner**: x«»\n**Time**: TODO¦\n\n## B\n", Effect::Text),
            ("| A | B |\n|---|---|\n| x | «5»6¦ |\n| y | 7 |\n\nend\n", Effect::Text),
            ("| A |\n|---|\n| x |\n«»| y |\n¦\nend\n", Effect::Text),
            ("text\n\n«<!-- x -->\n»¦more\n", Effect::Markup),
            ("text\n«\n<!-- x -->»¦", Effect::Markup),
            ("- a\n- b\n«»- c\n¦\nend\n", Effect::Text),
            ("«»- z\n¦- a\n- b\n\nend\n", Effect::Text),
            ("- a\n  - b\n«»  - c\n¦- d\n", Effect::Text),
            ("1. [a](x.md) `b`\n«»\n   > x\n\n¦   ```sh\n   ls\n   ```\n2. [c](y.md) `d`\n", Effect::Text),
            ("1. a\n«»\n   > [!WARNING]\n   > x\n\n¦   ```sh\n   ls\n   ```\n2. b\n3. c\n", Effect::Text),
            ("# A\n\ntext\n«»\n## B\n\nTODO\n¦", Effect::Text),
            ("```sh\n«$ »¦ls\n```\n\nend\n", Effect::Code),
            ("---\na: 1«»\nb: 2¦\n---\n# A\n\ntext\n", Effect::Text),
            ("# A\r\n\r\n[x](«b»c¦.md)\r\n", Effect::Markup),
        ];
        for (text, effect) in cases {
            assert!(check(text, effect), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_declared_may_not() {
        let cases = [
            // Another word.
            ("a [x](b.md) «b»c¦\n", Effect::Markup),
            // Another item of the list.
            ("- a\n- «»[ ] ¦b\n- c «d»e¦\n", Effect::Markup),
            ("- a\n«»- b\n  ¦- c\n- d\n", Effect::Markup),
            // An item that was there becomes nested.
            ("- a\n«»- new\n  ¦- b\n\nend\n", Effect::Markup),
            // The list goes on into the next paragraph.
            ("- a\n- b«\n»¦\ntext\n", Effect::Text),
            // The fence swallows what follows.
            ("text\n\n«»```\n¦# A\n\nmore\n", Effect::Text),
            // Code changes.
            ("```sh\n«ls»pwd¦\n```\n", Effect::Text),
            ("```sh\n«$ »¦ls\n```\n", Effect::Markup),
            // The heading becomes text.
            ("# A\n\ntext«\n»¦\n---\n\nmore\n", Effect::Markup),
            // A definition is gone, and the links that used it.
            ("[x][l]\n\n«[l]: b.md»¦\n", Effect::Text),
        ];
        for (text, effect) in cases {
            assert!(!check(text, effect), "{text:?}");
        }
    }
}
