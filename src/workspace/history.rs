//! Asks git for what the rules want to know, and for nothing where they want nothing.

use rayon::prelude::*;

use super::Workspace;
use super::git::{Asked, NoHistory, last_changes};
use crate::corpus::{History, INDEX_NAMES, path, read_metadata, stated_change, strip_document_ending};
use crate::document::Document;
use crate::settings::Fact;
use crate::source::Source;

/// The history of the documents whose date is doubted, or that lack one which their handbook asks for.
pub fn history(workspace: &Workspace, documents: &[Document<'_>]) -> History {
    let rules = &workspace.rules;
    let (doubts, fills) = (rules.runs("outdated-last-updated"), rules.runs("missing-metadata"));
    if !doubts && !fills {
        return History::NotAsked;
    }
    let files: Vec<(&Source, &Document<'_>)> = workspace.sources.iter().zip(documents).collect();
    let asks_for_dates = fills && files.iter().any(|(source, document)| asks_for_dates(source, document));
    let asked = |(source, document): &(&Source, &Document<'_>)| {
        let metadata = read_metadata(source, document);
        let stated = match metadata.get(Fact::LastUpdated) {
            Some(_) => Some(stated_change(&metadata).filter(|_| doubts)?.date()?),
            None => asks_for_dates.then_some(None)?,
        };
        Some(Asked { path: source.path.clone(), stated })
    };
    let asked: Vec<Asked> = files.par_iter().filter_map(asked).collect();
    if asked.is_empty() {
        return History::NotAsked;
    }
    match last_changes(&workspace.root, &asked) {
        Ok(changes) => History::Known(changes),
        // A fix that lacks its date has a placeholder instead; only what is not judged is worth a word.
        Err(_) if asked.iter().all(|asked| asked.stated.is_none()) => History::NotAsked,
        Err(why) => History::Unknown(reason(&why)),
    }
}

fn reason(why: &NoHistory) -> &'static str {
    match why {
        NoHistory::NotInstalled => "git is not installed",
        NoHistory::NoRepository => "the runbooks are in no git repository",
        NoHistory::Distrusted => "git refuses a repository of another owner; add it with `git config safe.directory`",
        NoHistory::Shallow => "the clone is shallow; fetch the whole history, such as `fetch-depth: 0`",
    }
}

/// What to say where the history could not be read.
pub fn note(history: &History) -> Option<String> {
    match history {
        History::Unknown(why) => Some(format!("`outdated-last-updated` was not judged: {why}")),
        History::NotAsked | History::Known(_) => None,
    }
}

/// Whether a folder's own page has a template with a date of the last update.
fn asks_for_dates(source: &Source, document: &Document<'_>) -> bool {
    let stem = strip_document_ending(path::file_name(&source.path)).unwrap_or_default();
    let is_own_page = INDEX_NAMES.iter().any(|name| name.eq_ignore_ascii_case(stem));
    let is_key = |line: &str| {
        let key = line.split([':', '：']).next().unwrap_or_default().trim_matches(['*', ' ', '-', '>']);
        Fact::of_key(key).is_some_and(|(fact, _)| fact == Fact::LastUpdated)
    };
    is_own_page && document.code_blocks.iter().any(|block| block.text.lines().any(is_key))
}
