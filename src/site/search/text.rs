//! Packs running text: each word and each piece of punctuation becomes the number of its entry in one dictionary, the
//! frequent ones a single digit. About half the size of the text, and any snippet can be read on its own.

use super::codec::{Digits, join_sorted};
use std::collections::HashMap;

/// Number that ends a text inside a list of texts.
pub const END: u32 = 0;
/// Number that starts a command; everything before the first is prose.
pub const COMMAND: u32 = 1;
/// Number that announces a word spelled out: its length in UTF-16 units follows, then the word.
const SPELLED: u32 = 2;
/// Number of the first dictionary entry.
const FIRST_ENTRY: u32 = 3;

/// The words and punctuation of a whole site, and how many digits each takes.
pub struct Dictionary<'a> {
    digits: Digits,
    numbers: HashMap<&'a str, u32>,
    classes: Vec<Vec<&'a str>>,
}

/// Counts pieces of text towards a [`Dictionary`].
#[derive(Default)]
pub struct Counter<'a> {
    counts: HashMap<&'a str, u32>,
    texts: u32,
}

impl<'a> Counter<'a> {
    pub fn add(&mut self, text: &'a str) {
        self.texts += 1;
        pieces(text, |piece| *self.counts.entry(piece).or_default() += 1);
    }

    /// Keeps what occurs at least twice. Entries of equal length in digits are sorted, as their order is free and sorted
    /// words pack well.
    pub fn dictionary(self) -> Dictionary<'a> {
        let mut entries: Vec<(&str, u32)> = self.counts.into_iter().collect();
        // The map's order is arbitrary: most frequent first, then by text.
        entries.sort_unstable_by_key(|&(piece, times)| (std::cmp::Reverse(times), piece));
        let single: u32 = entries.iter().filter(|entry| !is_kept(entry)).map(|entry| entry.1).sum();
        entries.retain(is_kept);

        let mut histogram = vec![(END, self.texts), (COMMAND, self.texts), (SPELLED, single)];
        histogram.extend((FIRST_ENTRY..).zip(&entries).map(|(number, &(_, times))| (number, times)));
        let digits = Digits::best_for(&histogram);

        let mut classes: Vec<Vec<&str>> = Vec::new();
        for (number, &(piece, _)) in (FIRST_ENTRY..).zip(&entries) {
            let class = digits.count(number) as usize;
            if classes.len() < class {
                classes.resize(class, Vec::new());
            }
            classes[class - 1].push(piece);
        }
        classes.iter_mut().for_each(|class| class.sort_unstable_by_key(|piece| (is_word(piece), *piece)));
        let numbers = classes.iter().flatten().copied().zip(FIRST_ENTRY..).collect();
        Dictionary { digits, numbers, classes }
    }
}

impl Dictionary<'_> {
    /// As the engine reads it: `[ends, [punctuation, words], …]`, one pair per length in digits.
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = vec![serde_json::json!(self.digits.ends)];
        for class in &self.classes {
            let (words, punctuation): (Vec<&str>, Vec<&str>) = class.iter().partition(|piece| is_word(piece));
            json.push(serde_json::json!([punctuation, join_sorted(words)]));
        }
        json.into()
    }

    /// Appends a text.
    pub fn push(&self, text: &str, out: &mut String) {
        pieces(text, |piece| match self.numbers.get(piece) {
            Some(&number) => self.digits.push(number, out),
            None => {
                self.digits.push(SPELLED, out);
                self.digits.push(piece.encode_utf16().count() as u32, out);
                out.push_str(piece);
            }
        });
    }

    /// Appends a bare number: [`END`], [`COMMAND`] or an attribute.
    pub fn push_number(&self, number: u32, out: &mut String) {
        self.digits.push(number, out);
    }
}

/// Spelling a single piece out costs less than an entry.
fn is_kept(entry: &(&str, u32)) -> bool {
    entry.1 >= 2
}

/// Calls `found` for each run of letters and digits and each run of what lies between. A single space between two words
/// is left out: the reader puts it back.
fn pieces<'a>(text: &'a str, mut found: impl FnMut(&'a str)) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = is_word_char(first);
        let end = rest.find(|c| is_word_char(c) != word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let between_words = rest.len() < text.len() && !after.is_empty();
        if !(piece == " " && between_words) {
            found(piece);
        }
        rest = after;
    }
}

fn is_word(piece: &str) -> bool {
    piece.starts_with(is_word_char)
}

/// Letters and digits of any script; the engine's `\p{Alphabetic}` and `\p{N}`.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_pieces(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        pieces(text, |piece| all.push(piece));
        all
    }

    #[test]
    fn a_space_between_words_costs_nothing() {
        assert_eq!(all_pieces("Fence the old primary."), ["Fence", "the", "old", "primary", "."]);
        assert_eq!(all_pieces(" -n x "), [" -", "n", "x", " "]);
    }

    #[test]
    fn frequent_words_take_one_digit_and_rare_ones_are_spelled() {
        let text = "pod pod pod pod node node disk";
        let mut counter = Counter::default();
        counter.add(text);
        let dictionary = counter.dictionary();
        let mut packed = String::new();
        dictionary.push("pod node disk", &mut packed);
        assert_eq!(packed.len(), 2 + "xxdisk".len());
        assert!(packed.ends_with("disk"));
    }

    #[test]
    fn the_dictionary_does_not_depend_on_map_order() {
        let text = (0..200).map(|n| format!("w{} w{} ", n, n * 7 % 200)).collect::<String>();
        let build = || {
            let mut counter = Counter::default();
            counter.add(&text);
            counter.dictionary().to_json().to_string()
        };
        assert_eq!(build(), build());
    }
}
