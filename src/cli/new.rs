//! `runbook-site new`: a runbook as it begins, and its row in the index.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::terminal::Terminal;
use super::{CLEAN, Common, FAILED, Refused, shell_word, shortened};
use crate::corpus::{Corpus, Entry, Index, Kind, Target, path, strip_document_ending};
use crate::fix::apply;
use crate::report::count;
use crate::rules::{Listing, bare_title, list_in, listings};
use crate::scaffold::{NewRunbook, file_name, main_standard, new_runbook};
use crate::settings::{Standard, nearest, presets};
use crate::source::{FileId, Source};
use crate::workspace::{OpenError, Workspace, open_around, today_in_utc, user_name, write_file};

/// Begin a runbook from the template of its index, or from the sections of its standard
#[derive(Args)]
#[command(after_help = "Exit code: 0 written, 2 nothing written because of bad usage or what is there already.")]
pub struct Options {
    /// What the runbook is about, such as "Database Failover"
    #[arg(value_name = "TITLE")]
    title: String,
    /// Folder for the file; without it that of the index
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Add a row to the table, or an item to the list, of the index under this heading
    #[arg(long, value_name = "TABLE")]
    index: Option<String>,
    /// Overwrite a file that is there, and take a title that another runbook has
    #[arg(long)]
    force: bool,
    /// Date the runbook on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::calendar_date)]
    today: Option<Date>,
}

/// Where the runbook goes, and what is there already.
struct Place {
    /// From the root.
    path: String,
    /// Other documents with the same title.
    same_title: Vec<String>,
    /// Other documents with the same file name.
    same_name: Vec<String>,
}

/// What the runbook begins with.
struct Draft {
    text: String,
    /// Path of the index whose template it comes from, else the standard's name.
    origin: String,
}

/// Whether an index leads to the runbook.
enum Listed {
    /// It does already, at this place.
    There(String),
    /// It will.
    Added { index: String, heading: String, text: String, line: usize },
    /// It does not: the index, and the headings of its tables and lists.
    Nowhere { index: String, headings: Vec<String> },
    /// There is no index.
    NoIndex,
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    match made(options, common, terminal) {
        Ok(code) => code,
        Err(Stop::Open(error)) => super::failed(&error, terminal),
        Err(Stop::Refused(refused)) => refused.say(terminal),
    }
}

enum Stop {
    Open(OpenError),
    Refused(Refused),
}

impl From<OpenError> for Stop {
    fn from(error: OpenError) -> Self {
        Stop::Open(error)
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Stop::Refused(refused)
    }
}

fn made(options: &Options, common: &Common, terminal: &Terminal) -> Result<u8, Stop> {
    let title = checked_title(&options.title)?;
    let around = options.dir.as_deref().unwrap_or(Path::new("."));
    if !terminal.working_dir.join(around).is_dir() {
        let problem = format!("no folder {}", around.display());
        return Err(Refused { problem, remedy: "make it first, or name another with --dir".to_string() }.into());
    }
    let mut workspace = open_around(around, common.config.as_deref(), &terminal.working_dir)?;
    terminal.detail(&format!("root {}", terminal.path(&workspace.root)));
    let folder = in_root(&workspace, &terminal.working_dir.join(around));
    let place = workspace.with_corpus(|corpus| place(corpus, options, &title, folder.as_deref()))??;
    may_write(options, &workspace, &place, &title, terminal)?;
    let owner = user_name(&workspace.root);
    let today = options.today.unwrap_or_else(today_in_utc);
    let new = NewRunbook { title: &title, today, owner: owner.as_deref() };
    // What it is held to is known once it is there.
    workspace.put(Source::new(place.path.clone(), format!("# {title}\n")))?;
    let draft = workspace.with_corpus(|corpus| draft(corpus, &new, &place.path))?;
    workspace.put(Source::new(place.path.clone(), draft.text.clone()))?;
    let listed = workspace.with_corpus(|corpus| listed(corpus, options.index.as_deref(), &place.path))??;
    Ok(write(&workspace, &place, &draft, &listed, terminal))
}

