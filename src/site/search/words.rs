//! Reads text into the words it can be found by.
//!
//! `themes/default/assets/search-engine.js` reads queries by the same rules (`fold`, `tokens`): change both together.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One written word, folded: `KubePod-crashing` has the whole `kubepodcrashing` and the parts `kube`, `pod`,
/// `crashing`. A plain word is its own only part. Scripts without spaces have pairs of characters as parts and no whole.
#[derive(Debug, PartialEq)]
pub struct Word {
    pub whole: Option<String>,
    pub parts: Vec<String>,
}

/// Words so common that bodies are not indexed by them, and queries weigh them little: English, German, Russian.
pub const WEAK: &str = "a an and are as at be but by can could did do does for from had has have he her his how i if in \
    into is it its just me my no not of on or our please she should so than that the their them then there these they \
    this to up was we were what when where which who why will with would you your \
    aber als am auf aus bei das dass dem den der des die ein eine einem einen einer er es fur ich im ist man mit nach \
    nicht oder sich sie sind so soll und von vom was werden wie wir wird wo zu zum zur \
    а без бы в во вы для до если же за и из или к как когда кто ли мы на не но о об он они от по при с со то только \
    у что чтобы это я";

/// Reads every word of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_word_char) {
        let word = &rest[start..];
        let end = end_of_word(word);
        read_word(&word[..end], &mut found);
        rest = &word[end..];
    }
    found
}

/// Appends a character in lower case and without its diacritics (`Ü` as `u`, `ß` as `ss`).
pub fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for lower in c.to_lowercase() {
        match PLAIN_LETTERS.get(&lower) {
            Some(plain) => out.push_str(plain),
            None if is_mark(lower) => {}
            None => out.push(lower),
        }
    }
}

/// Whether a character belongs to a script that is written without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Characters that hold one written word together when a letter or digit stands on either side.
const JOINERS: [char; 5] = ['.', '_', '-', '\'', '’'];

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Length in bytes of the word that a text starts with.
fn end_of_word(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_word = chars.peek().is_some_and(|&(_, next)| is_word_char(next));
        let joins = JOINERS.contains(&c) && next_is_word;
        if !joins && !is_word_char(c) {
            return at;
        }
    }
    text.len()
}

fn read_word(written: &str, found: &mut Vec<Word>) {
    if !written.contains(is_unspaced) {
        found.push(compound(written));
        return;
    }
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let unspaced = is_unspaced(first);
        let end = rest.find(|c| is_unspaced(c) != unspaced).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if unspaced {
            found.push(Word { whole: None, parts: pairs(run) });
        } else if run.contains(is_word_char) {
            found.push(compound(run));
        }
        rest = after;
    }
}

/// `数据库` as `数据`, `据库`; one character alone stays one.
fn pairs(run: &str) -> Vec<String> {
    let chars: Vec<char> = run.chars().collect();
    if chars.len() < 2 {
        return vec![run.to_owned()];
    }
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

fn compound(written: &str) -> Word {
    let mut parts = Vec::new();
    for piece in written.split(['.', '_', '-']) {
        for part in camel_parts(piece) {
            let mut folded = String::with_capacity(part.len());
            part.chars().filter(|c| is_word_char(*c)).for_each(|c| fold(c, &mut folded));
            if !folded.is_empty() {
                parts.push(folded);
            }
        }
    }
    let whole = (parts.len() > 1).then(|| parts.concat());
    Word { whole, parts }
}

/// `NodeRAIDDegraded` as `Node`, `RAID`, `Degraded`; a plural acronym (`VMs`) stays whole.
fn camel_parts(piece: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = piece.char_indices().collect();
    let case = |i: usize| chars.get(i).map(|&(_, c)| c);
    let upper = |i: usize| case(i).is_some_and(char::is_uppercase);
    let lower = |i: usize| case(i).is_some_and(char::is_lowercase);
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 1..chars.len() {
        let plural_end = case(i + 1) == Some('s') && i + 2 == chars.len();
        let word_begins = upper(i) && !upper(i - 1);
        let acronym_ends = upper(i - 1) && upper(i) && lower(i + 1) && !plural_end;
        if word_begins || acronym_ends {
            parts.push(&piece[start..chars[i].0]);
            start = chars[i].0;
        }
    }
    parts.push(&piece[start..]);
    parts
}

static PLAIN_LETTERS: LazyLock<HashMap<char, &'static str>> = LazyLock::new(|| {
    PLAIN.iter().flat_map(|&(plain, letters)| letters.chars().map(move |letter| (letter, plain))).collect()
});

