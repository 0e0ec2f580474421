//! How far a run is, for whoever watches it from another thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The stage of a run, and how far it is.
#[derive(Debug, Default)]
pub struct Progress {
    stage: Mutex<&'static str>,
    done: AtomicUsize,
    all: AtomicUsize,
}

impl Progress {
    /// Begins a stage of `all` parts; 0 where they are not counted.
    pub fn begin(&self, stage: &'static str, all: usize) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.done.store(0, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
    }

    /// So many parts of the stage are done.
    pub fn reach(&self, done: usize) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// One more part of the stage is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// The stage in words, how many parts of it are done, and how many it has.
    pub fn now(&self) -> (&'static str, usize, usize) {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        (stage, self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }
}
