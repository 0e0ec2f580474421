//! SQL and PromQL by a small lexer of our own: their grammars would be larger than all others together.

use super::escape;

/// Highlights `sql` or `promql`.
pub fn highlight(language: &str, text: &str) -> String {
    let lexer = if language == "sql" { &SQL } else { &PROMQL };
    let mut html = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, len) = lexer.token(rest, first);
        let (token, after) = rest.split_at(len.max(first.len_utf8()));
        match class {
            Some(class) => html.push_str(&format!("<span class=\"hl-{class}\">{}</span>", escape(token))),
            None => html.push_str(&escape(token)),
        }
        rest = after;
    }
    html
}

struct Lexer {
    /// In lower case.
    keywords: &'static [&'static str],
    line_comment: &'static str,
    block_comments: bool,
    quotes: &'static [char],
    /// Whether a backslash hides the next character of a string.
    escapes: bool,
}

const SQL: Lexer = Lexer {
    keywords: &[
        "add",
        "all",
        "alter",
        "analyze",
        "and",
        "any",
        "as",
        "asc",
        "begin",
        "between",
        "by",
        "cascade",
        "case",
        "cluster",
        "column",
        "commit",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "database",
        "default",
        "delete",
        "desc",
        "distinct",
        "drop",
        "else",
        "end",
        "exists",
        "explain",
        "false",
        "for",
        "foreign",
        "from",
        "full",
        "function",
        "grant",
        "group",
        "having",
        "if",
        "in",
        "index",
        "inner",
        "insert",
        "into",
        "is",
        "join",
        "key",
        "kill",
        "left",
        "like",
        "limit",
        "lock",
        "not",
        "null",
        "offset",
        "on",
        "or",
        "order",
        "outer",
        "primary",
        "privileges",
        "references",
        "reindex",
        "rename",
        "replace",
        "returning",
        "revoke",
        "right",
        "role",
        "rollback",
        "schema",
        "select",
        "sequence",
        "set",
        "show",
        "slave",
        "start",
        "stop",
        "system",
        "table",
        "then",
        "to",
        "transaction",
        "trigger",
        "true",
        "truncate",
        "union",
        "unique",
        "update",
        "use",
        "user",
        "using",
        "vacuum",
        "values",
        "view",
        "when",
        "where",
        "with",
    ],
    line_comment: "--",
    block_comments: true,
    quotes: &['\'', '"', '`'],
    escapes: false,
};

const PROMQL: Lexer = Lexer {
    keywords: &[
        "and",
        "bool",
        "by",
        "group_left",
        "group_right",
        "ignoring",
        "offset",
        "on",
        "or",
        "unless",
        "without",
    ],
    line_comment: "#",
    block_comments: false,
    quotes: &['\'', '"', '`'],
    escapes: true,
};

impl Lexer {
    /// Class and length in bytes of the token at the start of a text.
    fn token(&self, text: &str, first: char) -> (Option<&'static str>, usize) {
        if text.starts_with(self.line_comment) {
            return (Some("comment"), text.find('\n').unwrap_or(text.len()));
        }
        if self.block_comments && text.starts_with("/*") {
            return (Some("comment"), text.find("*/").map_or(text.len(), |end| end + 2));
        }
        if self.quotes.contains(&first) {
            return (Some("string"), self.string_len(text, first));
        }
        if first.is_ascii_digit() {
            let len = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(text.len());
            return (Some("number"), len);
        }
        if first.is_alphabetic() || first == '_' {
            let len = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
            let word = &text[..len];
            if self.keywords.contains(&word.to_lowercase().as_str()) {
                return (Some("keyword"), len);
            }
            return (text[len..].starts_with('(').then_some("function"), len);
        }
        let operator = "=<>!+-*/%|~".contains(first);
        (operator.then_some("operator"), first.len_utf8())
    }

    fn string_len(&self, text: &str, quote: char) -> usize {
        let mut escaped = false;
        for (at, character) in text.char_indices().skip(1) {
            match character {
                _ if escaped => escaped = false,
                '\\' if self.escapes => escaped = true,
                character if character == quote => return at + quote.len_utf8(),
                _ => {}
            }
        }
        text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_marked_and_escaped() {
        let html = highlight("sql", "DELETE FROM a WHERE b <> 'x--<y>' -- all\n");
        assert_eq!(
            html,
            "<span class=\"hl-keyword\">DELETE</span> <span class=\"hl-keyword\">FROM</span> a <span class=\"hl-keyword\">WHERE</span> b \
             <span class=\"hl-operator\">&lt;</span><span class=\"hl-operator\">&gt;</span> \
             <span class=\"hl-string\">&#39;x--&lt;y&gt;&#39;</span> <span class=\"hl-comment\">-- all</span>\n"
        );
    }

    #[test]
    fn nothing_is_lost_in_broken_queries() {
        for text in ["'never closed", "/* never closed", "ä{}[5m]§", ""] {
            let plain: String =
                highlight("promql", text).split('<').map(|part| part.rsplit('>').next().unwrap_or("")).collect();
            assert_eq!(plain.replace("&#39;", "'"), text);
        }
    }
}
