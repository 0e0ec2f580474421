//! Long lists in pages of a bounded length.

use serde::Serialize;

/// Where a page of a list stands among the others.
#[derive(Debug, Serialize)]
pub struct PagerView {
    pub page: usize,
    pub pages: usize,
    /// Entries of the whole list, and the first and last one of this page, from 1.
    pub total: usize,
    pub first: usize,
    pub last: usize,
    /// Addresses; empty where there is none.
    pub previous: String,
    pub next: String,
    /// The first and the last page and those around this one. Where some are left out, a link without an address stands.
    pub links: Vec<PageLink>,
}

#[derive(Debug, Serialize)]
pub struct PageLink {
    pub number: usize,
    pub url: String,
    pub current: bool,
}

/// The address of a page of a list: `report/findings.html`, then `report/findings-2.html`.
pub fn page_url(stem: &str, page: usize) -> String {
    match page {
        1 => format!("report/{stem}.html"),
        page => format!("report/{stem}-{page}.html"),
    }
}

/// The pager of a page, from 1. `per_page` entries stand on each page but the last.
pub fn pager(stem: &str, page: usize, per_page: usize, total: usize) -> PagerView {
    const AROUND: usize = 2;
    let pages = total.div_ceil(per_page).max(1);
    let mut links: Vec<PageLink> = Vec::new();
    for number in 1..=pages {
        if number == 1 || number == pages || number.abs_diff(page) <= AROUND {
            links.push(PageLink { number, url: page_url(stem, number), current: number == page });
        } else if links.last().is_some_and(|last| !last.url.is_empty()) {
            links.push(PageLink { number, url: String::new(), current: false });
        }
    }
    let url = |there: bool, number: usize| if there { page_url(stem, number) } else { String::new() };
    PagerView {
        page,
        pages,
        total,
        first: if total == 0 { 0 } else { (page - 1) * per_page + 1 },
        last: (page * per_page).min(total),
        previous: url(page > 1, page.saturating_sub(1)),
        next: url(page < pages, page + 1),
        links,
    }
}

/// The title of a page of a list.
pub fn page_title(title: &str, page: usize) -> String {
    if page == 1 { title.to_string() } else { format!("{title}, page {page}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(page: usize, total: usize) -> String {
        let pager = pager("x", page, 10, total);
        let link = |link: &PageLink| match (link.url.as_str(), link.current) {
            ("", _) => "…".to_string(),
            (_, true) => format!("[{}]", link.number),
            (_, false) => link.number.to_string(),
        };
        let links: Vec<String> = pager.links.iter().map(link).collect();
        format!("{} ({}-{} of {})", links.join(" "), pager.first, pager.last, pager.total)
    }

    #[test]
    fn a_pager_shows_the_ends_and_what_is_near() {
        assert_eq!(shown(1, 0), "[1] (0-0 of 0)");
        assert_eq!(shown(1, 10), "[1] (1-10 of 10)");
        assert_eq!(shown(2, 11), "1 [2] (11-11 of 11)");
        assert_eq!(shown(6, 105), "1 … 4 5 [6] 7 8 … 11 (51-60 of 105)");
        assert_eq!(shown(1, 100_000), "[1] 2 3 … 10000 (1-10 of 100000)");
    }

    #[test]
    fn pages_have_addresses() {
        let pager = pager("rules/dead-link", 2, 10, 25);
        assert_eq!(pager.previous, "report/rules/dead-link.html");
        assert_eq!(pager.next, "report/rules/dead-link-3.html");
    }
}
