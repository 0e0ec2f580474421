//! Packs numbers and sorted words into strings that are one byte a character, need no escape in a script, and are
//! quick to read back in a browser.

/// The digits: printable ASCII without `"`, `\` and `<`, which a string in a script must escape.
pub const RADIX: u32 = 92;

/// Splits worth trying: with fewer digits on either side a large number would take more than twelve.
const SPLITS: std::ops::RangeInclusive<u32> = 8..=84;

/// Marks how many leading characters a word shares with the one before it. None of these occurs in a word.
const SHARED: &[u8; 28] = b"!#$%&'()*+,-./:;=>?@[]^_`{|}";

/// How a stream of numbers is split into digits: those below `ends` end a number, the others carry on.
///
/// A number below `ends` is one digit long, one below `ends + ends * (RADIX - ends)` two, and so on ("(s,c)-dense
/// code"). The best split depends on the numbers, so it is chosen per stream and written beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Digits {
    pub ends: u32,
}

impl Digits {
    /// Chooses the split that makes the given numbers shortest; each is a value and how often it occurs.
    pub fn best_for(numbers: &[(u32, u32)]) -> Digits {
        let length = |ends: u32| -> u64 {
            let digits = Digits { ends };
            numbers.iter().map(|&(value, times)| u64::from(digits.count(value)) * u64::from(times)).sum()
        };
        let ends = SPLITS.min_by_key(|&ends| length(ends)).unwrap_or(RADIX / 2);
        Digits { ends }
    }

    /// How many digits a number takes.
    pub fn count(self, value: u32) -> u32 {
        let mut rest = value / self.ends;
        let mut count = 1;
        while rest > 0 {
            rest = (rest - 1) / (RADIX - self.ends);
            count += 1;
        }
        count
    }

    /// Appends a number, its ending digit last.
    pub fn push(self, value: u32, out: &mut String) {
        let mut digits = [0; 12];
        let mut count = 1;
        digits[0] = value % self.ends;
        let mut rest = value / self.ends;
        while rest > 0 {
            rest -= 1;
            digits[count] = self.ends + rest % (RADIX - self.ends);
            rest /= RADIX - self.ends;
            count += 1;
        }
        out.extend(digits[..count].iter().rev().map(|&digit| symbol(digit)));
    }
}

/// The character of a digit (`0..RADIX`).
pub fn symbol(digit: u32) -> char {
    // Skips `"`, `<` and `\` in turn.
    let code = match digit {
        0..2 => digit + 0x20,
        2..27 => digit + 0x21,
        27..58 => digit + 0x22,
        _ => digit + 0x23,
    };
    char::from_u32(code).unwrap_or(' ')
}

/// Joins sorted words of letters and digits, each as a mark for the beginning it shares with the one before, then the
/// rest of it.
pub fn join_sorted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    let mut previous = "";
    for word in words {
        let shared = shared_chars(previous, word).min(SHARED.len() - 1);
        out.push(char::from(SHARED[shared]));
        out.extend(word.chars().skip(shared));
        previous = word;
    }
    out
}

/// Number of UTF-16 units two words have in common at their beginning; a character beyond the BMP ends the count, so
/// that the browser never cuts one in half.
fn shared_chars(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y && x.len_utf16() == 1).count()
}

/// Puts a value into a script as a call: safe inside `<script>` in HTML, and in engines before ES2019.
pub fn script(value: &serde_json::Value) -> Vec<u8> {
    let json = value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    format!("RunbookSearch.load({json});\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(digits: Digits, text: &str) -> Vec<u32> {
        let value = |c: char| (0..RADIX).find(|&digit| symbol(digit) == c).expect("a digit");
        let (mut numbers, mut rest) = (Vec::new(), 0);
        for digit in text.chars().map(value) {
            if digit < digits.ends {
                numbers.push(rest * digits.ends + digit);
                rest = 0;
            } else {
                rest = rest * (RADIX - digits.ends) + digit - digits.ends + 1;
            }
        }
        numbers
    }

    #[test]
    fn numbers_come_back_whatever_the_split() {
        let numbers = [0, 1, 45, 46, 91, 92, 2161, 2162, 97_000, u32::MAX];
        for ends in SPLITS {
            let digits = Digits { ends };
            let mut text = String::new();
            numbers.iter().for_each(|&number| digits.push(number, &mut text));
            assert_eq!(read_back(digits, &text), numbers, "split at {ends}");
            assert_eq!(text.len() as u32, numbers.iter().map(|&number| digits.count(number)).sum::<u32>());
        }
    }

    #[test]
    fn small_numbers_get_a_split_of_one_digit_each() {
        assert!(Digits::best_for(&[(3, 100), (80, 50)]).ends > 80);
    }

    #[test]
    fn symbols_need_no_escape() {
        let all: String = (0..RADIX).map(symbol).collect();
        assert!(all.chars().all(|c| (' '..='~').contains(&c) && !"\"\\<".contains(c)));
        assert_eq!(all.len(), all.chars().collect::<std::collections::BTreeSet<_>>().len());
    }

    #[test]
    fn sorted_words_share_their_beginnings() {
        assert_eq!(join_sorted(["etcd", "etcdctl", "event"]), "!etcd&ctl#vent");
    }

    #[test]
    fn scripts_hold_no_closing_tag_and_no_line_separator() {
        let script = String::from_utf8(script(&serde_json::json!("</script>\u{2028}<!--"))).expect("UTF-8");
        assert_eq!(script, "RunbookSearch.load(\"\\u003c/script>\\u2028\\u003c!--\");\n");
    }
}
