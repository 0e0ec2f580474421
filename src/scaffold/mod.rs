//! Texts of new files: a config that fits a handbook, a runbook from its template, and the files of hooks and pipelines.
//!
//! Pure text from the corpus and its diagnostics. What is there already, and where things are written, is the shell's.

mod config;
mod integration;
mod runbook;

use crate::report::plain;

pub use config::{MissingRow, config_text, main_standard, missing_rows};
pub use integration::{
    GITHUB_PATH, NotExtended, PRE_COMMIT_PATH, extended_pre_commit, github_workflow, pre_commit_config,
};
pub use runbook::{NewRunbook, file_name, new_runbook};

/// Prose as comment lines.
fn comment(text: &str) -> String {
    let mut lines = vec![String::from("#")];
    for word in plain(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= 120 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("# {word}")),
        }
    }
    lines.join("\n") + "\n"
}
