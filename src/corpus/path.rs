//! Paths of links: from what an author wrote to a path from the root.

use std::borrow::Cow;

/// The parts of a link target.
#[derive(Debug, PartialEq, Eq)]
pub struct TargetParts<'a> {
    /// Percent signs resolved; empty for a link within the page.
    pub path: Cow<'a, str>,
    /// Behind `#`, percent signs resolved; `None` where there is no `#`.
    pub fragment: Option<Cow<'a, str>>,
}

/// Splits a target into path and fragment; a query is dropped.
pub fn split_target(target: &str) -> TargetParts<'_> {
    let (rest, fragment) = match target.split_once('#') {
        Some((rest, fragment)) => (rest, Some(percent_decode(fragment))),
        None => (target, None),
    };
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    TargetParts { path: percent_decode(path), fragment }
}

/// Whether a target has a scheme (`https:`, `mailto:`) or names a host (`//host`).
pub fn is_external(target: &str) -> bool {
    if target.starts_with("//") {
        return true;
    }
    let scheme_len = target.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(0);
    // One letter is a drive of Windows, which is a broken link, not an address.
    scheme_len > 1 && target[scheme_len..].starts_with(':') && target.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Folder of a path: `a/b.md` → `a`, `b.md` → ``.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether `path` lies in `folder` or below; everything lies below the root, ``.
pub fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Joins a path to a folder and resolves `.` and `..`. A path that leaves the root keeps its leading `..`.
pub fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The relative link from one file to another, both from the root.
pub fn relative(from: &str, to: &str) -> String {
    let mut base = folder(from);
    let mut up = String::new();
    loop {
        if is_below(to, base) {
            let rest = if base.is_empty() { to } else { &to[base.len() + 1..] };
            return format!("{up}{rest}");
        }
        base = folder(base);
        up.push_str("../");
    }
}

/// Escapes a path for use as a link target in Markdown and HTML.
pub fn percent_encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'+'
            | b'@'
            | b','
            | b'='
            | b'!' => {
                encoded.push(byte as char);
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let hex = |byte: Option<&u8>| byte.and_then(|byte| (*byte as char).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_split_and_decoded() {
        let parts = split_target("a%20b.md?raw=1#sch%C3%B6n");
        assert_eq!((parts.path.as_ref(), parts.fragment.as_deref()), ("a b.md", Some("schön")));
        let parts = split_target("100%.md");
        assert_eq!((parts.path.as_ref(), parts.fragment), ("100%.md", None));
    }

    #[test]
    fn external_targets_are_told_from_paths() {
        for target in ["https://a", "mailto:a@b", "//host/x", "tel:1", "slack://x"] {
            assert!(is_external(target), "{target}");
        }
        for target in ["a.md", "./a:b.md", "c:/x.md", "#x", "", "/a", "a/b:c"] {
            assert!(!is_external(target), "{target}");
        }
    }

    #[test]
    fn paths_are_joined_and_made_relative() {
        let cases = [
            ("a/b", "../c.md", "a/c.md"),
            ("", "../../c.md", "../../c.md"),
            ("a", "./x//y/", "a/x/y"),
            ("a", "..", ""),
        ];
        for (folder, path, joined) in cases {
            assert_eq!(join(folder, path), joined);
        }
        let cases =
            [("a/b.md", "a/c.md", "c.md"), ("a/b.md", "c.md", "../c.md"), ("a/b/c.md", "a/d/e.md", "../d/e.md")];
        for (from, to, link) in cases {
            assert_eq!(relative(from, to), link);
        }
    }
}
