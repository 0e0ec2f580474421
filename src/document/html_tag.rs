//! Tags in raw HTML, found without a tree: enough to know names, attributes and their places.

/// A start or end tag. Offsets are bytes in the text that was searched.
#[derive(Debug, PartialEq, Eq)]
pub struct HtmlTag<'a> {
    pub start: usize,
    pub end: usize,
    pub name: &'a str,
    pub closing: bool,
    /// Name and value as written, with the offset of the value.
    pub attributes: Vec<(&'a str, &'a str, usize)>,
}

impl<'a> HtmlTag<'a> {
    /// Value of an attribute (any case) and its offset.
    pub fn attribute(&self, name: &str) -> Option<(&'a str, usize)> {
        self.attributes
            .iter()
            .find(|(key, _, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value, offset)| (*value, *offset))
    }
}

/// The tags of a text in order. Comments are skipped; what looks like no tag is passed over.
pub fn html_tags(text: &str) -> Vec<HtmlTag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        if text[start..].starts_with("<!--") {
            at = text[start..].find("-->").map_or(text.len(), |end| start + end + 3);
            continue;
        }
        match read_tag(text, start) {
            Some(tag) => {
                at = tag.end;
                tags.push(tag);
            }
            None => at = start + 1,
        }
    }
    tags
}

fn read_tag(text: &str, start: usize) -> Option<HtmlTag<'_>> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let closing = bytes.get(at) == Some(&b'/');
    at += usize::from(closing);
    let name_start = at;
    if !bytes.get(at)?.is_ascii_alphabetic() {
        return None;
    }
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
        at += 1;
    }
    let name = &text[name_start..at];
    let mut attributes = Vec::new();
    loop {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
            at += 1;
        }
        if *bytes.get(at)? == b'>' {
            return Some(HtmlTag { start, end: at + 1, name, closing, attributes });
        }
        let key_start = at;
        while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !b"=>/\"'<".contains(byte)) {
            at += 1;
        }
        if at == key_start {
            return None;
        }
        let key = &text[key_start..at];
        let (value, value_start, end) = read_value(text, at)?;
        attributes.push((key, value, value_start));
        at = end;
    }
}

/// The value behind an attribute's name: its text, its offset, and where to go on.
fn read_value(text: &str, name_end: usize) -> Option<(&str, usize, usize)> {
    let bytes = text.as_bytes();
    let skip_space = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        at
    };
    let equals = skip_space(name_end);
    if bytes.get(equals) != Some(&b'=') {
        return Some(("", name_end, name_end));
    }
    let start = skip_space(equals + 1);
    match bytes.get(start)? {
        quote @ (b'"' | b'\'') => {
            let len = text[start + 1..].find(*quote as char)?;
            Some((&text[start + 1..start + 1 + len], start + 1, start + len + 2))
        }
        _ => {
            let len = text[start..].find(|c: char| c.is_ascii_whitespace() || c == '>')?;
            Some((&text[start..start + len], start, start + len))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_with_their_attributes() {
        let tags = html_tags("a <A ID='x' href=\"y\" z> <!-- <b> --> </a> <pod-name> 1 < 2 <unclosed");
        let names: Vec<_> = tags.iter().map(|tag| (tag.name, tag.closing)).collect();
        assert_eq!(names, [("A", false), ("a", true), ("pod-name", false)]);
        assert_eq!(tags[0].attribute("id"), Some(("x", 9)));
        assert_eq!(tags[0].attribute("href"), Some(("y", 18)));
        assert_eq!(tags[0].attribute("z").map(|(value, _)| value), Some(""));
    }
}
