//! Builds the search index: pages in, classic script files out, so that one path serves `file://` and http.
//!
//! ```text
//! pages ─┬▶ words ─▶ vocabulary + postings ─┐
//!        └▶ text ──▶ dictionary + numbers ──┴▶ search/index.js, for a large site also postings-*.js and text-*.js
//! ```
//! A *unit* is what a posting points at: each page, followed by its sections, counted over the whole site. Every file is
//! one call of `RunbookSearch.load`; `themes/default/assets/search-engine.js` reads them back.

mod codec;
mod text;
mod words;

use codec::{Digits, join_sorted, script, symbol};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};
use text::{COMMAND, Counter, Dictionary, END};

/// One page as the search sees it.
#[derive(Debug, Clone, Default)]
pub struct SearchPage {
    /// Path relative to the site root, not percent-encoded, such as `database/failover.html`.
    pub url: String,
    pub title: String,
    /// `runbook`, `index` or `page`.
    pub kind: &'static str,
    pub owner: Option<String>,
    pub category: Option<String>,
    pub priorities: Vec<String>,
    pub risk: Option<&'static str>,
    /// Other names of the page, matched like titles: its file name, its scenarios in the index.
    pub keywords: Vec<String>,
    pub sections: Vec<SearchSection>,
}

/// A heading and what stands under it, up to the next heading of any level.
#[derive(Debug, Clone, Default)]
pub struct SearchSection {
    /// Id of the heading in the page; `None` for the text before the first heading.
    pub anchor: Option<String>,
    pub heading: String,
    pub is_step: bool,
    /// Prose as it is read, without markup. White space is collapsed here.
    pub body: String,
    /// Commands as a person runs them, one each; not part of `body`.
    pub commands: Vec<String>,
}

/// When the index is split, and into what sizes.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Bytes of postings up to which they stay in `search/index.js`, and of postings and text together up to which the
    /// text does too.
    pub inline_up_to: usize,
    /// Aimed size in bytes of each file of postings or text beyond that.
    pub part_size: usize,
}

impl Default for Layout {
    /// A file of a megabyte or two is read from disk while the first word is typed; a part of 96 kB within milliseconds.
    fn default() -> Layout {
        Layout { inline_up_to: 1 << 20, part_size: 96 << 10 }
    }
}

/// Builds the index in the default [`Layout`].
///
/// Returns each file's path relative to the site root (`search/index.js`, …) and its bytes, sorted by path; the same
/// pages give the same bytes.
pub fn build(pages: &[SearchPage]) -> Vec<(String, Vec<u8>)> {
    build_with(pages, Layout::default())
}

/// Builds the index in a given layout.
pub fn build_with(pages: &[SearchPage], layout: Layout) -> Vec<(String, Vec<u8>)> {
    let readable: Vec<ReadablePage> = pages.iter().map(ReadablePage::new).collect();
    let dictionary = dictionary(&readable);
    let index = Postings::read(&readable);
    let postings = split(index.pack(), layout.part_size);
    let texts = split(readable.iter().flat_map(|page| page.packed_texts(&dictionary)).collect(), layout.part_size);

    let mut head = json!({
        "part": "index",
        "weak": words::WEAK,
        "urls": shared_beginnings(pages.iter().map(|page| page.url.as_str())),
        "names": readable.iter().map(|page| page.packed_names(&dictionary)).collect::<Vec<_>>(),
        "sections": pages.iter().map(|page| page.sections.len()).collect::<Vec<_>>(),
        "facts": facts(pages),
        "dictionary": dictionary.to_json(),
        "vocabulary": join_sorted(index.vocabulary()),
        "ends": index.digits.ends,
        "postings": postings.iter().map(|part| part.first).collect::<Vec<_>>(),
        "texts": texts.iter().map(|part| part.first).collect::<Vec<_>>(),
    });
    let postings: Vec<Value> = postings.into_iter().map(|part| part.items.concat().into()).collect();
    let texts: Vec<Value> = texts.into_iter().map(|part| part.items.into()).collect();
    let id = fingerprint([&head].into_iter().chain(&postings).chain(&texts));
    head["id"] = json!(id);

    head["inline"] = json!({});
    let mut files = Vec::new();
    let mut size = 0;
    for (name, parts) in [("postings", postings), ("text", texts)] {
        size += parts.iter().map(|part| part.to_string().len()).sum::<usize>();
        if size <= layout.inline_up_to {
            head["inline"][name] = parts.into();
            continue;
        }
        for (number, data) in parts.into_iter().enumerate() {
            let file = json!({ "part": name, "number": number, "id": id, "data": data });
            files.push((format!("search/{name}-{number}.js"), script(&file)));
        }
    }
    files.push((INDEX.to_owned(), script(&head)));
    files.sort();
    files
}

