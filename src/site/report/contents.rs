//! The list of all documents by group, in pages: for a handbook that is too large for its home page.

use serde::Serialize;

use super::Report;
use super::pager::{PagerView, page_title, page_url, pager};
use crate::site::OutputFile;
use crate::site::pages::{PageView, SiteError, href};

/// Documents on a page.
const PER_PAGE: usize = 200;

#[derive(Serialize)]
struct ContentsView<'v> {
    groups: Vec<GroupView<'v>>,
    pager: PagerView,
}

#[derive(Serialize)]
struct GroupView<'v> {
    id: String,
    heading: &'v str,
    /// Whether its first documents stand on the page before.
    continued: bool,
    items: Vec<ItemView<'v>>,
}

#[derive(Serialize)]
struct ItemView<'v> {
    title: &'v str,
    url: String,
    note: &'v str,
}

/// The address of the list of all documents.
pub fn contents_url() -> String {
    page_url("contents", 1)
}

/// The address of a group in the list of all documents. `before` documents stand in the groups before it.
pub fn group_url(group: usize, before: usize) -> String {
    format!("{}#{}", page_url("contents", before / PER_PAGE + 1), group_id(group))
}

fn group_id(group: usize) -> String {
    format!("group-{}", group + 1)
}

impl Report<'_, '_, '_> {
    /// The pages of the list.
    pub fn contents(&self) -> Result<Vec<OutputFile>, SiteError> {
        let groups = self.site.navigation.iter().enumerate();
        let items: Vec<_> = groups
            .flat_map(|(group, held)| held.items.iter().enumerate().map(move |(place, item)| (group, place, item)))
            .collect();
        let mut files = Vec::new();
        for (index, some) in items.chunks(PER_PAGE).enumerate() {
            let page = index + 1;
            let groups = some.chunk_by(|(a, ..), (b, ..)| a == b).map(|items| GroupView {
                id: group_id(items[0].0),
                heading: &self.site.navigation[items[0].0].heading,
                continued: items[0].1 > 0,
                items: items
                    .iter()
                    .map(|(_, _, item)| ItemView {
                        title: &item.title,
                        url: href(self.corpus.entry(item.file)),
                        note: &item.note,
                    })
                    .collect(),
            });
            let view = ContentsView { groups: groups.collect(), pager: pager("contents", page, PER_PAGE, items.len()) };
            let url = page_url("contents", page);
            let title = page_title("All documents", page);
            let page = PageView { title: &title, url: &url, kind: "contents", description: "" };
            files.push(self.render("contents.html", page, "contents", &view)?);
        }
        Ok(files)
    }
}
