//! `runbook-site inspect`

use std::path::PathBuf;

use clap::Args;

use super::terminal::Terminal;
use super::{CLEAN, Common};

/// Print the parsed model as JSON: kinds, standards, metadata, sections, steps, links, and what each index says
#[derive(Args)]
pub struct Options {
    /// Files or folders to print; the whole root is read for context
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    let workspace = match super::open(&options.paths, common, terminal) {
        Ok(workspace) => workspace,
        Err(code) => return code,
    };
    let inspected = workspace.with_corpus(|corpus| crate::inspect::inspect(corpus, workspace.named.as_deref()));
    let inspection = match inspected {
        Ok(inspection) => inspection,
        Err(error) => return super::failed(&error, terminal),
    };
    // Only maps with keys that are no strings fail to serialise, and there are none.
    terminal.print(&(serde_json::to_string_pretty(&inspection).unwrap_or_default() + "\n"));
    CLEAN
}
