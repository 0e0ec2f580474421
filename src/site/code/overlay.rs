//! Marks laid over highlighted HTML: they need not respect its elements.

use std::ops::Range;

/// An element around a part of a text.
#[derive(Debug)]
pub struct Overlay {
    /// Bytes of the text, not of its HTML.
    pub range: Range<usize>,
    /// The start tag.
    pub open: String,
    /// The end tag, and what follows it.
    pub close: String,
}

/// Lays elements over the HTML of a text, which holds only `span`s and entities. Where an element would cross a `span`,
/// the `span` is closed and opened again; where two of the elements cross, the later one ends with the earlier.
pub fn splice(html: &str, mut overlays: Vec<Overlay>) -> String {
    if overlays.is_empty() {
        return html.to_string();
    }
    overlays.sort_by_key(|overlay| (overlay.range.start, std::cmp::Reverse(overlay.range.end)));
    let mut splicer = Splicer {
        out: String::with_capacity(html.len() * 2),
        text_at: 0,
        overlays: overlays.into_iter().peekable(),
        open: Vec::new(),
        wanted: Vec::new(),
        shown: 0,
    };
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        if let Some(tag) = rest.starts_with('<').then(|| &rest[..rest.find('>').map_or(rest.len(), |end| end + 1)]) {
            splicer.tag(tag);
            at += tag.len();
            continue;
        }
        splicer.turn();
        let (piece, len) = match rest.starts_with('&') {
            // An entity stands for one of five signs, all of one byte.
            true => (&rest[..rest.find(';').map_or(1, |end| end + 1)], 1),
            false => {
                let plain = rest.find(['<', '&']).unwrap_or(rest.len());
                let piece = &rest[..rest.floor_char_boundary(plain.min(splicer.boundary()))];
                // A boundary inside of a character cannot be kept.
                let piece =
                    if piece.is_empty() { &rest[..rest.chars().next().map_or(1, char::len_utf8)] } else { piece };
                (piece, piece.len())
            }
        };
        splicer.text(piece, len);
        at += piece.len();
    }
    splicer.end()
}

struct Splicer<'h> {
    out: String,
    /// Bytes of the text that are written.
    text_at: usize,
    overlays: std::iter::Peekable<std::vec::IntoIter<Overlay>>,
    open: Vec<Overlay>,
    /// Start tags of the `span`s around the place in the given HTML.
    wanted: Vec<&'h str>,
    /// How many of them are open inside the innermost element.
    shown: usize,
}

impl<'h> Splicer<'h> {
    fn tag(&mut self, tag: &'h str) {
        if !tag.starts_with("</") {
            return self.wanted.push(tag);
        }
        self.wanted.pop();
        if self.shown > self.wanted.len() {
            self.out.push_str("</span>");
            self.shown -= 1;
        }
    }

    /// Ends and starts the elements that end and start at the place.
    fn turn(&mut self) {
        self.close_ended();
        while let Some(mut overlay) = self.overlays.next_if(|overlay| overlay.range.start <= self.text_at) {
            if let Some(outer) = self.open.last() {
                overlay.range.end = overlay.range.end.min(outer.range.end);
            }
            if overlay.range.end <= self.text_at {
                continue;
            }
            self.close_spans();
            self.out.push_str(&overlay.open);
            self.open.push(overlay);
        }
    }

    /// Bytes of text up to the next place where an element starts or ends, at least one.
    fn boundary(&mut self) -> usize {
        let at = self.text_at;
        let ends = self.open.last().map_or(usize::MAX, |overlay| overlay.range.end);
        let starts = self.overlays.peek().map_or(usize::MAX, |overlay| overlay.range.start);
        let next = [ends, starts].into_iter().filter(|place| *place > at).min();
        next.map_or(usize::MAX, |next| next - at)
    }

    fn text(&mut self, piece: &str, len: usize) {
        for tag in &self.wanted[self.shown..] {
            self.out.push_str(tag);
        }
        self.shown = self.wanted.len();
        self.out.push_str(piece);
        self.text_at += len;
        // An element that ends here must not hold a `span` that starts here.
        self.close_ended();
    }

    fn close_ended(&mut self) {
        while let Some(overlay) = self.open.pop_if(|overlay| overlay.range.end <= self.text_at) {
            self.close_spans();
            self.out.push_str(&overlay.close);
        }
    }

    fn close_spans(&mut self) {
        for _ in 0..std::mem::take(&mut self.shown) {
            self.out.push_str("</span>");
        }
    }

    fn end(mut self) -> String {
        self.close_spans();
        while let Some(overlay) = self.open.pop() {
            self.out.push_str(&overlay.close);
        }
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Range and name of an element.
    type Laid = (Range<usize>, &'static str);

    fn laid(html: &str, overlays: &[Laid]) -> String {
        let overlay = |(range, name): &Laid| Overlay {
            range: range.clone(),
            open: format!("<{name}>"),
            close: format!("</{name}>"),
        };
        splice(html, overlays.iter().map(overlay).collect())
    }

    #[test]
    fn elements_do_not_cross() {
        let cases: [(&str, &[Laid], &str); 7] = [
            ("ls", &[(0..2, "a")], "<a>ls</a>"),
            ("<span x>ls</span> b", &[(1..4, "a")], "<span x>l</span><a><span x>s</span> b</a>"),
            (
                "<span x>abcd</span>",
                &[(1..3, "a"), (2..3, "b")],
                "<span x>a</span><a><span x>b</span><b><span x>c</span></b></a><span x>d</span>",
            ),
            ("a&lt;b&gt;", &[(1..4, "v")], "a<v>&lt;b&gt;</v>"),
            ("abc", &[(0..2, "a"), (1..3, "b")], "<a>a<b>b</b></a>c"),
            ("ä b", &[(1..2, "a"), (3..4, "b")], "ä <b>b</b>"),
            ("ab\n", &[(0..9, "a"), (5..6, "b")], "<a>ab\n</a>"),
        ];
        for (html, overlays, expected) in cases {
            assert_eq!(laid(html, overlays), expected, "{html}");
        }
    }
}