/// What a lower-case letter is without its marks. Same as Unicode NFD without U+0300–U+036F for Latin, Greek and
/// Cyrillic (what the engine does in the browser), and the letters that have no decomposition.
const PLAIN: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
    ("ae", "æ"),
    ("b", "ḃḅḇ"),
    ("c", "çćĉċčḉ"),
    ("d", "ďḋḍḏḑḓđð"),
    ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ("f", "ḟ"),
    ("g", "ĝğġģǧǵḡ"),
    ("h", "ĥȟḣḥḧḩḫẖħ"),
    ("i", "ìíîïĩīĭįǐȉȋḭḯỉịı"),
    ("j", "ĵǰ"),
    ("k", "ķǩḱḳḵ"),
    ("l", "ĺļľḷḹḻḽł"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňǹṅṇṉṋ"),
    ("o", "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợø"),
    ("oe", "œ"),
    ("p", "ṕṗ"),
    ("r", "ŕŗřȑȓṙṛṝṟ"),
    ("s", "śŝşšșṡṣṥṧṩ"),
    ("ss", "ß"),
    ("t", "ţťțṫṭṯṱẗ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ("v", "ṽṿ"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("x", "ẋẍ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹ"),
    ("z", "źżžẑẓẕ"),
    ("α", "ά"),
    ("ε", "έ"),
    ("η", "ή"),
    ("ι", "ΐίϊ"),
    ("ο", "ό"),
    ("σ", "ς"),
    ("υ", "ΰϋύ"),
    ("ω", "ώ"),
    ("а", "ӑӓ"),
    ("г", "ѓ"),
    ("е", "ѐёӗ"),
    ("ж", "ӂӝ"),
    ("з", "ӟ"),
    ("и", "йѝӣӥ"),
    ("к", "ќ"),
    ("о", "ӧ"),
    ("у", "ўӯӱӳ"),
    ("ч", "ӵ"),
    ("ы", "ӹ"),
    ("э", "ӭ"),
    ("і", "ї"),
    ("ә", "ӛ"),
    ("ө", "ӫ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, &[&str])]) {
        let found: Vec<(String, Vec<String>)> =
            words(text).into_iter().map(|word| (word.whole.unwrap_or_default(), word.parts)).collect();
        let expect: Vec<(String, Vec<String>)> = expect
            .iter()
            .map(|(whole, parts)| (whole.to_string(), parts.iter().map(|part| part.to_string()).collect()))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn splits_camel_case_and_keeps_acronyms() {
        check("KubePodCrashLooping", &[("kubepodcrashlooping", &["kube", "pod", "crash", "looping"])]);
        check("NodeRAIDDegraded", &[("noderaiddegraded", &["node", "raid", "degraded"])]);
        check("VMs etcdNoLeader", &[("", &["vms"]), ("etcdnoleader", &["etcd", "no", "leader"])]);
    }

    #[test]
    fn splits_kebab_snake_and_dotted_names() {
        check(
            "rotating-rds.credentials, max_wal_size.",
            &[("rotatingrdscredentials", &["rotating", "rds", "credentials"]), ("maxwalsize", &["max", "wal", "size"])],
        );
    }

    #[test]
    fn folds_case_and_diacritics() {
        check("Überprüfung straße", &[("", &["uberprufung"]), ("", &["strasse"])]);
        check("Всё ещё", &[("", &["все"]), ("", &["еще"])]);
        check("u\u{308}ber don't", &[("", &["uber"]), ("", &["dont"])]);
    }

    #[test]
    fn reads_unspaced_scripts_by_pairs() {
        check("重启etcd集群。库", &[("", &["重启"]), ("", &["etcd"]), ("", &["集群"]), ("", &["库"])]);
        check("数据库", &[("", &["数据", "据库"])]);
    }
}
