//! What `check` says of fixes.

use super::progress::shown;
use super::terminal::Terminal;
use crate::report::{Counts, count};
use crate::workspace::{Checked, Fixed, OpenError, Workspace};

/// What fixing came to.
pub struct Fixing {
    pub made: usize,
    /// Number of files that were written.
    pub files: usize,
    /// Whether a file could not be written.
    pub failed: bool,
}

/// Checks the workspace, and fixes it before where that is asked for.
pub fn check(
    safe: bool,
    unsafe_too: bool,
    workspace: &mut Workspace,
    terminal: &Terminal,
) -> Result<(Checked, Option<Fixing>), OpenError> {
    let progress = workspace.progress.clone();
    if !safe && !unsafe_too {
        return Ok((shown(&progress, terminal, || workspace.check())?, None));
    }
    let fixed = shown(&progress, terminal, || workspace.fix(unsafe_too))?;
    say_refused(&fixed, terminal);
    // The text of a document that was handed in goes back where it came from.
    let failed = if workspace.typed.is_some() { Vec::new() } else { workspace.write_fixed(&fixed) };
    for error in &failed {
        terminal.error(&error.to_string(), None);
    }
    let fixing = Fixing { made: fixed.made, files: fixed.files() - failed.len(), failed: !failed.is_empty() };
    Ok((fixed.checked, Some(fixing)))
}

/// Prints what fixing would change.
pub fn show_patch(workspace: &Workspace, fixed: &Fixed, terminal: &Terminal) {
    say_refused(fixed, terminal);
    terminal.print(&workspace.patch(fixed, &terminal.working_dir));
    terminal.summary(&match fixed.made {
        0 => "nothing to fix".to_string(),
        made => format!("{} in {} would be made", count(made, "fix"), count(fixed.files(), "file")),
    });
}

/// A fix that would change more than it declares is a mistake of ours, and the author should know that nothing is wrong
/// with the file.
fn say_refused(fixed: &Fixed, terminal: &Terminal) {
    for refused in &fixed.refused {
        let remedy = "this is a bug of runbook-site, please report it; nothing was changed there";
        terminal.error(&format!("{refused}: the fix would change more of the page than it should"), Some(remedy));
    }
}

/// `12 fixed in 3 files, 4 more with --unsafe-fixes`; without fixing, how many could be.
pub fn hint(fixing: Option<&Fixing>, unsafe_too: bool, counts: &Counts) -> Option<String> {
    match fixing {
        Some(fixing) => {
            let made = format!("{} fixed in {}", fixing.made, count(fixing.files, "file"));
            match counts.fixable_unsafe {
                0 => Some(made),
                _ if unsafe_too => Some(made),
                left => Some(format!("{made}, {left} more with --unsafe-fixes")),
            }
        }
        None => match (counts.fixable, counts.fixable_unsafe) {
            (0, 0) => None,
            (0, unsafe_ones) => Some(format!("{unsafe_ones} fixable with --unsafe-fixes")),
            (safe, 0) => Some(format!("{safe} fixable with --fix")),
            (safe, unsafe_ones) => Some(format!("{safe} fixable with --fix, {unsafe_ones} more with --unsafe-fixes")),
        },
    }
}
