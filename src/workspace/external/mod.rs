//! Asks the addresses on the web that documents link to. What they answer is a fact; what is made of it is a rule's.

mod ask;
mod cache;
mod queue;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use super::progress::Progress;
use crate::corpus::{Answer, host_of};
use crate::rules::DeadExternalLink;

pub use cache::default_folder;

/// How addresses are asked.
pub struct External {
    /// Folder that keeps what was alive; `None` asks all anew and keeps nothing.
    pub cache: Option<PathBuf>,
}

/// What the addresses said, and what is worth knowing of how they were asked.
pub struct Answers {
    pub answers: BTreeMap<String, Answer>,
    pub notes: Vec<String>,
}

/// Asks all addresses but those that the options settle, many hosts at a time. Known from the cache are only those that
/// were alive: one that was dead may have been mended since, and is asked again.
pub fn ask_all(
    addresses: BTreeSet<String>,
    options: &DeadExternalLink,
    external: &External,
    progress: &Progress,
) -> Answers {
    let addresses: Vec<String> = addresses.into_iter().filter(|address| options.asks(address)).collect();
    let age = Duration::from_secs(options.cache_hours * 3600);
    let mut known = external.cache.as_deref().map(|folder| cache::read(folder, age)).unwrap_or_default();
    let (cached, unknown): (Vec<String>, Vec<String>) =
        addresses.into_iter().partition(|address| known.is_alive(address));
    let asked = queue::run(unknown, options, progress);
    let mut notes = unjudged(&asked);
    if let Some(folder) = &external.cache {
        known.extend(asked.iter().filter(|(_, answer)| **answer == Answer::Alive).map(|(address, _)| address.as_str()));
        if let Err(problem) = known.write(folder) {
            notes.push(format!("cannot keep what the web answered in {}: {problem}", folder.display()));
        }
    }
    let answers = cached.into_iter().map(|address| (address, Answer::Alive)).chain(asked).collect();
    Answers { answers, notes }
}

/// A note for each host that did not let itself be asked.
fn unjudged(asked: &BTreeMap<String, Answer>) -> Vec<String> {
    let mut hosts: BTreeMap<&str, usize> = BTreeMap::new();
    for (address, _) in asked.iter().filter(|(_, answer)| **answer == Answer::Unjudged) {
        *hosts.entry(host_of(address)).or_default() += 1;
    }
    let note = |(host, count): (&str, usize)| {
        let addresses = if count == 1 { "1 address".to_string() } else { format!("{count} addresses") };
        format!("{host} asks to be left alone for now: {addresses} not judged")
    };
    hosts.into_iter().map(note).collect()
}
