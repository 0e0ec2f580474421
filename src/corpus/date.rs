//! Calendar dates and review intervals, as authors write them.

use jiff::ToSpan;
use jiff::civil::Date;

/// Reads `2026-01-02` and nothing else.
pub fn parse_date(text: &str) -> Option<Date> {
    // jiff reads other ISO forms too; the standard asks for this one.
    let is_plain = text.len() == 10 && text.as_bytes()[4] == b'-';
    text.parse().ok().filter(|_| is_plain)
}

/// The date with which a value starts: a time, a version or a name may follow it.
pub fn stated_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let ends = match rest.chars().next() {
        Some('T') => rest[1..].starts_with(|c: char| c.is_ascii_digit()),
        Some('-') => rest.len() == 1 || rest.starts_with("- "),
        Some(next) => !next.is_alphanumeric(),
        None => true,
    };
    parse_date(date).filter(|_| ends)
}

/// The date that a value in another form means, where it can mean only one: `2025/12/22`, `22 December 2025`,
/// `Dec 22nd, 2025`, `22.12.2025`. `05/12/2025` is two dates and so none.
pub fn meant_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(|c: char| " ,./-".contains(c)).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    match (number(first), number(second), number(third)) {
        (Some(year), Some(month), Some(day)) if first.len() == 4 => civil(year, month, day),
        (Some(a), Some(b), Some(year)) if third.len() == 4 && a > 12 => civil(year, b, a),
        (Some(a), Some(b), Some(year)) if third.len() == 4 && (b > 12 || a == b) => civil(year, a, b),
        (Some(day), None, Some(year)) if third.len() == 4 => civil(year, month(second)?, day),
        (None, Some(day), Some(year)) if third.len() == 4 => civil(year, month(first)?, day),
        _ => None,
    }
}

fn civil(year: u16, month: u16, day: u16) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// `22`, `22nd`
fn number(text: &str) -> Option<u16> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ordinal = ["", "st", "nd", "rd", "th"].contains(&text[digits.len()..].to_ascii_lowercase().as_str());
    digits.parse().ok().filter(|_| ordinal)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// `December`, `Dec`, `Sept`
fn month(text: &str) -> Option<u16> {
    let text = text.to_lowercase();
    let at = MONTHS.iter().position(|name| text.len() >= 3 && name.starts_with(&text))?;
    Some(at as u16 + 1)
}

/// How often something is reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub months: i32,
    pub days: i32,
}

impl Interval {
    /// The day on which an interval that starts at `from` ends.
    pub fn after(self, from: Date) -> Option<Date> {
        from.checked_add(self.months.months().days(self.days)).ok()
    }
}

/// Words for an interval, and its months and days.
const INTERVALS: [(&[&str], i32, i32); 4] = [
    (&["day", "days", "daily", "d"], 0, 1),
    (&["week", "weeks", "weekly", "w"], 0, 7),
    (&["month", "months", "monthly", "quarter", "quarters", "quarterly"], 1, 0),
    (&["year", "years", "yearly", "annual", "annually", "y"], 12, 0),
];

/// Reads `6 months`, `90 days`, `quarterly`, `every 2 years`.
pub fn parse_interval(text: &str) -> Option<Interval> {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("every").unwrap_or(&text).trim_start_matches([' ', '~']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let count: i32 = if digits == 0 { 1 } else { text[..digits].parse().ok()? };
    let word = text[digits..].trim_start_matches([' ', '-']);
    let word = &word[..word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len())];
    let (_, months, days) = INTERVALS.iter().find(|(words, ..)| words.contains(&word))?;
    let count = count.checked_mul(if word.starts_with("quarter") { 3 } else { 1 })?;
    Some(Interval { months: months.checked_mul(count)?, days: days.checked_mul(count)? }).filter(|_| count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_value_may_go_on_after_its_date() {
        let cases = [
            ("2025-12-22", true),
            ("2025-12-22T10:00:00Z", true),
            ("2025-12-22 (v2)", true),
            ("2025-12-22, by Ana", true),
            ("2025-12-220", false),
            ("2025-12-22-23", false),
            ("2025-02-30", false),
            ("20251222", false),
        ];
        for (text, is_date) in cases {
            assert_eq!(stated_date(text).is_some(), is_date, "{text}");
        }
    }

    #[test]
    fn other_forms_are_read_where_they_mean_one_date() {
        for text in [
            "2025/12/22",
            "2025-12-22",
            "22 December 2025",
            "December 22, 2025",
            "Dec 22nd 2025",
            "22-Dec-2025",
            "22.12.2025",
            "12/22/2025",
            "2025.12.22",
        ] {
            assert_eq!(meant_date(text), Some(date(2025, 12, 22)), "{text}");
        }
        assert_eq!(meant_date("2025-1-5"), Some(date(2025, 1, 5)));
        for text in ["December 2025", "05/12/2025", "22/12/25", "2025-02-30", "soon", "Q4 2025", "1 2 3"] {
            assert_eq!(meant_date(text), None, "{text}");
        }
    }

    #[test]
    fn intervals_are_read() {
        let cases = [
            ("6 months", Some((6, 0))),
            ("90 days", Some((0, 90))),
            ("quarterly", Some((3, 0))),
            ("Every 2 years", Some((24, 0))),
            ("6-monthly", Some((6, 0))),
            ("2 weeks", Some((0, 14))),
            ("sometimes", None),
            ("0 days", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_interval(text).map(|i| (i.months, i.days)), expected, "{text}");
        }
        let quarter = parse_interval("quarterly").expect("an interval");
        assert_eq!(quarter.after(date(2025, 11, 30)), Some(date(2026, 2, 28)));
    }
}
