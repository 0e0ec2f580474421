//! Every finding with its lines, the reason and the remedy, the worst documents first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::pager::{PagerView, page_title, page_url, pager};
use super::snippet::{self, FixView, LineView};
use super::{Rendered, Report};
use crate::corpus::{Column, Corpus, Entry};
use crate::diagnostic::{Diagnostic, Finding, Related};
use crate::report::Counts;
use crate::site::OutputFile;
use crate::site::navigation::plain_title;
use crate::site::pages::{SiteError, href};
use crate::source::FileId;

/// Findings on a page: with lines, reason and remedy each takes some two kilobytes.
const PER_PAGE: usize = 100;

/// Where the findings stand in the report.
pub struct Places {
    /// Positions of the diagnostics, in the order of the report.
    order: Vec<usize>,
    /// By position of the diagnostic.
    urls: Vec<String>,
}

impl Places {
    /// Orders the findings: the worst documents first, in each the gravest first.
    pub fn of(diagnostics: &[Diagnostic], by_file: &BTreeMap<FileId, Vec<usize>>) -> Places {
        let mut files: Vec<&Vec<usize>> = by_file.values().collect();
        files.sort_by_cached_key(|positions| {
            std::cmp::Reverse(gravity(&Counts::of(positions.iter().map(|position| &diagnostics[*position]))))
        });
        let mut order = Vec::with_capacity(diagnostics.len());
        for positions in files {
            let start = order.len();
            order.extend_from_slice(positions);
            order[start..].sort_by_key(|position| std::cmp::Reverse(diagnostics[*position].level));
        }
        let mut urls = vec![String::new(); diagnostics.len()];
        for (place, position) in order.iter().enumerate() {
            let page = page_url("findings", place / PER_PAGE + 1);
            urls[*position] = format!("{page}#{}", finding_id(&diagnostics[*position]));
        }
        Places { order, urls }
    }

    /// The address of a finding by its position among the diagnostics.
    pub fn url(&self, position: usize) -> &str {
        &self.urls[position]
    }
}

/// What is worse compares greater.
pub fn gravity(counts: &Counts) -> (usize, usize, usize) {
    (counts.errors, counts.warnings, counts.infos)
}

/// Id of a finding on the report's pages: the same as long as what was found is the same.
fn finding_id(diagnostic: &Diagnostic) -> String {
    const CHARS: usize = 16;
    format!("finding-{}", diagnostic.fingerprint.get(..CHARS).unwrap_or(&diagnostic.fingerprint))
}

/// A document with findings.
#[derive(Serialize)]
pub struct FileView<'v> {
    path: &'v str,
    title: &'v str,
    url: String,
    owner: String,
    findings: Vec<FindingView<'v>>,
}

#[derive(Serialize)]
struct FindingView<'v> {
    id: String,
    /// Its place on the pages of all findings.
    url: &'v str,
    rule: &'static str,
    rule_url: String,
    level: &'static str,
    message: &'v str,
    help: &'v str,
    line: usize,
    lines: Vec<LineView>,
    why: Vec<String>,
    related: Vec<RelatedView<'v>>,
    fix: Option<FixView>,
}

#[derive(Serialize)]
struct RelatedView<'v> {
    message: &'v str,
    path: &'v str,
    line: usize,
    url: String,
}

/// A page of findings.
#[derive(Serialize)]
struct FindingsView<'v> {
    files: Vec<FileView<'v>>,
    pager: PagerView,
}

