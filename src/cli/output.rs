//! `--output-format FORMAT[:FILE]`: in which formats a check reports, and where each goes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, ValueEnum};

use super::FAILED;
use super::terminal::Terminal;
use crate::diagnostic::{Level, RuleInfo};
use crate::report::{
    Look, Report, concise, full, github, github_summary, gitlab, json, json_lines, junit, markdown, sarif,
};
use crate::workspace::{append_to_file, write_file};

/// Formats of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the lines they speak of
    Full,
    /// One line each
    Concise,
    /// One JSON document
    Json,
    /// One JSON object a line
    JsonLines,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations of GitHub Actions, and a table for the step's summary
    Github,
    /// Code quality report of GitLab
    Gitlab,
    /// Test results, a case for each rule of a document
    Junit,
    /// A table for a comment on a pull request
    Markdown,
}

impl Format {
    /// Whether it may be cut short: a program would take a part for the whole.
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Full | Format::Concise)
    }
}

/// A format, and the file that it goes to: standard output where there is none.
#[derive(Debug, Clone)]
pub struct Output {
    format: Format,
    file: Option<PathBuf>,
}

/// Reads `FORMAT[:FILE]`. Its mistakes are told like those of a plain list of formats.
#[derive(Clone)]
pub struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = Output;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Output, clap::Error> {
        let formats = EnumValueParser::<Format>::new();
        let Some((name, file)) = value.to_str().and_then(|text| text.split_once(':')) else {
            return Ok(Output { format: formats.parse_ref(command, arg, value)?, file: None });
        };
        let format = formats.parse_ref(command, arg, OsStr::new(name))?;
        if file.is_empty() {
            let mut error = clap::Error::new(ErrorKind::ValueValidation).with_cmd(command);
            let place = arg.map(Arg::to_string).unwrap_or_default();
            error.insert(ContextKind::InvalidArg, ContextValue::String(place));
            error.insert(ContextKind::InvalidValue, ContextValue::String(format!("{name}:")));
            error.insert(ContextKind::Suggested, name_a_file(name));
            return Err(error);
        }
        Ok(Output { format, file: Some(PathBuf::from(file)) })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

fn name_a_file(format: &str) -> ContextValue {
    ContextValue::StyledStrs(vec![format!("name the file behind the colon: {format}:FILE").into()])
}

/// Where reports go: one to standard output, and any number to files.
pub struct Outputs<'o> {
    pub printed: Format,
    written: Vec<(Format, &'o Path)>,
    /// The level from which on a test case fails.
    failing: Level,
}

/// Two reports would end up in one place.
pub struct OutputError {
    pub message: String,
    pub help: &'static str,
}

impl<'o> Outputs<'o> {
    /// Sorts out what was asked for.
    pub fn of(outputs: &'o [Output], failing: Level) -> Result<Outputs<'o>, OutputError> {
        let mut printed = None;
        let mut written: Vec<(Format, &Path)> = Vec::new();
        for Output { format, file } in outputs {
            let Some(file) = file else {
                if let Some(other) = printed.replace(*format) {
                    return Err(OutputError {
                        message: format!("both `{}` and `{}` would go to standard output", name(other), name(*format)),
                        help: "name a file for one of them, as in `json:report.json`",
                    });
                }
                continue;
            };
            if let Some((other, _)) = written.iter().find(|(_, other)| *other == file) {
                return Err(OutputError {
                    message: format!("both `{}` and `{}` would go to {}", name(*other), name(*format), file.display()),
                    help: "name another file for one of them",
                });
            }
            written.push((*format, file));
        }
        Ok(Outputs { printed: printed.unwrap_or(Format::Full), written, failing })
    }

    /// Writes the files, and the summary of a step of GitHub Actions. An error is printed, with the exit code.
    pub fn write(&self, report: &Report<'_>, terminal: &Terminal) -> Result<(), u8> {
        for (format, file) in &self.written {
            let text = self.text(*format, report, Look { color: false, ..terminal.look });
            if let Err(error) = write_file(&terminal.working_dir.join(file), &text) {
                terminal.error(&error.to_string(), Some("name a file in a folder that exists and may be written to"));
                return Err(FAILED);
            }
        }
        let mut formats = self.written.iter().map(|(format, _)| *format).chain([self.printed]);
        if formats.any(|format| format == Format::Github) {
            summarise(report, terminal);
        }
        Ok(())
    }

    /// The files that are written.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.written.iter().map(|(_, file)| *file)
    }

    /// Prints what goes to standard output.
    pub fn print(&self, report: &Report<'_>, terminal: &Terminal) {
        terminal.print(&self.text(self.printed, report, terminal.look));
    }

    fn text(&self, format: Format, report: &Report<'_>, look: Look) -> String {
        match format {
            Format::Full => full(report, look),
            Format::Concise => concise(report),
            Format::Json => json(report),
            Format::JsonLines => json_lines(report),
            Format::Sarif => sarif(report, &crate::rules::all().collect::<Vec<&RuleInfo>>()),
            Format::Github => github(report),
            Format::Gitlab => gitlab(report),
            Format::Junit => junit(report, self.failing),
            Format::Markdown => markdown(report),
        }
    }
}

/// Adds the table to the summary of a step of GitHub Actions, which other commands of the step may add to. Findings are
/// reported without it, too.
fn summarise(report: &Report<'_>, terminal: &Terminal) {
    let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else { return };
    if let Err(error) = append_to_file(Path::new(&file), &github_summary(report)) {
        terminal.note(&format!("no summary of the step: {error}"));
    }
}

fn name(format: Format) -> String {
    format.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}