/// Says what would be written over, or what has the title already.
fn may_write(
    options: &Options,
    workspace: &Workspace,
    place: &Place,
    title: &str,
    terminal: &Terminal,
) -> Result<(), Refused> {
    if let Some(problem) = workspace.left_out(&place.path) {
        return Err(Refused {
            problem: format!("`{}` would not be checked: {problem}", place.path),
            remedy: "choose another folder with --dir, or change the config".to_string(),
        });
    }
    if options.force {
        return Ok(());
    }
    let file = workspace.root.join(&place.path);
    if file.symlink_metadata().is_ok() {
        return Err(Refused {
            problem: format!("{} is there already", terminal.path(&file)),
            remedy: "choose another title, or overwrite it with --force".to_string(),
        });
    }
    match place.same_title.first() {
        None => Ok(()),
        Some(other) => Err(Refused {
            problem: format!("{} has the title `{title}` already", terminal.path(&workspace.root.join(other))),
            remedy: "say in the title what sets the two apart, or take it twice with --force".to_string(),
        }),
    }
}

fn checked_title(title: &str) -> Result<String, Refused> {
    let remedy = || "write what the runbook is about: runbook-site new \"Database Failover\"".to_string();
    if title.contains(char::is_control) {
        return Err(Refused {
            problem: "the title has a line break or another control character".to_string(),
            remedy: remedy(),
        });
    }
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(name) = file_name(&title) else {
        return Err(Refused { problem: format!("no file can be named after the title `{title}`"), remedy: remedy() });
    };
    let stem = strip_document_ending(&name).unwrap_or(&name);
    if crate::corpus::INDEX_NAMES.iter().any(|own| own.eq_ignore_ascii_case(stem)) {
        return Err(Refused {
            problem: format!("`{name}` would be the page of its folder, not a runbook"),
            remedy: remedy(),
        });
    }
    Ok(title)
}

/// A folder from the root; `None` where it is the root's own, or lies elsewhere.
fn in_root(workspace: &Workspace, folder: &Path) -> Option<String> {
    let parts = folder.canonicalize().ok()?;
    let root = workspace.root.canonicalize().ok()?;
    let parts: Vec<String> = parts
        .strip_prefix(root)
        .ok()?
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    Some(parts.join("/"))
}

/// Where the file goes: to the folder named, to the file that a row of the same name leads to, or beside the index.
fn place(corpus: &Corpus<'_>, options: &Options, title: &str, folder: Option<&str>) -> Result<Place, Refused> {
    let name = file_name(title).unwrap_or_default();
    let path = path_of(corpus, options, &name, folder)?;
    let is_titled = |entry: &&Entry<'_>| {
        [bare_title(corpus, entry), entry.title.trim()].iter().any(|known| known.eq_ignore_ascii_case(title))
    };
    let others = || corpus.entries.iter().filter(|entry| corpus.source(entry.file).path != path);
    let paths = |entries: Vec<&Entry<'_>>| entries.iter().map(|entry| corpus.source(entry.file).path.clone()).collect();
    let is_namesake = |entry: &&Entry<'_>| path::file_name(&corpus.source(entry.file).path) == path::file_name(&path);
    Ok(Place {
        same_title: paths(others().filter(is_titled).collect()),
        same_name: paths(others().filter(is_namesake).collect()),
        path,
    })
}

fn path_of(corpus: &Corpus<'_>, options: &Options, name: &str, folder: Option<&str>) -> Result<String, Refused> {
    if options.dir.is_some() {
        let folder = folder.ok_or_else(|| Refused {
            problem: "the folder lies outside of the handbook that its config names".to_string(),
            remedy: "name a folder below the root".to_string(),
        })?;
        return Ok(path::join(folder, name));
    }
    let index = match &options.index {
        Some(heading) => Some(find_listing(corpus, heading, folder.unwrap_or_default())?.0),
        None => meant_index(corpus, folder.unwrap_or_default())?,
    };
    let Some(index) = index else { return Ok(path::join(folder.unwrap_or_default(), name)) };
    let own = path::folder(&corpus.source(index.file).path);
    Ok(promised(corpus, index, name).unwrap_or_else(|| path::join(own, name)))
}

/// The file that a row of the index leads to under this name, and that is not there.
fn promised(corpus: &Corpus<'_>, index: &Index, name: &str) -> Option<String> {
    let entry = corpus.entry(index.file);
    let rows = index.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    rows.filter_map(|(table, row)| {
        let (Target::Missing { path } | Target::Planned { path }) = &entry.targets[row.link.link] else { return None };
        let cells = &entry.document.tables[table.table].rows[row.row].cells;
        let is_called = |text: &str| file_name(text).as_deref() == Some(name);
        let fits = cells.iter().any(|cell| is_called(&cell.text)) && path.ends_with(".md");
        fits.then(|| path.clone())
    })
    .next()
}

