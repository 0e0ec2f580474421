//! `runbook-site completions`

use clap::{Args, Command};
use clap_complete::Shell;

use super::CLEAN;
use super::terminal::Terminal;

/// Print a script that completes this program's commands and options in a shell
#[derive(Args)]
#[command(after_help = "\
Where shells look for it:
  bash        runbook-site completions bash > ~/.local/share/bash-completion/completions/runbook-site
  zsh         runbook-site completions zsh > a folder of $fpath, as _runbook-site
  fish        runbook-site completions fish > ~/.config/fish/completions/runbook-site.fish
  powershell  runbook-site completions powershell >> $PROFILE
  elvish      runbook-site completions elvish >> ~/.config/elvish/rc.elv")]
pub struct Options {
    /// The shell
    shell: Shell,
}

pub fn run(options: &Options, mut command: Command, terminal: &Terminal) -> u8 {
    let name = command.get_name().to_string();
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, name, &mut script);
    terminal.print_bytes(&script);
    CLEAN
}
