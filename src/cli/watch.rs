//! `check --watch`: the check again whenever something changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::check::{Options, baseline_path, not_opened, report_opened};
use super::output::Outputs;
use super::terminal::Terminal;
use super::{Common, FAILED, tell_opened};
use crate::workspace::{Depth, OpenError, Places, Watch, WatchError, Workspace, open};

/// Checks until the process is stopped, which is left to the system: a report ends nothing, not even one of a config that
/// cannot be read. Gives an exit code where nothing can be watched.
pub fn run(options: &Options, outputs: &Outputs<'_>, common: &Common, terminal: &Terminal) -> u8 {
    match watch(options, outputs, common, terminal) {
        Ok(never) => match never {},
        Err(error) => {
            let remedy = "name a smaller folder, or raise the system's limit, such as fs.inotify.max_user_watches";
            terminal.error(&error.to_string(), Some(remedy));
            FAILED
        }
    }
}

enum Never {}

fn watch(options: &Options, outputs: &Outputs<'_>, common: &Common, terminal: &Terminal) -> Result<Never, WatchError> {
    let mut watch = Watch::new()?;
    let mut places = Places::new();
    let mut reported = None;
    let config = common.config.as_deref();
    loop {
        let mut opened = open(&options.paths, config, &terminal.working_dir);
        places = match &opened {
            Ok(workspace) => places_of(workspace, options, terminal),
            // What was watched before is where it may be mended.
            Err(error) => places.into_iter().chain(places_without(error, options, common, terminal)).collect(),
        };
        let is_new = watch.set(&places)?;
        let seen = state(&opened, options, outputs, terminal);
        if reported != Some(seen) {
            terminal.clear();
            let code = match &mut opened {
                Ok(workspace) => {
                    tell_opened(workspace, terminal);
                    report_opened(options, outputs, workspace, terminal)
                }
                Err(error) => not_opened(outputs, error, terminal),
            };
            // Fixed texts are on the disk now, so that they are no news. Those that could not be written are not.
            reported = Some(if code == FAILED { seen } else { state(&opened, options, outputs, terminal) });
            terminal.summary(&format!("watching {}; Ctrl-C stops", names(&places, terminal)));
        }
        if !is_new {
            watch.wait();
        }
    }
}

/// All that a report depends on, as a hash. What the run itself writes does not count: it would never end.
fn state(opened: &Result<Workspace, OpenError>, options: &Options, outputs: &Outputs<'_>, terminal: &Terminal) -> u64 {
    let mut state = DefaultHasher::new();
    match opened {
        Ok(workspace) => {
            let written: Vec<PathBuf> = outputs.files().map(|file| terminal.working_dir.join(file)).collect();
            let is_read = |path: &str| !written.contains(&workspace.root.join(path));
            workspace.root.hash(&mut state);
            for config in &workspace.configs {
                (&config.path, &config.text).hash(&mut state);
            }
            for source in workspace.sources.iter().filter(|source| is_read(&source.path)) {
                (&source.path, &source.text, &source.problem).hash(&mut state);
            }
            for file in workspace.files.iter().filter(|file| is_read(file)) {
                file.hash(&mut state);
            }
            workspace.skipped_links.hash(&mut state);
            fs::read(baseline_path(options, workspace, terminal)).ok().hash(&mut state);
        }
        Err(error) => format!("{error:?}").hash(&mut state),
    }
    state.finish()
}

/// Where that which a workspace was read from can change.
fn places_of(workspace: &Workspace, options: &Options, terminal: &Terminal) -> Places {
    let configs = workspace.configs.iter().map(|config| config.folder().to_path_buf());
    let baseline = baseline_path(options, workspace, terminal).parent().map(Path::to_path_buf);
    let beside = configs.chain(baseline).map(|folder| (folder, Depth::Flat));
    beside.chain([(workspace.root.clone(), Depth::Deep)]).collect()
}

/// Where that which keeps a workspace from being read can be mended.
fn places_without(error: &OpenError, options: &Options, common: &Common, terminal: &Terminal) -> Places {
    let absolute = |path: &PathBuf| terminal.working_dir.join(path);
    let mut places: Places = match options.paths.is_empty() {
        true => Places::from([(terminal.working_dir.clone(), Depth::Deep)]),
        false => options.paths.iter().map(absolute).map(|path| (folder(&path), Depth::Deep)).collect(),
    };
    let mut configs: Vec<PathBuf> = common.config.iter().map(absolute).collect();
    match error {
        OpenError::Config { path, .. } | OpenError::Unreadable { path, .. } => configs.push(path.clone()),
        _ => {}
    }
    for config in configs {
        places.entry(folder(&config)).or_insert(Depth::Flat);
    }
    places
}

fn folder(path: &Path) -> PathBuf {
    let is_file = path.is_file() || path.extension().is_some();
    if is_file { path.parent().unwrap_or(path).to_path_buf() } else { path.to_path_buf() }
}

/// `docs/ops and .`
fn names(places: &Places, terminal: &Terminal) -> String {
    let names: Vec<String> = places.keys().map(|place| terminal.path(place)).collect();
    names.join(" and ")
}
