//! A literal password, token or key in a command.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SecretInCommand {}

impl Rule for SecretInCommand {
    const INFO: RuleInfo = RuleInfo {
        name: "secret-in-command",
        group: "commands",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "a literal password, token or key in a command",
        docs: include_str!("secret_in_command.md"),
    };

    fn check(&self, _corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for secret in entry.command_blocks.iter().flat_map(|block| &block.secrets) {
            findings.push(Finding {
                help: Some(format!(
                    "change the {0}, since it is in the history of this file, and read it from a variable or a vault \
                     here; for an example write a placeholder, `<{0}>`",
                    secret.kind
                )),
                ..Finding::new(
                    Location { file: entry.file, span: secret.span },
                    secret.kind,
                    format!("a literal {} in a command", secret.kind),
                )
            });
        }
    }
}
