//! From the paths of the command line to a workspace.

use std::fs;
use std::path::{Path, PathBuf};

use super::Workspace;
use super::clock;
use super::discover::{self, describe};
use super::root;
use crate::diagnostic::ConfigError;
use crate::rules::RuleSet;
use crate::settings::Settings;

/// A config file that was read.
pub struct ConfigFile {
    pub path: PathBuf,
    pub text: String,
}

/// Why there is nothing to work on.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("no such file or folder: {}", .0.display())]
    Missing(PathBuf),
    #[error("cannot read {}: {problem}", .path.display())]
    Unreadable { path: PathBuf, problem: String },
    #[error("{}: {}", .path.display(), .error.message)]
    Config { path: PathBuf, text: String, error: ConfigError },
    #[error("nothing to check: no Markdown file in {}", .0.display())]
    NothingToCheck(PathBuf),
    #[error("nothing to check: {} is no Markdown document", .0.display())]
    NotADocument(PathBuf),
    #[error("nothing to check: {} is left out by {reason}", .path.display())]
    LeftOut { path: PathBuf, reason: &'static str },
}

/// Opens the root that `paths` mean. Relative paths are taken from `working_dir`; no path at all means that folder.
pub fn open(paths: &[PathBuf], config: Option<&Path>, working_dir: &Path) -> Result<Workspace, OpenError> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let absolute: Vec<PathBuf> = paths.iter().map(|path| clean(&working_dir.join(path))).collect();
    if let Some(missing) = absolute.iter().find(|path| !discover::exists(path)) {
        return Err(OpenError::Missing(given(paths, &absolute, missing)));
    }
    let config = match config {
        Some(path) => Some(clean(&working_dir.join(path))),
        None => root::common_folder(&absolute.iter().map(|path| folder_of(path)).collect::<Vec<_>>())
            .and_then(|common| root::nearest_config(&common)),
    };
    let config = config.map(read_config).transpose()?;
    let settings = match &config {
        Some(file) => in_config(file, Settings::parse(&file.text))?,
        None => Settings::default(),
    };
    let rules = match &config {
        Some(file) => in_config(file, RuleSet::configure(&settings.rules))?,
        None => RuleSet::default(),
    };
    let root = match &config {
        Some(file) => {
            let folder = file.path.parent().unwrap_or(&file.path);
            clean(&folder.join(settings.root.as_deref().unwrap_or(".")))
        }
        None => {
            let roots: Vec<PathBuf> =
                absolute.iter().map(|path| root::root_without_config(path, path.is_dir())).collect();
            root::common_folder(&roots).unwrap_or_else(|| working_dir.to_path_buf())
        }
    };
    if !root.is_dir() {
        return Err(OpenError::Missing(root));
    }
    let found = discover::discover(&root, &settings);
    let workspace = Workspace {
        named: named(paths, &absolute, &root, &found)?,
        root,
        config,
        settings,
        rules,
        sources: found.sources,
        files: found.files,
        skipped_links: found.skipped_links,
        today: clock::today(),
        baseline: None,
    };
    match workspace.sources.is_empty() {
        true => Err(OpenError::NothingToCheck(workspace.root)),
        false => Ok(workspace),
    }
}

/// The documents that the paths name; `None` where they name the whole root.
fn named(
    paths: &[PathBuf],
    absolute: &[PathBuf],
    root: &Path,
    found: &discover::Discovered,
) -> Result<Option<Vec<String>>, OpenError> {
    if absolute.iter().any(|path| root.starts_with(path)) {
        return Ok(None);
    }
    let mut named = Vec::new();
    for path in absolute {
        let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let matching = found.sources.iter().map(|source| &source.path);
        let before = named.len();
        named.extend(
            matching.filter(|known| **known == relative || crate::corpus::path::is_below(known, &relative)).cloned(),
        );
        if named.len() == before {
            let path = given(paths, absolute, path);
            return Err(match path.to_str().and_then(crate::corpus::strip_document_ending) {
                _ if working_is_dir(absolute, &path, paths) => OpenError::NothingToCheck(path),
                None => OpenError::NotADocument(path),
                Some(_) => {
                    OpenError::LeftOut { path, reason: "`.gitignore`, the config, or because it leads out of the root" }
                }
            });
        }
    }
    Ok(Some(named))
}

fn working_is_dir(absolute: &[PathBuf], path: &Path, paths: &[PathBuf]) -> bool {
    paths.iter().zip(absolute).any(|(given, absolute)| given == path && absolute.is_dir())
}

fn read_config(path: PathBuf) -> Result<ConfigFile, OpenError> {
    match fs::read_to_string(&path) {
        Ok(text) => Ok(ConfigFile { path, text }),
        Err(error) => Err(OpenError::Unreadable { problem: describe(&error), path }),
    }
}

fn in_config<T>(file: &ConfigFile, result: Result<T, ConfigError>) -> Result<T, OpenError> {
    result.map_err(|error| OpenError::Config { path: file.path.clone(), text: file.text.clone(), error })
}

fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_path_buf() } else { path.parent().unwrap_or(path).to_path_buf() }
}

/// The path as it was given, for messages.
fn given(paths: &[PathBuf], absolute: &[PathBuf], path: &Path) -> PathBuf {
    let found = paths.iter().zip(absolute).find(|(_, absolute)| *absolute == path);
    found.map_or_else(|| path.to_path_buf(), |(given, _)| given.clone())
}

/// Resolves `.` and `..` without asking the disk, so that symbolic links keep the names that people gave.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                if !cleaned.pop() {
                    cleaned.push("..");
                }
            }
            part => cleaned.push(part),
        }
    }
    cleaned
}
