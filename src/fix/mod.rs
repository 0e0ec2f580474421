//! Fixes: which of them can be made together, the texts that they give, and the proof that they change nothing else.

mod verify;

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Effect, Fix};
use crate::source::{FileId, Source, Span};

/// What one round of fixing gives.
#[derive(Debug, Default)]
pub struct Round {
    /// Texts of the files that change.
    pub texts: BTreeMap<FileId, String>,
    /// Positions of the diagnostics whose fixes were made.
    pub made: Vec<usize>,
    /// Positions of those whose fixes would change more than they declare: a mistake of a rule, not of the author.
    pub refused: Vec<usize>,
}

/// Makes the fixes that do not overlap, in the order of the diagnostics. Those that overlap wait for the next round: their
/// places are other ones then. Each fix is made whole or not at all.
pub fn round(sources: &[Source], diagnostics: &[Diagnostic], unsafe_too: bool) -> Round {
    let mut chosen = select(diagnostics, unsafe_too);
    let mut round = Round::default();
    // The rare case: find the guilty one by trying each alone.
    if !are_sound(sources, diagnostics, &chosen) {
        let (sound, refused) = chosen.iter().partition(|at| are_sound(sources, diagnostics, &[**at]));
        (chosen, round.refused) = (sound, refused);
        if !are_sound(sources, diagnostics, &chosen) {
            // Each is sound, but not all together: one is made now, the others in later rounds.
            chosen.truncate(1);
        }
    }
    for (file, fixes) in by_file(diagnostics, &chosen) {
        let edits = fixes.iter().flat_map(|fix| &fix.edits).filter(|edit| edit.location.file == file);
        round.texts.insert(file, apply(&sources[file.index()].text, edits));
    }
    round.made = chosen;
    round
}

/// The text after the edits. Where edits overlap, the first one wins and the others wait for the next run; of
/// insertions at one place all are made, in the order given.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.location.span.start, edit.location.span.end));
    let mut fixed = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let span = edit.location.span.range();
        let Some(before) = text.get(done..span.start) else { continue };
        fixed.push_str(before);
        fixed.push_str(&edit.replacement);
        done = span.end;
    }
    fixed.push_str(&text[done..]);
    fixed
}

/// Positions of the diagnostics whose fixes are allowed and do not overlap.
fn select(diagnostics: &[Diagnostic], unsafe_too: bool) -> Vec<usize> {
    let mut taken: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
    let mut chosen = Vec::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        let Some(fix) = &diagnostic.finding.fix else { continue };
        let is_free = |edit: &Edit| {
            let taken = taken.get(&edit.location.file).into_iter().flatten();
            !taken.into_iter().any(|span| overlap(*span, edit.location.span))
        };
        if (unsafe_too || fix.applicability == Applicability::Safe) && fix.edits.iter().all(is_free) {
            for edit in &fix.edits {
                taken.entry(edit.location.file).or_default().push(edit.location.span);
            }
            chosen.push(at);
        }
    }
    chosen
}

/// Two insertions at one place can both be made; an insertion at the border of a replacement cannot tell its side.
fn overlap(one: Span, other: Span) -> bool {
    let is_empty = |span: Span| span.start == span.end;
    match (is_empty(one), is_empty(other)) {
        (true, true) => false,
        (false, false) => one.start < other.end && other.start < one.end,
        _ => one.start <= other.end && other.start <= one.end,
    }
}

fn by_file<'d>(diagnostics: &'d [Diagnostic], chosen: &[usize]) -> BTreeMap<FileId, Vec<&'d Fix>> {
    let mut files: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
    for fix in chosen.iter().filter_map(|at| diagnostics[*at].finding.fix.as_ref()) {
        for edit in &fix.edits {
            let fixes = files.entry(edit.location.file).or_default();
            if !fixes.last().is_some_and(|last| std::ptr::eq(*last, fix)) {
                fixes.push(fix);
            }
        }
    }
    files
}

fn are_sound(sources: &[Source], diagnostics: &[Diagnostic], chosen: &[usize]) -> bool {
    by_file(diagnostics, chosen).into_iter().all(|(file, fixes)| {
        let edits: Vec<&Edit> =
            fixes.iter().flat_map(|fix| &fix.edits).filter(|edit| edit.location.file == file).collect();
        let effects: Vec<Effect> = fixes.iter().map(|fix| fix.effect).collect();
        let text = &sources[file.index()].text;
        verify::is_sound(text, &apply(text, edits.iter().copied()), &edits, &effects)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Finding, Level, Location};

    fn edit(start: usize, end: usize, replacement: &str) -> Edit {
        let location = Location { file: FileId(0), span: Span::new(start, end) };
        Edit { location, replacement: replacement.to_string() }
    }

    fn diagnostic(effect: Effect, edits: Vec<Edit>) -> Diagnostic {
        let fix = Fix { applicability: Applicability::Safe, effect, message: String::new(), edits };
        let finding = Finding { fix: Some(fix), ..Finding::new(edit(0, 0, "").location, "", "") };
        Diagnostic { rule: "x", level: Level::Error, finding, fingerprint: String::new() }
    }

    #[test]
    fn overlapping_edits_wait_for_the_next_run() {
        let edits = [edit(4, 6, "X"), edit(1, 3, "Y"), edit(2, 5, "lost"), edit(6, 6, "1"), edit(6, 6, "2")];
        assert_eq!(apply("abcdefg", &edits), "aYdX12g");
    }

    #[test]
    fn a_fix_is_made_whole_or_not_at_all() {
        let sources = [Source::new("a.md", "one two three\n")];
        let first = diagnostic(Effect::Text, vec![edit(0, 3, "1")]);
        let second = diagnostic(Effect::Text, vec![edit(0, 2, "lost"), edit(8, 13, "lost")]);
        let third = diagnostic(Effect::Text, vec![edit(4, 7, "2")]);
        let round = round(&sources, &[first, second, third], false);
        assert_eq!((round.made, round.refused), (vec![0, 2], vec![]));
        assert_eq!(round.texts[&FileId(0)], "1 2 three\n");
    }

    #[test]
    fn a_fix_that_changes_more_than_it_says_is_refused_and_the_others_are_made() {
        let sources = [Source::new("a.md", "# One\n\ntext\n\n## Two\n")];
        let good = diagnostic(Effect::Text, vec![edit(7, 11, "words")]);
        // An open fence swallows the heading behind it.
        let bad = diagnostic(Effect::Text, vec![edit(12, 12, "```\n")]);
        let round = round(&sources, &[good, bad], false);
        assert_eq!((round.made, round.refused), (vec![0], vec![1]));
        assert_eq!(round.texts[&FileId(0)], "# One\n\nwords\n\n## Two\n");
    }
}
