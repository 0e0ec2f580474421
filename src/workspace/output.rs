//! Writes a site: aside, then swapped in, so that a build that is killed leaves the old site whole.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::discover::describe;
use crate::site::{Content, OutputFile};

/// File that says that a folder is a site of this tool.
pub const MARKER: &str = ".runbook-site";

/// Why a site was not written. The folder that was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{} holds other files than a site of ours; name another folder with --out", .0.display())]
    NotOurs(PathBuf),
    #[error("{} is the folder with the runbooks or above it; name another one with --out", .0.display())]
    HoldsSource(PathBuf),
    #[error("cannot write {}: {problem}", .path.display())]
    Failed { path: PathBuf, problem: String },
}

impl WriteError {
    fn new(path: &Path, error: &io::Error) -> Self {
        WriteError::Failed { path: path.to_path_buf(), problem: describe(error) }
    }
}

/// Writes the files of a site to `out`; copies come from `root`. Files that others put there since are kept.
pub fn write_site(files: &[OutputFile], root: &Path, out: &Path) -> Result<(), WriteError> {
    check_ownership(root, out)?;
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| WriteError::new(parent, &error))?;
    let aside = tempfile::Builder::new()
        .prefix(".runbook-site-")
        .tempdir_in(parent)
        .map_err(|error| WriteError::new(parent, &error))?;
    let fresh = aside.path().join("site");
    fill(files, root, out, &fresh)?;
    keep_foreign(files, out, &fresh)?;
    match swap(&fresh, out) {
        Ok(()) => Ok(()),
        Err(error) => Err(WriteError::new(out, &error)),
    }
}

/// A folder is ours when it holds our marker, is empty, or does not exist.
fn check_ownership(root: &Path, out: &Path) -> Result<(), WriteError> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    if real(root).starts_with(real(out)) {
        return Err(WriteError::HoldsSource(out.to_path_buf()));
    }
    match fs::read_dir(out) {
        Ok(mut entries) => {
            let ours = entries.next().is_none() || out.join(MARKER).is_file();
            if ours { Ok(()) } else { Err(WriteError::NotOurs(out.to_path_buf())) }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(WriteError::new(out, &error)),
    }
}

fn fill(files: &[OutputFile], root: &Path, old: &Path, fresh: &Path) -> Result<(), WriteError> {
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| Path::new(&file.path).parent()).collect();
    for folder in folders {
        let folder = fresh.join(folder);
        fs::create_dir_all(&folder).map_err(|error| WriteError::new(&folder, &error))?;
    }
    let listing: String = files.iter().map(|file| format!("{}\n", file.path)).collect();
    let marker = fresh.join(MARKER);
    fs::write(&marker, listing).map_err(|error| WriteError::new(&marker, &error))?;
    files.par_iter().map(|file| write_file(file, root, old, fresh)).collect()
}

fn write_file(file: &OutputFile, root: &Path, old: &Path, fresh: &Path) -> Result<(), WriteError> {
    let path = fresh.join(&file.path);
    let written = match &file.content {
        Content::Bytes(bytes) => {
            let before = old.join(&file.path);
            // An unchanged file keeps its inode, so that a server or a sync tool sees what really changed.
            let unchanged = fs::read(&before).is_ok_and(|old| old == *bytes);
            match unchanged && fs::hard_link(&before, &path).is_ok() {
                true => Ok(()),
                false => fs::write(&path, bytes),
            }
        }
        Content::CopyOf(source) => fs::copy(root.join(source), &path).map(|_| ()),
    };
    written.map_err(|error| WriteError::new(&path, &error))
}

/// Carries over what others added to the old site, such as a `CNAME`; what an older build of ours wrote is left behind.
fn keep_foreign(files: &[OutputFile], out: &Path, fresh: &Path) -> Result<(), WriteError> {
    let Ok(listing) = fs::read_to_string(out.join(MARKER)) else { return Ok(()) };
    let ours: BTreeSet<&str> = listing.lines().chain(files.iter().map(|file| file.path.as_str())).collect();
    for entry in WalkDir::new(out).min_depth(1).into_iter().flatten() {
        let relative = entry.path().strip_prefix(out).unwrap_or(entry.path());
        let name = relative.to_string_lossy().replace('\\', "/");
        if !entry.file_type().is_file() || name == MARKER || ours.contains(name.as_str()) {
            continue;
        }
        let kept = fresh.join(relative);
        let folder = kept.parent().unwrap_or(fresh);
        fs::create_dir_all(folder)
            .and_then(|()| fs::hard_link(entry.path(), &kept).or_else(|_| fs::copy(entry.path(), &kept).map(|_| ())))
            .map_err(|error| WriteError::new(&kept, &error))?;
    }
    Ok(())
}

/// Puts the fresh site in the place of the old one, in one step where the system can. The old one ends up where the
/// fresh one was, and goes with the folder aside.
fn swap(fresh: &Path, out: &Path) -> io::Result<()> {
    if !out.exists() {
        return fs::rename(fresh, out);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, fresh, CWD, out, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let old = fresh.with_file_name("old");
    fs::rename(out, &old)?;
    fs::rename(fresh, out).inspect_err(|_| {
        // Without the new site the old one must come back.
        let _ = fs::rename(&old, out);
    })
}
