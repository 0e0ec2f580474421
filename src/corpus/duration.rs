//! Estimates: how long something takes, as authors write it.

/// A length of time in minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration {
    /// `None` where only an upper bound is given.
    pub min_minutes: Option<u32>,
    /// `None` where it has no upper bound: `60+ min`.
    pub max_minutes: Option<u32>,
    /// What one such time is for: `5 minutes per submodule` has `submodule`.
    pub per: Option<String>,
    /// `Varies`: known to be unknown.
    pub varies: bool,
}

/// Unit words and their length in seconds.
const UNITS: [(&[&str], u32); 4] = [
    (
        &[
            "min",
            "mins",
            "minute",
            "minutes",
            "m",
            "minuten",
            "minuto",
            "minutos",
            "minuut",
            "мин",
            "минута",
            "минуты",
            "минут",
            "分钟",
            "分",
        ],
        60,
    ),
    (
        &[
            "h",
            "hr",
            "hrs",
            "hour",
            "hours",
            "std",
            "stunde",
            "stunden",
            "heure",
            "heures",
            "hora",
            "horas",
            "uur",
            "uren",
            "ч",
            "час",
            "часа",
            "часов",
            "小时",
        ],
        3600,
    ),
    (&["s", "sec", "secs", "second", "seconds", "sek", "sekunden", "seconde", "secondes", "сек", "секунд", "秒"], 1),
    (
        &[
            "d", "day", "days", "tag", "tage", "jour", "jours", "día", "días", "dag", "dagen", "день", "дня", "дней",
            "天",
        ],
        86400,
    ),
];

const VARIES: [&str; 12] = [
    "varies",
    "variable",
    "varying",
    "depends",
    "tbd by case",
    "unterschiedlich",
    "variiert",
    "varía",
    "wisselend",
    "зависит",
    "по-разному",
    "视情况",
];

/// Reads an estimate; `None` where it is none. Parentheticals do not count.
pub fn parse_duration(text: &str) -> Option<Duration> {
    read_duration(text).map(|(duration, _)| duration)
}

/// Words that may follow an estimate within a sentence: `5 min max`, `2 h in total`. `5 min after the alert` is none.
const BEHIND: [&str; 16] = [
    "per",
    "each",
    "max",
    "maximum",
    "total",
    "in",
    "or",
    "if",
    "typical",
    "typically",
    "usually",
    "approx",
    "at",
    "for",
    "pro",
    "with",
];

/// Reads an estimate that stands beside other words, and so must be nothing else.
pub fn parse_inner_duration(text: &str) -> Option<Duration> {
    let (duration, rest) = read_duration(text)?;
    let rest = rest.trim_start();
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    (word.is_empty() || BEHIND.contains(&word)).then_some(duration)
}

/// The duration at the beginning of a text, and what follows it, in lower case.
fn read_duration(text: &str) -> Option<(Duration, String)> {
    let outside = without_parentheticals(text);
    // `(2 minutes)` alone is an estimate in parentheses.
    let text = match outside.trim().is_empty() {
        true => text.trim().trim_start_matches(['(', '（']).trim_end_matches([')', '）']).to_lowercase(),
        false => outside.to_lowercase(),
    };
    let text = text.trim().trim_start_matches(['~', '≈']).trim();
    if VARIES.iter().any(|word| text.starts_with(word)) {
        return Some((Duration { min_minutes: None, max_minutes: None, per: None, varies: true }, String::new()));
    }
    let upper_only = ["<", "≤", "up to", "within", "under", "less than", "max", "at most", "bis zu", "unter"];
    let (text, is_upper) = match upper_only.iter().find_map(|word| text.strip_prefix(word)) {
        Some(rest) => (rest.trim_start_matches(['.', ' ', '=']), true),
        None => (text, false),
    };
    let lower_only = [">", "≥", "at least", "over", "more than", "mindestens"];
    let (text, is_lower) = match lower_only.iter().find_map(|word| text.strip_prefix(word)) {
        Some(rest) => (rest.trim_start_matches(['.', ' ', '=']), true),
        None => (text, false),
    };
    let text = ["about", "approx.", "approximately", "around", "ca.", "circa", "roughly", "etwa", "~"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
        .trim_start();
    let (first, rest) = amount(text)?;
    let (open, rest) = match rest.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (first_unit, rest) = unit(rest).map_or((None, rest), |(unit, rest)| (Some(unit), rest));
    let (open, rest) = match rest.trim_start().strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (open, rest),
    };
    let range =
        ["-", "–", "—", "to ", "bis ", "à ", "до ", "~"].iter().find_map(|mark| rest.trim_start().strip_prefix(mark));
    let second = range.and_then(|rest| amount(rest.trim_start()));
    let (low, high, rest) = match second {
        Some((second, rest)) => {
            let (second_unit, rest) = unit(rest)?;
            (seconds(first, first_unit.unwrap_or(second_unit)), seconds(second, second_unit), rest)
        }
        None => {
            let mut total = seconds(first, first_unit?);
            let mut rest = rest;
            // `1 h 30 min`
            while let Some((more, unit, after)) = amount(rest.trim_start().trim_start_matches("and "))
                .and_then(|(more, after)| unit(after).map(|(unit, after)| (more, unit, after)))
            {
                total += seconds(more, unit);
                rest = after;
            }
            (total, total, rest)
        }
    };
    let minutes = |seconds: u32| seconds.div_ceil(60);
    let duration = Duration {
        min_minutes: (!is_upper).then_some(minutes(low)),
        max_minutes: (!is_lower && !open).then_some(minutes(high)),
        per: per(rest),
        varies: false,
    };
    Some((duration, rest.to_string()))
}

