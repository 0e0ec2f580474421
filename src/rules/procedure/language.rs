//! What is written in a code block that does not say it. Sure or silent: a wrong label is worse than none.

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Code of a language, by the name that a fence takes.
    Code(&'static str),
    /// Output, a log, a drawing, a table, a plain value: nothing to highlight or to run.
    Text,
    Unknown,
}

/// Reads what a block holds by its form alone. `is_shell` says whether it can be read as commands of a shell.
pub fn content(text: &str, is_shell: bool) -> Content {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let is_shown = lines.is_empty() || is_drawing(&lines) || is_table(&lines);
    if lines.iter().any(|line| is_request(line)) {
        return Content::Unknown;
    }
    let recognised = || LANGUAGES.iter().find(|(_, is_it)| is_it(text, &lines)).map(|(name, _)| *name);
    match is_shell {
        // Commands with what they printed, without a prompt to tell them apart.
        true if is_shown || is_log(&lines) => Content::Unknown,
        _ if is_shown => Content::Text,
        _ => match recognised() {
            Some(name) => Content::Code(name),
            None if is_shell => Content::Code("bash"),
            None if is_log(&lines) || is_prose(&lines) || are_values(&lines) || is_form(&lines) => Content::Text,
            None => Content::Unknown,
        },
    }
}

/// `DELETE /api/accounts/7`: a request in words, which no shell and no database runs.
fn is_request(line: &str) -> bool {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
    line.trim_start().split_once(' ').is_some_and(|(first, rest)| methods.contains(&first) && rest.starts_with('/'))
}

type Recogniser = fn(&str, &[&str]) -> bool;

/// In the order in which they are tried: what can be told by one mark goes first.
const LANGUAGES: [(&str, Recogniser); 12] = [
    ("diff", |_, lines| is_diff(lines)),
    ("mermaid", |_, lines| is_mermaid(lines)),
    ("json", |text, _| is_json(text)),
    ("xml", |text, _| is_xml(text)),
    ("dockerfile", |_, lines| is_dockerfile(lines)),
    ("powershell", |_, lines| is_powershell(lines)),
    ("sql", |text, lines| is_sql(text, lines)),
    ("hcl", |_, lines| is_hcl(lines)),
    ("toml", |_, lines| is_ini(lines) && has_toml_values(lines)),
    ("ini", |_, lines| is_ini(lines)),
    ("python", |_, lines| is_python(lines)),
    ("yaml", |_, lines| is_yaml(lines)),
];

fn is_diff(lines: &[&str]) -> bool {
    lines[0].starts_with("diff --git ") || (lines[0].starts_with("--- ") && lines.iter().any(|l| l.starts_with("+++ ")))
}

fn is_mermaid(lines: &[&str]) -> bool {
    let first = lines[0].split_whitespace().next().unwrap_or_default();
    ["flowchart", "sequenceDiagram", "stateDiagram-v2", "gantt", "erDiagram"].contains(&first)
        || ["graph TD", "graph LR", "graph TB"].iter().any(|start| lines[0].starts_with(start))
}

/// A document, or the inside of an object.
fn is_json(text: &str) -> bool {
    let text = text.trim();
    let is_whole = text.starts_with(['{', '[']) && text.contains(['"', '{']);
    let parses = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    (is_whole && parses(text))
        || (text.starts_with('"') && text.contains("\":") && parses(&format!("{{{}}}", text.trim_end_matches(','))))
}

fn is_xml(text: &str) -> bool {
    let text = text.trim();
    let body = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(text, |(_, rest)| rest.trim());
    let Some(rest) = body.strip_prefix('<') else { return false };
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || ":._-".contains(*c)).collect();
    !name.is_empty() && body.ends_with(&format!("</{name}>"))
}

const INSTRUCTIONS: [&str; 16] = [
    "FROM",
    "RUN",
    "COPY",
    "ADD",
    "ENV",
    "ARG",
    "CMD",
    "ENTRYPOINT",
    "EXPOSE",
    "USER",
    "WORKDIR",
    "VOLUME",
    "LABEL",
    "HEALTHCHECK",
    "SHELL",
    "ONBUILD",
];

fn is_dockerfile(lines: &[&str]) -> bool {
    let mut goes_on = false;
    let mut count = 0;
    for line in lines.iter().filter(|line| !line.trim_start().starts_with('#')) {
        let first = line.split(' ').next().unwrap_or_default();
        if !goes_on {
            count += 1;
            if !INSTRUCTIONS.contains(&first) {
                return false;
            }
        }
        goes_on = line.ends_with('\\');
    }
    count > 1
}

