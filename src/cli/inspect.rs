//! `runbook-site inspect`

use std::path::PathBuf;

use clap::Args;

use super::terminal::Terminal;
use super::{CLEAN, Common, inventory};

/// Print the parsed model as JSON: kinds, standards, metadata, sections, steps, commands, links, and what each index says
#[derive(Args)]
pub struct Options {
    /// Files or folders to print; the whole root is read for context
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// List all commands by their risk instead, with the reason and the place; `-v` lists the safe ones, too
    #[arg(long)]
    commands: bool,
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    let workspace = match super::open(&options.paths, common, terminal) {
        Ok(workspace) => workspace,
        Err(code) => return code,
    };
    if options.commands {
        let look = inventory::Look { color: terminal.look.color, width: terminal.look.width, all: common.verbose };
        let listed = workspace.with_corpus(|corpus| inventory::inventory(corpus, workspace.named.as_deref(), &look));
        return match listed {
            Ok(list) => {
                terminal.print(&list);
                CLEAN
            }
            Err(error) => super::failed(&error, terminal),
        };
    }
    let inspected = workspace.with_corpus(|corpus| crate::inspect::inspect(corpus, workspace.named.as_deref()));
    let inspection = match inspected {
        Ok(inspection) => inspection,
        Err(error) => return super::failed(&error, terminal),
    };
    // Only maps with keys that are no strings fail to serialise, and there are none.
    terminal.print(&(serde_json::to_string_pretty(&inspection).unwrap_or_default() + "\n"));
    CLEAN
}