const INDEX: &str = "search/index.js";

/// A page whose texts are ready to be packed: white space collapsed, names that repeat the title left out.
struct ReadablePage<'a> {
    title: String,
    keywords: Vec<String>,
    sections: Vec<ReadableSection<'a>>,
}

struct ReadableSection<'a> {
    section: &'a SearchSection,
    heading: String,
    body: String,
    commands: Vec<String>,
}

impl<'a> ReadablePage<'a> {
    fn new(page: &'a SearchPage) -> Self {
        let mut named = HashSet::from([plain_name(&page.title)]);
        let keywords = page.keywords.iter().map(|keyword| collapse(keyword));
        Self {
            title: collapse(&page.title),
            keywords: keywords.filter(|keyword| named.insert(plain_name(keyword))).collect(),
            sections: page.sections.iter().map(ReadableSection::new).collect(),
        }
    }

    /// Title, keywords, then per section its attributes and its heading, each ended by [`END`].
    fn packed_names(&self, dictionary: &Dictionary) -> String {
        let mut out = String::new();
        let mut push = |text: &str| {
            dictionary.push(text, &mut out);
            dictionary.push_number(END, &mut out);
        };
        push(&self.title);
        push(&self.keywords.join("\n"));
        let mut slugs = HashMap::new();
        for section in &self.sections {
            section.pack_name(dictionary, &mut slugs, &mut out);
        }
        out
    }

    fn packed_texts(&self, dictionary: &Dictionary) -> Vec<String> {
        let pack = |section: &ReadableSection| {
            let mut out = String::new();
            dictionary.push(&section.body, &mut out);
            for command in &section.commands {
                dictionary.push_number(COMMAND, &mut out);
                dictionary.push(command, &mut out);
            }
            out
        };
        self.sections.iter().map(pack).collect()
    }
}

impl<'a> ReadableSection<'a> {
    fn new(section: &'a SearchSection) -> Self {
        Self {
            section,
            heading: collapse(&section.heading),
            body: collapse(&section.body),
            commands: section.commands.iter().map(|command| collapse(command)).collect(),
        }
    }

    /// Attributes, then the heading: 1 for a step, plus twice how the anchor is found: 0 there is none, 1 it is the
    /// heading's slug, 2 it is the slug with a number, which follows, 3 it is spelled out behind the heading.
    fn pack_name(&self, dictionary: &Dictionary, slugs: &mut HashMap<String, u32>, out: &mut String) {
        let slug = slug(&self.heading);
        let repeats = *slugs.entry(slug.clone()).and_modify(|times| *times += 1).or_insert(0);
        let numbered = format!("{slug}-{repeats}");
        let (how, number, spelled) = match self.section.anchor.as_deref() {
            None => (0, None, None),
            Some(anchor) if anchor == slug => (1, None, None),
            Some(anchor) if anchor == numbered => (2, Some(repeats), None),
            Some(anchor) => (3, None, Some(anchor)),
        };
        dictionary.push_number(u32::from(self.section.is_step) + 2 * how, out);
        if let Some(number) = number {
            dictionary.push_number(number, out);
        }
        for text in [Some(self.heading.as_str()), spelled].into_iter().flatten() {
            dictionary.push(text, out);
            dictionary.push_number(END, out);
        }
    }
}

fn dictionary<'a>(pages: &'a [ReadablePage]) -> Dictionary<'a> {
    let mut counter = Counter::default();
    for page in pages {
        counter.add(&page.title);
        page.keywords.iter().for_each(|keyword| counter.add(keyword));
        for section in &page.sections {
            counter.add(&section.heading);
            counter.add(&section.body);
            section.commands.iter().for_each(|command| counter.add(command));
        }
    }
    counter.dictionary()
}

/// What a heading's anchor usually is: GitHub's rule. The engine's `slug` follows the same.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A name without spaces, punctuation, case and marks: `clear-the-redis-cache` names what `Clear the Redis cache` does.
fn plain_name(name: &str) -> String {
    words::words(name).into_iter().flat_map(|word| word.parts).collect()
}

fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Where in a unit a word stands, as bits; the engine's boosts are per bit.
#[derive(Clone, Copy, PartialEq)]
enum Field {
    Title = 1,
    Keyword = 2,
    Body = 8,
    Command = 16,
    Heading = 32,
}

impl Field {
    /// The bit within its kind of unit: a page has a title and keywords, a section the rest.
    fn bit(self) -> u8 {
        match self {
            Field::Title | Field::Keyword => self as u8,
            Field::Body | Field::Command | Field::Heading => self as u8 >> 3,
        }
    }

