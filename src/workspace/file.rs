//! Writes single files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::discover::describe;
use super::output::WriteError;

/// Replaces a file in one step, so that nobody reads half of it. A link is followed; what is no file, such as a pipe or
/// a device, is written to. A folder that does not exist is an error.
pub fn write_file(path: &Path, text: &str) -> Result<(), WriteError> {
    replace(path, text).map_err(|error| failed(path, &error))
}

/// Adds a text to a file that others write, too.
pub fn append_to_file(path: &Path, text: &str) -> Result<(), WriteError> {
    let opened = fs::OpenOptions::new().append(true).create(true).open(path);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| failed(path, &error))
}

/// Writes a file as `write_file` does, in a folder that is made where it is missing.
pub fn write_with_folder(path: &Path, text: &str) -> Result<(), WriteError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }
    write_file(path, text)
}

/// The text of a file; `None` where there is none.
pub fn read_file(path: &Path) -> Result<Option<String>, ReadError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ReadError { path: path.to_path_buf(), problem: describe(&error) }),
    }
}

/// The bytes of a file that holds no more than `at_most`; nothing of a larger one, or of what is no file.
pub fn read_up_to(path: &Path, at_most: usize) -> Option<Vec<u8>> {
    let found = fs::metadata(path).ok()?;
    let fits = found.is_file() && found.len() <= at_most as u64;
    fits.then(|| fs::read(path).ok()).flatten()
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {problem}", .path.display())]
pub struct ReadError {
    path: PathBuf,
    problem: String,
}

/// What `write_file` does, with the error as the system gives it.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let (path, permissions) = match fs::metadata(path) {
        Ok(found) if found.is_file() => (path.canonicalize()?, Some(found.permissions())),
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => return fs::write(path, text),
        Err(_) => (path.to_path_buf(), None),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = builder().prefix(".runbook-site-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

/// Temporary files are readable by their owner alone; these are read by others, as far as the umask lets them.
#[cfg(unix)]
fn builder() -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.permissions(fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}

fn failed(path: &Path, error: &io::Error) -> WriteError {
    WriteError::Failed { path: PathBuf::from(path), problem: describe(error) }
}
