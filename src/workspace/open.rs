//! From the paths of the command line to a workspace.

use std::fs;
use std::path::{Path, PathBuf};

use super::Workspace;
use super::clock;
use super::discover::{self, describe};
use super::root;
use crate::diagnostic::ConfigError;
use crate::rules::Rules;
use crate::settings::{ConfigLayer, Settings};

/// A config file that was read.
pub struct ConfigFile {
    pub path: PathBuf,
    pub text: String,
}

impl ConfigFile {
    /// The folder from which its paths are taken.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
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
    let roots = || {
        let roots: Vec<PathBuf> = absolute.iter().map(|path| root::root_without_config(path, path.is_dir())).collect();
        root::common_folder(&roots).unwrap_or_else(|| working_dir.to_path_buf())
    };
    let workspace = read(config, roots)?;
    let named = named(paths, &absolute, &workspace)?;
    not_empty(Workspace { named, ..workspace })
}

/// Opens a folder as it is where nobody has written a config.
pub fn open_without_config(folder: &Path, working_dir: &Path) -> Result<Workspace, OpenError> {
    let absolute = clean(&working_dir.join(folder));
    if !absolute.is_dir() {
        return Err(OpenError::Missing(folder.to_path_buf()));
    }
    not_empty(read(None, || absolute)?)
}

/// Opens the handbook to which a new document in a folder belongs: as that document would be if it were named. There
/// need be no other.
pub fn open_around(folder: &Path, config: Option<&Path>, working_dir: &Path) -> Result<Workspace, OpenError> {
    let absolute = clean(&working_dir.join(folder));
    if !absolute.is_dir() {
        return Err(OpenError::Missing(folder.to_path_buf()));
    }
    let config = config.map(|path| clean(&working_dir.join(path))).or_else(|| root::nearest_config(&absolute));
    read(config, || root::root_without_config(&absolute.join("new"), false))
}

fn not_empty(workspace: Workspace) -> Result<Workspace, OpenError> {
    match workspace.sources.is_empty() {
        true => Err(OpenError::NothingToCheck(workspace.root)),
        false => Ok(workspace),
    }
}

/// Reads the config and what lies under the root, which is `otherwise` where no config is.
fn read(config: Option<PathBuf>, otherwise: impl FnOnce() -> PathBuf) -> Result<Workspace, OpenError> {
    let (configs, settings) = match config {
        Some(path) => read_configs(path)?,
        None => (Vec::new(), Settings::default()),
    };
    let root = match configs.get(settings.root_file) {
        Some(file) => clean(&file.folder().join(settings.root.as_deref().unwrap_or("."))),
        None => otherwise(),
    };
    if !root.is_dir() {
        return Err(OpenError::Missing(root));
    }
    let found = discover::discover(&root, &settings);
    let documents = found.sources.iter().map(|source| source.path.as_str());
    let rules = Rules::configure(&settings, documents).map_err(|error| in_config(&configs, error))?;
    Ok(Workspace {
        named: None,
        root,
        configs,
        settings,
        rules,
        sources: found.sources,
        files: found.files,
        skipped_links: found.skipped_links,
        today: clock::today(),
        external: None,
        baseline: None,
    })
}

/// The documents that the paths name; `None` where they name the whole root.
fn named(paths: &[PathBuf], absolute: &[PathBuf], workspace: &Workspace) -> Result<Option<Vec<String>>, OpenError> {
    let root = &workspace.root;
    if absolute.iter().any(|path| root.starts_with(path)) {
        return Ok(None);
    }
    let mut named = Vec::new();
    for path in absolute {
        let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let matching = workspace.sources.iter().map(|source| &source.path);
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

/// Reads a config and those that it extends, the nearest first, and what they mean together.
fn read_configs(path: PathBuf) -> Result<(Vec<ConfigFile>, Settings), OpenError> {
    let mut configs = vec![read_config(path)?];
    let mut layers = Vec::new();
    loop {
        let file = layers.len();
        let layer = ConfigLayer::parse(&configs[file].text, file).map_err(|error| in_config(&configs, error))?;
        let next = layer.extends.as_ref().map(|path| (configs[file].folder().join(path.get_ref()), path.span()));
        layers.push(layer);
        let Some((path, span)) = next else { break };
        let path = clean(&path);
        let mistake = |message: String| OpenError::Config {
            path: configs[file].path.clone(),
            text: configs[file].text.clone(),
            error: ConfigError::at(file, span.clone(), message),
        };
        if configs.iter().any(|config| config.path == path) {
            return Err(mistake("the config extends itself".to_string()));
        }
        let config = match fs::read_to_string(&path) {
            Ok(text) => ConfigFile { path, text },
            Err(error) => return Err(mistake(format!("cannot read {}: {}", path.display(), describe(&error)))),
        };
        configs.push(config);
    }
    let texts = configs.iter().map(|config| config.text.as_str());
    match Settings::of_layers(layers.into_iter().zip(texts).collect()) {
        Ok(settings) => Ok((configs, settings)),
        Err(error) => Err(in_config(&configs, error)),
    }
}

fn read_config(path: PathBuf) -> Result<ConfigFile, OpenError> {
    match fs::read_to_string(&path) {
        Ok(text) => Ok(ConfigFile { path, text }),
        Err(error) => Err(OpenError::Unreadable { problem: describe(&error), path }),
    }
}

/// A mistake with the config file that it stands in.
pub fn in_config(configs: &[ConfigFile], error: ConfigError) -> OpenError {
    let ConfigFile { path, text } = &configs[error.file];
    OpenError::Config { path: path.clone(), text: text.clone(), error }
}

fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_path_buf() } else { path.parent().unwrap_or(path).to_path_buf() }
}

/// The path as it was given, for messages.
fn given(paths: &[PathBuf], absolute: &[PathBuf], path: &Path) -> PathBuf {
    let found = paths.iter().zip(absolute).find(|(_, absolute)| *absolute == path);
    found.map_or_else(|| path.to_path_buf(), |(given, _)| given.clone())
}

/// A path that people gave, from the root of the disk.
pub fn absolute(path: &Path, working_dir: &Path) -> PathBuf {
    clean(&working_dir.join(path))
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
