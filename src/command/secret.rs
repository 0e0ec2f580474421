//! Literal passwords, tokens and keys in a block.

use std::ops::Range;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The value alone.
    pub span: Range<usize>,
    /// "password", "token", …
    pub kind: &'static str,
}

/// Parts of names whose values are secrets, and what they are. The first that fits counts.
const NAMES: [(&str, &str); 14] = [
    ("password", "password"),
    ("passwd", "password"),
    ("passphrase", "passphrase"),
    ("pgpass", "password"),
    ("mysql_pwd", "password"),
    ("api_key", "key"),
    ("apikey", "key"),
    ("access_key", "key"),
    ("secret_key", "key"),
    ("private_key", "key"),
    ("client_secret", "secret"),
    ("auth_token", "token"),
    ("token", "token"),
    ("secret", "secret"),
];

/// Names that end so are of something else: a file, a name, a length.
const OTHER_ENDS: [&str; 15] = [
    "_file",
    "_path",
    "_name",
    "_id",
    "_url",
    "_length",
    "_ttl",
    "_arn",
    "_version",
    "_type",
    "_expiry",
    "_policy",
    "_dir",
    "_count",
    "_count_limit",
];

/// How keys of known makers start, how long they are at least, and what they are.
const FORMS: [(&str, usize, &str); 20] = [
    ("AKIA", 20, "access key"),
    ("ASIA", 20, "access key"),
    ("ghp_", 36, "token"),
    ("gho_", 36, "token"),
    ("ghs_", 36, "token"),
    ("github_pat_", 40, "token"),
    ("glpat-", 26, "token"),
    ("xoxb-", 24, "token"),
    ("xoxp-", 24, "token"),
    ("sk-", 35, "key"),
    ("sk_live_", 24, "key"),
    ("rk_live_", 24, "key"),
    ("AIza", 39, "key"),
    ("hvs.", 24, "token"),
    ("npm_", 36, "token"),
    ("dop_v1_", 40, "token"),
    ("SG.", 40, "key"),
    ("eyJhbGci", 60, "token"),
    ("pypi-", 40, "token"),
    ("AGE-SECRET-KEY-", 40, "key"),
];

/// Values that stand for a secret and are none.
const DUMMIES: [&str; 37] = [
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "changeme",
    "change-me",
    "change_me",
    "example",
    "dummy",
    "redacted",
    "hidden",
    "none",
    "null",
    "true",
    "false",
    "test",
    "foo",
    "bar",
    "placeholder",
    "value",
    "string",
    "mypassword",
    "mysecret",
    "admin",
    "root",
    "postgres",
    "guest",
    "key",
    "base64",
    "plaintext",
    "secret-name",
    "file",
    "abc123",
    "123456",
    "12345678",
];

/// Finds the literal secrets of a block. `placeholders` are none.
pub fn find(text: &str, placeholders: &[Range<usize>]) -> Vec<Found> {
    let tokens = tokens(text);
    let mut found: Vec<Found> = Vec::new();
    let mut program = "";
    for (at, token) in tokens.iter().enumerate() {
        let word = &text[token.clone()];
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let same_line = before.is_some_and(|before| !text[before.end..token.start].contains('\n'));
        let gap = before.map_or("", |before| &text[before.end..token.start]);
        let continues = gap.trim_end_matches([' ', '\t', '\n', '\r']).ends_with('\\');
        if !same_line && !continues || gap.contains(['|', ';']) {
            program = "";
        }
        if word == "&&" {
            program = "";
        }
        let name = word.rsplit('/').next().unwrap_or(word);
        if PROGRAMS.iter().any(|(known, ..)| *known == name) {
            program = name;
        }
        let previous = before.filter(|_| same_line || continues).map_or("", |before| &text[before.clone()]);
        let value = in_url(word)
            .or_else(|| of_known_form(word))
            .or_else(|| assigned(word))
            .or_else(|| {
                behind(previous, word, at > 1 && text[tokens[at - 2].clone()].eq_ignore_ascii_case("identified"))
            })
            .or_else(|| of_program(program, previous, word, matches!(gap, "'" | "\"")));
        let Some((range, kind)) = value else { continue };
        let span = token.start + range.start..token.start + range.end;
        let hidden = placeholders.iter().any(|place| place.start < span.end && span.start < place.end);
        if !hidden && is_literal(&text[span.clone()]) {
            found.push(Found { span, kind });
        }
    }
    found
}

