//! Rewrites the HTML of a page of the site for its place in the file of all pages.
//!
//! It reads our own output: tags are well formed, text is escaped, and elements that are left out don't overlap.

use std::collections::BTreeSet;

use crate::corpus::path;
use crate::document::{HtmlTag, html_tags};
use crate::site::highlight::escape;

/// What a rewritten page consists of. Pictures are put in when all of them are known.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Html(String),
    Picture(Picture),
}

/// An `<img>` whose file must become part of the page.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    /// From the site's root.
    pub path: String,
    /// The tag up to the value of `src`, and from there on.
    pub before: String,
    pub after: String,
    /// As HTML.
    pub alt: String,
}

/// How the ids of a page are told apart from those of other pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// `step-1` of `a/b.html` becomes `a/b.html/step-1`.
    Prefixed,
    /// The frame of the file, whose ids stand once.
    Kept,
}

/// Rewrites a part of the page `url` (from the root, not encoded). Links to `pages` lead to their place in the file;
/// a link to anything else of the site becomes text with the path. Elements with `data-site-only` are left out.
pub fn rewrite(html: &str, url: &str, pages: &BTreeSet<&str>, ids: Ids) -> Vec<Piece> {
    let tags = html_tags(html);
    let kept = kept(&tags, html.len());
    let ids_of = |wanted: bool| -> BTreeSet<&str> {
        let tags = tags.iter().filter(|tag| is_kept(&kept, tag.start) == wanted);
        tags.filter_map(|tag| tag.attribute("id")).map(|(id, _)| id).collect()
    };
    let mut rewriter =
        Rewriter { html, url, pages, ids, own: ids_of(true), dropped: ids_of(false), closing: None, out: Vec::new() };
    let mut at = 0;
    let mut tags = tags.iter().peekable();
    for (start, end) in kept {
        at = at.max(start);
        while let Some(tag) = tags.next_if(|tag| tag.start < end) {
            if tag.start < start {
                continue;
            }
            rewriter.write(&html[at..tag.start]);
            rewriter.tag(tag);
            at = tag.end;
        }
        rewriter.write(&html[at..end]);
        at = end;
    }
    rewriter.out
}

/// The id of a page or of a place in it within the file. An id holds no white space, so that lists of ids stay lists.
pub fn place(url: &str, id: Option<&str>) -> String {
    let mut place = String::with_capacity(url.len());
    for c in url.chars().chain(id.iter().flat_map(|id| std::iter::once('/').chain(id.chars()))) {
        match c {
            ' ' => place.push_str("%20"),
            '%' => place.push_str("%25"),
            c if c.is_ascii_whitespace() => place.push('_'),
            c => place.push(c),
        }
    }
    place
}

