//! The edits that number steps anew: the numbers, the anchors that they make, and what refers to either.

use super::misnumbered_step::Numeral;
use crate::corpus::{Corpus, Entry, Fragment, Target};
use crate::diagnostic::{Applicability, Edit, Effect, Fix, Location};
use crate::document::{Anchors, Link, StepReference, step_references};
use crate::source::{FileId, Span};

/// An old number and the one that takes its place.
type Change = (u32, u32);

/// Numbers headings from `start` on, with the links to their anchors in all documents and the "step 3" in the text.
/// `None` where a number or an anchor is not written plainly.
pub fn renumber_headings(corpus: &Corpus<'_>, entry: &Entry<'_>, row: &[Numeral], start: u32) -> Option<Fix> {
    let mut edits = number_edits(entry, row, start)?;
    let anchors = new_anchors(entry, row, start)?;
    let changes = changes(row, start);
    for other in &corpus.entries {
        let mut references: Option<Vec<StepReference>> = None;
        for (link, target) in other.document.links.iter().zip(&other.targets) {
            let Some(anchor) = changed_anchor(entry, &anchors, target) else { continue };
            edits.extend(link_edit(corpus, other, link, anchor));
            // In the own document all text is looked through below.
            if other.file != entry.file {
                let references = references.get_or_insert_with(|| step_references(&other.document));
                edits.extend(reference_edits(other.file, references, link.span, &changes, &[]));
            }
        }
    }
    let numbers: Vec<Span> = row.iter().filter_map(|numeral| numeral.digits).collect();
    let within = around(entry, row);
    edits.extend(reference_edits(entry.file, &step_references(&entry.document), within, &changes, &numbers));
    Some(fix(edits))
}

/// Numbers list items from `start` on, with the "step 3" in the section. `None` where another width of the number would
/// move what belongs to the item out of it.
pub fn renumber_items(corpus: &Corpus<'_>, entry: &Entry<'_>, row: &[Numeral], start: u32) -> Option<Fix> {
    let width = |number: u32| number.to_string().len();
    let moves = |(old, new): &Change, numeral: &Numeral| {
        let text = corpus.source(entry.file).slice(entry.document.items[numeral.node].span);
        width(*old) != width(*new) && text.trim_end().contains('\n')
    };
    let all: Vec<Change> = row.iter().enumerate().map(|(at, own)| (own.number, start + at as u32)).collect();
    if all.iter().zip(row).any(|(change, numeral)| moves(change, numeral)) {
        return None;
    }
    let mut edits = number_edits(entry, row, start)?;
    let section = entry.document.heading_over(row.first()?.span.start).map(|over| entry.document.section_span(over));
    let within = section.unwrap_or(Span { start: 0, end: row.first()?.span.start });
    edits.extend(reference_edits(entry.file, &step_references(&entry.document), within, &changes(row, start), &[]));
    Some(fix(edits))
}

fn fix(mut edits: Vec<Edit>) -> Fix {
    edits.sort_by_key(|edit| (edit.location.file, edit.location.span.start));
    edits.dedup();
    Fix {
        applicability: Applicability::Unsafe,
        effect: Effect::Text,
        message: "number the steps anew".to_string(),
        edits,
    }
}

fn number_edits(entry: &Entry<'_>, row: &[Numeral], start: u32) -> Option<Vec<Edit>> {
    let digits: Option<Vec<Span>> = row.iter().map(|numeral| numeral.digits).collect();
    let numbers = digits?.into_iter().zip(row).zip(start..);
    let changed = numbers.filter(|((_, numeral), new)| numeral.number != *new);
    Some(changed.map(|((span, _), new)| edit(entry.file, span, new.to_string())).collect())
}

/// What becomes of numbers that stand once: text that speaks of them can be changed.
fn changes(row: &[Numeral], start: u32) -> Vec<Change> {
    let count = |number: u32| row.iter().filter(|numeral| numeral.number == number).count();
    let all = row.iter().zip(start..).map(|(numeral, new)| (numeral.number, new));
    all.filter(|(old, new)| old != new && count(*old) == 1).collect()
}

/// Old and new anchors, where they differ, of all headings: other headings' may change as well, where texts become one.
fn new_anchors(entry: &Entry<'_>, row: &[Numeral], start: u32) -> Option<Vec<(String, String)>> {
    let (mut old, mut new) = (Anchors::default(), Anchors::default());
    let mut changed = Vec::new();
    for (index, heading) in entry.document.headings.iter().enumerate() {
        let numbered = row.iter().position(|numeral| numeral.node == index);
        let text = match numbered {
            Some(at) => heading.text.replacen(&row[at].number.to_string(), &(start + at as u32).to_string(), 1),
            None => heading.text.clone(),
        };
        let (before, after) = (old.next(&heading.text), new.next(&text));
        // A heading with markup that leaves spaces behind makes an anchor that its text does not tell.
        if before != heading.anchor && numbered.is_some() {
            return None;
        }
        if before != after {
            changed.push((heading.anchor.clone(), after));
        }
    }
    Some(changed)
}

fn changed_anchor<'a>(entry: &Entry<'_>, anchors: &'a [(String, String)], target: &Target) -> Option<&'a str> {
    let Target::Document { file, fragment: Fragment::Found(fragment) } = target else { return None };
    let changed = anchors.iter().find(|(old, _)| *file == entry.file && old == fragment)?;
    Some(&changed.1)
}

fn link_edit(corpus: &Corpus<'_>, entry: &Entry<'_>, link: &Link, anchor: &str) -> Option<Edit> {
    let written = corpus.source(entry.file).slice(link.target_span);
    let at = link.target_span.start as usize + written.rfind('#')? + 1;
    Some(edit(entry.file, Span { start: at as u32, end: link.target_span.end }, anchor.to_string()))
}

/// Where text speaks of these steps: the section that they stand in, the whole document where they have none.
fn around(entry: &Entry<'_>, row: &[Numeral]) -> Span {
    let whole = Span { start: 0, end: u32::MAX };
    let Some(first) = row.first() else { return whole };
    let over =
        crate::corpus::parent(&entry.document, first.node).filter(|over| entry.document.headings[*over].level > 1);
    over.map_or(whole, |over| entry.document.section_span(&entry.document.headings[over]))
}

fn reference_edits(
    file: FileId,
    references: &[StepReference],
    within: Span,
    changes: &[Change],
    numbers: &[Span],
) -> Vec<Edit> {
    let inside =
        references.iter().filter(|reference| within.contains(reference.span) && !numbers.contains(&reference.span));
    let changed = inside.filter_map(|reference| {
        let (_, new) = changes.iter().find(|(old, _)| *old == reference.number)?;
        Some(edit(file, reference.span, new.to_string()))
    });
    changed.collect()
}

fn edit(file: FileId, span: Span, replacement: String) -> Edit {
    Edit { location: Location { file, span }, replacement }
}
