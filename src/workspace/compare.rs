//! Reads what a site that was built before had.

use std::fs;
use std::path::{Path, PathBuf};

use super::discover::describe;
use crate::site::Published;

/// Why there is nothing to compare with.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    #[error("there is no {}", .0.display())]
    Missing(PathBuf),
    #[error("cannot read {}: {problem}", .path.display())]
    Unreadable { path: PathBuf, problem: String },
    #[error("{} is no runbooks.json of a site: {problem}", .path.display())]
    Malformed { path: PathBuf, problem: String },
}

/// Reads a `runbooks.json`, or the one of a site's folder.
pub fn read_published(path: &Path) -> Result<Published, CompareError> {
    let path = if path.is_dir() { path.join("runbooks.json") } else { path.to_path_buf() };
    let bytes = fs::read(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => CompareError::Missing(path.clone()),
        _ => CompareError::Unreadable { path: path.clone(), problem: describe(&error) },
    })?;
    serde_json::from_slice(&bytes).map_err(|error| CompareError::Malformed { path, problem: error.to_string() })
}
