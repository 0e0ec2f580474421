//! What the reader must fill in: `<pod>`, `<pod name>`, `[Your reason]`, `{{ var }}`, `YOUR_X`.

use std::collections::HashSet;
use std::ops::Range;

/// Longest placeholder in bytes, its marks included.
const MAX_LEN: usize = 80;

/// How a placeholder is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `<pod name>`
    Angle,
    /// `[Your reason]`
    Bracket,
    /// `{{ var }}`
    Braces,
    /// `YOUR_X`
    Your,
    /// `$NAME` that nothing sets.
    Variable,
}

/// A placeholder in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub span: Range<usize>,
    pub form: Form,
    /// In kebab-case, without `your`: `pod-name`.
    pub name: String,
}

/// Finds the placeholders of a block.
pub fn find(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let closing = closing_tags(text);
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let hit = match bytes[at] {
            b'<' => angle(text, at, &closing),
            b'[' => bracket(text, at),
            b'{' => braces(text, at),
            b'Y' | b'y' => your(text, at),
            _ => None,
        };
        match hit {
            Some(hit) => {
                at = hit.span.end;
                found.push(hit);
            }
            None => at += 1,
        }
    }
    found
}

/// The text with each placeholder made a word of the same length, so that no shell sees its marks.
pub fn masked(text: &str, found: &[Found]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for placeholder in found {
        masked.push_str(&text[at..placeholder.span.start]);
        let word = text[placeholder.span.clone()].bytes().map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b':') => byte as char,
            _ => '_',
        });
        masked.extend(word);
        at = placeholder.span.end;
    }
    masked.push_str(&text[at..]);
    masked
}

/// `<Pod name>` → `pod-name`, `YOUR_POD_NAME` → `pod-name`, `$POD_NAME` → `pod-name`
pub fn kebab(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    let mut before_lower = false;
    for character in text.chars() {
        if character.is_alphanumeric() {
            if before_lower && character.is_uppercase() && !name.ends_with('-') {
                name.push('-');
            }
            name.extend(character.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        before_lower = character.is_lowercase();
    }
    let name = name.trim_end_matches('-');
    let bare = name.strip_prefix("your-").unwrap_or(name);
    if bare.is_empty() { name.to_string() } else { bare.to_string() }
}

/// Names that a text closes as tags: `</name>`.
fn closing_tags(text: &str) -> HashSet<&str> {
    let starts = text.match_indices("</");
    starts
        .filter_map(|(at, _)| {
            let rest = &text[at + 2..];
            let len = rest.bytes().take(MAX_LEN).position(|byte| byte == b'>')?;
            rest.get(..len)
        })
        .collect()
}

/// The bytes up to the first of `close`, if it comes soon and on the same line.
fn up_to<'t>(text: &'t str, from: usize, close: &str) -> Option<&'t str> {
    let window = &text.as_bytes()[from..text.len().min(from + MAX_LEN)];
    let len = window.windows(close.len()).position(|bytes| bytes == close.as_bytes())?;
    text.get(from..from + len).filter(|inner| !inner.contains('\n'))
}

fn angle(text: &str, at: usize, closing: &HashSet<&str>) -> Option<Found> {
    let before = text[..at].bytes().next_back();
    if matches!(before, Some(b'<')) {
        return None;
    }
    let inner = up_to(text, at + 1, ">")?;
    let first = inner.chars().next()?;
    let last = inner.chars().next_back()?;
    let plain = |c: char| c.is_alphanumeric() || " _-./:'’,|#@+*()\"…&?=".contains(c);
    let is_word = (first.is_alphabetic() || first == '_' || first == '$' && inner.len() > 1) && !last.is_whitespace();
    // `a <b and c> d` compares; `<user@host.example>` is an address; `<<EOF` and `</a>` don't come here.
    let spaced = inner.contains(' ') && before.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let is_address = inner.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    let tag = inner.split(' ').next().unwrap_or_default();
    let is_tag = closing.contains(tag) || matches!(tag, "br" | "br/" | "html" | "hr" | "!DOCTYPE");
    let has_operator = inner.contains(" &")
        || inner.contains("&&")
        || inner.contains(" | ")
        || inner.contains("||")
        || inner.contains(" AND ")
        || inner.contains(" OR ");
    if !is_word || spaced || is_address || is_tag || has_operator || !inner.chars().all(plain) {
        return None;
    }
    Some(Found { span: at..at + inner.len() + 2, form: Form::Angle, name: kebab(inner) })
}

