//! A mistake in the config, which ends the run before any document is read.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::{Fixability, Level, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ConfigErrorRule {}

/// The rule under which a mistake in the config is reported.
pub const CONFIG_ERROR: &RuleInfo = &ConfigErrorRule::INFO;

impl Rule for ConfigErrorRule {
    const INFO: RuleInfo = RuleInfo {
        name: "config-error",
        group: "housekeeping",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "an unknown key or a wrong value in `runbook-site.toml`",
        docs: include_str!("config_error.md"),
    };
}
