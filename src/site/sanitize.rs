//! Raw HTML of authors made harmless.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::document::html_tags;

/// Elements that authors may use. A tag of any other name, such as `<pod-name>`, is shown as the text that it is.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that are removed with their content: they would run, style or load.
const REMOVED: &[&str] = &["script", "style", "noscript", "template", "iframe", "object", "embed", "link", "meta"];

/// Elements that this tool writes into bodies beside those of authors.
const OWN: &[&str] = &["aside", "input", "section"];

/// What stands on a step.
const STEP: &[&str] =
    &["data-step-key", "data-step-number", "data-step-title", "data-step-hash", "data-min-minutes", "data-max-minutes"];

/// Whether a tag of this name is one of HTML that is understood or removed.
pub fn is_element(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ELEMENTS.contains(&name.as_str()) || REMOVED.contains(&name.as_str())
}

/// What a piece of raw HTML becomes before it is sanitised.
pub struct RawHtml {
    pub html: String,
    /// Whether it holds tags, and so the page must be sanitised.
    pub has_tags: bool,
}

/// Keeps the tags of known elements, as `rewrite` gives them, and makes text of all else. Comments are dropped.
pub fn raw_html(text: &str, mut rewrite: impl FnMut(&crate::document::HtmlTag<'_>) -> Option<String>) -> RawHtml {
    let mut html = String::with_capacity(text.len());
    let mut has_tags = false;
    let mut done = 0;
    for tag in html_tags(text).iter().filter(|tag| is_element(tag.name)) {
        html.push_str(&as_text(&text[done..tag.start]));
        match rewrite(tag) {
            Some(rewritten) => html.push_str(&rewritten),
            None => html.push_str(&text[tag.start..tag.end]),
        }
        has_tags = true;
        done = tag.end;
    }
    html.push_str(&as_text(&text[done..]));
    RawHtml { html, has_tags }
}

/// Text between tags: comments away, angle brackets visible, entities as they are.
fn as_text(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].find("-->").map_or("", |end| &rest[start + end + 3..]);
    }
    kept.push_str(rest);
    kept.replace('<', "&lt;").replace('>', "&gt;")
}

/// Cleans a rendered body that holds raw HTML.
pub fn sanitize(html: &str) -> String {
    static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let mut builder = Builder::empty();
        builder
            .tags(ELEMENTS.iter().chain(OWN).copied().collect())
            .clean_content_tags(REMOVED.iter().copied().collect())
            .generic_attributes(HashSet::from([
                "id",
                "class",
                "title",
                "role",
                "aria-label",
                "aria-hidden",
                "tabindex",
                "lang",
                "dir",
                "align",
                "data-label",
                "data-warning",
            ]))
            .add_tag_attributes("a", &["href", "name", "rel"])
            .add_tag_attributes("img", &["src", "alt", "width", "height", "loading"])
            .add_tag_attributes("input", &["type", "checked", "disabled", "data-step"])
            .add_tag_attributes("section", STEP)
            .add_tag_attributes("li", STEP)
            .add_tag_attributes("td", &["colspan", "rowspan"])
            .add_tag_attributes("th", &["colspan", "rowspan", "scope"])
            .add_tag_attributes("ol", &["start"])
            .add_tag_attributes("details", &["open"])
            .url_schemes(super::links::SCHEMES.iter().copied().collect())
            .url_relative(UrlRelative::PassThrough)
            .link_rel(None);
        builder
    });
    CLEANER.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> String {
        let raw = raw_html(text, |_| None);
        if raw.has_tags { sanitize(&raw.html) } else { raw.html }
    }

    #[test]
    fn placeholders_are_text_and_scripts_are_gone() {
        let cases = [
            ("<pod-name>", "&lt;pod-name&gt;"),
            ("<pod-name> <b>x</b>", "&lt;pod-name&gt; <b>x</b>"),
            ("<!-- hidden --> a &amp; b", " a &amp; b"),
            ("<b onclick=\"x()\">a</b><script>alert(1)</script>", "<b>a</b>"),
            ("<a href=\"javascript:x()\">a</a>", "<a>a</a>"),
            ("<img src=x onerror=alert(1)>", "<img src=\"x\">"),
            ("<details><summary>s</summary>", "<details><summary>s</summary></details>"),
        ];
        for (raw, html) in cases {
            assert_eq!(render(raw), html, "{raw}");
        }
    }
}