/// The index beside which a runbook of a folder belongs: the nearest at or above, else the only one that is meant for
/// runbooks. `None` where there is no index.
fn meant_index<'c>(corpus: &'c Corpus<'_>, folder: &str) -> Result<Option<&'c Index>, Refused> {
    let indexes = by_nearness(corpus, folder);
    let [first, others @ ..] = indexes.as_slice() else { return Ok(None) };
    let is_over = |index: &Index| is_at_or_above(path::folder(&corpus.source(index.file).path), folder);
    // What it states, then how many runbooks it leads to.
    let weight = |index: &Index| {
        let is_runbook = |file: &FileId| corpus.entry(*file).kind == Kind::Runbook;
        let runbooks = index.entries().filter_map(|entry| entry.file).filter(is_runbook).count();
        (index.template.is_some() || index.standard.is_some(), runbooks)
    };
    if is_over(first) || others.is_empty() {
        return Ok(Some(first));
    }
    let most = indexes.iter().map(|index| weight(index)).max().unwrap_or_default();
    let mut heaviest = indexes.iter().filter(|index| weight(index) == most);
    match (heaviest.next(), heaviest.next()) {
        (Some(index), None) => Ok(Some(index)),
        _ => {
            let folders: Vec<&str> =
                indexes.iter().map(|index| path::folder(&corpus.source(index.file).path)).collect();
            Err(Refused {
                problem: format!(
                    "{} could list it, and none is in this folder or above",
                    count(indexes.len(), "index page")
                ),
                remedy: format!("name a folder: --dir {}", shortened(&folders)),
            })
        }
    }
}

fn is_at_or_above(own: &str, folder: &str) -> bool {
    own.is_empty() || own == folder || path::is_below(folder, own)
}

/// Indexes in the order in which a runbook of a folder would belong to them: the nearest at or above, then those with a
/// template, then the others.
fn by_nearness<'c>(corpus: &'c Corpus<'_>, folder: &str) -> Vec<&'c Index> {
    let mut indexes: Vec<&Index> = corpus.indexes.iter().collect();
    let rank = |index: &&Index| {
        let own = path::folder(&corpus.source(index.file).path);
        let is_over = is_at_or_above(own, folder);
        let is_telling = index.template.is_some() || index.standard.is_some();
        (!is_over, if is_over { usize::MAX - own.len() } else { 0 }, !is_telling)
    };
    indexes.sort_by_key(rank);
    indexes
}

/// The listing of this heading, in the nearest index that has one.
fn find_listing<'c>(corpus: &'c Corpus<'_>, heading: &str, folder: &str) -> Result<(&'c Index, Listing), Refused> {
    let indexes = by_nearness(corpus, folder);
    let all: Vec<(&Index, Listing)> = indexes
        .into_iter()
        .flat_map(|index| listings(corpus, index).into_iter().map(move |listing| (index, listing)))
        .collect();
    if let Some(found) = all.iter().find(|(_, listing)| listing.heading.eq_ignore_ascii_case(heading.trim())) {
        return Ok(found.clone());
    }
    let mut known: Vec<&str> = all.iter().map(|(_, listing)| listing.heading.as_str()).collect();
    known.retain(|heading| !heading.is_empty());
    let remedy = match nearest(heading, &known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "leave --index out; no index page lists runbooks under a heading".to_string(),
        None => format!("write one of: {}", known.join(", ")),
    };
    Err(Refused { problem: format!("no table or list of runbooks under the heading `{heading}`"), remedy })
}

