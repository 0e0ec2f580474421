//! Files for machines: the report in several formats, and the model of the handbook.

use super::pages::{Site, href};
use crate::corpus::path;
use crate::diagnostic::{Level, RuleInfo};
use crate::inspect::inspect;
use crate::report::{self, Counts, Report};

impl Site<'_, '_> {
    /// The report for machines in several formats, each with its path on the site. Documents are named from the root.
    pub fn reports(&self, rules: &[&RuleInfo]) -> [(&'static str, String); 4] {
        let sources: Vec<_> = self.corpus.sources.iter().collect();
        let paths: Vec<String> = sources.iter().map(|source| source.path.clone()).collect();
        let report = Report {
            sources: &sources,
            paths: &paths,
            diagnostics: self.diagnostics,
            hidden: self.hidden,
            documents: self.corpus.entries.len(),
            runbooks: self.corpus.runbook_count(),
        };
        [
            ("report/report.json", report::json(&report)),
            ("report/report.sarif", report::sarif(&report, rules)),
            ("report/junit.xml", report::junit(&report, Level::Error)),
            ("report/badge.svg", report::badge(&report)),
        ]
    }

    /// The model of the handbook for machines: what `inspect` prints, with the address and the findings of each document.
    pub fn runbooks_json(&self) -> String {
        let mut inspection = inspect(self.corpus, None);
        for (document, entry) in inspection.documents.iter_mut().zip(&self.corpus.entries) {
            let counts = Counts::of(self.of_file(entry.file).map(|(_, diagnostic)| diagnostic));
            document["url"] = href(entry).into();
            let aliases = entry.aliases.iter().filter_map(|alias| alias.address.as_ref().ok());
            document["aliases"] = aliases.map(|address| path::percent_encode(address)).collect();
            document["errors"] = counts.errors.into();
            document["warnings"] = counts.warnings.into();
            document["infos"] = counts.infos.into();
        }
        // Only maps with keys that are no strings fail to serialise, and there are none.
        serde_json::to_string(&inspection).unwrap_or_default() + "\n"
    }
}