const VERBS: [&str; 32] = [
    "Add",
    "Clear",
    "Connect",
    "Copy",
    "Disable",
    "Disconnect",
    "Enable",
    "Export",
    "ForEach",
    "Get",
    "Grant",
    "Import",
    "Install",
    "Invoke",
    "Move",
    "New",
    "Out",
    "Register",
    "Remove",
    "Rename",
    "Reset",
    "Restart",
    "Resume",
    "Select",
    "Set",
    "Start",
    "Stop",
    "Suspend",
    "Test",
    "Uninstall",
    "Update",
    "Write",
];

fn is_powershell(lines: &[&str]) -> bool {
    lines.iter().any(|line| {
        let line = line.trim_start();
        let line = match line.split_once(" = ") {
            Some((name, value)) if name.starts_with('$') && !name.contains(' ') => value,
            _ => line,
        };
        let command = line.split([' ', '|']).next().unwrap_or_default();
        command.split_once('-').is_some_and(|(verb, noun)| {
            VERBS.contains(&verb) && noun.starts_with(char::is_uppercase) && noun.chars().all(char::is_alphanumeric)
        })
    })
}

/// First words of a statement, and what must follow in it.
const STATEMENTS: [(&str, &[&str]); 16] = [
    ("select", &["from", "count", "pg_", "now("]),
    ("insert", &["into"]),
    ("update", &["set"]),
    ("delete", &["from"]),
    ("create", &["table", "index", "user", "role", "database", "extension", "view", "publication", "subscription"]),
    ("alter", &["table", "index", "user", "role", "database", "system", "default", "publication", "subscription"]),
    ("drop", &["table", "index", "user", "role", "database", "view", "owned", "publication", "subscription"]),
    ("grant", &["to"]),
    ("revoke", &["from"]),
    ("with", &["as ("]),
    ("explain", &["select", "update", "delete"]),
    ("truncate", &["table", ";"]),
    ("vacuum", &[";", "analyze", "full", "verbose"]),
    ("reindex", &["table", "index", "database"]),
    ("show", &["tables", "databases", "grants", "processlist", ";"]),
    ("set", &["global ", "session ", "local "]),
];

fn is_sql(text: &str, lines: &[&str]) -> bool {
    let code: Vec<&str> = lines.iter().copied().filter(|line| !line.trim_start().starts_with("--")).collect();
    let Some(first) = code.first().map(|line| line.trim_start()) else { return false };
    let word = first.split([' ', '(', ';']).next().unwrap_or_default();
    let is_marked = word.chars().all(char::is_uppercase) || text.trim_end().ends_with(';');
    let lower = text.to_lowercase();
    is_marked
        && word.chars().all(|c| c.is_ascii_alphabetic())
        && STATEMENTS.iter().any(|(start, needed)| {
            word.eq_ignore_ascii_case(start) && needed.iter().any(|needed| lower.contains(needed))
        })
}

fn is_hcl(lines: &[&str]) -> bool {
    let code: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.starts_with(['#', '/'])).collect();
    let (Some(first), Some(last)) = (code.first(), code.last()) else { return false };
    let opens_block = ["resource \"", "module \"", "variable \"", "data \"", "provider \"", "output \"", "locals {"]
        .iter()
        .chain(&["terraform {", "backend \"", "moved {", "import {"])
        .any(|start| first.starts_with(start))
        && first.contains('{');
    let opens_value = first.split_once(" = ").is_some_and(|(name, value)| {
        is_identifier(name.trim_end()) && matches!(value.trim(), "{" | "[") && code.len() > 2
    });
    (opens_block || opens_value) && last.ends_with(['}', ']'])
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Sections with settings in them.
fn is_ini(lines: &[&str]) -> bool {
    let is_comment = |line: &&&str| line.trim_start().starts_with(['#', ';']);
    let code: Vec<&str> = lines.iter().filter(|line| !is_comment(line)).map(|line| line.trim()).collect();
    let is_section = |line: &str| {
        line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(|name| {
            name.starts_with(|c: char| c.is_alphabetic() || c == '[') && !name.contains(['=', ',', '{'])
        })
    };
    let is_setting = |line: &str| line.split_once('=').is_some_and(|(key, _)| !key.trim().is_empty());
    code.first().is_some_and(|first| is_section(first))
        && code.iter().any(|line| is_setting(line))
        && code.iter().all(|line| is_section(line) || is_setting(line))
}

fn has_toml_values(lines: &[&str]) -> bool {
    let values: Vec<&str> =
        lines.iter().filter_map(|line| line.split_once('=')).map(|(_, value)| value.trim()).collect();
    let is_plain = |value: &&str| {
        value.starts_with(['"', '[', '{', '\'']) || value.parse::<f64>().is_ok() || ["true", "false"].contains(value)
    };
    values.iter().all(is_plain) && values.iter().any(|value| value.starts_with(['"', '\'']))
}