/// Writes the runbook as far as it is known. The document stands in the corpus, with nothing but its title.
fn draft(corpus: &Corpus<'_>, new: &NewRunbook<'_>, place: &str) -> Draft {
    let entry = corpus.entries.iter().find(|entry| corpus.source(entry.file).path == *place);
    let over = by_nearness(corpus, path::folder(place)).into_iter().filter(|index| {
        let own = path::folder(&corpus.source(index.file).path);
        own.is_empty() || path::is_below(place, own)
    });
    let own = entry.and_then(|entry| corpus.standard_of(entry));
    let followed = main_standard(corpus).map(|(standard, _)| standard).filter(|standard| !standard.origin.is_own());
    let fallback = presets().first().map(|preset| preset.standard());
    let standard: Option<&Standard> = own.or(followed).or(fallback.as_ref());
    // A document that the config holds to another standard does not begin from what the index's own asks for.
    let of_index = |index: &&Index| match (own, index.standard) {
        (Some(own), Some(stated)) => std::ptr::eq(own, &corpus.standards[stated]),
        _ => own.is_none(),
    };
    let with_template = over.filter(of_index).find_map(|index| Some((index.file, index.template.as_ref()?)));
    let text = match standard {
        Some(standard) => new_runbook(new, standard, with_template.map(|(_, template)| template.text.as_str())),
        None => format!("# {}\n", new.title),
    };
    let neighbour = corpus.sources.iter().find(|source| source.path != place && source.problem.is_none());
    let line_end = neighbour.map_or("\n", Source::line_end);
    let origin = match (with_template, standard) {
        (Some((file, _)), _) => format!("the template of {}", corpus.source(file).path),
        (None, Some(standard)) => format!("the sections of the standard `{}`", standard.name),
        (None, None) => "nothing".to_string(),
    };
    Draft { text: text.replace('\n', line_end), origin }
}

/// Adds a row for the runbook that stands in the corpus, if one is asked for and there is none.
fn listed(corpus: &Corpus<'_>, heading: Option<&str>, place: &str) -> Result<Listed, Refused> {
    let Some(entry) = corpus.entries.iter().find(|entry| corpus.source(entry.file).path == *place) else {
        return Ok(Listed::NoIndex);
    };
    let leads_to = |index: &Index| index.entries().find(|link| link.file == Some(entry.file));
    let there = |index: &Index| {
        let link = leads_to(index)?;
        let source = corpus.source(index.file);
        let line = source.position(corpus.entry(index.file).document.links[link.link].span.start).line;
        Some(Listed::There(format!("{}:{line}", source.path)))
    };
    let Some(heading) = heading else {
        let nowhere = |index: &Index| {
            let headings = listings(corpus, index).into_iter().map(|listing| listing.heading);
            let headings = headings.filter(|heading| !heading.is_empty()).collect();
            Listed::Nowhere { index: corpus.source(index.file).path.clone(), headings }
        };
        let over = corpus.index_over(entry.file);
        return Ok(corpus.indexes.iter().find_map(there).or(over.map(nowhere)).unwrap_or(Listed::NoIndex));
    };
    let (index, listing) = find_listing(corpus, heading, path::folder(place))?;
    if let Some(there) = there(index) {
        return Ok(there);
    }
    let source = corpus.source(index.file);
    let edit = list_in(corpus, index, &listing, entry);
    Ok(Listed::Added {
        index: source.path.clone(),
        line: source.position(edit.location.span.start).line + 1,
        text: apply(&source.text, [&edit]),
        heading: listing.heading,
    })
}

fn write(workspace: &Workspace, place: &Place, draft: &Draft, listed: &Listed, terminal: &Terminal) -> u8 {
    let named = |path: &str| terminal.path(&workspace.root.join(path));
    let file = named(&place.path);
    if let Err(error) = write_file(&workspace.root.join(&place.path), &draft.text) {
        terminal.error(&error.to_string(), Some("nothing was written"));
        return FAILED;
    }
    terminal.summary(&format!("written   {file}, from {}", draft.origin));
    match listed {
        Listed::Added { index, heading, text, line } => {
            if let Err(error) = write_file(&workspace.root.join(index), text) {
                terminal.error(&error.to_string(), Some(&format!("{file} is written, and no row leads to it yet")));
                return FAILED;
            }
            terminal.summary(&format!("listed    {}:{line}, under `{heading}`", named(index)));
        }
        Listed::There(at) => terminal.summary(&format!("listed    {} leads to it already", named(at))),
        Listed::Nowhere { index, headings } => {
            let under = match headings.is_empty() {
                true => String::new(),
                false => format!("; --index adds one, under {}", shortened(headings)),
            };
            terminal.note(&format!("no row of {} leads to it yet{under}", named(index)));
        }
        Listed::NoIndex => {}
    }
    if let Some(other) = place.same_name.first() {
        terminal.note(&format!("{} has the same file name", named(other)));
    }
    terminal.summary(&format!("`runbook-site check {}` names what is left to fill in", shell_word(&file)));
    CLEAN
}