impl Report<'_, '_, '_> {
    /// The pages of all findings. The first one is there for a handbook without findings too.
    pub fn findings(&self) -> Result<Vec<OutputFile>, SiteError> {
        let order = &self.site.places.order;
        let pages = order.len().div_ceil(PER_PAGE).max(1);
        let page = |page: usize| -> Rendered {
            let start = (page - 1) * PER_PAGE;
            let end = (page * PER_PAGE).min(order.len());
            let view = FindingsView {
                files: self.files_of(&order[start..end]),
                pager: pager("findings", page, PER_PAGE, order.len()),
            };
            self.page("findings.html", &page_title("Findings", page), &page_url("findings", page), "findings", &view)
        };
        (1..=pages).map(page).collect()
    }

    /// The gravest findings, documents with the worst first.
    pub fn worst(&self, shown: usize) -> Vec<FileView<'_>> {
        let mut order = self.site.places.order.clone();
        order.sort_by_key(|position| std::cmp::Reverse(self.site.diagnostics[*position].level));
        order.truncate(shown);
        // Together again, documents in the order of the report.
        let mut places: Vec<usize> = vec![0; self.site.diagnostics.len()];
        for (place, position) in self.site.places.order.iter().enumerate() {
            places[*position] = place;
        }
        order.sort_by_key(|position| places[*position]);
        self.files_of(&order)
    }

    /// Findings that follow each other in the report, by document.
    fn files_of(&self, order: &[usize]) -> Vec<FileView<'_>> {
        let file = |position: &usize| self.site.diagnostics[*position].finding.location.file;
        order
            .chunk_by(|a, b| file(a) == file(b))
            .map(|positions| self.file_view(file(&positions[0]), positions))
            .collect()
    }

    fn file_view(&self, file: FileId, positions: &[usize]) -> FileView<'_> {
        let entry = self.corpus.entry(file);
        FileView {
            path: &self.corpus.source(file).path,
            title: plain_title(entry),
            url: href(entry),
            owner: owner_of(self.corpus, entry).unwrap_or_default(),
            findings: positions.iter().map(|position| self.finding(*position)).collect(),
        }
    }

    fn finding(&self, position: usize) -> FindingView<'_> {
        let diagnostic = &self.site.diagnostics[position];
        let finding = &diagnostic.finding;
        let source = self.source(finding.location.file);
        FindingView {
            id: finding_id(diagnostic),
            url: self.site.places.url(position),
            rule: diagnostic.rule,
            rule_url: rule_url(diagnostic.rule),
            level: diagnostic.level.name(),
            message: &finding.message,
            help: finding.help.as_deref().unwrap_or_default(),
            line: source.position(finding.location.span.start).line,
            lines: snippet::lines(source, finding.location.span),
            why: self.why(diagnostic.rule),
            related: self.related(finding),
            fix: finding.fix.as_ref().map(|fix| snippet::fix(fix, |file| self.source(file))),
        }
    }

    fn related<'v>(&'v self, finding: &'v Finding) -> Vec<RelatedView<'v>> {
        const SHOWN: usize = 4;
        let view = |related: &'v Related| {
            let file = related.location.file;
            let entry = self.corpus.entry(file);
            RelatedView {
                message: &related.message,
                path: &self.corpus.source(file).path,
                line: self.corpus.source(file).position(related.location.span.start).line,
                url: section_url(entry, related.location.span.start),
            }
        };
        finding.related.iter().take(SHOWN).map(view).collect()
    }

    /// The paragraphs that say why a rule exists, from its page.
    pub fn why(&self, rule: &str) -> Vec<String> {
        let Some(info) = self.rules.get(rule) else { return Vec::new() };
        let lines = info.docs.lines().skip_while(|line| *line != "## Why").skip(1);
        let text: Vec<&str> = lines.take_while(|line| !line.starts_with('#')).collect();
        let paragraphs = text.split(|line| line.trim().is_empty()).map(|lines| lines.join(" "));
        paragraphs.filter(|paragraph| !paragraph.is_empty()).collect()
    }
}

/// The address of the section that holds a place of a document.
pub fn section_url(entry: &Entry<'_>, offset: u32) -> String {
    let heading = entry.document.heading_over(offset).filter(|heading| heading.level > 1);
    let anchor = heading.map(|heading| crate::site::links::site_anchor(&heading.anchor));
    let anchor = anchor.map_or(String::new(), |anchor| format!("#{}", crate::corpus::path::percent_encode(&anchor)));
    href(entry) + &anchor
}

/// The page of a rule in the report.
pub fn rule_url(rule: &str) -> String {
    page_url(&format!("rules/{rule}"), 1)
}

/// Who owns a document: by its own word, else by that of an index.
pub fn owner_of(corpus: &Corpus<'_>, entry: &Entry<'_>) -> Option<String> {
    corpus.value_of(corpus.entry(entry.file), Column::Owner).filter(|owner| !owner.trim().is_empty())
}
