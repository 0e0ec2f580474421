//! What a style sheet would load.

use crate::corpus::path::{is_external, split_target};

/// Something that a style sheet would load.
#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// `@import`, whatever it names.
    Import,
    /// From another host, or from this one's root.
    Web(String),
    /// Relative to the style sheet; without query and fragment.
    Local(String),
}

/// What a style sheet would load, each with its line, from 1. Addresses that hold their data, and those within the page,
/// load nothing.
pub fn addresses_in_css(css: &str) -> Vec<(usize, Address)> {
    let mut found = Vec::new();
    let mut at = 0;
    // Depth of brackets in `image-set(`, whose strings are addresses.
    let mut sets: Vec<bool> = Vec::new();
    while let Some(rest) = css.get(at..) {
        let line = || css[..at].matches('\n').count() + 1;
        let Some(first) = rest.chars().next() else { break };
        let word = |word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if let Some(comment) = rest.strip_prefix("/*") {
            at += 2 + comment.find("*/").map_or(comment.len(), |end| end + 2);
        } else if word("@import") {
            found.push((line(), Address::Import));
            at += "@import".len();
        } else if word("url(") {
            let (address, length) = url(&rest[4..]);
            found.extend(loaded(&address).map(|address| (line(), address)));
            at += 4 + length;
        } else if first == '"' || first == '\'' {
            let (text, length) = string(rest);
            if sets.contains(&true) {
                found.extend(loaded(&text).map(|address| (line(), address)));
            }
            at += length;
        } else {
            match first {
                '(' => sets.push(css[..at].to_ascii_lowercase().ends_with("image-set")),
                ')' => drop(sets.pop()),
                _ => {}
            }
            at += first.len_utf8();
        }
    }
    found
}

fn loaded(address: &str) -> Option<Address> {
    let address = address.trim();
    let scheme = address.split(':').next().unwrap_or_default();
    if address.is_empty() || address.starts_with('#') || scheme.eq_ignore_ascii_case("data") {
        return None;
    }
    if is_external(address) || address.starts_with(['/', '\\']) {
        return Some(Address::Web(address.to_string()));
    }
    Some(Address::Local(split_target(address).path.into_owned()))
}

/// The address behind `url(`, and the bytes up to its closing bracket and with it.
fn url(rest: &str) -> (String, usize) {
    let inner = rest.trim_start();
    let skipped = rest.len() - inner.len();
    if inner.starts_with(['"', '\'']) {
        let (text, length) = string(inner);
        let behind = inner[length..].find(')').map_or(inner.len() - length, |end| end + 1);
        return (text, skipped + length + behind);
    }
    let end = inner.find(')').unwrap_or(inner.len());
    (unescaped(inner[..end].trim_end()), (skipped + end + 1).min(rest.len()))
}

/// The text between quotes, and the bytes with them. A line's end closes a string that is left open.
fn string(rest: &str) -> (String, usize) {
    let mut chars = rest.char_indices();
    let Some((_, quote)) = chars.next() else { return (String::new(), 0) };
    let mut escaped = false;
    for (at, c) in chars {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return (unescaped(&rest[1..at]), at),
            c if c == quote => return (unescaped(&rest[1..at]), at + 1),
            _ => {}
        }
    }
    (unescaped(&rest[1..]), rest.len())
}

/// `\68ttps:` is `https:` for a browser, too.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let mut code = String::new();
        while let Some(digit) = chars.next_if(|c| code.len() < 6 && c.is_ascii_hexdigit()) {
            code.push(digit);
        }
        match u32::from_str_radix(&code, 16).ok().and_then(char::from_u32) {
            Some(c) => {
                plain.push(c);
                chars.next_if(|c| c.is_whitespace());
            }
            None => plain.extend(chars.next().filter(|c| *c != '\n')),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_style_sheet_would_load_is_found() {
        let web = |text: &str| Address::Web(text.to_string());
        let local = |text: &str| Address::Local(text.to_string());
        let cases = [
            ("a { color: red } /* url(https://x) @import */", vec![]),
            ("a { background: url(data:image/png;base64,AA==) }", vec![]),
            ("a { mask: url(#m); content: \"https://ops.example\" }", vec![]),
            ("@namespace svg \"http://www.w3.org/2000/svg\";", vec![]),
            ("a {\n background: url( 'img/a b.png?v=1#x' ) }", vec![(2, local("img/a b.png"))]),
            ("@font-face { src: local(\"X\"), URL(x.woff2) }", vec![(1, local("x.woff2"))]),
            ("a { background: url(https://cdn.example/x.png) }", vec![(1, web("https://cdn.example/x.png"))]),
            ("a { background: url(//cdn.example/x.png) }", vec![(1, web("//cdn.example/x.png"))]),
            ("a { background: url(\"\\68ttps://x\") }", vec![(1, web("https://x"))]),
            ("a { background: url(/x.png) }", vec![(1, web("/x.png"))]),
            (
                "a { background: image-set(\"http://x/a.png\" 1x, \"b.png\" 2x) }",
                vec![(1, web("http://x/a.png")), (1, local("b.png"))],
            ),
            ("\n@IMPORT 'a.css';", vec![(2, Address::Import)]),
            ("a { background: url(x", vec![(1, local("x"))]),
            ("a { content: 'x", vec![]),
        ];
        for (css, found) in cases {
            assert_eq!(addresses_in_css(css), found, "{css}");
        }
    }
}
