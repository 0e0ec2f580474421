//! A page for each rule that found something: why it is there, and all its findings in short.

use std::collections::BTreeMap;

use serde::Serialize;

use super::findings::{owner_of, rule_url};
use super::pager::{PagerView, page_title, page_url, pager};
use super::{Rendered, Report};
use crate::diagnostic::{Fixability, Level};
use crate::site::OutputFile;
use crate::site::navigation::plain_title;
use crate::site::pages::{SiteError, href};

/// Findings on a page: each takes some three hundred bytes.
const PER_PAGE: usize = 200;

/// A rule and how often it speaks.
#[derive(Serialize)]
pub struct RuleCount<'v> {
    rule: &'static str,
    url: String,
    level: &'static str,
    count: usize,
    documents: usize,
    summary: &'v str,
}

#[derive(Serialize)]
struct RuleView<'v> {
    rule: &'static str,
    summary: &'v str,
    group: &'v str,
    why: Vec<String>,
    /// `none`, `safe` or `unsafe`.
    fix: &'static str,
    items: Vec<ItemView<'v>>,
    pager: PagerView,
}

#[derive(Serialize)]
struct ItemView<'v> {
    title: &'v str,
    document_url: String,
    path: &'v str,
    owner: String,
    level: &'static str,
    message: &'v str,
    line: usize,
    url: &'v str,
}

impl Report<'_, '_, '_> {
    /// The rules that found something, the gravest and most frequent first.
    pub fn by_rule(&self) -> Vec<RuleCount<'_>> {
        let mut counts: Vec<(Level, usize, RuleCount<'_>)> = Vec::new();
        for (rule, positions) in self.positions_by_rule() {
            let diagnostics = || positions.iter().map(|position| &self.site.diagnostics[*position]);
            let level = diagnostics().map(|diagnostic| diagnostic.level).max().unwrap_or(Level::Info);
            let mut files: Vec<_> = diagnostics().map(|diagnostic| diagnostic.finding.location.file).collect();
            files.dedup();
            let count = RuleCount {
                rule,
                url: rule_url(rule),
                level: level.name(),
                count: positions.len(),
                documents: files.len(),
                summary: self.rules.get(rule).map_or("", |info| info.summary),
            };
            counts.push((level, positions.len(), count));
        }
        counts.sort_by(|(a_level, a, _), (b_level, b, _)| b_level.cmp(a_level).then(b.cmp(a)));
        counts.into_iter().map(|(_, _, count)| count).collect()
    }

    /// The pages of all rules that found something.
    pub fn rules(&self) -> Result<Vec<OutputFile>, SiteError> {
        let mut files = Vec::new();
        for (rule, positions) in self.positions_by_rule() {
            let info = self.rules.get(rule);
            let stem = format!("rules/{rule}");
            for (index, some) in positions.chunks(PER_PAGE).enumerate() {
                let page = index + 1;
                let view = RuleView {
                    rule,
                    summary: info.map_or("", |info| info.summary),
                    group: info.map_or("", |info| info.group),
                    why: self.why(rule),
                    fix: match info.map_or(Fixability::None, |info| info.fix) {
                        Fixability::None => "none",
                        Fixability::Safe => "safe",
                        Fixability::Unsafe => "unsafe",
                    },
                    items: some.iter().map(|position| self.item(*position)).collect(),
                    pager: pager(&stem, page, PER_PAGE, positions.len()),
                };
                let rendered: Rendered =
                    self.page("rule.html", &page_title(rule, page), &page_url(&stem, page), "rule", &view);
                files.push(rendered?);
            }
        }
        Ok(files)
    }

    /// Positions of the findings of each rule, in the order of the documents.
    fn positions_by_rule(&self) -> BTreeMap<&'static str, Vec<usize>> {
        let mut rules: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (position, diagnostic) in self.site.diagnostics.iter().enumerate() {
            rules.entry(diagnostic.rule).or_default().push(position);
        }
        rules
    }

    fn item(&self, position: usize) -> ItemView<'_> {
        let diagnostic = &self.site.diagnostics[position];
        let place = diagnostic.finding.location;
        let entry = self.corpus.entry(place.file);
        ItemView {
            title: plain_title(entry),
            document_url: href(entry),
            path: &self.corpus.source(place.file).path,
            owner: owner_of(self.corpus, entry).unwrap_or_default(),
            level: diagnostic.level.name(),
            message: &diagnostic.finding.message,
            line: self.corpus.source(place.file).position(place.span.start).line,
            url: self.site.places.url(position),
        }
    }
}
