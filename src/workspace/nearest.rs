//! The path that was most likely meant by one where nothing is.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::discover::exists;
use super::root::existing_folder;
use crate::settings::nearest;

/// Entries that are looked at for a name elsewhere.
const MOST: usize = 20_000;

/// The existing path that is spelled most like this one, else the file of that name below the last folder of it that
/// exists, if this is in the working directory. Folders count, and files whose names `counts`. `None` where the path itself
/// exists.
pub fn nearest_path(path: &Path, working_dir: &Path, counts: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let path = working_dir.join(path);
    if exists(&path) {
        return None;
    }
    let folder = existing_folder(&path);
    let wanted = path.strip_prefix(folder).ok()?;
    spelled_alike(folder, wanted, &counts)
        .or_else(|| elsewhere(Some(folder).filter(|at| at.starts_with(working_dir))?, wanted.file_name()?, &counts))
}

fn spelled_alike(folder: &Path, wanted: &Path, counts: &impl Fn(&str) -> bool) -> Option<PathBuf> {
    let parts: Vec<&OsStr> = wanted.iter().collect();
    let mut found = folder.to_path_buf();
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        let names = names(&found, |name, is_dir| is_dir || (is_last && counts(name)));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let part = part.to_str()?;
        let name = names.iter().find(|name| **name == part).copied().or_else(|| nearest(part, &names))?;
        found.push(name);
    }
    Some(found)
}

fn names(folder: &Path, counts: impl Fn(&str, bool) -> bool) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path().is_dir())));
    let seen = names.filter(|(name, is_dir)| !name.starts_with('.') && counts(name, *is_dir));
    let mut names: Vec<String> = seen.map(|(name, _)| name).collect();
    names.sort();
    names
}

/// The file of a name, whatever its case and with or without its ending.
fn elsewhere(folder: &Path, wanted: &OsStr, counts: &impl Fn(&str) -> bool) -> Option<PathBuf> {
    let wanted = wanted.to_str()?.to_lowercase();
    let is_wanted = |name: &str| {
        let name = name.to_lowercase();
        name == wanted || name.rsplit_once('.').is_some_and(|(stem, _)| stem == wanted)
    };
    let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_name(|a, b| a.cmp(b)).build();
    let mut files = walk.flatten().take(MOST).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let found = files.find(|entry| entry.file_name().to_str().is_some_and(|name| counts(name) && is_wanted(name)))?;
    Some(found.into_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_that_was_meant_is_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in ["docs/ops/failover.md", "docs/ops/restore.md", "docs/.hidden.md", "docs/notes.txt"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "").expect("a file");
        }
        let is_document = |name: &str| name.ends_with(".md");
        for (written, meant) in [
            ("doc/ops", Some("docs/ops")),
            ("docs/ops/failovr.md", Some("docs/ops/failover.md")),
            ("dcs/ops/failovr.md", Some("docs/ops/failover.md")),
            ("restore", Some("docs/ops/restore.md")),
            ("Restore.MD", Some("docs/ops/restore.md")),
            ("docs/ops", None),
            ("docs/note.txt", None),
            ("zebra", None),
        ] {
            let found = nearest_path(Path::new(written), folder.path(), is_document);
            assert_eq!(found, meant.map(|path| folder.path().join(path)), "{written}");
        }
    }
}
