//! The dangerous commands of the handbook with their places. They cannot be copied here: what must be known before
//! stands where they do.

use serde::Serialize;

use super::Report;
use super::findings::{owner_of, section_url};
use super::pager::{PagerView, page_title, page_url, pager};
use crate::command::{Command, Risk};
use crate::corpus::{Corpus, Cover, Entry, path};
use crate::site::OutputFile;
use crate::site::navigation::plain_title;
use crate::site::pages::{SiteError, href};
use crate::site::steps::{StepMark, step_marks};

/// Commands on a page.
const PER_PAGE: usize = 200;

/// A destructive or disruptive command of the handbook.
pub struct Listed<'c, 'a> {
    pub entry: &'c Entry<'a>,
    pub command: &'c Command,
    /// Whether a warning stands before it.
    pub marked: bool,
}

impl<'c, 'a> Listed<'c, 'a> {
    /// All of them: the destructive first, then in the order of the documents.
    pub fn all(corpus: &'c Corpus<'a>) -> Vec<Listed<'c, 'a>> {
        let of = |entry: &'c Entry<'a>| {
            let commands = entry.listed_commands().into_iter();
            let dangerous = commands.filter(|(_, command)| command.risk >= Risk::Disruptive);
            dangerous.map(move |(block, command)| Listed {
                entry,
                command,
                marked: matches!(entry.cover_of(block, command), Cover::Covered(_)),
            })
        };
        let mut listed: Vec<Listed<'c, 'a>> = corpus.entries.iter().flat_map(of).collect();
        listed.sort_by_key(|listed| std::cmp::Reverse(listed.command.risk));
        listed
    }
}

/// How many commands are dangerous.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Tally {
    destructive: usize,
    disruptive: usize,
    /// Destructive commands with a warning before them, and how many of them are known, not guessed.
    marked: usize,
    known: usize,
}

#[derive(Serialize)]
struct CommandsView<'v> {
    tally: Tally,
    groups: Vec<RiskView<'v>>,
    pager: PagerView,
}

/// The commands of one risk on this page.
#[derive(Serialize)]
struct RiskView<'v> {
    risk: &'static str,
    documents: Vec<DocumentView<'v>>,
}

#[derive(Serialize)]
struct DocumentView<'v> {
    title: &'v str,
    url: String,
    path: &'v str,
    owner: String,
    commands: Vec<CommandView<'v>>,
}

#[derive(Serialize)]
struct CommandView<'v> {
    text: &'v str,
    program: &'v str,
    risk: &'static str,
    reason: &'v str,
    /// Judged by how its words sound.
    guess: bool,
    marked: bool,
    line: usize,
    /// Where it stands in words: `Step 3: Fence the old primary`.
    place: String,
    url: String,
}

impl Report<'_, '_, '_> {
    /// How many dangerous commands there are.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for listed in &self.site.dangerous {
            match listed.command.risk {
                Risk::Destructive => {
                    tally.destructive += 1;
                    // What is only guessed is asked for no warning.
                    tally.known += usize::from(!listed.command.guess);
                    tally.marked += usize::from(!listed.command.guess && listed.marked);
                }
                _ => tally.disruptive += 1,
            }
        }
        tally
    }

    /// The pages of the inventory.
    pub fn commands(&self) -> Result<Vec<OutputFile>, SiteError> {
        let all = &self.site.dangerous;
        let mut files = Vec::new();
        for (index, some) in all.chunks(PER_PAGE).enumerate() {
            let page = index + 1;
            let groups = some.chunk_by(|a, b| a.command.risk == b.command.risk).map(|group| RiskView {
                risk: group[0].command.risk.name(),
                documents: group
                    .chunk_by(|a, b| a.entry.file == b.entry.file)
                    .map(|commands| self.document_commands(commands))
                    .collect(),
            });
            let view = CommandsView {
                tally: self.tally(),
                groups: groups.collect(),
                pager: pager("commands", page, PER_PAGE, all.len()),
            };
            let url = page_url("commands", page);
            files.push(self.page("commands.html", &page_title("Command inventory", page), &url, "commands", &view)?);
        }
        Ok(files)
    }

    fn document_commands<'v>(&'v self, commands: &'v [Listed<'_, '_>]) -> DocumentView<'v> {
        let entry = self.corpus.entry(commands[0].entry.file);
        let source = self.corpus.source(entry.file);
        let steps = step_marks(entry, &source.text);
        let view = |listed: &'v Listed<'_, '_>| {
            let command = listed.command;
            let (place, url) = place(entry, &steps, command);
            CommandView {
                text: &command.text,
                program: command.program.as_deref().unwrap_or_default(),
                risk: command.risk.name(),
                reason: &command.reason,
                guess: command.guess,
                marked: listed.marked,
                line: source.position(command.span.start).line,
                place,
                url,
            }
        };
        DocumentView {
            title: plain_title(entry),
            url: href(entry),
            path: &source.path,
            owner: owner_of(self.corpus, entry).unwrap_or_default(),
            commands: commands.iter().map(view).collect(),
        }
    }
}

/// The step that holds a command, else the section: in words, and its address.
fn place(entry: &Entry<'_>, steps: &[StepMark<'_>], command: &Command) -> (String, String) {
    let around = steps.iter().filter(|mark| mark.step.body.contains(command.span));
    match around.min_by_key(|mark| mark.step.body.end - mark.step.body.start) {
        Some(StepMark { step, key, .. }) => {
            let url = format!("{}#{}", href(entry), path::percent_encode(key));
            (format!("Step {}: {}", step.number, step.title), url)
        }
        None => {
            let heading = entry.document.heading_over(command.span.start).filter(|heading| heading.level > 1);
            (heading.map_or(String::new(), |heading| heading.text.clone()), section_url(entry, command.span.start))
        }
    }
}
