//! `runbook-site build`

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use jiff::civil::Date;

use super::check::FailOn;
use super::progress::shown;
use super::terminal::Terminal;
use super::{CLEAN, Common, FAILED, FINDINGS};
use crate::report::{Counts, count, count_words};
use crate::settings::parse_base_url;
use crate::workspace::{BuildError, usual_path};

/// Check runbooks and render them to a static site
///
/// The site is written whatever the check finds, and the findings are in its report: a handbook with faults must stay
/// readable. With --strict, findings at error level stop the build and leave the old site.
#[derive(Args)]
#[command(
    after_help = "Exit code: 0 built, 1 not built because of findings (--strict), 2 not built for another reason."
)]
pub struct Options {
    /// Folder with the runbooks
    #[arg(value_name = "ROOT", default_value = ".")]
    root: PathBuf,
    /// Folder to write the site to
    #[arg(short, long, value_name = "DIR", default_value = "site")]
    out: PathBuf,
    /// Address at which the site will be served, such as https://ops.example/runbooks/; goes before `base-url` of the
    /// config, and adds sitemap.xml, feed.xml and 404.html
    #[arg(long, value_name = "URL", value_parser = parse_base_url)]
    base_url: Option<String>,
    /// Do not build while there are findings at error level
    #[arg(long)]
    strict: bool,
    /// Judge dates as on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::calendar_date)]
    today: Option<Date>,
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    let start = Instant::now();
    let mut workspace = match super::open(std::slice::from_ref(&options.root), common, terminal) {
        Ok(workspace) => workspace,
        Err(code) => return code,
    };
    workspace.today = options.today.unwrap_or(workspace.today);
    let baseline = usual_path(&workspace);
    if let Err(code) = super::use_baseline(&mut workspace, &baseline, terminal) {
        return code;
    }
    let out = terminal.working_dir.join(&options.out);
    let accept = |diagnostics: &[_]| !(options.strict && FailOn::Error.fails(diagnostics));
    let build = || workspace.build(&out, options.base_url.as_deref(), accept);
    match shown(&workspace.progress, terminal, build) {
        Ok(checked) => {
            for note in &checked.notes {
                terminal.note(note);
            }
            let counts = Counts::of(&checked.diagnostics);
            let findings = match counts.total() {
                0 => "no findings".to_string(),
                _ => format!("{}: see {}/report/index.html", count_words(&counts), terminal.path(&out)),
            };
            terminal.summary(&format!(
                "built {} in {} ms: open {}/index.html\n{findings}",
                count(checked.documents, "page"),
                start.elapsed().as_millis(),
                terminal.path(&out),
            ));
            CLEAN
        }
        Err(BuildError::NotAccepted(checked)) => {
            let words = count_words(&Counts::of(&checked.diagnostics));
            terminal.error(
                &format!("not built: {words}"),
                Some("`runbook-site check` shows them; without --strict the site is built all the same"),
            );
            FINDINGS
        }
        Err(BuildError::Config(error)) => super::failed(&error, terminal),
        Err(error) => {
            terminal.error(&error.to_string(), None);
            FAILED
        }
    }
}
