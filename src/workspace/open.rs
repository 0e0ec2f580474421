//! From the paths of the command line to a workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clock;
use super::discover::{self, describe};
use super::root;
use super::{Workspace, display_path};
use crate::diagnostic::ConfigError;
use crate::rules::Rules;
use crate::settings::{ConfigLayer, Settings};
use crate::source::Source;

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
    let config = config_of(&absolute, config, working_dir);
    let mut workspace = read(config, || root_of(&absolute, working_dir), |_| Ok(()))?;
    workspace.named = named(paths, &absolute, &workspace)?;
    not_empty(workspace)
}

/// Opens the root that a document means whose text is `bytes`, whatever the disk holds under its name. It need not
/// exist there.
pub fn open_typed(
    path: &Path,
    bytes: Vec<u8>,
    config: Option<&Path>,
    working_dir: &Path,
) -> Result<Workspace, OpenError> {
    let absolute = clean(&working_dir.join(path));
    if path.to_str().and_then(crate::corpus::strip_document_ending).is_none() || absolute.is_dir() {
        return Err(OpenError::NotADocument(path.to_path_buf()));
    }
    let mut relative = String::new();
    let own = std::slice::from_ref(&absolute);
    let config = config_of(own, config, working_dir);
    let mut workspace = read(
        config,
        || root_of(own, working_dir),
        |place| {
            let typed = discover::typed(place.root, &absolute, bytes, place.settings, &mut place.found.sources);
            relative = typed.ok_or_else(|| left_out(path))?;
            Ok(())
        },
    )?;
    workspace.named = Some(vec![relative.clone()]);
    workspace.typed = Some(relative);
    Ok(workspace)
}

/// What was found under a root, before anything is made of it.
struct Place<'p> {
    root: &'p Path,
    settings: &'p Settings,
    found: &'p mut discover::Discovered,
}

/// Opens a folder as it is where nobody has written a config.
pub fn open_without_config(folder: &Path, working_dir: &Path) -> Result<Workspace, OpenError> {
    let absolute = clean(&working_dir.join(folder));
    if !absolute.is_dir() {
        return Err(OpenError::Missing(folder.to_path_buf()));
    }
    not_empty(read(None, || absolute, |_| Ok(()))?)
}

/// Opens the handbook to which a new document in a folder belongs: as that document would be if it were named. There
/// need be no other.
pub fn open_around(folder: &Path, config: Option<&Path>, working_dir: &Path) -> Result<Workspace, OpenError> {
    let absolute = clean(&working_dir.join(folder));
    if !absolute.is_dir() {
        return Err(OpenError::Missing(folder.to_path_buf()));
    }
    let config = config.map(|path| clean(&working_dir.join(path))).or_else(|| root::nearest_config(&absolute));
    read(config, || root::root_without_config(&absolute.join("new"), false), |_| Ok(()))
}

fn not_empty(workspace: Workspace) -> Result<Workspace, OpenError> {
    match workspace.sources.is_empty() {
        true => Err(OpenError::NothingToCheck(workspace.root)),
        false => Ok(workspace),
    }
}

/// The config that holds for the paths: the one that is named, else the nearest one above all of them.
fn config_of(absolute: &[PathBuf], config: Option<&Path>, working_dir: &Path) -> Option<PathBuf> {
    let nearest = || {
        let folders: Vec<PathBuf> = absolute.iter().map(|path| folder_of(path)).collect();
        root::nearest_config(&root::common_folder(&folders)?)
    };
    config.map(|path| clean(&working_dir.join(path))).or_else(nearest)
}

/// The root that the paths mean where no config is.
fn root_of(absolute: &[PathBuf], working_dir: &Path) -> PathBuf {
    let roots: Vec<PathBuf> = absolute.iter().map(|path| root::root_without_config(path, path.is_dir())).collect();
    root::common_folder(&roots).unwrap_or_else(|| working_dir.to_path_buf())
}

/// Reads the config and what lies under the root, which is `otherwise` where no config is; `add` may add to what was
/// found.
fn read(
    config: Option<PathBuf>,
    otherwise: impl FnOnce() -> PathBuf,
    add: impl FnOnce(&mut Place<'_>) -> Result<(), OpenError>,
) -> Result<Workspace, OpenError> {
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
    let mut found = discover::discover(&root, &settings);
    add(&mut Place { root: &root, settings: &settings, found: &mut found })?;
    let documents = found.sources.iter().map(|source| source.path.as_str());
    let rules = Rules::configure(&settings, documents).map_err(|error| in_config(&configs, error))?;
    Ok(Workspace {
        config_sources: configs.iter().map(|config| as_source(config, &root)).collect(),
        root,
        configs,
        settings,
        rules,
        sources: found.sources,
        files: found.files,
        skipped_links: found.skipped_links,
        named: None,
        typed: None,
        deleted: BTreeSet::new(),
        today: clock::today(),
        external: None,
        baseline: None,
        progress: Arc::default(),
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
                Some(_) => left_out(&path),
            });
        }
    }
    Ok(Some(named))
}

fn left_out(path: &Path) -> OpenError {
    let reason = "`.gitignore`, the config, or because it leads out of the root";
    OpenError::LeftOut { path: path.to_path_buf(), reason }
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

fn as_source(config: &ConfigFile, root: &Path) -> Source {
    Source::new(display_path(&config.path, root), config.text.as_str())
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
pub fn clean(path: &Path) -> PathBuf {
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