fn is_python(lines: &[&str]) -> bool {
    let Some(first) = lines.iter().find(|line| !line.starts_with('#')) else { return false };
    let imports = |line: &str| {
        let plain = !line.contains([';', '\'', '"', '{']);
        plain && (line.starts_with("import ") || (line.starts_with("from ") && line.contains(" import ")))
    };
    let defines = |line: &str| (line.starts_with("def ") || line.starts_with("class ")) && line.ends_with(':');
    defines(first) || (imports(first) && lines.len() > 1)
}

/// Keys and items from the first line to the last, with something nested or several keys. Columns behind the colons are
/// output, and so are keys of several words.
fn is_yaml(lines: &[&str]) -> bool {
    let code: Vec<&str> = lines.iter().copied().filter(|line| !line.trim_start().starts_with('#')).collect();
    let mut in_block_text: Option<usize> = None;
    let (mut keys, mut items) = (0, 0);
    let mut nested = false;
    for line in &code {
        let indent = line.len() - line.trim_start().len();
        if in_block_text.is_some_and(|outer| indent > outer) {
            continue;
        }
        in_block_text = None;
        let bare = line.trim_start();
        match yaml_value(line) {
            Some(value) => {
                keys += 1;
                nested |= value.is_empty() || indent > 0;
                if value.trim_start().starts_with(['|', '>']) {
                    in_block_text = Some(indent);
                }
            }
            None if bare.starts_with("- ") => items += 1,
            None if ["---", "...", "-"].contains(&bare) => {}
            None => return false,
        }
    }
    let begins = code.first().is_some_and(|first| yaml_value(first).is_some() || *first == "---");
    begins && keys + items > 1 && nested
}

/// What stands behind the key of a line.
fn yaml_value(line: &str) -> Option<&str> {
    let bare = line.trim_start().trim_start_matches("- ").trim_start();
    let (key, value) = bare.split_once(':')?;
    let is_key = key.trim_matches(['"', '\'']).chars().all(|c| c.is_ascii_alphanumeric() || "_-./<>".contains(c));
    let is_value = value.is_empty() || (value.starts_with(' ') && !value.starts_with("  "));
    (is_key && is_value && key.starts_with(|c: char| c.is_ascii_lowercase() || c == '"')).then_some(value)
}

/// Boxes, arrows and trees.
fn is_drawing(lines: &[&str]) -> bool {
    let drawn = |c: char| matches!(c, '\u{2500}'..='\u{259f}' | '▲' | '▼' | '►' | '◄' | '→' | '←' | '↓' | '↑');
    let is_frame = |line: &&str| {
        let bare = line.trim();
        bare.len() > 2 && bare.starts_with(['+', '|']) && bare.ends_with(['+', '|'])
    };
    let is_arrow = |line: &&str| matches!(line.trim(), "|" | "v" | "V" | "^" | "||" | "\\/");
    lines.iter().any(|line| line.contains(drawn))
        || lines.iter().filter(|line| is_frame(line)).count() > 1
        || lines.iter().any(is_arrow)
        || lines[0].contains("<--->")
}

/// Columns under a header, or a rule between them.
fn is_table(lines: &[&str]) -> bool {
    let is_rule = |line: &&str| {
        let bare = line.trim();
        bare.len() > 4 && bare.contains("--") && bare.chars().all(|c| "-+|= ".contains(c))
    };
    let columns = |line: &str| line.trim().split("  ").filter(|column| !column.trim().is_empty()).count();
    let is_header =
        |line: &str| columns(line) > 1 && !line.contains(char::is_lowercase) && line.contains(char::is_uppercase);
    lines.iter().skip(1).any(is_rule)
        || (lines.len() > 1 && lines.iter().take(2).any(|line| is_header(line)))
        || (lines.len() > 2 && lines.iter().all(|line| columns(line) > 2))
}

/// Most lines begin with a time or a level.
fn is_log(lines: &[&str]) -> bool {
    const LEVELS: [&str; 14] = [
        "ERROR",
        "WARN",
        "WARNING",
        "INFO",
        "DEBUG",
        "FATAL",
        "TRACE",
        "DETAIL",
        "HINT",
        "NOTICE",
        "Error",
        "level=",
        "Traceback",
        "HTTP",
    ];
    let is_entry = |line: &&&str| {
        // `docker compose` puts the service before the line.
        let entry = line.split_once(" | ").map_or(**line, |(_, entry)| entry);
        let bare = entry.trim_start_matches(['[', ' ', '<', '>', '"']);
        let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
        let is_time = (digits == 4 && bare[4..].starts_with(['-', '/'])) || (digits == 2 && bare[2..].starts_with(':'));
        let is_level = LEVELS.iter().any(|level| {
            bare.strip_prefix(level)
                .is_some_and(|rest| level.ends_with('=') || !rest.starts_with(char::is_alphanumeric))
        });
        is_time || is_level || line.contains(" level=")
    };
    lines.iter().filter(is_entry).count() * 2 >= lines.len()
}

