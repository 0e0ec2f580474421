//! `offline.html`: the whole handbook in one file that needs no other, for a folder on a stick and a zip in a chat.
//!
//! ```text
//! pages of documents ─▶ their <article>, ids and links rewritten ─┐
//! template offline.html ─▶ the frame, links rewritten ────────────┼▶ one text: styles, scripts, pictures and the search
//! assets, search index, pictures ─────────────────────────────────┘  index are part of it
//! ```
//! The pages are those that the site has anyway: nothing is rendered or indexed twice.

mod rewrite;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;
use serde::Serialize;

use super::pages::{PageView, Site, SiteError};
use super::{Content, OutputFile, ReadFile, Theme};
use crate::corpus::{file_address, path};
use crate::document::html_tags;
use crate::site::highlight::escape;
use rewrite::{Ids, Picture, Piece, end_of_element, place, rewrite, unescape};

/// Path of the file on the site.
pub const PATH: &str = "offline.html";

/// Bytes of a picture up to which it becomes part of the file, and of all pictures together, each time they are shown.
const PICTURE_LIMIT: usize = 1_000_000;
const PICTURES_LIMIT: usize = 20_000_000;

/// What the file is made of.
pub struct Parts<'p> {
    /// The rendered pages of documents, in their order, and the home page that was made up.
    pub pages: &'p [OutputFile],
    /// Scripts that others load when they need them: the search index and the navigation.
    pub data: &'p [OutputFile],
    /// Source files that pages show or link, from the root of the sources.
    pub linked: &'p BTreeSet<String>,
    pub theme: &'p Theme,
    pub read: ReadFile<'p>,
}

/// `offline` in templates.
#[derive(Serialize)]
struct OfflineView {
    /// How many documents there are.
    documents: usize,
    /// A list of contents for readers without scripts.
    contents: Vec<GroupView>,
    /// Paths of pictures that are not part of the file.
    left_out: Vec<String>,
    /// All documents as HTML.
    articles: &'static str,
}

#[derive(Serialize)]
struct GroupView {
    heading: String,
    /// Of the index whose table it is, or empty.
    url: String,
    items: Vec<ItemView>,
}

#[derive(Serialize)]
struct ItemView {
    title: String,
    /// Ready to use: `#database/failover.html`.
    url: String,
}

/// Stands for the articles while the template is rendered: what it gives is rewritten, and they are already.
const ARTICLES: &str = "<!--articles-->";

/// Makes the file.
pub fn page(site: &Site<'_, '_>, parts: &Parts<'_>) -> Result<OutputFile, SiteError> {
    let pages = in_order(site, parts.pages);
    let urls: BTreeSet<&str> = pages.iter().map(|(url, _)| *url).collect();
    let articles: Vec<Vec<Piece>> = pages.par_iter().map(|(url, html)| article(html, url, &urls)).collect();
    let mut pictures = Pictures::new(parts);
    let articles: Vec<String> = articles.into_iter().map(|article| pictures.put_into(article)).collect();

    let view = OfflineView {
        documents: site.corpus.entries.len(),
        contents: contents(site),
        left_out: pictures.left_out.iter().cloned().collect(),
        articles: ARTICLES,
    };
    let page = PageView { title: "Offline copy", url: PATH, kind: "offline", description: "" };
    let frame = site.template("offline.html", &page, |context| context.insert("offline", &view))?;
    let (frame, head) = without_assets(text_of(&frame), PATH);
    let frame = pictures.put_into(rewrite(&frame, PATH, &urls, Ids::Kept));
    let mut assets = head;
    for (url, html) in &pages {
        assets.add(html, url);
    }

    let mut html = String::with_capacity(articles.iter().map(String::len).sum::<usize>() + (1 << 20));
    let (before, after) = frame.split_once(ARTICLES).unwrap_or((&frame, ""));
    let (head, body) = before.split_once("</head>").unwrap_or(("", before));
    html.push_str(head);
    assets.write_styles(parts.theme, &mut html);
    html.push_str("</head>");
    html.push_str(body);
    articles.iter().for_each(|article| html.push_str(article));
    let (after, end) = after.rsplit_once("</body>").unwrap_or((after, ""));
    html.push_str(after);
    for file in parts.data {
        // A script of another type does not run: `offline.js` runs it when somebody asks for its file.
        let script = text_of(file).replace('<', "\\u003c");
        html.push_str(&format!("<script type=\"text/plain\" data-file=\"{}\">{script}</script>\n", escape(&file.path)));
    }
    assets.write_scripts(parts.theme, &mut html);
    html.push_str("</body>");
    html.push_str(end);
    Ok(OutputFile::bytes(PATH, html))
}