/// The ranges of a text outside of elements with `data-site-only`.
fn kept(tags: &[HtmlTag<'_>], length: usize) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut from = 0;
    for (at, tag) in tags.iter().enumerate() {
        if tag.closing || tag.start < from || tag.attribute("data-site-only").is_none() {
            continue;
        }
        ranges.push((from, tag.start));
        from = end_of_element(&tags[at..]);
    }
    ranges.push((from, length));
    ranges
}

fn is_kept(kept: &[(usize, usize)], at: usize) -> bool {
    kept.iter().any(|(start, end)| (*start..*end).contains(&at))
}

/// Where the element ends that the first tag begins.
pub fn end_of_element(tags: &[HtmlTag<'_>]) -> usize {
    let name = tags[0].name;
    let mut depth = 0;
    for tag in tags.iter().filter(|tag| tag.name.eq_ignore_ascii_case(name)) {
        depth = if tag.closing { depth - 1 } else { depth + 1 };
        if depth == 0 {
            return tag.end;
        }
    }
    tags[0].end
}

struct Rewriter<'h> {
    html: &'h str,
    url: &'h str,
    pages: &'h BTreeSet<&'h str>,
    ids: Ids,
    own: BTreeSet<&'h str>,
    /// Ids of what is left out.
    dropped: BTreeSet<&'h str>,
    /// What stands for the `</a>` of an open link that became text.
    closing: Option<String>,
    out: Vec<Piece>,
}

/// Attributes whose value is one id or several.
const IDS: &[&str] = &[
    "id",
    "for",
    "headers",
    "list",
    "form",
    "popovertarget",
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
];

/// Where a link leads, seen from the file.
enum Goal {
    /// An id.
    Place(String),
    /// A part of the page that the file does not have.
    LeftOut,
    /// A file of the site.
    Elsewhere(String),
    External,
}

impl Rewriter<'_> {
    fn write(&mut self, html: &str) {
        match self.out.last_mut() {
            Some(Piece::Html(text)) => text.push_str(html),
            _ => self.out.push(Piece::Html(html.to_string())),
        }
    }

    fn tag(&mut self, tag: &HtmlTag<'_>) {
        let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
        if tag.closing {
            match self.closing.take_if(|_| is("a")) {
                Some(closing) => self.write(&closing),
                None => self.write(&self.html[tag.start..tag.end]),
            }
            return;
        }
        let href = tag.attribute("href").map(|(href, _)| unescape(href));
        if let Some(href) = href.filter(|_| is("a")) {
            match self.goal(&href) {
                Goal::Place(place) => self.write_tag(tag, Some(("href", format!("#{}", path::percent_encode(&place))))),
                Goal::External => self.write_tag(tag, None),
                Goal::LeftOut => self.open_text(tag, "", String::new()),
                Goal::Elsewhere(path) => {
                    let note = format!(" <span class=\"quiet\">(not in this file: {})</span>", escape(&path));
                    self.open_text(tag, " not-here", note);
                }
            }
            return;
        }
        let src = tag.attribute("src").filter(|_| is("img"));
        match src.map(|(src, at)| (unescape(src), src, at)) {
            Some((address, written, at)) if !path::is_external(&address) && !address.starts_with("data:") => {
                let source = path::join(path::folder(self.url), &path::split_target(&address).path);
                self.out.push(Piece::Picture(Picture {
                    path: source,
                    before: self.html[tag.start..at].to_string(),
                    after: self.html[at + written.len()..tag.end].to_string(),
                    alt: tag.attribute("alt").map_or("", |(alt, _)| alt).to_string(),
                }));
            }
            _ => self.write_tag(tag, None),
        }
    }

    /// Writes a tag with the ids that it has in the file, and with another value for one attribute.
    fn write_tag(&mut self, tag: &HtmlTag<'_>, change: Option<(&str, String)>) {
        let mut at = tag.start;
        let mut out = String::new();
        for (name, value, start) in &tag.attributes {
            let changed = change.as_ref().filter(|(changed, _)| name.eq_ignore_ascii_case(changed));
            let value_now = match changed {
                Some((_, value)) => Some(value.clone()),
                None if self.ids == Ids::Prefixed && IDS.iter().any(|id| name.eq_ignore_ascii_case(id)) => {
                    Some(self.prefixed(value))
                }
                None => None,
            };
            if let Some(new) = value_now {
                out.push_str(&self.html[at..*start]);
                let bare = !self.html[..*start].ends_with(['"', '\'']);
                let quote = if bare { "\"" } else { "" };
                out.push_str(&format!("{quote}{}{quote}", escape(&new)));
                at = start + value.len();
            }
        }
        out.push_str(&self.html[at..tag.end]);
        self.write(&out);
    }

    /// Ids of the page with its address; ids of the frame as they are.
    fn prefixed(&self, ids: &str) -> String {
        let place = |id: &str| match self.own.contains(id) {
            true => place(self.url, Some(&unescape(id))),
            false => unescape(id),
        };
        ids.split_ascii_whitespace().map(place).collect::<Vec<_>>().join(" ")
    }

    fn open_text(&mut self, tag: &HtmlTag<'_>, mark: &str, note: String) {
        let class = tag.attribute("class").map_or("", |(class, _)| class);
        self.write(&format!("<span class=\"{}\">", format!("{class}{mark}").trim()));
        self.closing = Some(format!("{note}</span>"));
    }

    fn goal(&self, href: &str) -> Goal {
        if path::is_external(href) {
            return Goal::External;
        }
        let target = path::split_target(href);
        let fragment = target.fragment.as_deref().filter(|fragment| !fragment.is_empty());
        if target.path.is_empty() {
            return match (self.ids, fragment) {
                (_, Some(fragment)) if self.dropped.contains(escape(fragment).as_str()) => Goal::LeftOut,
                (Ids::Prefixed, fragment) => Goal::Place(place(self.url, fragment)),
                (Ids::Kept, fragment) => Goal::Place(fragment.unwrap_or_default().to_string()),
            };
        }
        let path = path::join(path::folder(self.url), &target.path);
        match self.pages.contains(path.as_str()) {
            true => Goal::Place(place(&path, fragment)),
            false => Goal::Elsewhere(path),
        }
    }
}

