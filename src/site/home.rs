//! The home page of a root that has no page of its own.

use super::call::CallView;
use super::document_page::{DocumentView, HealthView, RunView};
use super::highlight::escape;
use super::pages::{PageView, Site, SiteError, href};
use super::{OutputFile, report};
use crate::report::count;

impl Site<'_, '_> {
    /// The home page of a root that has no page of its own: every document by folder.
    pub fn home(&self) -> Result<Option<OutputFile>, SiteError> {
        if self.corpus.entries.iter().any(|entry| entry.address == "index.html") {
            return Ok(None);
        }
        let body = self.listing();
        let view = DocumentView {
            path: "",
            standard: "",
            body,
            run: RunView::default(),
            facts: Vec::new(),
            call: CallView::default(),
            toc: Vec::new(),
            breadcrumbs: Vec::new(),
            siblings: Vec::new(),
            linked_from: Vec::new(),
            health: HealthView { errors: 0, warnings: 0, infos: 0, state: "ok", text: String::new() },
            findings: Vec::new(),
            emergencies: self.emergencies_of(&self.corpus.indexes),
        };
        let page = PageView { title: &self.view.title, url: "index.html", kind: "index", description: "" };
        self.template("index.html", &page, |context| context.insert("document", &view)).map(Some)
    }

    /// The documents by group, as the body of a home page. What is too long for one page stands on pages of its own.
    fn listing(&self) -> String {
        let all: usize = self.navigation.iter().map(|group| group.items.len()).sum();
        if all == 0 {
            return String::new();
        }
        let rest = match self.navigation.len().saturating_sub(GROUPS) {
            0 => String::new(),
            rest => format!(", with {}", count(rest, "more group")),
        };
        let mut html = format!(
            "<p><a class=\"more\" href=\"{}\">All {}</a>{rest}</p>\n",
            report::contents_url(),
            count(all, "document")
        );
        let mut before = 0;
        for (number, group) in self.navigation.iter().enumerate().take(GROUPS) {
            html.push_str(&self.group(number, before));
            before += group.items.len();
        }
        html
    }

    /// One group, and the way to the rest of it. `before` documents stand in the groups before it.
    fn group(&self, number: usize, before: usize) -> String {
        let group = &self.navigation[number];
        let size = group.items.len();
        let mut html = format!(
            "<h2>{} <span class=\"quiet\">{size}</span></h2>\n<ul class=\"contents\">\n",
            escape(&group.heading)
        );
        for item in group.items.iter().take(ITEMS) {
            let href = href(self.corpus.entry(item.file));
            html.push_str(&format!("<li><a href=\"{}\">{}</a></li>\n", escape(&href), escape(&item.title)));
        }
        html.push_str("</ul>\n");
        if size > ITEMS {
            let url = report::group_url(number, before);
            let heading = escape(&group.heading);
            html.push_str(&format!("<p><a class=\"more\" href=\"{url}\">All {size} of {heading}</a></p>\n"));
        }
        html
    }
}

/// Groups on a home page, and documents in each.
const GROUPS: usize = 40;
const ITEMS: usize = 12;
