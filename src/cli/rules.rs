//! `runbook-site rules`

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::CLEAN;
use super::terminal::Terminal;
use crate::diagnostic::Fixability;

/// List all rules
#[derive(Args)]
pub struct Options {
    /// How they are listed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One rule a line, its name first
    Text,
    Json,
}

#[derive(Serialize)]
struct Rule {
    name: &'static str,
    group: &'static str,
    level: &'static str,
    fix: Fixability,
    summary: &'static str,
}

pub fn run(options: &Options, terminal: &Terminal) -> u8 {
    let rules: Vec<Rule> = crate::rules::all()
        .map(|info| Rule {
            name: info.name,
            group: info.group,
            level: info.level.name(),
            fix: info.fix,
            summary: info.summary,
        })
        .collect();
    match options.output_format {
        Format::Text => {
            let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
            let lines = rules.iter().map(|rule| {
                let fix = match rule.fix {
                    Fixability::None => "",
                    Fixability::Safe => " (has a fix)",
                    Fixability::Unsafe => " (has an unsafe fix)",
                };
                format!("{:width$}  {:7}  {}{fix}\n", rule.name, rule.level, rule.summary)
            });
            terminal.print(&lines.collect::<String>());
        }
        // Only maps with keys that are no strings fail to serialise, and there are none.
        Format::Json => terminal.print(&(serde_json::to_string_pretty(&rules).unwrap_or_default() + "\n")),
    }
    CLEAN
}
