//! Makes fixes until nothing changes, shows them as a patch, and writes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::discover::describe;
use super::{Checked, OpenError, Workspace, display_path, file};
use crate::diagnostic::Applicability;
use crate::fix::{Round, round};
use crate::source::{FileId, Source};

/// What fixing came to.
pub struct Fixed {
    /// The check of the fixed texts.
    pub checked: Checked,
    /// Number of fixes that were made.
    pub made: usize,
    /// Fixes that would have changed more than they declare, as `path:line: rule`.
    pub refused: Vec<String>,
    /// Texts of the changed files as they were.
    originals: BTreeMap<FileId, String>,
}

/// Why a fixed file was not written. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[error("{} was not fixed: {problem}", .path.display())]
pub struct FixError {
    pub path: PathBuf,
    problem: String,
}

/// Rounds after which fixes that undo each other are left alone. A fix that waits for others takes a few.
const MOST_ROUNDS: usize = 50;

impl Workspace {
    /// Makes the fixes of what is reported, in memory, until none is left.
    pub fn fix(&mut self, unsafe_too: bool) -> Result<Fixed, OpenError> {
        let mut originals = BTreeMap::new();
        let mut refused = Vec::new();
        let mut made = 0;
        let mut checked = self.check()?;
        for _ in 0..MOST_ROUNDS {
            let Round { texts, made: now, refused: bad } = round(&self.sources, &checked.diagnostics, unsafe_too);
            let of = |at: &usize| {
                let diagnostic = &checked.diagnostics[*at];
                let location = diagnostic.finding.location;
                let source = &self.sources[location.file.index()];
                format!("{}:{}: {}", source.path, source.position(location.span.start).line, diagnostic.rule)
            };
            refused = bad.iter().map(of).collect();
            if texts.is_empty() {
                break;
            }
            made += now.len();
            for (file, text) in texts {
                let source = &mut self.sources[file.index()];
                let fixed = Source::new(source.path.clone(), text);
                let before = std::mem::replace(source, fixed).text;
                originals.entry(file).or_insert(before);
            }
            checked = self.check()?;
        }
        originals.retain(|file, before| self.sources[file.index()].text != *before);
        Ok(Fixed { checked, made, refused, originals })
    }

    /// What fixing changes, as a patch that `git apply` takes in `working_dir`.
    pub fn patch(&self, fixed: &Fixed, working_dir: &Path) -> String {
        let mut patch = String::new();
        for (file, before) in &fixed.originals {
            let source = &self.sources[file.index()];
            let path = display_path(&self.root.join(&source.path), working_dir);
            let diff = TextDiff::from_lines(before.as_str(), source.text.as_str());
            let mut unified = diff.unified_diff();
            let unified = unified.context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string();
            patch.push_str(&format!("diff --git a/{path} b/{path}\n{unified}"));
        }
        patch
    }

    /// Writes the fixed files, each whole or not at all. One that cannot be written does not keep the others.
    pub fn write_fixed(&self, fixed: &Fixed) -> Vec<FixError> {
        let write = |(file, before): (&FileId, &String)| {
            let source = &self.sources[file.index()];
            let path = self.root.join(&source.path);
            replace(&path, before, &source.text).err().map(|problem| FixError { path, problem })
        };
        fixed.originals.iter().filter_map(write).collect()
    }
}

impl Fixed {
    /// Number of changed files.
    pub fn files(&self) -> usize {
        self.originals.len()
    }

    /// Findings that are left and have an unsafe fix.
    pub fn unsafe_left(&self) -> usize {
        let fixes = self.checked.diagnostics.iter().filter_map(|diagnostic| diagnostic.finding.fix.as_ref());
        fixes.filter(|fix| fix.applicability == Applicability::Unsafe).count()
    }
}

/// Puts `after` in the place of a file that holds `before`, in one step, with the file's permissions. Behind a symbolic
/// link the file itself is replaced, not the link.
fn replace(path: &Path, before: &str, after: &str) -> Result<(), String> {
    let said = |error: std::io::Error| describe(&error);
    let path = path.canonicalize().map_err(said)?;
    let now = fs::read(&path).map_err(said)?;
    if now != before.as_bytes() {
        return Err("it was changed meanwhile; run again".to_string());
    }
    if fs::metadata(&path).map_err(said)?.permissions().readonly() {
        return Err("it is read-only".to_string());
    }
    file::replace(&path, after).map_err(said)
}
