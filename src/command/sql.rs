//! SQL as words: enough to say which statement stands where and what it does.

use std::ops::Range;

/// Words of a statement that are looked at: what a statement does is said at its head.
const MAX_WORDS: usize = 160;

/// Bytes of a line that say whether it is a statement.
const MAX_HEAD: usize = 240;

/// One statement.
#[derive(Debug, PartialEq, Eq)]
pub struct SqlStatement {
    /// Without the semicolon.
    pub span: Range<usize>,
    /// Keywords, names and numbers in lower case; strings stand as `''`, comments and signs are left out.
    pub words: Vec<String>,
}

/// First words of statements, with the words that may follow where the first alone could be anything.
const STARTS: [(&str, &[&str]); 45] = [
    ("ALTER", OBJECTS),
    ("ANALYZE", &[]),
    ("ATTACH", &["DATABASE", "TABLE", "VIEW", "DICTIONARY", "PARTITION"]),
    ("BEGIN", &[]),
    ("CALL", &[]),
    ("CHANGE", &["MASTER", "REPLICATION"]),
    ("COMMIT", &[]),
    ("COPY", &[]),
    ("CREATE", OBJECTS),
    ("DELETE", &["FROM"]),
    ("DESCRIBE", &[]),
    ("DETACH", &["DATABASE", "TABLE", "VIEW", "DICTIONARY"]),
    ("DO", &["$$"]),
    ("DROP", OBJECTS),
    ("EXCHANGE", &["TABLES", "DICTIONARIES"]),
    ("EXPLAIN", &[]),
    ("FLUSH", &["PRIVILEGES", "TABLES", "LOGS", "HOSTS", "STATUS", "BINARY"]),
    ("GRANT", &[]),
    ("INSERT", &["INTO", "IGNORE"]),
    ("KILL", &[]),
    ("LOCK", &["TABLES", "TABLE"]),
    ("MERGE", &["INTO"]),
    ("OPTIMIZE", &["TABLE"]),
    ("PURGE", &["BINARY", "MASTER"]),
    ("REASSIGN", &["OWNED"]),
    ("REFRESH", &["MATERIALIZED"]),
    ("REINDEX", &[]),
    ("RENAME", &["TABLE", "TABLES", "DATABASE", "DICTIONARY", "USER"]),
    ("REPLACE", &["INTO"]),
    ("RESET", &["MASTER", "SLAVE", "REPLICA", "ALL"]),
    ("RESTORE", &["DATABASE"]),
    ("REVERT", &["VITESS_MIGRATION"]),
    ("REVOKE", &[]),
    ("ROLLBACK", &[]),
    ("SELECT", &[]),
    ("SET", &["CLUSTER", "GLOBAL", "SESSION", "ROLE", "LOCAL", "PERSIST"]),
    ("SHOW", &[]),
    ("START", &["SLAVE", "REPLICA", "TRANSACTION", "GROUP_REPLICATION"]),
    ("STOP", &["SLAVE", "REPLICA", "GROUP_REPLICATION"]),
    ("SYSTEM", &["DROP", "FLUSH", "RELOAD", "RESTART", "RESTORE", "START", "STOP", "SYNC", "UNFREEZE"]),
    ("TRUNCATE", &[]),
    ("UPDATE", &[]),
    ("VACUUM", &[]),
    ("VEXPLAIN", &[]),
    ("WITH", &[]),
];

/// What can be created, altered and dropped.
const OBJECTS: &[&str] = &[
    "AGGREGATE",
    "CAST",
    "COLLATION",
    "COLUMN",
    "CONSTRAINT",
    "DATABASE",
    "DEFAULT",
    "DOMAIN",
    "EVENT",
    "EXTENSION",
    "FOREIGN",
    "FUNCTION",
    "GLOBAL",
    "GROUP",
    "INDEX",
    "LANGUAGE",
    "LOGIN",
    "MATERIALIZED",
    "OR",
    "OWNED",
    "POLICY",
    "PROCEDURE",
    "PUBLICATION",
    "ROLE",
    "RULE",
    "SCHEMA",
    "SEQUENCE",
    "SERVER",
    "SUBSCRIPTION",
    "SYSTEM",
    "TABLE",
    "TABLESPACE",
    "TEMP",
    "TEMPORARY",
    "TRIGGER",
    "TYPE",
    "UNIQUE",
    "UNLOGGED",
    "USER",
    "VIEW",
];