/// Address and HTML of each page: the home page, then each group behind its index, then the rest.
fn in_order<'p>(site: &Site<'_, '_>, pages: &'p [OutputFile]) -> Vec<(&'p str, &'p str)> {
    let mut left: BTreeMap<&str, &str> = pages.iter().map(|page| (page.path.as_str(), text_of(page))).collect();
    let groups = site
        .navigation
        .iter()
        .flat_map(|group| group.index.into_iter().chain(group.items.iter().map(|item| item.file)));
    let urls = groups.map(|file| site.corpus.entry(file).address.as_str());
    let mut ordered = Vec::with_capacity(pages.len());
    for url in std::iter::once("index.html").chain(urls) {
        ordered.extend(left.remove_entry(url));
    }
    ordered.extend(left);
    ordered
}

fn text_of(file: &OutputFile) -> &str {
    match &file.content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).unwrap_or_default(),
        Content::CopyOf(_) => "",
    }
}

fn contents(site: &Site<'_, '_>) -> Vec<GroupView> {
    let link = |file| format!("#{}", path::percent_encode(&place(&site.corpus.entry(file).address, None)));
    let groups = site.navigation.iter().map(|group| GroupView {
        heading: group.heading.clone(),
        url: group.index.map(link).unwrap_or_default(),
        items: group.items.iter().map(|item| ItemView { title: item.title.clone(), url: link(item.file) }).collect(),
    });
    groups.collect()
}

/// The `<article>` of a page, or what its `<main>` holds, as one article with the page's address.
fn article(html: &str, url: &str, urls: &BTreeSet<&str>) -> Vec<Piece> {
    let tags = html_tags(html);
    let element = |name: &str| {
        let first = tags.iter().position(|tag| !tag.closing && tag.name == name)?;
        Some((&tags[first], end_of_element(&tags[first..])))
    };
    let id = place(url, None);
    let (open, inner) = match (element("article"), element("main")) {
        (Some((tag, end)), _) => {
            let own = |name: &str| tag.attribute(name).is_some();
            let document =
                if own("data-document") { String::new() } else { format!(" data-document=\"{}\"", escape(url)) };
            let attributes = &html[tag.start + "<article".len()..tag.end];
            (format!("<article id=\"{}\"{document}{attributes}", escape(&id)), &html[tag.end..end])
        }
        (None, Some((tag, end))) => {
            let inner = html[tag.end..end].trim_end_matches("</main>");
            let open = format!("<article class=\"sheet\" id=\"{}\" data-document=\"{}\">", escape(&id), escape(url));
            (format!("{open}{inner}</article>"), "")
        }
        (None, None) => return Vec::new(),
    };
    // The id of the article is the page's own: it is set behind the rewriting.
    let mut pieces = vec![Piece::Html(open)];
    pieces.extend(rewrite(inner, url, urls, Ids::Prefixed));
    pieces.push(Piece::Html("\n".to_string()));
    pieces
}

/// Puts the bytes of pictures in their places, as far as they fit.
struct Pictures<'p> {
    parts: &'p Parts<'p>,
    /// Source file of each file of the site.
    sources: BTreeMap<String, &'p str>,
    /// What stands in `src`; `None` for a picture that is too large or cannot be read.
    read: BTreeMap<String, Option<String>>,
    room: usize,
    left_out: BTreeSet<String>,
}

impl<'p> Pictures<'p> {
    fn new(parts: &'p Parts<'p>) -> Self {
        let sources = parts.linked.iter().map(|source| (file_address(source), source.as_str())).collect();
        Pictures { parts, sources, read: BTreeMap::new(), room: PICTURES_LIMIT, left_out: BTreeSet::new() }
    }

    fn put_into(&mut self, pieces: Vec<Piece>) -> String {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Html(html) => out.push_str(&html),
                Piece::Picture(picture) => self.write(&picture, &mut out),
            }
        }
        out
    }

    fn write(&mut self, picture: &Picture, out: &mut String) {
        let Pictures { parts, sources, read, .. } = self;
        let data = read.entry(picture.path.clone()).or_insert_with(|| {
            let asset = parts.theme.assets.get(&picture.path).cloned();
            let bytes = asset.or_else(|| (parts.read)(sources.get(&picture.path)?, PICTURE_LIMIT))?;
            Some(data_address(&picture.path, &bytes))
        });
        match data.as_ref().filter(|data| data.len() * 3 / 4 <= self.room) {
            Some(data) => {
                self.room -= data.len() * 3 / 4;
                out.push_str(&format!("{}{data}{}", picture.before, picture.after));
            }
            None => {
                self.left_out.insert(picture.path.clone());
                let path = escape(&picture.path);
                let note = format!("<span class=\"quiet\">(picture not in this file: {path})</span>");
                out.push_str(&format!("<span class=\"not-here\">{} {note}</span>", picture.alt));
            }
        }
    }
}

