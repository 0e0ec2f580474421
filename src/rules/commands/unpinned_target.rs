//! A command that changes whichever cluster or account happens to be chosen.

use schemars::JsonSchema;
use serde::Deserialize;

use super::dangerous::{first_line, shown};
use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct UnpinnedTarget {
    /// Programs that must say where they work. None are asked by default.
    programs: Vec<String>,
}

impl Rule for UnpinnedTarget {
    const INFO: RuleInfo = RuleInfo {
        name: "unpinned-target",
        group: "commands",
        level: Level::Info,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a command that changes whichever cluster or account happens to be chosen",
        docs: include_str!("unpinned_target.md"),
    };

    fn check(&self, _corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for (_, command) in entry.commands() {
            let Some(program) = command.unpinned.as_ref().filter(|program| self.programs.contains(program)) else {
                continue;
            };
            findings.push(Finding {
                help: Some(help(program).to_string()),
                ..Finding::new(
                    Location { file: entry.file, span: first_line(command, entry) },
                    program,
                    format!("`{}` does not say where it works", shown(command)),
                )
            });
        }
    }
}

fn help(program: &str) -> &'static str {
    match program {
        "az" => "add `--subscription`",
        "aws" => "add `--profile` or `--region`",
        "gcloud" => "add `--project`",
        "helm" => "add `--kube-context` or `-n`",
        _ => "add `--context` or `-n`",
    }
}
