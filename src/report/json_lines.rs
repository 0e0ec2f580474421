//! One JSON object a line for each diagnostic: what `jq` and log collectors read one by one.

use super::json::entry;
use super::{Layout, Report, to_json};

/// The diagnostics as lines, each an entry of `diagnostics` of the JSON report. Nothing where there is none.
pub fn json_lines(report: &Report<'_>) -> String {
    report.diagnostics.iter().map(|diagnostic| to_json(&entry(report, diagnostic), Layout::Line) + "\n").collect()
}
