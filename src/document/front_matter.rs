//! YAML (`---`) and TOML (`+++`) front matter at the start of a file.

use std::ops::Range;

use crate::source::Span;

/// Which language the block is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontMatterStyle {
    Yaml,
    Toml,
}

/// A front matter block.
#[derive(Debug)]
pub struct FrontMatter {
    /// The whole block with its fences.
    pub span: Span,
    /// Top-level keys that hold a single value, in the order of the file.
    pub entries: Vec<FrontMatterEntry>,
    /// Top-level keys that hold a list of single values, in the order of the file.
    pub lists: Vec<FrontMatterList>,
    /// Why the block could not be read.
    pub problem: Option<FrontMatterProblem>,
}

/// What the parser of a block said.
#[derive(Debug)]
pub struct FrontMatterProblem {
    pub message: String,
    /// The line that it names, else the opening fence.
    pub span: Span,
}

/// `key: value` of a front matter block.
#[derive(Debug)]
pub struct FrontMatterEntry {
    pub key: String,
    pub value: String,
    /// The line of the entry.
    pub span: Span,
}

/// `key: [value, …]` of a front matter block.
#[derive(Debug)]
pub struct FrontMatterList {
    pub key: String,
    /// Each with the place where it is written, or the line of the key where the block spells it in another way.
    pub values: Vec<(String, Span)>,
}

impl FrontMatter {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&FrontMatterEntry> {
        self.entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key))
    }
}

/// Finds a block that starts at `from` (behind a byte order mark). The body of the file starts at its span's end.
pub fn find(text: &str, from: usize) -> Option<FrontMatter> {
    let (fence, style) = match text.get(from..from + 3)? {
        "---" => ("---", FrontMatterStyle::Yaml),
        "+++" => ("+++", FrontMatterStyle::Toml),
        _ => return None,
    };
    let mut lines = lines(text, from);
    let first = lines.next()?;
    if text[first.clone()].trim_end() != fence {
        return None;
    }
    let close = lines.find(|line| {
        let line = text[line.clone()].trim_end();
        line == fence || (style == FrontMatterStyle::Yaml && line == "...")
    })?;
    let body = first.end..close.start;
    let block = &text[body.clone()];
    let values = match style {
        FrontMatterStyle::Yaml => yaml_values(block),
        FrontMatterStyle::Toml => toml_values(block),
    };
    let (values, problem) = match values {
        Ok(values) => (values, None),
        Err((line, message)) => {
            let at = line.and_then(|line| lines_of(text, body.clone()).nth(line.checked_sub(1)?)).unwrap_or(first);
            let span = Span::new(at.start, at.start + text[at].trim_end().len());
            (Vec::new(), Some(FrontMatterProblem { message, span }))
        }
    };
    let (mut entries, mut lists) = (Vec::new(), Vec::new());
    for (key, value) in values {
        let span = key_line(text, body.clone(), &key);
        match value {
            Value::Single(value) => entries.push(FrontMatterEntry { key, value, span }),
            Value::List(values) => {
                let mut from = span.start as usize;
                let placed = values.into_iter().map(|value| {
                    let at = text[from..body.end].find(value.as_str()).filter(|_| !value.is_empty());
                    let place = at.map_or(span, |at| Span::new(from + at, from + at + value.len()));
                    from = at.map_or(from, |_| place.end as usize);
                    (value, place)
                });
                lists.push(FrontMatterList { values: placed.collect(), key });
            }
        }
    }
    Some(FrontMatter { span: Span::new(from, close.end), entries, lists, problem })
}

fn lines_of(text: &str, body: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    lines(text, body.start).take_while(move |line| line.end <= body.end)
}

/// Ranges of lines, their ends included.
fn lines(text: &str, from: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = from;
    text[from..].split_inclusive('\n').map(move |line| {
        let range = at..at + line.len();
        at = range.end;
        range
    })
}

fn key_line(text: &str, body: Range<usize>, key: &str) -> Span {
    let starts_with_key = |range: &Range<usize>| {
        let line = text[range.clone()].trim_start_matches(['"', '\'']);
        line.strip_prefix(key)
            .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with([':', '=']))
    };
    let line = lines(text, body.start).take_while(|line| line.end <= body.end).find(starts_with_key);
    match line {
        Some(line) => {
            let start = line.start;
            Span::new(start, start + text[line].trim_end().len())
        }
        None => body.into(),
    }
}

/// Keys and values, or what is wrong and in which line of the block, from 1.
type Values = Result<Vec<(String, Value)>, (Option<usize>, String)>;

enum Value {
    Single(String),
    List(Vec<String>),
}

