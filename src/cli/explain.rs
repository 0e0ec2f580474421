//! `runbook-site explain`

use clap::Args;

use super::terminal::Terminal;
use super::{CLEAN, FAILED};

/// Print the page of a rule: what it finds, why it matters, examples, how to mend and when to allow it
#[derive(Args)]
pub struct Options {
    /// Name of the rule, such as dead-link
    #[arg(value_name = "RULE")]
    rule: String,
}

pub fn run(options: &Options, terminal: &Terminal) -> u8 {
    match crate::rules::find(&options.rule) {
        Ok(rule) => {
            terminal.print(rule.docs);
            CLEAN
        }
        Err(error) => {
            terminal.error(&error.message, Some(&error.help));
            FAILED
        }
    }
}
