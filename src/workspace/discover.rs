//! Finds and reads the documents under a root.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use ignore::WalkBuilder;
use rayon::prelude::*;

use super::output::MARKER;
use crate::corpus::strip_document_ending;
use crate::settings::Settings;
use crate::source::{MAX_BYTES, Source};

/// What lies under a root.
#[derive(Default)]
pub struct Discovered {
    /// Sorted by path.
    pub sources: Vec<Source>,
    pub files: BTreeSet<String>,
    pub skipped_links: Vec<String>,
}

/// Walks the root in the order of names, honouring `.gitignore`, and reads the documents in parallel. Hidden files and
/// sites that this tool wrote are passed over.
pub fn discover(root: &Path, settings: &Settings) -> Discovered {
    let mut found = Discovered::default();
    let mut documents: Vec<String> = Vec::new();
    let mut unreadable: Vec<Source> = Vec::new();
    let walk = WalkBuilder::new(root)
        .require_git(false)
        .sort_by_file_name(|a, b| a.cmp(b))
        .filter_entry(|entry| entry.depth() == 0 || !is_site(entry.path()))
        .build();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                unreadable.extend(walk_problem(root, &error));
                continue;
            }
        };
        let Some(path) = relative_path(root, entry.path()) else { continue };
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_dir() || path.is_empty() || excluded(settings, &path) {
            continue;
        }
        if strip_document_ending(&path).is_none() {
            found.files.insert(path);
        } else if included(settings, &path) {
            match kind.is_symlink() {
                true => match link_target(root, entry.path()) {
                    Link::Inside => documents.push(path),
                    Link::Outside => found.skipped_links.push(path),
                    Link::Broken(problem) => unreadable.push(Source::unreadable(path, problem)),
                },
                false if kind.is_file() => documents.push(path),
                false => unreadable.push(Source::unreadable(path, "not a regular file")),
            }
        }
    }
    found.sources = documents.into_par_iter().map(|path| read(root, path)).collect();
    found.sources.append(&mut unreadable);
    found.sources.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Puts a document whose text is `bytes` among the sources of a root, in the place of what the disk holds there, and
/// gives its path from the root. `None` where the root leaves such a document out.
pub fn typed(
    root: &Path,
    path: &Path,
    bytes: Vec<u8>,
    settings: &Settings,
    sources: &mut Vec<Source>,
) -> Option<String> {
    let relative = relative_path(root, path)?;
    let source = match too_large(bytes.len() as u64) {
        Some(problem) => Source::unreadable(relative.clone(), problem),
        None => Source::decode(relative.clone(), bytes),
    };
    match sources.binary_search_by(|known| known.path.cmp(&relative)) {
        Ok(at) => sources[at] = source,
        // What exists and was not found is left out, and so would be what is new.
        Err(_) if exists(path) || excluded(settings, &relative) || !included(settings, &relative) => return None,
        Err(at) => sources.insert(at, source),
    }
    Some(relative)
}

/// Reads one document.
fn read(root: &Path, path: String) -> Source {
    match read_bytes(&root.join(&path)) {
        Ok(bytes) => Source::decode(path, bytes),
        Err(problem) => Source::unreadable(path, problem),
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let describe = |error: std::io::Error| describe(&error);
    let mut file = File::open(path).map_err(describe)?;
    let size = file.metadata().map_err(describe)?.len();
    if let Some(problem) = too_large(size) {
        return Err(problem);
    }
    let mut bytes = Vec::with_capacity(size as usize);
    file.read_to_end(&mut bytes).map_err(describe)?;
    Ok(bytes)
}

fn too_large(size: u64) -> Option<String> {
    (size > MAX_BYTES).then(|| format!("too large: {size} bytes, at most {MAX_BYTES} are read"))
}

/// An error of the system in its own words, without the number.
pub fn describe(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

enum Link {
    Inside,
    Outside,
    Broken(String),
}

fn link_target(root: &Path, path: &Path) -> Link {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    match path.canonicalize() {
        Ok(target) if !target.starts_with(&root) => Link::Outside,
        Ok(target) if target.is_file() => Link::Inside,
        Ok(_) => Link::Broken("a symbolic link to what is no regular file".to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Link::Broken("a symbolic link that leads nowhere".to_string())
        }
        Err(error) => Link::Broken(format!("a symbolic link that cannot be followed: {}", describe(&error))),
    }
}

fn included(settings: &Settings, path: &str) -> bool {
    settings.include.as_ref().is_none_or(|include| include.is_match(path))
}

/// Why the config leaves a document out, if it does.
pub fn left_out(settings: &Settings, path: &str) -> Option<&'static str> {
    match included(settings, path) {
        false => Some("no glob of `include` matches it"),
        true => excluded(settings, path).then_some("`exclude` leaves it out"),
    }
}

fn excluded(settings: &Settings, path: &str) -> bool {
    let Some(exclude) = &settings.exclude else { return false };
    // A pattern that names a folder leaves out all below it.
    let mut at = Some(path);
    while let Some(path) = at {
        if exclude.is_match(path) {
            return true;
        }
        at = path.rsplit_once('/').map(|(folder, _)| folder);
    }
    false
}

fn is_site(path: &Path) -> bool {
    path.join(MARKER).is_file()
}

/// A folder that cannot be listed may hide runbooks, so it is named like a file that cannot be read.
fn walk_problem(root: &Path, error: &ignore::Error) -> Option<Source> {
    let path = error_path(error)?;
    let name = relative_path(root, path)?;
    let problem = error.io_error().map_or_else(|| error.to_string(), describe);
    let kind = if path.is_dir() { "folder" } else { "path" };
    Some(Source::unreadable(name, format!("the {kind} cannot be listed: {problem}")))
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}

/// From the root with `/`; `None` for names that are not UTF-8, which no link can name either.
fn relative_path(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = relative.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// Whether a path can be listed or read at all.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