/// Sentences, and lists of them.
fn is_prose(lines: &[&str]) -> bool {
    let is_sentence = |line: &&&str| {
        let bare = line.trim();
        let words =
            bare.split_whitespace().filter(|word| word.chars().all(|c| c.is_alphabetic() || ",.'’()".contains(c)));
        let starts = bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "-*([".contains(c));
        starts && words.count() * 4 >= bare.split_whitespace().count() * 3
    };
    lines.iter().filter(is_sentence).count() * 2 > lines.len()
}

/// A message to fill in, or what `describe` prints: lines of `Capitalised key: value`.
fn is_form(lines: &[&str]) -> bool {
    let is_field = |line: &&&str| {
        let key = line.trim().split_once(':').map_or("", |(key, _)| key);
        key.starts_with(char::is_uppercase) && key.chars().all(|c| c.is_alphanumeric() || c == ' ')
    };
    lines.iter().filter(is_field).count() * 4 >= lines.len() * 3
}

/// Names, paths, addresses: a word in each line.
fn are_values(lines: &[&str]) -> bool {
    lines.iter().all(|line| {
        let bare = line.trim();
        !bare.contains(char::is_whitespace) && !bare.ends_with(['{', '(', '[', ';'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Content::{Code, Text, Unknown};

    #[test]
    fn languages_are_told_by_their_form() {
        let cases = [
            ("{\"a\": [1, 2]}", Code("json")),
            ("\"a\": {\"b\": 1},\n\"c\": 2", Code("json")),
            ("<unit>\n  <name>a</name>\n</unit>", Code("xml")),
            ("diff --git a/x b/x\n", Code("diff")),
            ("flowchart LR\n  a --> b", Code("mermaid")),
            ("FROM alpine\nRUN apk add curl \\\n  jq\n", Code("dockerfile")),
            ("Get-Service | Where-Object Status -eq Stopped", Code("powershell")),
            ("SELECT count(*) FROM shop", Code("sql")),
            ("delete from carts where age > 3;", Code("sql")),
            ("resource \"aws_instance\" \"shop\" {\n  count = 2\n}", Code("hcl")),
            ("pools = {\n  a = { size = 1 }\n}", Code("hcl")),
            ("[shop]\nname = \"a\"\nsize = 2", Code("toml")),
            ("[shop]\nname = a\n; more\nsize=2", Code("ini")),
            ("import sys\nprint(sys.argv)", Code("python")),
            ("def restart(name):\n    pass", Code("python")),
            ("resources:\n  limits:\n    memory: 2Gi", Code("yaml")),
            ("volumes:\n- /data:/data", Code("yaml")),
            ("data:\n  run: |\n    any text here\n  b: 1", Code("yaml")),
        ];
        for (text, expected) in cases {
            assert_eq!(content(text, false), expected, "{text}");
        }
        assert_eq!(content("kubectl get pods", true), Code("bash"));
        assert_eq!(content("kubectl get pods\nNAME  READY\nshop  1/1", true), Unknown);
    }

    #[test]
    fn what_is_only_read_is_text() {
        let cases = [
            "",
            "┌──┐\n│ a│\n└──┘",
            "+----+\n| a  |\n+----+",
            "client\n  |\n  v\nserver",
            "NAME   READY   STATUS\nshop   1/1     Running",
            " pid | query\n-----+------\n  12 | x",
            "2026-11-02 03:14 no connection",
            "ERROR: no connection\nDETAIL: none",
            "shop-1 | ERROR no connection",
            "This is what the operator reads.",
            "shop-operator",
            "/data/shop\n/data/cart",
            "https://shop.example.com/health",
            "Name: shop\nStatus: up",
        ];
        for text in cases {
            assert_eq!(content(text, false), Text, "{text}");
        }
    }

    #[test]
    fn what_could_be_several_things_is_unknown() {
        let cases = [
            "DELETE /api/accounts/7\ncreate a new one",
            "size = 2",
            "sum by (job) (rate(a[5m]))",
            "select a country",
            "name: shop\nsize: 2",
            "shop> stats; reset",
        ];
        for text in cases {
            assert_eq!(content(text, false), Unknown, "{text}");
        }
    }
}
