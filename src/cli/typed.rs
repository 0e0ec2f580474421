//! `--stdin-filename FILE`: a document as an editor holds it.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::FAILED;
use super::terminal::Terminal;
use crate::workspace::Workspace;

/// A text from standard input, and the name that it goes by.
pub struct Typed<'o> {
    pub file: &'o Path,
    pub bytes: Vec<u8>,
}

/// Reads standard input where a name for it is given. A mistake is printed, with the exit code.
pub fn read<'o>(file: Option<&'o Path>, paths: &[PathBuf], terminal: &Terminal) -> Result<Option<Typed<'o>>, u8> {
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    let Some(file) = file else {
        if paths.iter().any(is_stdin) {
            let remedy = "name the document that it is, as in `--stdin-filename docs/restart.md -`";
            terminal.error("`-` is a text from standard input without a name", Some(remedy));
            return Err(FAILED);
        }
        return Ok(None);
    };
    if let Some(path) = paths.iter().find(|path| !is_stdin(path)) {
        let problem = format!("both {} and the text from standard input are to be checked", path.display());
        terminal.error(&problem, Some("leave the path out; `-` may stand in its place"));
        return Err(FAILED);
    }
    let mut bytes = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(Some(Typed { file, bytes })),
        Err(error) => {
            terminal.error(&format!("cannot read standard input: {error}"), None);
            Err(FAILED)
        }
    }
}

/// Prints the fixed text; where it could not be read as text, what came in goes out.
pub fn print(workspace: &Workspace, bytes: &[u8], terminal: &Terminal) {
    let typed = workspace.sources.iter().find(|source| workspace.typed.as_ref() == Some(&source.path));
    match typed.filter(|source| source.problem.is_none()) {
        Some(source) => terminal.print(&source.text),
        None => terminal.print_bytes(bytes),
    }
}
