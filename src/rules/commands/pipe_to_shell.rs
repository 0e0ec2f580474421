//! A script that is fetched and run unread.

use schemars::JsonSchema;
use serde::Deserialize;

use super::dangerous::{first_line, shown};
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PipeToShell {}

impl Rule for PipeToShell {
    const INFO: RuleInfo = RuleInfo {
        name: "pipe-to-shell",
        group: "commands",
        level: Level::Warning,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a script that is fetched and run unread",
        docs: include_str!("pipe_to_shell.md"),
    };

    fn check(&self, _corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for (_, command) in entry.commands().filter(|(_, command)| command.runs_download) {
            findings.push(Finding {
                help: Some(
                    "download it to a file, check its sum or read it, then run the file; better pin a package"
                        .to_string(),
                ),
                ..Finding::new(
                    Location { file: entry.file, span: first_line(command, entry) },
                    command.program.as_deref().unwrap_or_default(),
                    format!("`{}` runs a script that nobody has read", shown(command)),
                )
            });
        }
    }
}