    fn is_name(self) -> bool {
        matches!(self, Field::Title | Field::Keyword | Field::Heading)
    }
}

/// Combinations of field bits in one posting.
const FIELD_SETS: u32 = 7;

/// Beyond these a compound in running text is a path or a hash: nobody types it whole, its parts are found.
const LONGEST_COMPOUND: usize = 4;
const LONGEST_TERM: usize = 32;
/// Longer numbers in running text are times and identifiers.
const LONGEST_NUMBER: usize = 6;

/// Each term with the units it occurs in, sorted by term.
struct Postings {
    terms: Vec<(String, Vec<(u32, u8)>)>,
    digits: Digits,
}

impl Postings {
    fn read(pages: &[ReadablePage]) -> Postings {
        let mut reader =
            Reader { weak: words::WEAK.split_whitespace().collect(), numbers: HashMap::new(), units: vec![] };
        let mut unit = 0;
        for page in pages {
            reader.read(unit, Field::Title, &page.title);
            page.keywords.iter().for_each(|keyword| reader.read(unit, Field::Keyword, keyword));
            for section in &page.sections {
                unit += 1;
                reader.read(unit, Field::Heading, &section.heading);
                reader.read(unit, Field::Body, &section.body);
                section.commands.iter().for_each(|command| reader.read(unit, Field::Command, command));
            }
            unit += 1;
        }
        reader.finish()
    }

    fn vocabulary(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|(term, _)| term.as_str())
    }

    /// Per term the number of its units less one, then per unit its distance to the one before and its fields.
    fn pack(&self) -> Vec<String> {
        let pack = |units: &Vec<(u32, u8)>| {
            let mut out = String::new();
            posting_numbers(units, |number| self.digits.push(number, &mut out));
            out
        };
        self.terms.iter().map(|(_, units)| pack(units)).collect()
    }
}

fn posting_numbers(units: &[(u32, u8)], mut found: impl FnMut(u32)) {
    found(units.len() as u32 - 1);
    let mut next = 0;
    for &(unit, fields) in units {
        found((unit - next) * FIELD_SETS + u32::from(fields) - 1);
        next = unit + 1;
    }
}

/// Collects postings; the map only finds a term's place, the order comes from sorting.
struct Reader {
    weak: HashSet<&'static str>,
    numbers: HashMap<String, usize>,
    units: Vec<Vec<(u32, u8)>>,
}

impl Reader {
    fn read(&mut self, unit: u32, field: Field, text: &str) {
        for word in words::words(text) {
            let short_compound = word.parts.len() <= LONGEST_COMPOUND;
            let compound = word.parts.len() > 1;
            if let Some(whole) = word.whole.filter(|_| field.is_name() || short_compound) {
                self.add(unit, field, whole, false);
            }
            for part in word.parts {
                self.add(unit, field, part, compound);
            }
        }
    }

    fn add(&mut self, unit: u32, field: Field, term: String, is_part: bool) {
        if !field.is_name() && (self.weak.contains(term.as_str()) || !is_worth_finding(&term, is_part)) {
            return;
        }
        let known = self.numbers.get(&term).copied();
        let number = known.unwrap_or_else(|| {
            self.numbers.insert(term, self.units.len());
            self.units.push(Vec::new());
            self.units.len() - 1
        });
        let units = &mut self.units[number];
        match units.last_mut() {
            Some((last, fields)) if *last == unit => *fields |= field.bit(),
            _ => units.push((unit, field.bit())),
        }
    }

    fn finish(mut self) -> Postings {
        let terms = self.numbers.into_iter().map(|(term, number)| (term, std::mem::take(&mut self.units[number])));
        let mut terms: Vec<(String, Vec<(u32, u8)>)> = terms.collect();
        terms.sort_unstable();
        let mut histogram: HashMap<u32, u32> = HashMap::new();
        for (_, units) in &terms {
            posting_numbers(units, |number| *histogram.entry(number).or_default() += 1);
        }
        let digits = Digits::best_for(&histogram.into_iter().collect::<Vec<_>>());
        Postings { terms, digits }
    }
}

/// Whether running text is indexed by a term: not by single letters, long numbers, hashes.
fn is_worth_finding(term: &str, is_part: bool) -> bool {
    let digits = term.bytes().filter(u8::is_ascii_digit).count();
    let shortest = if digits == term.len() && is_part { 3 } else { 2 };
    if term.is_ascii() && term.len() < shortest || term.chars().count() > LONGEST_TERM {
        return false;
    }
    let is_hash = term.len() >= 12 && digits >= 3 && term.bytes().all(|byte| byte.is_ascii_hexdigit());
    !(digits == term.len() && digits > LONGEST_NUMBER || is_hash)
}

