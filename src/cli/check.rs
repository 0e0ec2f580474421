//! `runbook-site check`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::terminal::Terminal;
use super::{CLEAN, Common, FINDINGS};
use crate::diagnostic::{Diagnostic, Level};
use crate::report::{Counts, Report, concise, count, count_words, full, json};
use crate::workspace::Workspace;

/// Check runbooks against the team's standards
///
/// The whole root is read for context even when one file is named: the folder of the nearest runbook-site.toml, else
/// the folder named, else the nearest folder above the file that holds an index page.
#[derive(Args)]
#[command(
    after_help = "Exit code: 0 clean, 1 findings at the level of --fail-on or above, 2 nothing checked or bad usage."
)]
pub struct Options {
    /// Files or folders to report on
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "full")]
    output_format: Format,
    /// Lowest level at which findings fail the run
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// Judge dates as on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::calendar_date)]
    today: Option<Date>,
}

/// Formats of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines they speak of
    Full,
    /// One line each
    Concise,
    /// One JSON document
    Json,
}

/// The level at which findings fail a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// Whether these findings fail the run.
    pub fn fails(self, diagnostics: &[Diagnostic]) -> bool {
        let lowest = match self {
            FailOn::Error => Level::Error,
            FailOn::Warning => Level::Warning,
            FailOn::Info => Level::Info,
            FailOn::Never => return false,
        };
        diagnostics.iter().any(|diagnostic| diagnostic.level >= lowest)
    }
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    let mut workspace = match super::open(&options.paths, common, terminal) {
        Ok(workspace) => workspace,
        Err(code) => return code,
    };
    workspace.today = options.today.unwrap_or(workspace.today);
    let checked = workspace.check();
    let paths = workspace.display_paths(&terminal.working_dir);
    let report = Report {
        sources: &workspace.sources,
        paths: &paths,
        diagnostics: &checked.diagnostics,
        hidden: checked.hidden,
        documents: checked.documents,
        runbooks: checked.runbooks,
    };
    match options.output_format {
        Format::Full => terminal.print(&full(&report, terminal.look)),
        Format::Concise => terminal.print(&concise(&report)),
        Format::Json => terminal.print(&json(&report)),
    }
    terminal.summary(&summary(&workspace, &report));
    if options.fail_on.fails(&checked.diagnostics) { FINDINGS } else { CLEAN }
}

/// `2 errors, 1 warning in 14 runbooks and 3 other documents`
fn summary(workspace: &Workspace, report: &Report<'_>) -> String {
    let counts = Counts::of(report.diagnostics);
    let others = report.documents - report.runbooks;
    let checked = match (report.runbooks, others) {
        (0, others) => count(others, "document"),
        (runbooks, 0) => count(runbooks, "runbook"),
        (runbooks, others) => format!("{} and {}", count(runbooks, "runbook"), count(others, "other document")),
    };
    let scope = workspace.named.as_ref().map_or(String::new(), |named| format!(" ({} named)", named.len()));
    match counts.total() {
        0 => format!("{checked} checked{scope}: no findings"),
        _ => format!("{} in {checked}{scope}; `runbook-site explain RULE` tells more", count_words(&counts)),
    }
}