fn data_address(path: &str, bytes: &[u8]) -> String {
    format!("data:{};base64,{}", media_type(path), STANDARD.encode(bytes))
}

/// By the ending: of pictures and of what style sheets ask for.
fn media_type(path: &str) -> &'static str {
    const TYPES: [(&str, &str); 14] = [
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("avif", "image/avif"),
        ("svg", "image/svg+xml"),
        ("bmp", "image/bmp"),
        ("ico", "image/x-icon"),
        ("woff2", "font/woff2"),
        ("woff", "font/woff"),
        ("ttf", "font/ttf"),
        ("otf", "font/otf"),
        ("css", "text/css"),
    ];
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    TYPES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(ending))
        .map_or("application/octet-stream", |(_, name)| name)
}

/// Style sheets and scripts that pages load, each once, in the order in which they are first named.
#[derive(Default)]
struct Assets {
    styles: Vec<String>,
    scripts: Vec<String>,
    icon: Option<String>,
}

impl Assets {
    /// Adds what the head of a page loads.
    fn add(&mut self, html: &str, url: &str) {
        let head = html.split_once("</head>").map_or("", |(head, _)| head);
        for tag in html_tags(head) {
            self.take(&tag, url);
        }
    }

    /// Whether a tag loads something, which is then known.
    fn take(&mut self, tag: &crate::document::HtmlTag<'_>, url: &str) -> bool {
        let at = |name: &str| {
            let address = unescape(tag.attribute(name)?.0);
            Some(path::join(path::folder(url), &path::split_target(&address).path))
        };
        let relation = tag.attribute("rel").map_or("", |(relation, _)| relation);
        match tag.name {
            "script" if !tag.closing => match at("src") {
                Some(path) => add_once(&mut self.scripts, path),
                None => return false,
            },
            "link" => match (relation, at("href")) {
                ("stylesheet", Some(path)) => add_once(&mut self.styles, path),
                ("icon", Some(path)) => self.icon = self.icon.take().or(Some(path)),
                // Addresses of this page elsewhere, of its feed and the like.
                _ => {}
            },
            _ => return false,
        }
        true
    }

    fn write_styles(&self, theme: &Theme, html: &mut String) {
        if let Some((icon, bytes)) = self.icon.as_ref().and_then(|icon| Some((icon, theme.assets.get(icon)?))) {
            html.push_str(&format!("<link rel=\"icon\" href=\"{}\">\n", data_address(icon, bytes)));
        }
        for path in &self.styles {
            if let Some(bytes) = theme.assets.get(path) {
                let css = with_embedded_addresses(&String::from_utf8_lossy(bytes), path, theme);
                html.push_str(&format!(
                    "<style data-file=\"{}\">\n{}</style>\n",
                    escape(path),
                    css.replace("</", "<\\/")
                ));
            }
        }
    }

    /// At the end of the body, where scripts run when all that they look for is there, as with `defer`.
    fn write_scripts(&self, theme: &Theme, html: &mut String) {
        for path in &self.scripts {
            if let Some(bytes) = theme.assets.get(path) {
                let script = String::from_utf8_lossy(bytes).replace("</script", "<\\/script").replace("<!--", "<\\!--");
                html.push_str(&format!("<script>\n{script}</script>\n"));
            }
        }
    }
}

fn add_once(list: &mut Vec<String>, path: String) {
    if !list.contains(&path) {
        list.push(path);
    }
}

/// The page without the tags that load something, and what they load.
fn without_assets(html: &str, url: &str) -> (String, Assets) {
    let mut assets = Assets::default();
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    let tags = html_tags(html);
    for (number, tag) in tags.iter().enumerate() {
        if tag.start >= at && assets.take(tag, url) {
            out.push_str(html[at..tag.start].trim_end_matches(' '));
            at = if tag.name == "script" { end_of_element(&tags[number..]) } else { tag.end };
        }
    }
    out.push_str(&html[at..]);
    (out, assets)
}

/// A style sheet whose `url(…)` hold the files of the theme; what is no file of the theme is taken out.
fn with_embedded_addresses(css: &str, sheet: &str, theme: &Theme) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("url(") {
        let Some((written, behind)) = after.split_once(')') else { break };
        let address = written.trim().trim_matches(['"', '\'']);
        out.push_str(before);
        let path = path::join(path::folder(sheet), &path::split_target(address).path);
        match theme.assets.get(&path) {
            _ if address.starts_with("data:") || address.starts_with('#') => out.push_str(&format!("url({written})")),
            Some(bytes) => out.push_str(&format!("url({})", data_address(&path, bytes))),
            None => out.push_str("url(data:,)"),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
