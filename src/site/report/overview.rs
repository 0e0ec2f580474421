//! The overview: how the handbook stands, and the worst of each kind.

use serde::Serialize;

use super::ages::AgesView;
use super::commands::Tally;
use super::findings::FileView;
use super::owners::OwnerView;
use super::requirements::MatrixView;
use super::rules::RuleCount;
use super::{Rendered, Report};
use crate::corpus::Kind;
use crate::report::Counts;

/// Entries of each kind that are shown at most; the rest stands on pages of its own.
const SHOWN: usize = 50;
const OWNERS: usize = 20;

#[derive(Serialize)]
struct ReportView<'v> {
    passing: usize,
    runbooks: usize,
    documents: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    /// Findings that `check --fix` mends, and those that `--unsafe-fixes` does.
    fixable: usize,
    fixable_unsafe: usize,
    /// Allowed by comments, and listed in the baseline.
    suppressed: usize,
    baselined: usize,
    overdue: usize,
    commands: Tally,
    matrix: MatrixView<'v>,
    by_rule: Vec<RuleCount<'v>>,
    by_owner: Vec<OwnerView>,
    owners: usize,
    ages: AgesView<'v>,
    files: Vec<FileView<'v>>,
    /// Findings in `files`.
    shown: usize,
    badge: String,
}

impl Report<'_, '_, '_> {
    /// `report/index.html`.
    pub fn overview(&self, base_url: Option<&str>) -> Rendered {
        let counts = Counts::of(self.site.diagnostics);
        let runbooks = self.corpus.entries.iter().filter(|entry| entry.kind == Kind::Runbook);
        let mut by_owner = self.by_owner();
        let owners = by_owner.len();
        by_owner.truncate(OWNERS);
        let view = ReportView {
            passing: runbooks.filter(|entry| self.counts(entry).errors == 0).count(),
            runbooks: self.corpus.runbook_count(),
            documents: self.corpus.entries.len(),
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            fixable: counts.fixable,
            fixable_unsafe: counts.fixable_unsafe,
            suppressed: self.site.hidden.suppressed,
            baselined: self.site.hidden.baselined,
            overdue: self.site.overdue.len(),
            commands: self.tally(),
            matrix: self.worst_of_matrix(SHOWN),
            by_rule: self.by_rule(),
            by_owner,
            owners,
            ages: self.ages(),
            files: self.worst(SHOWN),
            shown: counts.total().min(SHOWN),
            badge: badge_markdown(base_url),
        };
        self.page("report.html", "Validation report", "report/index.html", "report", &view)
    }
}

/// What to paste into a README to show the badge.
fn badge_markdown(base_url: Option<&str>) -> String {
    let base =
        base_url.map_or("https://your-site.example/".to_string(), |url| format!("{}/", url.trim_end_matches('/')));
    format!("[![Runbooks]({base}report/badge.svg)]({base}report/index.html)")
}
