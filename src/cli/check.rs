//! `runbook-site check`

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::fixing::{self, Fixing};
use super::output::{Format, Output, OutputParser, Outputs};
use super::progress::shown;
use super::terminal::Terminal;
use super::typed::{self, Typed};
use super::watch;
use super::{CLEAN, Common, FAILED, FINDINGS};
use crate::diagnostic::{Diagnostic, Level};
use crate::lint::config_error;
use crate::report::{Counts, Hidden, Report, count, is_long, plain, scope_words, statistics};
use crate::source::Source;
use crate::workspace::{
    External, NoChanges, NoHistory, OpenError, Workspace, cache_folder, usual_path, write_baseline,
};

/// Check runbooks against the team's standards
///
/// The whole root is read for context even when one file is named: the folder of the nearest runbook-site.toml, else
/// the folder named, else the nearest folder above the file that holds an index page.
#[derive(Args)]
#[command(
    after_help = "Exit code: 0 clean, 1 findings at the level of --fail-on or above, 2 nothing checked or bad usage."
)]
pub struct Options {
    /// Files or folders to report on; with --stdin-filename, `-` or nothing
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Check the text on standard input as the document FILE, which need not exist. With --fix, the fixed text goes to
    /// standard output and the report to standard error
    #[arg(long, value_name = "FILE", conflicts_with_all = ["write_baseline", "changed_since"])]
    stdin_filename: Option<PathBuf>,
    /// Report only on documents that changed since this revision of git left the history of the working tree
    #[arg(long, value_name = "REV", conflicts_with = "write_baseline")]
    changed_since: Option<String>,
    /// How findings are printed; with :FILE, also written to a file, any number of times. `full` is printed if nothing
    /// else is
    #[arg(long, value_name = "FORMAT[:FILE]", value_parser = OutputParser)]
    output_format: Vec<Output>,
    /// Lowest level at which findings fail the run
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// Make the safe fixes of what is reported
    #[arg(long)]
    fix: bool,
    /// Make the unsafe fixes, too: read the changes before you keep them
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what fixing would change, as a patch, and write nothing
    #[arg(long, conflicts_with_all = ["fix", "write_baseline"])]
    diff: bool,
    /// Run only these rules or groups of rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    select: Vec<String>,
    /// Run all but these rules or groups of rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Count the findings of each rule, too
    #[arg(long)]
    statistics: bool,
    /// Print at most N findings; all count. Files and formats for machines are always complete
    #[arg(long, value_name = "N")]
    max_diagnostics: Option<usize>,
    /// Report no findings that this file lists; without it .runbook-site-baseline.json beside the config or in the root
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Report findings of the baseline, too
    #[arg(long, conflicts_with_all = ["baseline", "write_baseline"])]
    no_baseline: bool,
    /// List all findings in the baseline, so that only new ones are reported from now on
    #[arg(long)]
    write_baseline: bool,
    /// Ask the addresses on the web that runbooks link to
    #[arg(long)]
    external: bool,
    /// Neither use nor keep what the web answered before
    #[arg(long)]
    no_cache: bool,
    /// Check again whenever something changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["stdin_filename", "write_baseline", "diff", "external"])]
    watch: bool,
    /// Judge dates as on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::calendar_date)]
    today: Option<Date>,
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
        self.lowest().is_some_and(|lowest| diagnostics.iter().any(|diagnostic| diagnostic.level >= lowest))
    }

    /// The lowest level that fails the run, if one does.
    fn lowest(self) -> Option<Level> {
        match self {
            FailOn::Error => Some(Level::Error),
            FailOn::Warning => Some(Level::Warning),
            FailOn::Info => Some(Level::Info),
            FailOn::Never => None,
        }
    }
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    // A run that may not fail has failed cases all the same: what is done about them is up to the dashboard.
    let failing = options.fail_on.lowest().unwrap_or(Level::Error);
    let outputs = match Outputs::of(&options.output_format, failing) {
        Ok(outputs) => outputs,
        Err(error) => {
            terminal.error(&error.message, Some(error.help));
            return FAILED;
        }
    };
    if options.watch {
        return watch::run(options, &outputs, common, terminal);
    }
    let typed = match typed::read(options.stdin_filename.as_deref(), &options.paths, terminal) {
        Ok(typed) => typed,
        Err(code) => return code,
    };
    let opened = match &typed {
        Some(Typed { file, bytes }) => super::opened_typed(file, bytes.clone(), common, terminal),
        None => super::opened(&options.paths, common, terminal),
    };
    let mut workspace = match opened {
        Ok(workspace) => workspace,
        Err(error) => return not_opened(&outputs, &error, terminal),
    };
    match typed.filter(|_| (options.fix || options.unsafe_fixes) && !options.diff) {
        Some(Typed { bytes, .. }) => {
            let code = report_opened(options, &outputs, &mut workspace, &terminal.aside());
            typed::print(&workspace, &bytes, terminal);
            code
        }
        None => report_opened(options, &outputs, &mut workspace, terminal),
    }
}

