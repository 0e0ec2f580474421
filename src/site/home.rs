//! The home page of a root that has no page of its own.

use super::OutputFile;
use super::call::CallView;
use super::document_page::{DocumentView, HealthView, RunView};
use super::highlight::escape;
use super::pages::{PageView, Site, SiteError, href};

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
        };
        let page = PageView { title: &self.view.title, url: "index.html", kind: "index", description: "" };
        self.template("index.html", &page, |context| context.insert("document", &view)).map(Some)
    }

    /// A list of all documents by group, as the body of a home page.
    fn listing(&self) -> String {
        let mut html = String::new();
        for group in &self.navigation {
            html.push_str(&format!("<h2>{}</h2>\n<ul>\n", escape(&group.heading)));
            for item in &group.items {
                let href = href(self.corpus.entry(item.file));
                html.push_str(&format!("<li><a href=\"{}\">{}</a></li>\n", escape(&href), escape(&item.title)));
            }
            html.push_str("</ul>\n");
        }
        html
    }
}