/// Whether a line of a shell block is a statement of a database client. In lower case only pairs of words count that
/// no shell has.
pub fn starts_statement(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(MAX_HEAD)];
    let line = head.lines().next().unwrap_or_default();
    let mut words = line.split([' ', '\t', '(', ';', '\r']).filter(|word| !word.is_empty());
    let (Some(first), second) = (words.next(), words.next()) else { return false };
    if first.len() > 9 {
        return false;
    }
    let upper = first.to_ascii_uppercase();
    let Some((_, seconds)) = STARTS.iter().find(|(word, _)| *word == upper) else { return false };
    let follows = second.is_some_and(|second| seconds.iter().any(|known| known.eq_ignore_ascii_case(second)));
    let ends = line.trim_end().ends_with(';');
    match (first == upper, upper.as_str()) {
        (true, "BEGIN" | "COMMIT" | "ROLLBACK") => ends,
        (true, _) => follows || (seconds.is_empty() && second.is_some_and(|second| !second.starts_with(['=', '-']))),
        (false, "SELECT") => ends || second == Some("*") || line.to_ascii_lowercase().contains(" from "),
        (false, "UPDATE") => line.to_ascii_lowercase().contains(" set "),
        (false, _) => follows,
    }
}

/// Bytes of the statement at the start of a text: up to and with a `;` that ends a line, or up to an empty line.
pub fn statement_len(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.find("--").map_or(line, |comment| &line[..comment]).trim_end();
        if at > 0 && line.trim().is_empty() {
            return at;
        }
        at += line.len();
        if code.ends_with(';') || code.ends_with("\\G") {
            return at;
        }
    }
    at
}

/// Splits a text into statements at its semicolons, client commands (`\dt`) at line ends, and where an empty line is
/// followed by the start of another statement.
pub fn statements(text: &str) -> Vec<SqlStatement> {
    let bytes = text.as_bytes();
    let mut statements = Vec::new();
    let mut open: Option<SqlStatement> = None;
    let mut at = 0;
    let mut blank_line = false;
    let mut close = |open: &mut Option<SqlStatement>, end: usize| {
        if let Some(mut statement) = open.take() {
            statement.span.end = statement.span.start + text[statement.span.start..end].trim_end().len();
            statements.push(statement);
        }
    };
    while at < bytes.len() {
        let rest = &text[at..];
        if at == 0 || bytes[at - 1] == b'\n' {
            let line = rest.lines().next().unwrap_or_default();
            if is_result(line) {
                close(&mut open, at);
                at += line.len().max(1);
                continue;
            }
        }
        let (kind, len) = token(rest);
        let end = at + len;
        match kind {
            Token::Blank => {
                blank_line |= rest[..len].bytes().filter(|byte| *byte == b'\n').count() > 1;
            }
            Token::Comment => {}
            Token::End => {
                close(&mut open, at);
                blank_line = false;
            }
            Token::Client if open.is_none() => {
                let words = vec![rest[..len].split_whitespace().next().unwrap_or_default().to_string()];
                open = Some(SqlStatement { span: at..at, words });
                close(&mut open, end);
            }
            kind => {
                let opens = |open: &SqlStatement| {
                    let last = open.words.last().map_or("", String::as_str);
                    blank_line || matches!(last, "then" | "else" | "begin" | "loop")
                };
                if kind == Token::Word && open.as_ref().is_some_and(opens) && starts_statement(rest) {
                    close(&mut open, at);
                }
                blank_line = false;
                let statement = open.get_or_insert_with(|| SqlStatement { span: at..at, words: Vec::new() });
                if statement.words.len() < MAX_WORDS {
                    match kind {
                        Token::Word => statement.words.push(rest[..len].to_lowercase()),
                        Token::Name => {
                            statement.words.push(rest[..len].trim_matches(['"', '`', '[', ']']).to_lowercase());
                        }
                        Token::Text => statement.words.push("''".to_string()),
                        _ => {}
                    }
                }
            }
        }
        at = end;
    }
    close(&mut open, text.len());
    statements
}

