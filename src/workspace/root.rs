//! Which folder the paths of the command line mean.

use std::fs;
use std::path::{Path, PathBuf};

use crate::corpus::{INDEX_NAMES, strip_document_ending};

/// Name of the config file.
pub const CONFIG_NAME: &str = "runbook-site.toml";

/// The nearest config file in a folder or above.
pub fn nearest_config(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(CONFIG_NAME)).find(|path| path.is_file())
}

/// The top of the git repository that a folder is in.
pub fn repository_top(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(".git").exists())
}

/// Root of a run without a config: the folder named; for a file the nearest folder upwards that holds an index page,
/// else its own.
pub fn root_without_config(path: &Path, is_dir: bool) -> PathBuf {
    if is_dir {
        return path.to_path_buf();
    }
    let own = existing_folder(path.parent().unwrap_or(path));
    own.ancestors().find(|folder| holds_index(folder)).unwrap_or(own).to_path_buf()
}

/// The folder, or the nearest one above it that exists.
pub fn existing_folder(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(folder)
}

/// The deepest folder that holds all paths.
pub fn common_folder(folders: &[PathBuf]) -> Option<PathBuf> {
    let mut folders = folders.iter();
    let first = folders.next()?.clone();
    Some(folders.fold(first, |common, folder| {
        let shared = common.components().zip(folder.components()).take_while(|(a, b)| a == b);
        shared.map(|(part, _)| part.as_os_str()).collect()
    }))
}

fn holds_index(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let stem = name.to_str().and_then(strip_document_ending);
        stem.is_some_and(|stem| INDEX_NAMES.iter().any(|known| known.eq_ignore_ascii_case(stem)))
    })
}
