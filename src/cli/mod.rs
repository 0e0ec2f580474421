//! The command line: one file for each subcommand, adapters over `workspace`.

mod build;
mod check;
mod completions;
mod config;
mod explain;
mod fixing;
mod init;
mod inspect;
mod inventory;
mod new;
mod output;
mod progress;
mod rules;
mod terminal;
mod typed;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};
use jiff::civil::Date;

use crate::corpus::{parse_date, strip_document_ending};
use crate::workspace::{OpenError, Workspace, nearest_path, read_baseline};
use terminal::Terminal;

/// Nothing to report at the fail level.
const CLEAN: u8 = 0;
/// Findings at the fail level.
const FINDINGS: u8 = 1;
/// Bad usage, bad config, nothing to check, or an error of ours.
const FAILED: u8 = 2;

/// Check a folder of operations runbooks and publish it as a searchable static site.
#[derive(Parser)]
#[command(name = "runbook-site", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Common {
    /// Use this config file instead of the nearest runbook-site.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: terminal::Color,
    /// Say only what was found
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say what is being done, too
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Options),
    Build(build::Options),
    Init(init::Options),
    New(new::Options),
    Inspect(inspect::Options),
    Config(config::Options),
    Explain(explain::Options),
    Rules(rules::Options),
    Completions(completions::Options),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(cli.common.color, cli.common.quiet, cli.common.verbose);
    let code = match &cli.command {
        Command::Check(options) => check::run(options, &cli.common, &terminal),
        Command::Build(options) => build::run(options, &cli.common, &terminal),
        Command::Init(options) => init::run(options, &cli.common, &terminal),
        Command::New(options) => new::run(options, &cli.common, &terminal),
        Command::Inspect(options) => inspect::run(options, &cli.common, &terminal),
        Command::Config(options) => config::run(options, &cli.common, &terminal),
        Command::Explain(options) => explain::run(options, &terminal),
        Command::Rules(options) => rules::run(options, &terminal),
        Command::Completions(options) => completions::run(options, Cli::command(), &terminal),
    };
    ExitCode::from(code)
}

/// Opens the workspace that the paths mean; an error is printed, with the exit code.
fn open(paths: &[PathBuf], common: &Common, terminal: &Terminal) -> Result<Workspace, u8> {
    opened(paths, common, terminal).map_err(|error| failed(&error, terminal))
}

/// The same, with the error left to the caller.
fn opened(paths: &[PathBuf], common: &Common, terminal: &Terminal) -> Result<Workspace, OpenError> {
    let workspace = crate::workspace::open(paths, common.config.as_deref(), &terminal.working_dir)?;
    tell_opened(&workspace, terminal);
    Ok(workspace)
}

/// Opens the workspace of a document whose text is `bytes`.
fn opened_typed(file: &Path, bytes: Vec<u8>, common: &Common, terminal: &Terminal) -> Result<Workspace, OpenError> {
    let workspace = crate::workspace::open_typed(file, bytes, common.config.as_deref(), &terminal.working_dir)?;
    tell_opened(&workspace, terminal);
    Ok(workspace)
}

fn tell_opened(workspace: &Workspace, terminal: &Terminal) {
    for link in &workspace.skipped_links {
        terminal.note(&format!("{link} is a link out of the root and was not followed"));
    }
    terminal.detail(&format!("root {}", terminal.path(&workspace.root)));
}

/// Takes the baseline at a path into the workspace, if there is one; an error is printed, with the exit code.
fn use_baseline(workspace: &mut Workspace, path: &Path, terminal: &Terminal) -> Result<(), u8> {
    match read_baseline(path, &workspace.root) {
        Ok(baseline) => {
            workspace.baseline = baseline;
            Ok(())
        }
        Err(error) => {
            let remedy = "mend it, or remove it and write it anew with `runbook-site check --write-baseline`";
            terminal.error(&error.to_string(), Some(remedy));
            Err(FAILED)
        }
    }
}

/// Prints why there is nothing to work on, and gives the exit code.
fn failed(error: &OpenError, terminal: &Terminal) -> u8 {
    match error {
        OpenError::Config { path, text, error } => terminal.config_error(error, path, text),
        other => terminal.error(&other.to_string(), remedy(other, terminal).as_deref()),
    }
    FAILED
}

/// Why nothing is written, and what to do about it.
struct Refused {
    problem: String,
    remedy: String,
}

impl Refused {
    /// Prints it, and gives the exit code.
    fn say(&self, terminal: &Terminal) -> u8 {
        terminal.error(&self.problem, Some(&self.remedy));
        FAILED
    }
}

/// A path as a word of a shell, for commands that people copy.
fn shell_word(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._/-+:@%".contains(c);
    if path.chars().all(is_plain) { path.to_string() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// The first few of many names.
fn shortened(names: &[impl AsRef<str>]) -> String {
    const SHOWN: usize = 4;
    let rest = names.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let shown: Vec<&str> = names.iter().take(SHOWN).map(|name| name.as_ref()).collect();
    format!("{}{more}", shown.join(", "))
}

/// Reads the value of `--today`.
fn calendar_date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "no calendar date of the form YYYY-MM-DD".to_string())
}

fn remedy(error: &OpenError, terminal: &Terminal) -> Option<String> {
    let nearest = |path: &Path, counts: fn(&str) -> bool| {
        let found = nearest_path(path, &terminal.working_dir, counts)?;
        Some(format!("did you mean `{}`?", terminal.path(&found)))
    };
    match error {
        OpenError::Missing(path) => nearest(path, |name| strip_document_ending(name).is_some()),
        OpenError::Unreadable { path, .. } => nearest(path, |name| name.ends_with(".toml")),
        OpenError::NothingToCheck(_) => {
            Some("runbooks are files that end in .md, .markdown or .html.md; name their folder".to_string())
        }
        OpenError::NotADocument(_) => Some("name a Markdown file or a folder of them".to_string()),
        _ => None,
    }
}
