//! The runbooks by who owns them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Report;
use super::findings::{gravity, owner_of};
use super::pager::{PagerView, page_title, page_url, pager};
use crate::corpus::{Entry, Kind};
use crate::document::slug;
use crate::report::Counts;
use crate::site::OutputFile;
use crate::site::document_page::{HealthView, updated};
use crate::site::navigation::plain_title;
use crate::site::pages::{SiteError, href};

/// Rows on a page.
const PER_PAGE: usize = 200;

/// An owner and how their runbooks stand.
#[derive(Serialize, Clone)]
pub struct OwnerView {
    /// Empty for the runbooks without an owner.
    name: String,
    url: String,
    runbooks: usize,
    passing: usize,
    errors: usize,
    warnings: usize,
    overdue: usize,
}

#[derive(Serialize)]
struct OwnersView<'v> {
    owners: &'v [OwnerView],
    pager: PagerView,
}

#[derive(Serialize)]
struct OwnerPageView<'v> {
    owner: &'v OwnerView,
    runbooks: Vec<RunbookView<'v>>,
    pager: PagerView,
}

#[derive(Serialize)]
struct RunbookView<'v> {
    title: &'v str,
    url: String,
    path: &'v str,
    health: HealthView,
    overdue: bool,
    /// An ISO date, or empty.
    updated: &'v str,
    /// The first finding on the report's pages, or empty.
    findings_url: String,
}

impl Report<'_, '_, '_> {
    /// All owners, those with the most to mend first.
    pub fn by_owner(&self) -> Vec<OwnerView> {
        self.owned().into_iter().map(|(owner, _)| owner).collect()
    }

    /// The list of all owners, and the runbooks of each.
    pub fn owners(&self) -> Result<Vec<OutputFile>, SiteError> {
        let owned = self.owned();
        let mut files = Vec::new();
        let owners: Vec<OwnerView> = owned.iter().map(|(owner, _)| owner.clone()).collect();
        for (index, owners) in owners.chunks(PER_PAGE).enumerate() {
            let page = index + 1;
            let view = OwnersView { owners, pager: pager("owners", page, PER_PAGE, owned.len()) };
            files.push(self.page(
                "owners.html",
                &page_title("Owners", page),
                &page_url("owners", page),
                "owners",
                &view,
            )?);
        }
        for (owner, entries) in &owned {
            let stem = owner.url.trim_start_matches("report/").trim_end_matches(".html");
            let title = if owner.name.is_empty() { "Runbooks without an owner" } else { &owner.name };
            for (index, some) in entries.chunks(PER_PAGE).enumerate() {
                let page = index + 1;
                let view = OwnerPageView {
                    owner,
                    runbooks: some.iter().map(|entry| self.runbook(entry)).collect(),
                    pager: pager(stem, page, PER_PAGE, entries.len()),
                };
                files.push(self.page("owner.html", &page_title(title, page), &page_url(stem, page), "owner", &view)?);
            }
        }
        Ok(files)
    }

    /// Owners with their runbooks, the worst first of both.
    fn owned(&self) -> Vec<(OwnerView, Vec<&Entry<'_>>)> {
        let mut by_name: BTreeMap<String, Vec<&Entry<'_>>> = BTreeMap::new();
        for entry in self.corpus.entries.iter().filter(|entry| entry.kind == Kind::Runbook) {
            by_name.entry(owner_of(self.corpus, entry).unwrap_or_default()).or_default().push(entry);
        }
        let mut taken = BTreeSet::new();
        let mut owned: Vec<(OwnerView, Vec<&Entry<'_>>)> = Vec::new();
        for (name, mut entries) in by_name {
            entries.sort_by_cached_key(|entry| Reverse(gravity(&self.counts(entry))));
            let counts: Vec<Counts> = entries.iter().map(|entry| self.counts(entry)).collect();
            let owner = OwnerView {
                url: page_url(&format!("owners/{}", address(&name, &mut taken)), 1),
                name,
                runbooks: entries.len(),
                passing: counts.iter().filter(|counts| counts.errors == 0).count(),
                errors: counts.iter().map(|counts| counts.errors).sum(),
                warnings: counts.iter().map(|counts| counts.warnings).sum(),
                overdue: entries.iter().filter(|entry| self.site.overdue.contains(&entry.file)).count(),
            };
            owned.push((owner, entries));
        }
        owned.sort_by_key(|(owner, _)| Reverse((owner.errors, owner.overdue, owner.warnings)));
        owned
    }

    /// What was found in a document.
    pub fn counts(&self, entry: &Entry<'_>) -> Counts {
        Counts::of(self.site.of_file(entry.file).map(|(_, diagnostic)| diagnostic))
    }

    fn runbook<'v>(&'v self, entry: &'v Entry<'_>) -> RunbookView<'v> {
        let first =
            self.site.of_file(entry.file).max_by_key(|(position, diagnostic)| (diagnostic.level, Reverse(*position)));
        RunbookView {
            title: plain_title(entry),
            url: href(entry),
            path: &self.corpus.source(entry.file).path,
            health: self.site.health(entry.file),
            overdue: self.site.overdue.contains(&entry.file),
            updated: updated(entry).unwrap_or_default(),
            findings_url: first.map_or(String::new(), |(position, _)| self.site.places.url(position).to_string()),
        }
    }
}

/// The name of an owner's page, in ASCII. One that ends in a number could be taken for the second page of another.
fn address(name: &str, taken: &mut BTreeSet<String>) -> String {
    const CHARS: usize = 60;
    let short: String = slug(name).chars().filter(char::is_ascii).take(CHARS).collect();
    let base = match short.trim_matches(['-', '_']) {
        "" if name.is_empty() => "none",
        "" => "owner",
        short => short,
    };
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let base = if base.rsplit('-').next().is_some_and(is_number) { format!("{base}-owner") } else { base.to_string() };
    let others = (2..).map(|number| format!("{base}-n{number}"));
    let free = std::iter::once(base.clone()).chain(others).find(|address| !taken.contains(address)).unwrap_or(base);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_has_an_address_of_its_own() {
        let mut taken = BTreeSet::new();
        let addresses: Vec<String> = ["Platform Team", "platform team", "Team 2", "", "…", "Служба"]
            .iter()
            .map(|name| address(name, &mut taken))
            .collect();
        assert_eq!(addresses, ["platform-team", "platform-team-n2", "team-2-owner", "none", "owner", "owner-n2"]);
    }
}
