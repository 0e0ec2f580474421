//! Reads a user's theme over the default one.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::discover::describe;
use crate::site::Theme;

/// A theme folder that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the theme {}: {problem}", .path.display())]
pub struct ThemeError {
    path: PathBuf,
    problem: String,
}

/// The default theme, each file replaced by the one of the same path in `folder`.
pub fn load_theme(folder: Option<&Path>) -> Result<Theme, ThemeError> {
    let mut theme = Theme::default_theme();
    let Some(folder) = folder else { return Ok(theme) };
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| ThemeError {
            path: folder.to_path_buf(),
            problem: error.io_error().map_or_else(|| error.to_string(), describe),
        })?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().is_file() && !hidden {
            let bytes = fs::read(entry.path())
                .map_err(|error| ThemeError { path: entry.path().to_path_buf(), problem: describe(&error) })?;
            let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            theme.insert(relative.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    Ok(theme)
}
