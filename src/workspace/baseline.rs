//! The file of the baseline.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::discover::describe;
use super::file::replace;
use super::{Workspace, display_path};
use crate::lint::{Baseline, BaselineError};
use crate::source::Source;

/// Name of the file that is taken without being named: beside the config, or in the root where there is none.
pub const BASELINE_NAME: &str = ".runbook-site-baseline.json";

/// A baseline that was read.
#[derive(Debug)]
pub struct BaselineFile {
    pub path: PathBuf,
    pub baseline: Baseline,
    /// The file's text, under its path from the root.
    pub source: Source,
}

/// Why there is no baseline to work with.
#[derive(Debug, thiserror::Error)]
pub enum BaselineFileError {
    #[error("cannot read the baseline {}: {problem}", .path.display())]
    Unreadable { path: PathBuf, problem: String },
    #[error("{}:{}: not a baseline: {}", .path.display(), .error.line, .error.message)]
    Invalid { path: PathBuf, error: BaselineError },
    #[error("cannot write the baseline {}: {problem}", .path.display())]
    Unwritable { path: PathBuf, problem: String },
}

/// Where the baseline of a workspace is, if nobody names another file.
pub fn usual_path(workspace: &Workspace) -> PathBuf {
    let beside_config = workspace.configs.first().map(|config| config.folder());
    beside_config.unwrap_or(&workspace.root).join(BASELINE_NAME)
}

/// Reads a baseline; `None` where there is no such file.
pub fn read_baseline(path: &Path, root: &Path) -> Result<Option<BaselineFile>, BaselineFileError> {
    let path = path.to_path_buf();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BaselineFileError::Unreadable { problem: describe(&error), path }),
    };
    match Baseline::parse(&text) {
        Ok(baseline) => {
            let source = Source::new(display_path(&path, root), text);
            Ok(Some(BaselineFile { path, baseline, source }))
        }
        Err(error) => Err(BaselineFileError::Invalid { path, error }),
    }
}

/// Writes a baseline, in one step.
pub fn write_baseline(path: &Path, baseline: &Baseline) -> Result<(), BaselineFileError> {
    replace(path, &baseline.text())
        .map_err(|error| BaselineFileError::Unwritable { path: path.to_path_buf(), problem: describe(&error) })
}