fn yaml_values(block: &str) -> Values {
    if block.trim().is_empty() {
        return Ok(Vec::new());
    }
    let map: Mapping = serde_saphyr::from_str(block).map_err(|error| yaml_problem(&error.to_string()))?;
    Ok(map.0)
}

fn toml_values(block: &str) -> Values {
    let table: toml::Table = toml::from_str(block).map_err(|error| {
        let line = error.span().map(|span| block[..span.start].matches('\n').count() + 1);
        (line, first_line(error.message()))
    })?;
    let single = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Datetime(date) => Some(date.to_string()),
        toml::Value::Array(_) | toml::Value::Table(_) => None,
    };
    let value = |value: &toml::Value| match value {
        toml::Value::Array(values) => Some(Value::List(values.iter().map(single).collect::<Option<_>>()?)),
        value => single(value).map(Value::Single),
    };
    Ok(table.iter().filter_map(|(key, found)| Some((key.clone(), value(found)?))).collect())
}

/// `error: line 6 column 1: duplicate key`
fn yaml_problem(text: &str) -> (Option<usize>, String) {
    let text = first_line(text);
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    // Advice to programmers is none to authors.
    let text = text.split(", set ").next().unwrap_or(text);
    let placed = text.strip_prefix("line ").and_then(|rest| {
        let (place, message) = rest.split_once(": ")?;
        Some((place.split(' ').next()?.parse().ok(), message.to_string()))
    });
    placed.unwrap_or((None, text.to_string()))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_string()
}

/// The single values of a YAML mapping and its lists of such, in their order; other values are passed over.
struct Mapping(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Mapping {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Mapping;
            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("a mapping of keys to values")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Mapping, A::Error> {
                let mut values = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, serde_json::Value>()? {
                    let value = match value {
                        serde_json::Value::Array(values) => {
                            values.into_iter().map(single).collect::<Option<_>>().map(Value::List)
                        }
                        value => single(value).map(Value::Single),
                    };
                    values.extend(value.map(|value| (key, value)));
                }
                Ok(Mapping(values))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

fn single(value: serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_values_keep_their_lines() {
        let text = "---\r\ntitle: \"API down\"\r\ntags: [a, b]\r\nlast_reviewed_on: 2026-01-02\r\nweight: 3\r\n---\r\n# Body\r\n";
        let block = find(text, 0).expect("front matter");
        let entries: Vec<_> = block.entries.iter().map(|e| (e.key.as_str(), e.value.as_str())).collect();
        assert_eq!(entries, [("title", "API down"), ("last_reviewed_on", "2026-01-02"), ("weight", "3")]);
        assert_eq!(&text[block.entries[1].span.range()], "last_reviewed_on: 2026-01-02");
        assert!(text[block.span.end as usize..].starts_with("# Body"));
    }

    #[test]
    fn lists_of_single_values_keep_their_places() {
        let yaml = "---\ntags: [a, a]\naliases:\n  - /old/\n  - \"b.md\"\nnested: [[x]]\nempty: []\n---\n";
        let toml = "+++\naliases = [\"/old/\", \"b.md\"]\n+++\n";
        for text in [yaml, toml] {
            let block = find(text, 0).expect("front matter");
            let list = block.lists.iter().find(|list| list.key == "aliases").expect("a list");
            let values: Vec<_> =
                list.values.iter().map(|(value, span)| (value.as_str(), &text[span.range()])).collect();
            assert_eq!(values, [("/old/", "/old/"), ("b.md", "b.md")]);
        }
        let lists = find(yaml, 0).expect("front matter").lists;
        assert_eq!(lists.iter().map(|list| list.key.as_str()).collect::<Vec<_>>(), ["tags", "aliases", "empty"]);
    }

    #[test]
    fn toml_is_read_and_what_is_no_front_matter_is_left_alone() {
        let block = find("+++\ntitle = 'x'\ndate = 2026-01-02\n+++\n", 0).expect("front matter");
        assert_eq!(block.get("Title").map(|entry| entry.value.as_str()), Some("x"));
        assert_eq!(block.get("date").map(|entry| entry.value.as_str()), Some("2026-01-02"));
        assert!(find("---\nnever closed\n", 0).is_none());
        assert!(find("----\na: b\n----\n", 0).is_none());
        assert!(find("text\n---\na: b\n---\n", 0).is_none());
    }

    #[test]
    fn broken_yaml_is_said_and_not_lost() {
        let block = find("---\ntitle: [\n---\n# T\n", 0).expect("front matter");
        assert!(block.problem.is_some());
        assert_eq!(block.span.end, 17);
    }
}