/// Does what is asked for with a workspace.
pub fn report_opened(options: &Options, outputs: &Outputs<'_>, workspace: &mut Workspace, terminal: &Terminal) -> u8 {
    if let Err(code) = prepare(options, workspace, terminal) {
        return code;
    }
    if options.write_baseline {
        return write_new_baseline(options, workspace, terminal);
    }
    match options.diff {
        true => show_patch(options, outputs, workspace, terminal),
        false => report(options, outputs, workspace, terminal),
    }
}

/// Takes what the command line says into the workspace.
fn prepare(options: &Options, workspace: &mut Workspace, terminal: &Terminal) -> Result<(), u8> {
    workspace.today = options.today.unwrap_or(workspace.today);
    if let Err(error) = workspace.rules.narrow(&options.select, &options.ignore) {
        terminal.error(&error.message, Some(&error.help));
        return Err(FAILED);
    }
    if options.external {
        workspace.external = Some(External { cache: cache_folder().filter(|_| !options.no_cache) });
    }
    if let Some(revision) = &options.changed_since
        && let Err(error) = workspace.narrow_to_changes(revision)
    {
        let (problem, remedy) = no_changes(revision, &error);
        terminal.error(&problem, Some(&remedy));
        return Err(FAILED);
    }
    take_baseline(options, workspace, terminal)
}

/// Checks, fixes where that is asked for, and reports.
fn report(options: &Options, outputs: &Outputs<'_>, workspace: &mut Workspace, terminal: &Terminal) -> u8 {
    let (checked, fixing) = match fixing::check(options.fix, options.unsafe_fixes, workspace, terminal) {
        Ok(outcome) => outcome,
        Err(error) => return not_opened(outputs, &error, terminal),
    };
    for note in &checked.notes {
        terminal.note(note);
    }
    let mut sources = workspace.reported_sources();
    for (file, masked) in &checked.masked {
        sources[file.index()] = masked;
    }
    let report = Report {
        sources: &sources,
        paths: &workspace.display_paths(&terminal.working_dir),
        diagnostics: &checked.diagnostics,
        hidden: checked.hidden,
        documents: checked.documents,
        runbooks: checked.runbooks,
    };
    if let Err(code) = outputs.write(&report, terminal) {
        return code;
    }
    print(options, outputs, &report, terminal);
    terminal.summary(&summary(options, workspace, &report, terminal));
    let counts = Counts::of(&checked.diagnostics);
    if let Some(hint) = fixing::hint(fixing.as_ref(), options.unsafe_fixes, &counts) {
        terminal.summary(&hint);
    }
    if let Some(next) = next(options, workspace, &report, fixing.as_ref()).filter(|_| outputs.printed.is_for_people()) {
        terminal.hint(&next);
    }
    match fixing.is_some_and(|fixing| fixing.failed) {
        true => FAILED,
        false if options.fail_on.fails(&checked.diagnostics) => FINDINGS,
        false => CLEAN,
    }
}

