//! Source files as the tool sees them: text, byte spans, and the way from an offset to a line and column.

use std::ops::Range;

/// Index of a file in the run's file table. Files are numbered in the order of their paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    /// Makes an id from a position in the file table.
    pub fn new(index: usize) -> Self {
        // Files are limited in size and a file table of 4 billion entries does not fit in memory.
        FileId(index as u32)
    }

    /// Position in the file table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Half-open range of bytes in a file, counted from its first byte (a byte order mark included).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Makes a span from byte offsets.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start: start as u32, end: end as u32 }
    }

    /// The same as a range of `usize`, to slice with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

/// Place in a file as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in characters; a byte order mark does not count.
    pub column: usize,
}

/// The largest file that is read, in bytes: above it a file is no runbook but a mistake.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

const BOM: &str = "\u{feff}";

/// One Markdown file. Where it could not be read, `text` is empty and `problem` says why.
#[derive(Debug)]
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
    pub lines: LineIndex,
    pub problem: Option<String>,
}

impl Source {
    /// Takes a readable text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lines = LineIndex::new(&text);
        Source { path: path.into(), text, lines, problem: None }
    }

    /// Names a file that could not be read, with the reason in words.
    pub fn unreadable(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Source { problem: Some(problem.into()), ..Source::new(path, "") }
    }

    /// Decodes bytes as UTF-8. Other encodings become an unreadable source that says what was found where.
    pub fn decode(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        if let Some(encoding) = utf16(&bytes) {
            return Source::unreadable(path, format!("not UTF-8 but {encoding}"));
        }
        match String::from_utf8(bytes) {
            Ok(text) if text.contains('\0') => Source::unreadable(path, "binary data: it holds a NUL byte"),
            Ok(text) => Source::new(path, text),
            Err(error) => {
                let offset = error.utf8_error().valid_up_to();
                let line = 1 + error.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count();
                let byte = error.as_bytes()[offset];
                Source::unreadable(path, format!("not UTF-8: byte 0x{byte:02x} on line {line}"))
            }
        }
    }

    /// Bytes before the Markdown: the length of a byte order mark, or 0.
    pub fn bom_len(&self) -> usize {
        if self.text.starts_with(BOM) { BOM.len() } else { 0 }
    }

    /// The text of a span; empty where the span lies outside the file or between the bytes of a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The same with stars in place of some spans: every offset stays what it is.
    pub fn masked(&self, spans: impl IntoIterator<Item = Span>) -> Source {
        let mut text = self.text.clone();
        for span in spans {
            if self.text.get(span.range()).is_some() {
                text.replace_range(span.range(), &"*".repeat(span.range().len()));
            }
        }
        Source { problem: self.problem.clone(), ..Source::new(self.path.as_str(), text) }
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let (line, start) = self.lines.line_at(offset);
        let start = if line == 1 { self.bom_len() } else { start as usize };
        let before = self.text.get(start..offset as usize).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }

    /// The text of a line counted from 1, without its end.
    pub fn line(&self, line: usize) -> &str {
        self.slice(self.lines.line_span(line, self.text.len())).trim_end_matches(['\n', '\r'])
    }

    /// The line end that the file uses: that of its first line, `\n` where there is none.
    pub fn line_end(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }
}

/// Offsets at which the lines of a file start.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines: `\n`, `\r\n` and a lone `\r` end one, as in CommonMark.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(at as u32 + 1);
            }
        }
        LineIndex { starts }
    }

    /// Number of the line (from 1) that holds an offset, and the offset at which it starts.
    pub fn line_at(&self, offset: u32) -> (usize, u32) {
        let line = self.starts.partition_point(|start| *start <= offset);
        (line, self.starts[line - 1])
    }

    /// Span of a line counted from 1, its end included; empty behind the last line.
    pub fn line_span(&self, line: usize, len: usize) -> Span {
        let end_of_text = len as u32;
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(end_of_text);
        Span { start, end: self.starts.get(line).copied().unwrap_or(end_of_text) }
    }
}

fn utf16(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] => Some("UTF-16 (little endian)"),
        [0xfe, 0xff, ..] => Some("UTF-16 (big endian)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_know_every_line_end() {
        let source = Source::new("a.md", "\u{feff}ä b\r\nc\rd\ne");
        let at = |needle: &str| source.position(source.text.find(needle).expect("in the text") as u32);
        assert_eq!(at("b"), Position { line: 1, column: 3 });
        assert_eq!(at("c"), Position { line: 2, column: 1 });
        assert_eq!(at("d"), Position { line: 3, column: 1 });
        assert_eq!(at("e"), Position { line: 4, column: 1 });
        assert_eq!(source.line(2), "c");
        assert_eq!(source.line(9), "");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named_with_their_line() {
        let source = Source::decode("a.md", b"# T\n\xe9t\xe9\n".to_vec());
        assert_eq!(source.problem.as_deref(), Some("not UTF-8: byte 0xe9 on line 2"));
        let source = Source::decode("a.md", b"\xff\xfe#\0".to_vec());
        assert_eq!(source.problem.as_deref(), Some("not UTF-8 but UTF-16 (little endian)"));
    }
}