/// The text that an attribute's value stands for, as `escape` writes it.
pub fn unescape(value: &str) -> String {
    if !value.contains('&') {
        return value.to_string();
    }
    let plain = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let plain = plain.replace("&#39;", "'").replace("&#x27;", "'").replace("&#x2F;", "/");
    plain.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(html: &str, ids: Ids) -> String {
        let pages = BTreeSet::from(["index.html", "db/fail over.html", "db/vacuum.html"]);
        let mut out = String::new();
        for piece in rewrite(html, "db/fail over.html", &pages, ids) {
            match piece {
                Piece::Html(html) => out.push_str(&html),
                Piece::Picture(picture) => out.push_str(&format!("[{}]", picture.path)),
            }
        }
        out
    }

    #[test]
    fn a_page_is_rewritten() {
        let cases = [
            ("<h2 id=\"step-1\">a</h2>", "<h2 id=\"db/fail%20over.html/step-1\">a</h2>"),
            (
                "<p id=x></p><b aria-labelledby=\"x main\">",
                "<p id=\"db/fail%20over.html/x\"></p><b aria-labelledby=\"db/fail%20over.html/x main\">",
            ),
            ("<a href=\"#%C3%BCber\">a</a>", "<a href=\"#db/fail%2520over.html/%C3%BCber\">a</a>"),
            ("<a href=\"#über\">a</a>", "<a href=\"#db/fail%2520over.html/%C3%BCber\">a</a>"),
            ("<a href=\"#\">a</a>", "<a href=\"#db/fail%2520over.html\">a</a>"),
            ("<a href=\"vacuum.html\">a</a>", "<a href=\"#db/vacuum.html\">a</a>"),
            ("<a class=\"k\" href=\"../index.html?x#y\">a</a>", "<a class=\"k\" href=\"#index.html/y\">a</a>"),
            (
                "<a href=\"../files/a.pdf\">a <b>b</b></a> c",
                "<span class=\"not-here\">a <b>b</b> <span class=\"quiet\">(not in this file: files/a.pdf)</span></span> c",
            ),
            (
                "<a class=\"external\" href=\"https://x.example/#y\">a</a>",
                "<a class=\"external\" href=\"https://x.example/#y\">a</a>",
            ),
            ("<a href=\"mailto:a@x.example\">a</a>", "<a href=\"mailto:a@x.example\">a</a>"),
            ("<img src=\"../img/a%20b.png\" alt=\"\">", "[img/a b.png]"),
            ("a &lt;b id=\"x\"&gt; <!-- <p id=\"x\"> -->", "a &lt;b id=\"x\"&gt; <!-- <p id=\"x\"> -->"),
            (
                "<a class=\"mark\" href=\"#found\">2 errors</a><section data-site-only><section id=\"found\"></section></section>x",
                "<span class=\"mark\">2 errors</span>x",
            ),
        ];
        for (html, expect) in cases {
            assert_eq!(rewritten(html, Ids::Prefixed), expect, "{html}");
        }
    }

    #[test]
    fn the_frame_keeps_its_ids() {
        assert_eq!(
            rewritten("<a href=\"#main\">a</a><main id=\"main\"></main><a href=\"../index.html\">b</a>", Ids::Kept),
            "<a href=\"#main\">a</a><main id=\"main\"></main><a href=\"#index.html\">b</a>"
        );
    }
}