/// Why nothing can be narrowed to what changed, and what to do.
fn no_changes(revision: &str, error: &NoChanges) -> (String, String) {
    let all = "without --changed-since all documents are reported on";
    match error {
        NoChanges::UnknownRevision { meant, shallow } => {
            let remedy = match (meant, shallow) {
                (Some(name), _) => format!("did you mean `{name}`?"),
                (None, true) => "the clone is shallow; fetch the whole history, such as `fetch-depth: 0`".to_string(),
                (None, false) => "name a branch, a tag or a commit; `git fetch` brings what others have".to_string(),
            };
            (format!("git knows no revision `{revision}`"), remedy)
        }
        NoChanges::NoHistory(NoHistory::NotInstalled) => {
            ("git is not installed, and --changed-since asks it".to_string(), format!("install it; {all}"))
        }
        NoChanges::NoHistory(NoHistory::Distrusted) => (
            "git refuses a repository of another owner".to_string(),
            format!("add it with `git config --global --add safe.directory DIR`; {all}"),
        ),
        NoChanges::NoHistory(_) => ("the runbooks are in no git repository".to_string(), all.to_string()),
        NoChanges::Failed(said) => {
            (format!("git cannot tell what changed since `{revision}`: {said}"), all.to_string())
        }
    }
}

fn show_patch(options: &Options, outputs: &Outputs<'_>, workspace: &mut Workspace, terminal: &Terminal) -> u8 {
    let progress = workspace.progress.clone();
    let fixed = match shown(&progress, terminal, || workspace.fix(options.unsafe_fixes)) {
        Ok(fixed) => fixed,
        Err(error) => return not_opened(outputs, &error, terminal),
    };
    fixing::show_patch(workspace, &fixed, terminal);
    if options.fail_on.fails(&fixed.checked.diagnostics) || fixed.made > 0 { FINDINGS } else { CLEAN }
}

fn print(options: &Options, outputs: &Outputs<'_>, report: &Report<'_>, terminal: &Terminal) {
    let found = report.diagnostics.len();
    let most = options.max_diagnostics.filter(|_| outputs.printed.is_for_people()).unwrap_or(found).min(found);
    let shown = Report { diagnostics: &report.diagnostics[..most], ..*report };
    outputs.print(&shown, terminal);
    if most < found {
        terminal.note(&format!("{} more are not printed because of --max-diagnostics", found - most));
    }
    match outputs.printed {
        Format::Full if options.statistics || is_long(report) => terminal.print(&(statistics(report) + "\n")),
        Format::Concise if options.statistics => terminal.print(&statistics(report)),
        // Standard output holds one document for machines and nothing else.
        _ if options.statistics => terminal.summary(statistics(report).trim_end()),
        _ => {}
    }
}

/// A mistake in the config is a finding, too: formats for machines hold it.
pub fn not_opened(outputs: &Outputs<'_>, error: &OpenError, terminal: &Terminal) -> u8 {
    let OpenError::Config { path, text, error: mistake } = error else { return super::failed(error, terminal) };
    let path = terminal.path(path);
    let source = Source::new(path.as_str(), text.as_str());
    let report = Report {
        sources: &[&source],
        paths: &[path],
        diagnostics: &[config_error(&source, mistake)],
        hidden: Hidden::default(),
        documents: 0,
        runbooks: 0,
    };
    if let Err(code) = outputs.write(&report, terminal) {
        return code;
    }
    if outputs.printed == Format::Full {
        return super::failed(error, terminal);
    }
    outputs.print(&report, terminal);
    FAILED
}

/// Reads the baseline that is named, or the usual one where there is one.
fn take_baseline(options: &Options, workspace: &mut Workspace, terminal: &Terminal) -> Result<(), u8> {
    if options.no_baseline {
        return Ok(());
    }
    let path = baseline_path(options, workspace, terminal);
    super::use_baseline(workspace, &path, terminal)?;
    if options.baseline.is_some() && workspace.baseline.is_none() && !options.write_baseline {
        let problem = format!("no baseline {}", terminal.path(&path));
        terminal.error(&problem, Some("`--write-baseline` makes one of what is found now"));
        return Err(FAILED);
    }
    Ok(())
}

