//! Files for those who look at the site as a whole: search engines, feed readers, language models.

use jiff::civil::Date;

use super::OutputFile;
use super::document_page::description;
use super::navigation::plain_title;
use super::pages::{Site, href, updated};
use crate::corpus::{Column, Entry, Kind};

/// Path of the feed.
pub const FEED: &str = "feed.xml";

/// How many addresses a site map may hold. <https://www.sitemaps.org/protocol.html>
const MOST_IN_SITEMAP: usize = 50_000;

/// How many runbooks the feed lists.
const MOST_IN_FEED: usize = 50;

/// Whether the feed can list a document: a runbook that says when it was updated.
pub fn is_in_feed(entry: &Entry<'_>) -> bool {
    entry.kind == Kind::Runbook && updated(entry).is_some()
}

impl Site<'_, '_> {
    /// `robots.txt` and `llms.txt`, and with a base URL `sitemap.xml` and `feed.xml`.
    pub fn files_for_readers(&self) -> Vec<OutputFile> {
        let mut files = vec![OutputFile::bytes("llms.txt", self.llms_txt())];
        let mut robots = "User-agent: *\nAllow: /\n".to_string();
        if let Some(base_url) = &self.base_url {
            robots.push_str(&format!("\nSitemap: {base_url}sitemap.xml\n"));
            files.extend(sitemaps(base_url, &self.mapped(), MOST_IN_SITEMAP));
            files.extend(self.feed(base_url));
        }
        files.push(OutputFile::bytes("robots.txt", robots));
        files
    }

    /// The addresses of all pages from the root, each with the day of its last update.
    fn mapped(&self) -> Vec<(String, Option<Date>)> {
        let mut pages: Vec<_> = self.corpus.entries.iter().map(|entry| (href(entry), updated(entry))).collect();
        if !pages.iter().any(|(address, _)| address == "index.html") {
            pages.push(("index.html".to_string(), None));
        }
        pages.sort();
        pages
    }

    /// An Atom feed of the runbooks that were updated last; `None` where none says when.
    fn feed(&self, base_url: &str) -> Option<OutputFile> {
        let mut runbooks: Vec<(Date, &Entry<'_>)> = self
            .corpus
            .entries
            .iter()
            .filter(|entry| is_in_feed(entry))
            .filter_map(|entry| Some((updated(entry)?, entry)))
            .collect();
        runbooks.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.address.cmp(&other.address)));
        let (newest, _) = runbooks.first()?;
        let mut feed = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
             <title>{}</title>\n<id>{base}</id>\n<link href=\"{base}\"/>\n<link rel=\"self\" type=\"application/atom+xml\" \
             href=\"{base}{FEED}\"/>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
             <generator version=\"{}\">runbook-site</generator>\n",
            xml(&self.view.language),
            xml(&self.view.title),
            midnight(*newest),
            xml(&self.view.title),
            env!("CARGO_PKG_VERSION"),
            base = xml(base_url),
        );
        for (day, entry) in runbooks.into_iter().take(MOST_IN_FEED) {
            let address = xml(&format!("{base_url}{}", href(entry)));
            feed.push_str(&format!(
                "<entry>\n<title>{}</title>\n<id>{address}</id>\n<link href=\"{address}\"/>\n<updated>{}</updated>\n",
                xml(plain_title(entry)),
                midnight(day),
            ));
            if let Some(owner) = entry.metadata_value(Column::Owner) {
                feed.push_str(&format!("<author><name>{}</name></author>\n", xml(owner)));
            }
            let summary = description(entry);
            if !summary.is_empty() {
                feed.push_str(&format!("<summary>{}</summary>\n", xml(&summary)));
            }
            feed.push_str("</entry>\n");
        }
        feed.push_str("</feed>\n");
        Some(OutputFile::bytes(FEED, feed))
    }

    /// The handbook as a list of links with descriptions. <https://llmstxt.org>
    fn llms_txt(&self) -> String {
        let base = self.base_url.as_deref().unwrap_or_default();
        let mut text = format!("# {}\n\n> {}\n", one_line(&self.view.title), self.summary());
        let mut listed = std::collections::BTreeSet::new();
        for group in &self.navigation {
            let new: Vec<_> = group.items.iter().filter(|item| listed.insert(item.file)).collect();
            if new.is_empty() {
                continue;
            }
            text.push_str(&format!("\n## {}\n\n", one_line(&group.heading)));
            for item in new {
                let entry = self.corpus.entry(item.file);
                let title = one_line(&item.title).replace(['[', ']'], "");
                let about = one_line(&description(entry));
                let about = if about.is_empty() { about } else { format!(": {about}") };
                text.push_str(&format!("- [{title}]({base}{}){about}\n", href(entry)));
            }
        }
        text.push_str(&format!(
            "\n## Optional\n\n- [Model of the handbook]({base}runbooks.json): metadata, sections, steps and commands of every \
             document as JSON\n- [Validation report]({base}report/index.html): what the checks found\n"
        ));
        text
    }

    /// What the handbook is, in a sentence.
    fn summary(&self) -> String {
        let home = self.corpus.entries.iter().find(|entry| entry.address == "index.html");
        let about = home.map(description).unwrap_or_default();
        match about.is_empty() {
            true => {
                format!("Operations handbook with {}.", crate::report::count(self.corpus.runbook_count(), "runbook"))
            }
            false => one_line(&about),
        }
    }
}

/// The site map; several with an index where one may not hold all pages.
fn sitemaps(base_url: &str, pages: &[(String, Option<Date>)], most: usize) -> Vec<OutputFile> {
    const XMLNS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
    let map = |pages: &[(String, Option<Date>)]| {
        let urls = pages.iter().map(|(address, day)| {
            let lastmod = day.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
            format!("<url><loc>{}</loc>{lastmod}</url>\n", xml(&format!("{base_url}{address}")))
        });
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{XMLNS}\">\n{}</urlset>\n",
            urls.collect::<String>()
        )
    };
    if pages.len() <= most {
        return vec![OutputFile::bytes("sitemap.xml", map(pages))];
    }
    let mut files = Vec::new();
    let mut parts = String::new();
    for (number, part) in pages.chunks(most).enumerate() {
        let path = format!("sitemap-{}.xml", number + 1);
        let newest = part.iter().filter_map(|(_, day)| *day).max();
        let lastmod = newest.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        parts.push_str(&format!("<sitemap><loc>{}</loc>{lastmod}</sitemap>\n", xml(&format!("{base_url}{path}"))));
        files.push(OutputFile::bytes(path, map(part)));
    }
    files.push(OutputFile::bytes(
        "sitemap.xml",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"{XMLNS}\">\n{parts}</sitemapindex>\n"
        ),
    ));
    files
}

/// A day as Atom writes points in time. The hour is not known.
fn midnight(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text of an XML document. Characters that XML cannot hold are left out.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_pages_make_several_site_maps() {
        let pages: Vec<_> = (0..5).map(|number| (format!("{number}.html"), None)).collect();
        let paths = |most| sitemaps("https://a/", &pages, most).into_iter().map(|file| file.path).collect::<Vec<_>>();
        assert_eq!(paths(5), ["sitemap.xml"]);
        assert_eq!(paths(2), ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]);
    }

    #[test]
    fn xml_holds_any_text() {
        assert_eq!(xml("a<b> & \"c\"\u{0}\u{1b}[31m\u{fffe}"), "a&lt;b&gt; &amp; &quot;c&quot;[31m");
    }
}
