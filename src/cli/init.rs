//! `runbook-site init`: what a folder holds, and the files with which its checks begin.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::config::groups;
use super::terminal::Terminal;
use super::{CLEAN, Common, FAILED, Refused, shell_word, shortened};
use crate::corpus::{Corpus, Index};
use crate::diagnostic::Diagnostic;
use crate::report::{Counts, Hidden, Report, count, count_words, plain, statistics};
use crate::scaffold::{
    GITHUB_PATH, NotExtended, PRE_COMMIT_PATH, config_text, extended_pre_commit, github_workflow, main_standard,
    missing_rows, pre_commit_config,
};
use crate::settings::{Origin, Standard};
use crate::workspace::{
    CONFIG_NAME, OpenError, Workspace, absolute, nearest_config, open_without_config, read_file, repository_top,
    usual_path, write_with_folder,
};

/// Look at a folder of runbooks, and write the config with which its checks begin
///
/// The config fits what is there, so that the first check passes. Nothing that exists is overwritten without --force.
#[derive(Args)]
#[command(after_help = "Exit code: 0 written, 2 nothing written because of bad usage or what is there already.")]
pub struct Options {
    /// Folder with the runbooks
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// List what is found now in a baseline, so that only new findings are reported, and leave all levels as they are
    #[arg(long)]
    baseline: bool,
    /// Write the hooks of pre-commit, too, or add them to those that are there
    #[arg(long)]
    pre_commit: bool,
    /// Write the workflow that checks pull requests on GitHub, too
    #[arg(long)]
    github: bool,
    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
    /// Print what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// A file that is to be written.
struct Planned {
    path: PathBuf,
    text: String,
    /// What happens to it, for people.
    how: &'static str,
    /// What is left to do by hand.
    to_do: Option<&'static str>,
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    match prepare(options, common, terminal) {
        Ok(planned) if options.dry_run => {
            for file in &planned {
                terminal.print(&format!("\n--- {} ({})\n{}", terminal.path(&file.path), file.how, file.text));
            }
            terminal.summary("nothing was written, because of --dry-run");
            CLEAN
        }
        Ok(planned) => write(&planned, terminal),
        Err(code) => code,
    }
}

/// Looks at the folder, says what is there, and gives the files that are to be written.
fn prepare(options: &Options, common: &Common, terminal: &Terminal) -> Result<Vec<Planned>, u8> {
    let refuse = |refused: Refused| refused.say(terminal);
    if let Some(config) = &common.config {
        return Err(refuse(Refused {
            problem: format!("init writes a config and reads none: `--config {}`", config.display()),
            remedy: format!("leave --config out; {CONFIG_NAME} is written into the folder"),
        }));
    }
    let folder = absolute(&options.path, &terminal.working_dir);
    if folder.is_file() {
        return Err(refuse(Refused {
            problem: format!("{} is a file", options.path.display()),
            remedy: "name the folder with the runbooks".to_string(),
        }));
    }
    let kept = kept_config(options, &folder, terminal).map_err(refuse)?;
    let mut workspace = match kept {
        Some(_) => super::open(std::slice::from_ref(&options.path), common, terminal)?,
        None => open_without_config(&options.path, &terminal.working_dir)
            .map_err(|error| super::failed(&error, terminal))?,
    };
    let failed = |error: OpenError| super::failed(&error, terminal);
    let listed = usual_path(&workspace);
    super::use_baseline(&mut workspace, &listed, terminal)?;
    let checked = workspace.check().map_err(failed)?;
    let (report, config) = workspace
        .with_corpus(|corpus| {
            let config = config_text(corpus, &checked.diagnostics, options.baseline);
            (findings_and_documents(&workspace, corpus, &checked.diagnostics, terminal), config)
        })
        .map_err(failed)?;
    terminal.print(&report);
    let mut planned = Vec::new();
    match kept {
        Some(path) => terminal.note(&format!("{} is kept", terminal.path(&path))),
        None => planned.push(Planned::new(workspace.root.join(CONFIG_NAME), config)),
    }
    if options.baseline {
        let (baseline, _) = workspace.new_baseline().map_err(failed)?;
        planned.push(Planned::new(listed, baseline.text()));
    }
    let top = repository_top(&workspace.root).unwrap_or(&workspace.root).to_path_buf();
    let in_repository = in_repository(&top, &workspace.root);
    let hooks = top.join(PRE_COMMIT_PATH);
    if options.pre_commit {
        planned.extend(plan_hooks(hooks, &in_repository, terminal).map_err(refuse)?);
    }
    if options.github {
        let to_do = "put the account that holds runbook-site for OWNER";
        let file = Planned::new(top.join(GITHUB_PATH), github_workflow(&in_repository));
        planned.push(Planned { to_do: Some(to_do), ..file });
    }
    overwriting(&mut planned, options.force, terminal).map_err(refuse)?;
    Ok(planned)
}

impl Planned {
    fn new(path: PathBuf, text: String) -> Self {
        Planned { path, text, how: "new", to_do: None }
    }
}

/// The config that holds already and stays, where something else is asked for.
fn kept_config(options: &Options, folder: &Path, terminal: &Terminal) -> Result<Option<PathBuf>, Refused> {
    let there = nearest_config(folder).filter(|_| !options.force);
    let asks_for_more = options.baseline || options.pre_commit || options.github;
    match there {
        Some(path) if !asks_for_more => Err(Refused {
            problem: format!("{} holds for this folder already", terminal.path(&path)),
            remedy: format!(
                "`runbook-site config` shows what it says; --force writes {} anew",
                terminal.path(&folder.join(CONFIG_NAME))
            ),
        }),
        there => Ok(there),
    }
}

/// A folder from the top of its repository, with `/`.
fn in_repository(top: &Path, folder: &Path) -> String {
    let parts = folder.strip_prefix(top).unwrap_or(Path::new(""));
    let parts: Vec<_> = parts.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { ".".to_string() } else { parts.join("/") }
}

/// The hooks, in a file of their own or added to what is there; `None` where they are there.
fn plan_hooks(path: PathBuf, folder: &str, terminal: &Terminal) -> Result<Option<Planned>, Refused> {
    let to_do = Some("run `pre-commit install`, where nobody has");
    let existing = match read_file(&path) {
        Ok(existing) => existing,
        Err(error) => {
            return Err(Refused {
                problem: error.to_string(),
                remedy: "mend the file, or leave --pre-commit out".to_string(),
            });
        }
    };
    let Some(existing) = existing else {
        return Ok(Some(Planned { to_do, ..Planned::new(path, pre_commit_config(folder)) }));
    };
    match extended_pre_commit(&existing, folder) {
        Ok(text) => Ok(Some(Planned { how: "hooks added", to_do, ..Planned::new(path, text) })),
        Err(NotExtended::Present) => {
            terminal.note(&format!("{} has the hook `runbook-site` already", terminal.path(&path)));
            Ok(None)
        }
        Err(NotExtended::Form) => Err(Refused {
            problem: format!(
                "cannot add hooks to {}: no list under `repos:` with one entry a line",
                terminal.path(&path)
            ),
            remedy: format!("add these lines yourself, and leave --pre-commit out:\n{}", pre_commit_config(folder)),
        }),
    }
}

/// Refuses to write over what is there, all of it in one message.
fn overwriting(planned: &mut [Planned], force: bool, terminal: &Terminal) -> Result<(), Refused> {
    let is_there = |file: &&mut Planned| file.how == "new" && file.path.symlink_metadata().is_ok();
    let there: Vec<&mut Planned> = planned.iter_mut().filter(is_there).collect();
    if there.is_empty() {
        return Ok(());
    }
    if !force {
        let names: Vec<String> = there.iter().map(|file| terminal.path(&file.path)).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        return Err(Refused {
            problem: format!("{} {verb} there already", names.join(", ")),
            remedy: "--force overwrites; nothing was written".to_string(),
        });
    }
    for file in there {
        file.how = "overwritten";
    }
    Ok(())
}

fn write(planned: &[Planned], terminal: &Terminal) -> u8 {
    for (at, file) in planned.iter().enumerate() {
        if let Err(error) = write_with_folder(&file.path, &file.text) {
            let left: Vec<String> = planned[at..].iter().map(|file| terminal.path(&file.path)).collect();
            terminal.error(&error.to_string(), Some(&format!("not written: {}", left.join(", "))));
            return FAILED;
        }
        let to_do = file.to_do.map_or(String::new(), |to_do| format!("; {to_do}"));
        terminal.summary(&format!("written   {} ({}){to_do}", terminal.path(&file.path), file.how));
    }
    if let Some(config) = planned.first().filter(|file| file.path.ends_with(CONFIG_NAME)) {
        let root = config.path.parent().map_or(".".to_string(), |folder| terminal.path(folder));
        terminal.summary(&format!("`runbook-site check {}` passes now", shell_word(&root)));
    }
    CLEAN
}

/// What the folder holds, for people.
fn findings_and_documents(
    workspace: &Workspace,
    corpus: &Corpus<'_>,
    diagnostics: &[Diagnostic],
    terminal: &Terminal,
) -> String {
    let mut text = format!("root      {}\n", plain(&terminal.path(&workspace.root)));
    let _ = writeln!(text, "documents {}", corpus.entries.len());
    text.push_str(&groups(workspace, corpus, terminal));
    for index in &corpus.indexes {
        let path = terminal.path(&workspace.root.join(&corpus.source(index.file).path));
        let _ = writeln!(text, "index     {}: {}", plain(&path), index_words(index));
    }
    if corpus.indexes.is_empty() {
        text.push_str("index     none: no README.md, index.md or _index.md links two or more documents\n");
    }
    for words in standards_in_words(workspace, corpus, terminal) {
        let _ = writeln!(text, "standard  {}", plain(&words));
    }
    let rows = missing_rows(corpus);
    if !rows.is_empty() {
        let targets: Vec<&str> = rows.iter().map(|row| row.target.as_str()).collect();
        let _ = writeln!(
            text,
            "missing   {} that indexes lead to: {}",
            count(rows.len(), "file"),
            plain(&shortened(&targets))
        );
    }
    let words = match diagnostics.is_empty() {
        true => "none".to_string(),
        false => count_words(&Counts::of(diagnostics)),
    };
    let _ = writeln!(text, "findings  {words}");
    let report = Report {
        sources: &workspace.reported_sources(),
        paths: &workspace.display_paths(&terminal.working_dir),
        diagnostics,
        hidden: Hidden::default(),
        documents: corpus.entries.len(),
        runbooks: corpus.runbook_count(),
    };
    text + &statistics(&report)
}

fn index_words(index: &Index) -> String {
    let rows = index.tables.iter().map(|table| table.rows.len()).sum();
    let parts = [
        (!index.tables.is_empty())
            .then(|| format!("{} with {}", count(index.tables.len(), "table"), count(rows, "row"))),
        (!index.listed.is_empty()).then(|| format!("{} in lists", count(index.listed.len(), "link"))),
        index.standard.map(|_| "a standard".to_string()),
        index.template.as_ref().map(|_| "a template".to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Those that indexes state, else the preset that most runbooks follow.
fn standards_in_words(workspace: &Workspace, corpus: &Corpus<'_>, terminal: &Terminal) -> Vec<String> {
    let stated: Vec<usize> = corpus.indexes.iter().filter_map(|index| index.standard).collect();
    let words = |standard: &Standard, runbooks: usize| {
        let names: Vec<&str> = standard.sections.iter().map(|section| section.name.as_str()).collect();
        let who = match standard.origin {
            Origin::Index(location) => {
                let source = corpus.source(location.file);
                let path = terminal.path(&workspace.root.join(&source.path));
                format!("that of {path}:{}", source.position(location.span.start).line)
            }
            Origin::Config { .. } => format!("`{}` of the config", standard.name),
            Origin::Preset => format!("the preset `{}`", standard.name),
        };
        format!("{who}, for {}: {}", count(runbooks, "runbook"), names.join(", "))
    };
    if !stated.is_empty() {
        let held = |at: usize| corpus.entries.iter().filter(|entry| entry.standard == Some(at)).count();
        return stated.into_iter().map(|at| words(&corpus.standards[at], held(at))).collect();
    }
    match main_standard(corpus) {
        Some((standard, runbooks)) => vec![words(standard, runbooks)],
        None => vec!["none: no index states one, and no document has half of the sections of a preset".to_string()],
    }
}
