//! JUnit XML, which nearly every CI server shows as test results.
//!
//! A document is a suite, and a rule that found something in it is a case: dashboards know a case by these two names, so
//! that they tell since when it fails, and a second finding of one rule does not make a second case of the same name.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::xml::xml;
use super::{Report, count, plain};
use crate::diagnostic::{Diagnostic, Level};

/// The report as XML. Findings at `failing` or above are failures; those below are skipped cases, which dashboards show
/// and which fail nothing. A report without findings has one case, which passes.
pub fn junit(report: &Report<'_>, failing: Level) -> String {
    let mut suites = String::new();
    let mut total = Totals::default();
    for of_file in report.diagnostics.chunk_by(|a, b| a.finding.location.file == b.finding.location.file) {
        let totals = suite(report, of_file, failing, &mut suites);
        total.failures += totals.failures;
        total.skipped += totals.skipped;
    }
    if report.diagnostics.is_empty() {
        total.passed = 1;
        suites.push_str(CLEAN);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"runbook-site\" {}>\n{suites}</testsuites>\n",
        total.attributes()
    )
}

const CLEAN: &str =
    "  <testsuite name=\"runbook-site\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">
    <testcase name=\"no findings\" classname=\"runbook-site\" time=\"0\"/>
  </testsuite>
";

#[derive(Default, Clone, Copy)]
struct Totals {
    passed: usize,
    failures: usize,
    skipped: usize,
}

impl Totals {
    fn attributes(self) -> String {
        let Totals { passed, failures, skipped } = self;
        let tests = passed + failures + skipped;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\"")
    }
}

/// Writes the suite of one document. Its cases are in the order of their names.
fn suite(report: &Report<'_>, of_file: &[Diagnostic], failing: Level, suites: &mut String) -> Totals {
    let path = xml(report.path(of_file[0].finding.location));
    let mut by_rule: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in of_file {
        by_rule.entry(diagnostic.rule).or_default().push(diagnostic);
    }
    let fails = |found: &[&Diagnostic]| found.iter().any(|diagnostic| diagnostic.level >= failing);
    let failures = by_rule.values().filter(|found| fails(found)).count();
    let totals = Totals { passed: 0, failures, skipped: by_rule.len() - failures };
    // Writing to a string cannot fail.
    let _ = writeln!(suites, "  <testsuite name=\"{path}\" {}>", totals.attributes());
    for (rule, found) in by_rule {
        let _ =
            writeln!(suites, "    <testcase name=\"{}\" classname=\"{path}\" file=\"{path}\" time=\"0\">", xml(rule));
        let outcome = outcome(report, &found, fails(&found));
        let _ = writeln!(suites, "      {outcome}\n    </testcase>");
    }
    suites.push_str("  </testsuite>\n");
    totals
}

/// The element that says why a case did not pass.
fn outcome(report: &Report<'_>, found: &[&Diagnostic], fails: bool) -> String {
    let first = plain(&found[0].finding.message);
    let message = match found.len() {
        1 => first.into_owned(),
        more => format!("{}: {first}, …", count(more, "finding")),
    };
    // A list for people: the text is shown as it is.
    let mut details = String::new();
    for diagnostic in found {
        let finding = &diagnostic.finding;
        let place = report.place(finding.location);
        details.push_str(&format!("{place}: {}: {}\n", diagnostic.level.name(), plain(&finding.message)));
        details.extend(report.notes(finding).iter().map(|note| format!("  {note}\n")));
    }
    let details: Vec<String> = details.lines().map(xml).collect();
    let gravest = found.iter().map(|diagnostic| diagnostic.level).max().map_or("", Level::name);
    let (message, details) = (xml(&message), details.join("\n"));
    match fails {
        true => format!("<failure message=\"{message}\" type=\"{gravest}\">{details}</failure>"),
        false => format!("<skipped message=\"{message}\">{details}</skipped>"),
    }
}