fn bracket(text: &str, at: usize) -> Option<Found> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || "[]\\.}$)".contains(c)) {
        return None;
    }
    let inner = up_to(text, at + 1, "]")?;
    let after = text[at + inner.len() + 2..].chars().next();
    // `[Unit]` alone on its line heads a section of a file.
    if before.is_none_or(|c| c == '\n') && after.is_none_or(|c| c == '\n') && !inner.contains(' ') {
        return None;
    }
    if after.is_some_and(|c| "*+?({[]".contains(c)) {
        return None;
    }
    let words: Vec<&str> = inner.split(' ').collect();
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_alphanumeric() || "_-'’/.,".contains(c));
    let first = inner.chars().next()?;
    let is_named = match words.as_slice() {
        // A character class of a pattern has no word in it; `[error]` stands in logs.
        [word] => {
            word.len() > 4
                && (word.contains(['-', '_']) && word.split(['-', '_']).all(|part| part.len() > 1)
                    || first.is_uppercase() && word.chars().skip(1).all(char::is_lowercase))
        }
        _ => first.is_uppercase() || words[0].eq_ignore_ascii_case("your"),
    };
    let letters = inner.chars().filter(|c| c.is_alphabetic()).count() * 2 > inner.len();
    if !first.is_alphabetic() || !letters || !is_named || !words.iter().all(|word| is_word(word) || word.len() == 1) {
        return None;
    }
    Some(Found { span: at..at + inner.len() + 2, form: Form::Bracket, name: kebab(inner) })
}

fn braces(text: &str, at: usize) -> Option<Found> {
    let open = if text[at..].starts_with("{{{") { "{{{" } else { "{{" };
    if !text[at..].starts_with(open) || text[..at].ends_with(['{', '$']) {
        return None;
    }
    let close = &"}}}"[..open.len()];
    let inner = up_to(text, at + open.len(), close)?;
    let name = inner.trim();
    // Templates of Go start with a dot or a function of theirs.
    let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || "_- .".contains(c));
    let is_template = name.contains(" .")
        || ["range", "end", "if", "else", "index", "json", "with", "printf", "println", "len"]
            .iter()
            .any(|word| name.split([' ', '.']).next() == Some(word));
    if !is_name || is_template {
        return None;
    }
    Some(Found { span: at..at + inner.len() + 2 * open.len(), form: Form::Braces, name: kebab(name) })
}

fn your(text: &str, at: usize) -> Option<Found> {
    let rest = &text[at..];
    let prefix = ["YOUR_", "YOUR-", "your_", "your-"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    if text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "_$".contains(c)) {
        return None;
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let len = rest.bytes().take(MAX_LEN).take_while(|byte| is_name(*byte)).count();
    let name = rest[..len].trim_end_matches(['-', '_']);
    // `${YOUR_X}` and `YOUR_X=` are variables.
    let is_variable = text[..at].ends_with("${") || rest[name.len()..].starts_with('=');
    (name.len() > prefix.len() && !is_variable).then(|| Found {
        span: at..at + name.len(),
        form: Form::Your,
        name: kebab(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        find(text).into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn all_forms_are_found_with_their_names() {
        assert_eq!(
            names("a <pod> <Pod name> [Your reason here] {{ cluster_name }} YOUR_X x-[service-name] {{{raw}}}"),
            ["pod", "pod-name", "reason-here", "cluster-name", "x", "service-name", "raw"]
        );
        assert_eq!(kebab("YOUR_POD_NAME"), "pod-name");
        assert_eq!(kebab("clusterName"), "cluster-name");
    }

    #[test]
    fn redirections_templates_and_classes_are_none() {
        for text in [
            "sort <in.txt >out.txt",
            "cat << 'EOF' > x",
            "curl -w '%{http_code}' {1..5} a[0] ${a[1]}",
            "docker ps --format '{{.Names}} {{ json . }} {{ index .Config \"x\" }}'",
            "[Unit]\n[Service]",
            "grep '[a-z]*' [0-9] [error] [ -f x ] [[ a ]]",
            "jq '.items[] | .[0]'",
            "diff <(a) <(b) 2>&1",
            "WHERE a <b AND c> d",
            "git commit --author 'A <a@b.example>'",
            "<b>bold</b>",
            "YOUR_X=1 ${YOUR_Y}",
        ] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn masks_keep_the_length() {
        let text = "rm <ä b> {{ x }}";
        let masked = masked(text, &find(text));
        assert_eq!((masked.as_str(), masked.len()), ("rm ____b_ ___x___", text.len()));
    }
}
