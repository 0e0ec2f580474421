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
use crate::site::Vanished;
use crate::workspace::{BuildError, BuildRequest, Built, read_published, usual_path};

/// Check runbooks and render them to a static site
///
/// The site is written whatever the check finds, and the findings are in its report: a handbook with faults must stay
/// readable. With --strict, findings at error level stop the build and leave the old site; so does an address that --compare
/// misses.
#[derive(Args)]
#[command(
    after_help = "Exit code: 0 built, 1 not built because of findings or vanished addresses (--strict), 2 not built for \
                  another reason."
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
    /// Report each address that was on the site before and is not any more: its runbooks.json, or its folder
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Do not build while there are findings at error level, or while addresses of --compare have vanished
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
    // Read before the build, since it is often that of the site which the build replaces.
    let before = match options.compare.as_ref().map(|path| read_published(path)).transpose() {
        Ok(before) => before,
        Err(error) => {
            let remedy = "name the runbooks.json of the site as it is published, or its folder; leave --compare out of a first build";
            terminal.error(&error.to_string(), Some(remedy));
            return FAILED;
        }
    };
    let request = BuildRequest { out: &out, base_url: options.base_url.as_deref(), before: before.as_ref() };
    let accept = |built: &Built| {
        !options.strict || !FailOn::Error.fails(&built.checked.diagnostics) && built.vanished.addresses.is_empty()
    };
    let build = || workspace.build(&request, accept);
    match shown(&workspace.progress, terminal, build) {
        Ok(Built { checked, vanished }) => {
            for note in &checked.notes {
                terminal.note(note);
            }
            if !vanished.addresses.is_empty() {
                terminal.note(&format!("{} of the site before will not be there any more", addresses(&vanished)));
                vanished_lines(&vanished).iter().for_each(|line| terminal.line(line));
            }
            say_anchors(&vanished, terminal);
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
        Err(BuildError::NotAccepted(built)) => {
            refuse(&built, terminal);
            FINDINGS
        }
        Err(BuildError::Config(error)) => super::failed(&error, terminal),
        Err(error) => {
            terminal.error(&error.to_string(), None);
            FAILED
        }
    }
}

/// Says why the site was not built under `--strict`.
fn refuse(built: &Built, terminal: &Terminal) {
    if FailOn::Error.fails(&built.checked.diagnostics) {
        terminal.error(
            &format!("not built: {}", count_words(&Counts::of(&built.checked.diagnostics))),
            Some("`runbook-site check` shows them; without --strict the site is built all the same"),
        );
    }
    if !built.vanished.addresses.is_empty() {
        let lines = vanished_lines(&built.vanished).join("\n");
        terminal.error(
            &format!(
                "not built: {} of the site before would not be there any more\n{lines}",
                addresses(&built.vanished)
            ),
            Some("an alias leads from each to where its page is now; without --strict the site is built all the same"),
        );
        say_anchors(&built.vanished, terminal);
    }
}

fn addresses(vanished: &Vanished) -> String {
    match vanished.addresses.len() {
        1 => "1 address".to_string(),
        more => format!("{more} addresses"),
    }
}

/// For each address that vanished a line, and one for what to do about it.
fn vanished_lines(vanished: &Vanished) -> Vec<String> {
    let lines = vanished.addresses.iter().flat_map(|gone| {
        let alias = format!("write `aliases: [/{}]` in the front matter of", gone.url);
        let remedy = match &gone.successor {
            Some(now) => format!("it is now {}: {alias} {}", now.url, now.path),
            None => format!("{alias} the document that takes its place"),
        };
        [format!("  {} ({})", gone.url, gone.title), format!("    {remedy}")]
    });
    lines.collect()
}

/// Sections may be renamed; whoever asks for more hears of it.
fn say_anchors(vanished: &Vanished, terminal: &Terminal) {
    for page in &vanished.anchors {
        terminal.detail(&format!("{} has no section {} any more", page.url, super::shortened(&page.anchors)));
    }
}