fn write_new_baseline(options: &Options, workspace: &Workspace, terminal: &Terminal) -> u8 {
    let (baseline, found) = match workspace.new_baseline() {
        Ok(made) => made,
        Err(error) => return super::failed(&error, terminal),
    };
    let path = baseline_path(options, workspace, terminal);
    match write_baseline(&path, &baseline) {
        Ok(()) => {
            let kept = match baseline.entries.len().saturating_sub(found) {
                0 => String::new(),
                kept => format!("; {kept} of rules or files that were not checked stay in it"),
            };
            terminal.summary(&format!("{} written to {}{kept}", count(found, "finding"), terminal.path(&path)));
            CLEAN
        }
        Err(error) => {
            terminal.error(&error.to_string(), None);
            FAILED
        }
    }
}

pub fn baseline_path(options: &Options, workspace: &Workspace, terminal: &Terminal) -> PathBuf {
    let named = options.baseline.as_ref().map(|path| terminal.working_dir.join(path));
    named.unwrap_or_else(|| usual_path(workspace))
}

/// `2 errors, 1 warning in 14 runbooks and 3 other documents`, and what was found and not reported.
fn summary(options: &Options, workspace: &Workspace, report: &Report<'_>, terminal: &Terminal) -> String {
    let counts = Counts::of(report.diagnostics);
    let checked = scope_words(report);
    let narrowed = match &options.changed_since {
        Some(revision) => format!("changed since {}", plain(revision)),
        None => "named".to_string(),
    };
    let scope = workspace.named.as_ref().map_or(String::new(), |named| format!(" ({} {narrowed})", named.len()));
    match (counts.total(), hidden_words(report.hidden)) {
        (0, None) => format!("{checked} checked{scope}: no findings"),
        (0, Some(hidden)) => format!("{checked} checked{scope}: no findings ({hidden})"),
        (_, hidden) => {
            let hidden = hidden.map_or(String::new(), |hidden| format!("\nnot reported: {hidden}"));
            format!("{} in {checked}{scope}{hidden}", painted(&counts, terminal))
        }
    }
}

/// The counts in words, each in the colour of its level.
fn painted(counts: &Counts, terminal: &Terminal) -> String {
    let levels = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Info, "info")];
    let numbers = levels.into_iter().zip([counts.errors, counts.warnings, counts.infos]);
    let words = numbers
        .filter(|(_, number)| *number > 0)
        .map(|((level, noun), number)| terminal.paint(level, &count(number, noun)));
    words.collect::<Vec<_>>().join(", ")
}

/// `2 allowed by comments, 14 in the baseline`
fn hidden_words(hidden: Hidden) -> Option<String> {
    let parts = [(hidden.suppressed, "allowed by comments"), (hidden.baselined, "in the baseline")];
    let words: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// What somebody who has read the report may want to do next.
fn next(options: &Options, workspace: &Workspace, report: &Report<'_>, fixing: Option<&Fixing>) -> Option<String> {
    if fixing.is_some_and(|fixing| fixing.files > 0) && workspace.typed.is_none() {
        return Some("next: look at what was fixed, with `git diff`".to_string());
    }
    let is_whole = workspace.named.is_none() && options.select.is_empty() && options.ignore.is_empty();
    match most_frequent(report.diagnostics) {
        None if is_whole && !options.watch => Some("next: `runbook-site build` makes the site".to_string()),
        None => None,
        Some(_) if is_long(report) && is_whole && workspace.baseline.is_none() && !options.watch => {
            Some("next: `--write-baseline` lists what is known, so that only what is new is reported".to_string())
        }
        Some(rule) => Some(format!("next: `runbook-site explain {rule}` tells more")),
    }
}

/// The rule with the most findings among those of the gravest level; of several, the first by name.
fn most_frequent(diagnostics: &[Diagnostic]) -> Option<&'static str> {
    let mut counts: BTreeMap<&'static str, (Level, usize)> = BTreeMap::new();
    for diagnostic in diagnostics {
        let (level, number) = counts.entry(diagnostic.rule).or_insert((diagnostic.level, 0));
        *level = diagnostic.level.max(*level);
        *number += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, weight)| *weight).map(|(rule, _)| rule)
}