/// The statements of a text as one types them, with their semicolons; a block from `BEGIN` to `END` is one.
pub fn whole(text: &str) -> Vec<Range<usize>> {
    const TRANSACTIONS: [&str; 6] = ["transaction", "tran", "work", "isolation", "read", "deferrable"];
    let mut whole: Vec<Range<usize>> = Vec::new();
    let (mut in_block, mut goes_on) = (false, false);
    for statement in statements(text) {
        let rest = text[statement.span.end..].trim_start();
        let end = if rest.starts_with(';') { text.len() - rest.len() + 1 } else { statement.span.end };
        let start = statement.span.start;
        let word = |at: usize| statement.words.get(at).map_or("", String::as_str);
        let continues = in_block || goes_on || matches!(word(0), "end" | "else" | "elsif");
        let joins = |last: &&mut Range<usize>| continues || !text[last.end.min(start)..start].contains('\n');
        match whole.last_mut().filter(joins) {
            Some(last) => last.end = end,
            None => whole.push(start..end),
        }
        let last = statement.words.last().map_or("", String::as_str);
        goes_on = matches!(last, "then" | "else" | "loop" | "begin") && statement.words.len() > 1;
        in_block = match word(0) {
            "begin" => statement.words.len() > 1 && !TRANSACTIONS.contains(&word(1)),
            "end" => in_block && matches!(word(1), "if" | "loop" | "case"),
            _ => in_block,
        };
    }
    whole
}

/// The quote that an offset of a text stands in: `'` or `"`; `-` in a comment, `None` elsewhere.
pub fn sign_around(text: &str, offset: usize) -> Option<char> {
    let mut at = 0;
    while at < text.len() {
        let (kind, len) = token(&text[at..]);
        if offset < at + len {
            return match kind {
                Token::Comment => Some('-'),
                Token::Text | Token::Name if offset > at => text[at..].chars().next(),
                _ => None,
            };
        }
        at += len;
    }
    None
}

/// Whether a line is what a client printed: a row of a table in a frame, or how a statement went.
fn is_result(line: &str) -> bool {
    let line = line.trim();
    match line.chars().next() {
        Some('┌' | '│' | '└' | '├' | '┏' | '┃' | '┡' | '┗' | '╔' | '║' | '╚') => true,
        Some('+') => line.starts_with("+--") || line.starts_with("+=="),
        Some('|') => line.len() > 1 && line.ends_with('|') && !line.starts_with("||"),
        Some('(') => line.ends_with("rows)") || line.ends_with("row)"),
        Some('Q') => line.starts_with("Query OK"),
        Some('O') => line == "Ok." || line == "OK",
        Some(first) => {
            let mut words = line.split(' ').skip(1);
            first.is_ascii_digit() && matches!(words.next(), Some("row" | "rows")) && words.next() == Some("in")
        }
        None => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Blank,
    Comment,
    Word,
    /// A name in quotes.
    Name,
    /// A string, in quotes or between dollar signs.
    Text,
    /// `\dt`, up to the end of the line.
    Client,
    End,
    Sign,
}

/// Kind and length of the token at the start of a text that is not empty.
fn token(text: &str) -> (Token, usize) {
    let first = text.chars().next().unwrap_or(' ');
    let line_len = || text.find('\n').unwrap_or(text.len());
    let quoted = |close: char| text[1..].find(close).map_or(text.len(), |len| len + 2);
    match first {
        _ if first.is_whitespace() => (Token::Blank, text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len())),
        '-' if text.starts_with("--") => (Token::Comment, line_len()),
        '#' => (Token::Comment, line_len()),
        '/' if text.starts_with("/*") => (Token::Comment, text.find("*/").map_or(text.len(), |end| end + 2)),
        '\'' => (Token::Text, quoted('\'')),
        '"' => (Token::Name, quoted('"')),
        '`' => (Token::Name, quoted('`')),
        '$' => match dollar_tag(text) {
            Some(tag) => (Token::Text, text[tag.len()..].find(tag).map_or(text.len(), |len| len + 2 * tag.len())),
            None => (Token::Sign, 1),
        },
        '\\' => (Token::Client, line_len().max(1)),
        ';' => (Token::End, 1),
        _ if first.is_alphanumeric() || first == '_' || first == '@' => {
            let len = text.find(|c: char| !(c.is_alphanumeric() || "_@$.".contains(c))).unwrap_or(text.len());
            (Token::Word, len)
        }
        _ => (Token::Sign, first.len_utf8()),
    }
}

