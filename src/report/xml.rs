//! Text for XML 1.0.

use super::plain;

/// Text that may stand in an element or an attribute. What XML 1.0 has no way to write is written as `\u{…}`, and so is
/// what steers a terminal.
pub fn xml(text: &str) -> String {
    let text = plain(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // A parser makes a space of it in an attribute.
            '\t' => escaped.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}