fn seconds(amount: f64, unit: u32) -> u32 {
    (amount * f64::from(unit)).round().clamp(0.0, 1e9) as u32
}

fn amount(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    let number = text[..end].trim_end_matches(['.', ',']);
    let value: f64 = number.replace(',', ".").parse().ok()?;
    let rest = &text[number.len()..];
    match rest.strip_prefix('½') {
        Some(rest) => Some((value + 0.5, rest)),
        None => Some((value, rest)),
    }
}

fn unit(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start().trim_start_matches('-');
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let word = &text[..end];
    let (_, seconds) = UNITS.iter().find(|(names, _)| names.contains(&word))?;
    Some((*seconds, text[end..].trim_start_matches('.')))
}

/// `/submodule`, `per submodule`, `each`
fn per(rest: &str) -> Option<String> {
    let rest = rest.trim();
    let named = rest.strip_prefix('/').or_else(|| rest.strip_prefix("per ")).or_else(|| rest.strip_prefix("pro "));
    match named {
        Some(name) => {
            let name = name.trim().split([',', ';', '.']).next().unwrap_or_default().trim();
            (!name.is_empty()).then(|| name.to_string())
        }
        None => rest.starts_with("each").then(|| rest.trim_start_matches("each").trim().to_string()),
    }
}

/// A text without what stands in parentheses.
pub fn without_parentheticals(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut depth = 0usize;
    for character in text.chars() {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<u32>, Option<u32>, Option<String>)> {
        parse_duration(text).map(|duration| (duration.min_minutes, duration.max_minutes, duration.per))
    }

    #[test]
    fn estimates_are_read() {
        let cases = [
            ("5-15 minutes", Some(5), Some(15)),
            ("30-120 minutes (depending on scenario)", Some(30), Some(120)),
            ("~1h", Some(60), Some(60)),
            ("2–4 hours", Some(120), Some(240)),
            ("< 2 min", None, Some(2)),
            ("60+ min", Some(60), None),
            ("1 h 30 min", Some(90), Some(90)),
            ("1.5 hours", Some(90), Some(90)),
            ("45 min to 2 hours", Some(45), Some(120)),
            ("(2 minutes)", Some(2), Some(2)),
            ("90 seconds", Some(2), Some(2)),
            ("about 10 minutes", Some(10), Some(10)),
            ("30-minute window", Some(30), Some(30)),
            ("10 Minuten", Some(10), Some(10)),
        ];
        for (text, min, max) in cases {
            assert_eq!(read(text).map(|(min, max, _)| (min, max)), Some((min, max)), "{text}");
        }
    }

    #[test]
    fn what_one_time_is_for_is_kept() {
        assert_eq!(parse_duration("5 min/submodule"), parse_duration("5 minutes per submodule"));
        assert_eq!(read("5 min/submodule").and_then(|(_, _, per)| per).as_deref(), Some("submodule"));
    }

    #[test]
    fn what_varies_is_known_to_vary_and_nonsense_is_none() {
        assert!(parse_duration("Varies").is_some_and(|duration| duration.varies));
        for text in ["", "soon", "5", "5 apples", "P1", "2026-01-02"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