/// `$$` or `$name$`
fn dollar_tag(text: &str) -> Option<&str> {
    let len = text[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    text[1 + len..].starts_with('$').then(|| &text[..len + 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        statements(text).iter().map(|statement| statement.words.join(" ")).collect()
    }

    #[test]
    fn statements_end_at_semicolons_outside_of_quotes() {
        assert_eq!(
            words("DELETE FROM a -- all; really\nWHERE b = 'x;y';\n\\dt\nDROP TABLE \"Users\""),
            ["delete from a where b ''", "\\dt", "drop table users"]
        );
        assert_eq!(words("SELECT 1\n\nSELECT 2\n\n  FROM t"), ["select 1", "select 2 from t"]);
        assert_eq!(
            words("IF a THEN DROP TABLE t; ELSE ALTER TABLE t ADD b; END IF"),
            ["if a then", "drop table t", "else", "alter table t add b", "end if"]
        );
        assert_eq!(words("SELECT 1\n\n┌─1─┐\n│ 1 │\n└───┘\nOk.\n\n0 rows in set. Elapsed: 0.008 sec.\n"), ["select 1"]);
        assert_eq!(words("SELECT a\n|| b FROM t;\n+---+\n| a |\n+---+\n"), ["select a b from t"]);
        assert_eq!(words("SELECT CASE WHEN a THEN b ELSE c END"), ["select case when a then b else c end"]);
        assert_eq!(words("DO $x$ BEGIN DELETE FROM t; END $x$;"), ["do ''"]);
    }

    #[test]
    fn statements_are_typed_with_their_ends() {
        let typed = |text: &str| whole(text).into_iter().map(|range| text[range].to_string()).collect::<Vec<_>>();
        assert_eq!(typed("SELECT 1;\nSELECT 2\n;\n"), ["SELECT 1;", "SELECT 2\n;"]);
        assert_eq!(typed("BEGIN;\nDELETE FROM t;\nCOMMIT;"), ["BEGIN;", "DELETE FROM t;", "COMMIT;"]);
        assert_eq!(typed("USE a; SELECT 1;\n\\dt\n"), ["USE a; SELECT 1;", "\\dt"]);
        let block = "BEGIN\n IF a THEN\n  DROP TABLE t;\n ELSE\n  DROP TABLE u;\n END IF;\n GRANT a TO b;\nEND;";
        assert_eq!(typed(&format!("{block}\nSELECT 1;")), [block, "SELECT 1;"]);
    }

    #[test]
    fn statements_are_told_from_shell_commands() {
        for text in
            ["DELETE FROM x;", "drop table x;", "SELECT pg_reload_conf();", "update t set a = 1;", "TRUNCATE t;"]
        {
            assert!(starts_statement(text), "{text}");
        }
        for text in ["select x in a b", "UPDATE=1", "drop x", "delete-all", "show", "SELECT", "SET -e", "with-lock ls"]
        {
            assert!(!starts_statement(text), "{text}");
        }
    }
}