/// Words of a text: apart by blanks, quotes and brackets.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices() {
        let parts = character.is_whitespace() || "'\"`(){},;|\\".contains(character);
        match (parts, start) {
            (true, Some(from)) => {
                tokens.push(from..at);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    if let Some(from) = start {
        tokens.push(from..text.len());
    }
    tokens
}

type Value = Option<(Range<usize>, &'static str)>;

/// `scheme://user:PASSWORD@host`
fn in_url(word: &str) -> Value {
    let (scheme, rest) = word.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user_info, _) = authority.rsplit_once('@')?;
    let (user, password) = user_info.split_once(':')?;
    let start = scheme.len() + 3 + user.len() + 1;
    Some((start..start + password.len(), "password"))
}

fn of_known_form(word: &str) -> Value {
    let at = word.rfind(['=', ':']).map_or(0, |at| at + 1);
    let (_, least, kind) = FORMS.iter().find(|(start, ..)| word[at..].starts_with(start))?;
    let len = word[at..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
    (len >= *least).then_some((at..at + len, *kind))
}

/// `NAME=value`, `--name=value`, `--from-literal=password=value`
fn assigned(word: &str) -> Value {
    let (name, value) = word.rsplit_once('=')?;
    let name = name.rsplit(['=', '?', '&', ':']).next().unwrap_or(name);
    let kind = named(name)?;
    (value.len() >= MIN_LEN).then_some((word.len() - value.len()..word.len(), kind))
}

/// The value behind a flag or a word that announces it.
fn behind(previous: &str, word: &str, identified: bool) -> Value {
    let whole = Some(0..word.len());
    let kind = match previous {
        _ if word.starts_with('-') || word.len() < MIN_LEN => return None,
        "Bearer" | "bearer" if word.len() > 15 => "token",
        "Basic" if word.len() > 11 => "password",
        "BY" | "by" if identified => "password",
        "PASSWORD" => "password",
        flag if flag.starts_with("--") && !flag.contains('=') => named(flag)?,
        // `NAME='value'`: the quote parts the words.
        name if name.ends_with('=') => named(name.trim_end_matches('=').rsplit(['=', ':', '?', '&']).next()?)?,
        header if header.ends_with(':') && header.len() > 4 => named(header.trim_end_matches(':'))?,
        _ => return None,
    };
    whole.map(|range| (range, kind))
}

/// Programs with the flag that takes a password, and whether the value follows without a space.
const PROGRAMS: [(&str, &str, bool); 9] = [
    ("mysql", "-p", true),
    ("mysqldump", "-p", true),
    ("mysqladmin", "-p", true),
    ("mariadb", "-p", true),
    ("sshpass", "-p", false),
    ("redis-cli", "-a", false),
    ("curl", "-u", false),
    ("ldapsearch", "-w", false),
    ("sqlcmd", "-P", false),
];

/// `glued` says that only a quote stands between the word and the one before: `-p'secret'`.
fn of_program(program: &str, previous: &str, word: &str, glued: bool) -> Value {
    let (_, flag, attached) = PROGRAMS.iter().find(|(name, ..)| *name == program)?;
    if let Some(value) = word.strip_prefix(flag).filter(|_| *attached || program == "sshpass") {
        return (value.len() >= MIN_LEN).then_some((word.len() - value.len()..word.len(), "password"));
    }
    if *attached && !glued || previous != *flag || word.len() < MIN_LEN {
        return None;
    }
    match program {
        "curl" => word.split_once(':').map(|(user, _)| (user.len() + 1..word.len(), "password")),
        _ => Some((0..word.len(), "password")),
    }
}

/// Shorter values are no secrets.
const MIN_LEN: usize = 5;

/// What the value of a name is, if it is a secret.
fn named(name: &str) -> Option<&'static str> {
    let name = name.trim_start_matches('-').to_lowercase().replace('-', "_");
    let is_other = OTHER_ENDS.iter().any(|end| name.ends_with(end)) || name.starts_with("no_");
    // `tokens`, `secretsmanager` are no names of secrets: the word ends the name.
    let found = NAMES.iter().find(|(part, _)| name.ends_with(part));
    found.filter(|_| !is_other).map(|(_, kind)| *kind)
}

fn is_literal(value: &str) -> bool {
    let bare = value.trim_matches(['"', '\'', '*', '.', ':']);
    let lower = bare.to_lowercase();
    let first = bare.chars().next().unwrap_or('$');
    let is_mark = "$<{[%@(/~!".contains(first) || value.contains("...") || value.contains('…') || value.contains("***");
    let is_name = bare.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c == '-');
    let is_reference = value.contains("${")
        || value.contains("$(")
        || value.contains("://")
        || value.contains('<') && value.contains('>');
    let is_dummy = DUMMIES.contains(&lower.as_str())
        || [
            "your",
            "example",
            "xxx",
            "changeme",
            "change-me",
            "redacted",
            "placeholder",
            "replace",
            "password",
            "pass",
            "insecure",
        ]
        .iter()
        .any(|word| lower.starts_with(word) || lower.ends_with(word));
    // A short word in small letters is a name more often than a password.
    let is_word = bare.len() < 8 && bare.bytes().all(|byte| byte.is_ascii_lowercase());
    bare.len() >= MIN_LEN && !is_word && !is_mark && !is_name && !is_reference && !is_dummy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<&str> {
        find(text, &[]).into_iter().map(|found| &text[found.span]).collect()
    }

    #[test]
    fn literal_secrets_are_found() {
        let cases = [
            ("psql postgres://app:hunter22@db/shop", "hunter22"),
            ("export DB_PASSWORD='s3cr3t-x'", "s3cr3t-x"),
            ("mysql -uroot -pS3cretX shop", "S3cretX"),
            ("mysql -uroot -p'S3cret<X' shop", "S3cret<X"),
            ("sshpass -p Tr0ub4dor ssh web", "Tr0ub4dor"),
            ("curl -u admin:Tr0ub4dor https://x", "Tr0ub4dor"),
            ("curl -H \"Authorization: Bearer abcdef0123456789xyz\" x", "abcdef0123456789xyz"),
            ("curl -H 'X-Api-Key: abc123def' x", "abc123def"),
            ("tool login --token 9f8e7d6c5b", "9f8e7d6c5b"),
            ("aws configure set x AKIAIOSFODNN7EXAMPLQ", "AKIAIOSFODNN7EXAMPLQ"),
            ("ALTER USER a IDENTIFIED BY 'Xy12345';", "Xy12345"),
            ("redis-cli -h cache -a Xy12345 PING", "Xy12345"),
        ];
        for (text, expected) in cases {
            assert_eq!(values(text), [expected], "{text}");
        }
    }

    #[test]
    fn placeholders_variables_and_names_are_no_secrets() {
        for text in [
            "psql postgres://app:$PW@db/shop",
            "psql postgresql://app:password@db/shop",
            "export DB_PASSWORD=$(cat x)",
            "mysql -uroot -p shop",
            "mysql -p\"$PW\" shop",
            "tool --token <token> --password-file x.txt",
            "tool --token \"${TOKEN}\"",
            "kubectl create secret generic db-credentials",
            "kubectl get secret --template x",
            "curl -H 'Authorization: Bearer YOUR_TOKEN_HERE'",
            "vault write auth/token-name value=1",
            "docker run -e PASSWORD=changeme x",
        ] {
            assert_eq!(values(text), [""; 0], "{text}");
        }
    }
}
