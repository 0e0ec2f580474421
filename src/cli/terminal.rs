//! The terminal: whether it shows colour and how wide it is, and the few ways in which the program speaks.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::diagnostic::{ConfigError, Level};
use crate::report::{Look, config_error, plain, wrap};
use crate::workspace::display_path;

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

pub struct Terminal {
    /// How reports on standard output look.
    pub look: Look,
    pub working_dir: PathBuf,
    error_look: Look,
    /// Whether a person sees what goes to standard output, and whether what goes to standard error. Terminals that only
    /// print are none: nothing can be taken back there.
    screens: (bool, bool),
    quiet: bool,
    verbose: bool,
    /// Whether results go to standard error.
    aside: bool,
}

impl Terminal {
    pub fn new(color: Color, quiet: bool, verbose: bool) -> Self {
        let working_dir = std::env::current_dir().unwrap_or_default();
        let look = |is_terminal: bool| Look {
            color: match color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            },
            unicode: is_unicode(),
            width: width(is_terminal),
        };
        Terminal {
            look: look(std::io::stdout().is_terminal()),
            error_look: look(std::io::stderr().is_terminal()),
            screens: (std::io::stdout().is_terminal() && !is_dumb(), std::io::stderr().is_terminal() && !is_dumb()),
            working_dir,
            quiet,
            verbose,
            aside: false,
        }
    }

    /// The same terminal with results on standard error: standard output is for something else.
    pub fn aside(&self) -> Self {
        Terminal { look: self.error_look, working_dir: self.working_dir.clone(), aside: true, ..*self }
    }

    /// Prints a result. A reader that stops reading, such as `head`, is no error.
    pub fn print(&self, text: &str) {
        self.print_bytes(text.as_bytes());
    }

    /// Prints a result that need not be text.
    pub fn print_bytes(&self, bytes: &[u8]) {
        let write = |out: &mut dyn Write| out.write_all(bytes).and_then(|()| out.flush());
        let _ = if self.aside { write(&mut std::io::stderr().lock()) } else { write(&mut std::io::stdout().lock()) };
    }

    /// Clears the screen, where there is one.
    pub fn clear(&self) {
        if self.screens.0 {
            self.print("\x1b[2J\x1b[3J\x1b[H");
        }
    }

    /// Says how it went.
    pub fn summary(&self, text: &str) {
        if !self.quiet {
            self.say_wrapped(text);
        }
    }

    /// Says what to do next, to whoever is there to do it.
    pub fn hint(&self, text: &str) {
        if self.screens.1 {
            self.summary(text);
        }
    }

    /// Whether somebody sees what is said beside the results, and wants to.
    pub fn is_watched(&self) -> bool {
        self.screens.1 && !self.quiet
    }

    /// Words in the colour of a level, for what goes to standard error.
    pub fn paint(&self, level: Level, words: &str) -> String {
        let color = match level {
            Level::Error => 31,
            Level::Warning => 33,
            Level::Info => 36,
        };
        if self.error_look.color { format!("\x1b[{color}m{words}\x1b[0m") } else { words.to_string() }
    }

    /// Says what is worth knowing and no finding.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.say_wrapped(&format!("note: {}", plain(text)));
        }
    }

    /// Says one of the things that a note counts.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            self.say_wrapped(&plain(text));
        }
    }

    /// Says what is being done.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            self.say(&plain(text));
        }
    }

    /// Says why the program cannot go on.
    pub fn error(&self, text: &str, remedy: Option<&str>) {
        let lines: Vec<_> = text.lines().map(plain).collect();
        self.say_wrapped(&format!("{}: {}", self.paint(Level::Error, "error"), lines.join("\n")));
        if let Some(remedy) = remedy {
            self.say_wrapped(&format!("  help: {}", plain(remedy)));
        }
    }

    /// Shows a mistake in the config.
    pub fn config_error(&self, error: &ConfigError, path: &Path, text: &str) {
        self.say(config_error(error, &self.path(path), text, self.error_look).trim_end());
    }

    /// How a path is named here.
    pub fn path(&self, path: &Path) -> String {
        display_path(path, &self.working_dir)
    }

    /// Lines are wrapped between words for a person. Programs and logs get them whole.
    fn say_wrapped(&self, text: &str) {
        if !self.screens.1 {
            return self.say(text);
        }
        let mut wrapped = String::new();
        for line in text.lines() {
            let indent = " ".repeat(if line.starts_with("  help: ") { 8 } else { 0 });
            let first = &line[..line.len() - line.trim_start().len()];
            wrap(line, first, &indent, self.error_look.width, &mut wrapped);
        }
        self.say(wrapped.trim_end());
    }

    fn say(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

const DEFAULT_WIDTH: usize = 80;
const WIDEST: usize = 120;

fn width(is_terminal: bool) -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = if is_terminal { asked.or_else(found) } else { asked };
    width.unwrap_or(DEFAULT_WIDTH).clamp(40, WIDEST)
}

/// Whether the terminal only prints, as that of an editor's shell.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Box characters need a UTF-8 locale; Windows consoles draw them, and so do logs, where no locale is set.
fn is_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    match locale {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf") || !["c", "posix"].contains(&locale.as_str())
        }
        None => true,
    }
}