/// What filters and kinds need: the values in use, and per page its values' numbers (0 for none).
fn facts(pages: &[SearchPage]) -> Value {
    let table = |values: &dyn Fn(&SearchPage) -> Vec<String>| {
        let used: BTreeSet<String> = pages.iter().flat_map(values).collect();
        let used: Vec<String> = used.into_iter().collect();
        let number = |value: &String| used.binary_search(value).map_or(0, |at| at + 1);
        let numbers = |page: &SearchPage| values(page).iter().map(number).collect::<Vec<_>>();
        let per_page: Vec<Value> = pages
            .iter()
            .map(|page| match numbers(page).as_slice() {
                [] => json!(0),
                [one] => json!(one),
                several => json!(several),
            })
            .collect();
        if used.is_empty() { json!([[], []]) } else { json!([used, per_page]) }
    };
    json!({
        "kind": table(&|page| vec![page.kind.to_owned()]),
        "owner": table(&|page| page.owner.iter().cloned().collect()),
        "category": table(&|page| page.category.iter().cloned().collect()),
        "priority": table(&|page| page.priorities.clone()),
        "risk": table(&|page| page.risk.iter().map(|risk| risk.to_string()).collect()),
    })
}

/// Each text as one symbol for how many characters it shares with the one before, then the rest.
fn shared_beginnings<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut previous = "";
    let mut out = Vec::new();
    for text in texts {
        let same = |(a, b): &(char, char)| a == b && a.len_utf16() == 1;
        let shared = previous.chars().zip(text.chars()).take_while(same).count().min(codec::RADIX as usize - 1);
        out.push(std::iter::once(symbol(shared as u32)).chain(text.chars().skip(shared)).collect());
        previous = text;
    }
    out
}

/// Consecutive items that make one file, and the number of the first.
struct Part {
    first: usize,
    items: Vec<String>,
}

fn split(items: Vec<String>, part_size: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut room = 0;
    for (number, item) in items.into_iter().enumerate() {
        if room < item.len() {
            room = part_size.max(item.len());
            parts.push(Part { first: number, items: Vec::new() });
        }
        room -= item.len();
        if let Some(part) = parts.last_mut() {
            part.items.push(item);
        }
    }
    parts
}

/// Names one build of the index, so that a browser never mixes parts of two (64-bit FNV-1a, in hexadecimal).
fn fingerprint<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in values.flat_map(|value| value.to_string().into_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(url: &str, title: &str, body: &str) -> SearchPage {
        let section = SearchSection {
            anchor: Some("steps".into()),
            heading: "Steps".into(),
            body: body.into(),
            ..Default::default()
        };
        SearchPage {
            url: url.into(),
            title: title.into(),
            kind: "runbook",
            sections: vec![section],
            ..Default::default()
        }
    }

    fn pages() -> Vec<SearchPage> {
        vec![
            page("a.html", "Etcd no leader", "the quorum is lost"),
            page("b.html", "KubePodCrashLooping", "a pod restarts"),
        ]
    }

    #[test]
    fn a_small_site_is_one_file() {
        let files = build(&pages());
        assert_eq!(files.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["search/index.js"]);
        assert!(files[0].1.starts_with(b"RunbookSearch.load({"));
    }

    #[test]
    fn a_large_site_is_split_and_sorted() {
        let files = build_with(&pages(), Layout { inline_up_to: 0, part_size: 8 });
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert!(paths.is_sorted() && paths.contains(&"search/postings-1.js") && paths.contains(&"search/text-0.js"));
    }

    #[test]
    fn the_same_pages_give_the_same_bytes() {
        assert_eq!(build(&pages()), build(&pages()));
    }

    #[test]
    fn no_pages_give_an_index_too() {
        assert_eq!(build(&[]).len(), 1);
    }

    #[test]
    fn compounds_are_found_whole_and_by_parts() {
        let pages = pages();
        let index = Postings::read(&pages.iter().map(ReadablePage::new).collect::<Vec<_>>());
        let terms: Vec<&str> = index.vocabulary().collect();
        for term in ["kubepodcrashlooping", "crash", "leader", "quorum"] {
            assert!(terms.contains(&term), "{term} in {terms:?}");
        }
        assert!(!terms.contains(&"the"));
    }

    #[test]
    fn hashes_and_timestamps_are_not_worth_finding() {
        assert!(!is_worth_finding("4f2a9c1b77de", false));
        assert!(!is_worth_finding("1732406400", false));
        assert!(is_worth_finding("9090", false) && is_worth_finding("p0", false) && is_worth_finding("库", false));
    }
}
