//! Waits until something changes on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify_debouncer_full::notify::{self, EventKind, RecommendedWatcher, RecursiveMode, event::ModifyKind};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer};

use super::root::existing_folder;

/// Editors save in several steps, and whoever saves several files wants one report.
const QUIET: Duration = Duration::from_millis(100);

/// Folders, and whether all below them counts, too.
pub type Places = BTreeMap<PathBuf, Depth>;

/// How far down a folder is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// What is in it.
    Flat,
    /// All below it.
    Deep,
}

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
#[error("cannot watch {}: {problem}", .place.display())]
pub struct WatchError {
    pub place: PathBuf,
    problem: String,
}

/// Watches folders.
pub struct Watch {
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    batches: Receiver<DebounceEventResult>,
    places: Places,
}

impl Watch {
    /// Begins to watch, nothing yet.
    pub fn new() -> Result<Watch, WatchError> {
        let (sender, batches) = channel();
        let debouncer = new_debouncer(QUIET, None, sender).map_err(|error| failed(Path::new("."), &error))?;
        Ok(Watch { debouncer, batches, places: Places::new() })
    }

    /// Watches these places and no others; for a folder that is not there, the nearest one above it. Says whether a place
    /// is new: what changed in it before, nobody saw.
    pub fn set(&mut self, wanted: &Places) -> Result<bool, WatchError> {
        let wanted = effective(wanted);
        let gone: Vec<PathBuf> = self
            .places
            .iter()
            .filter(|(place, depth)| wanted.get(*place) != Some(depth))
            .map(|(at, _)| at.clone())
            .collect();
        for place in gone {
            self.forget(&place);
        }
        let mut is_new = false;
        for (place, depth) in wanted {
            if self.places.contains_key(&place) {
                continue;
            }
            let mode = match depth {
                Depth::Flat => RecursiveMode::NonRecursive,
                Depth::Deep => RecursiveMode::Recursive,
            };
            match self.debouncer.watch(&place, mode) {
                Ok(()) => {
                    self.places.insert(place, depth);
                    is_new = true;
                }
                // It went between the two looks; the next one finds what is above it.
                Err(_) if !place.is_dir() => is_new = true,
                Err(error) => return Err(failed(&place, &error)),
            }
        }
        Ok(is_new)
    }

    /// Waits until something was written, created, renamed or removed. Reading does not count.
    pub fn wait(&mut self) {
        loop {
            // The sender lives as long as the watch.
            let Ok(batch) = self.batches.recv() else { return };
            // Where events got lost, anything may have happened.
            let Ok(events) = batch else { return };
            let events: Vec<DebouncedEvent> = events.into_iter().filter(|event| !event.kind.is_access()).collect();
            for event in &events {
                let moves = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
                for path in event.paths.iter().filter(|_| moves) {
                    // A folder that comes back under its name is another one.
                    self.forget(path);
                }
            }
            if !events.is_empty() {
                return;
            }
        }
    }

    fn forget(&mut self, place: &Path) {
        if self.places.remove(place).is_some() {
            // The system forgets removed folders by itself.
            let _ = self.debouncer.unwatch(place);
        }
    }
}

/// The places that exist, without those that others hold already.
fn effective(wanted: &Places) -> Places {
    let mut places = Places::new();
    for (place, depth) in wanted {
        let existing = existing_folder(place);
        let depth = if existing == place { *depth } else { Depth::Flat };
        let known = places.entry(existing.to_path_buf()).or_insert(depth);
        *known = depth.max(*known);
    }
    let deep: Vec<PathBuf> =
        places.iter().filter(|(_, depth)| **depth == Depth::Deep).map(|(place, _)| place.clone()).collect();
    places.retain(|place, _| !deep.iter().any(|other| place != other && place.starts_with(other)));
    places
}

fn failed(place: &Path, error: &notify::Error) -> WatchError {
    let problem = match &error.kind {
        notify::ErrorKind::Io(error) => super::discover::describe(error),
        notify::ErrorKind::MaxFilesWatch => "the system watches no more folders for this user".to_string(),
        _ => error.to_string(),
    };
    WatchError { place: place.to_path_buf(), problem }
}
