//! Which address is asked when: many hosts at a time, few requests to each, and none before its time.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::super::progress::Progress;
use super::ask::{Outcome, agent, ask};
use crate::corpus::{Answer, host_of};
use crate::rules::DeadExternalLink;

/// Requests under way at a time.
const WORKERS: usize = 16;

/// Wait before the second attempt; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A host that wants a longer wait is left alone for this run.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Addresses of a host without any answer after which the others are taken to be silent, too.
const SILENT_ADDRESSES: usize = 3;

/// Asks all addresses. Those of which nothing can be said, since their host wants to be left alone, are `Unjudged`.
pub fn run(addresses: Vec<String>, options: &DeadExternalLink, progress: &Progress) -> BTreeMap<String, Answer> {
    progress.begin("asking addresses", addresses.len());
    let workers = addresses.len().min(WORKERS);
    let queue = Queue { state: Mutex::new(State::new(addresses)), changed: Condvar::new() };
    let agent = agent(options);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(job) = queue.next(options) {
                    let outcome = ask(&agent, options, &job.address, job.attempt);
                    let mut state = queue.lock();
                    state.settle(job, outcome, options);
                    progress.reach(state.answers.len());
                    drop(state);
                    queue.changed.notify_all();
                }
            });
        }
    });
    queue.state.into_inner().unwrap_or_else(PoisonError::into_inner).answers
}

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    hosts: BTreeMap<String, Host>,
    /// Jobs that are waiting or under way.
    open: usize,
    answers: BTreeMap<String, Answer>,
}

#[derive(Default)]
struct Host {
    waiting: Vec<Job>,
    under_way: usize,
    not_before: Option<Instant>,
    /// Whether any address answered.
    answered: bool,
    silent: usize,
}

struct Job {
    address: String,
    attempt: u32,
    not_before: Option<Instant>,
}

impl Queue {
    /// No panic can leave the state half changed, so that a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until an address may be asked; `None` when all are answered.
    fn next(&self, options: &DeadExternalLink) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.open == 0 {
                return None;
            }
            let now = Instant::now();
            let wait = match state.take(now, options.per_host.get()) {
                Ok(job) => return Some(job),
                Err(until) => until.map_or(LONGEST_WAIT, |until| until.saturating_duration_since(now)),
            };
            state = self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl State {
    fn new(addresses: Vec<String>) -> Self {
        let open = addresses.len();
        let mut hosts: BTreeMap<String, Host> = BTreeMap::new();
        // Taken from the end.
        for address in addresses.into_iter().rev() {
            let host = hosts.entry(host_of(&address).to_lowercase()).or_default();
            host.waiting.push(Job { address, attempt: 0, not_before: None });
        }
        State { hosts, open, answers: BTreeMap::new() }
    }

    /// A job that may begin now, else the time at which the first one may, where that is a matter of time.
    fn take(&mut self, now: Instant, per_host: usize) -> Result<Job, Option<Instant>> {
        let mut next: Option<Instant> = None;
        for host in self.hosts.values_mut().filter(|host| host.under_way < per_host) {
            for at in (0..host.waiting.len()).rev() {
                match host.waiting[at].not_before.max(host.not_before).filter(|until| *until > now) {
                    None => {
                        host.under_way += 1;
                        return Ok(host.waiting.remove(at));
                    }
                    Some(until) => next = Some(next.map_or(until, |next| next.min(until))),
                }
            }
        }
        Err(next)
    }

    fn settle(&mut self, job: Job, outcome: Outcome, options: &DeadExternalLink) {
        let Some(host) = self.hosts.get_mut(host_of(&job.address).to_lowercase().as_str()) else { return };
        host.under_way -= 1;
        let is_last = job.attempt >= options.retries;
        let wait = FIRST_WAIT * 2u32.saturating_pow(job.attempt.min(6));
        let later = |wait: Duration| Job {
            attempt: job.attempt + 1,
            not_before: Some(Instant::now() + wait),
            address: job.address.clone(),
        };
        let mut done: Vec<(String, Answer)> = Vec::new();
        match outcome {
            Outcome::Busy(asked) => {
                let wait = asked.unwrap_or(wait * 2);
                host.answered = true;
                match wait > LONGEST_WAIT {
                    true => {
                        done.extend(host.waiting.drain(..).map(|waiting| (waiting.address, Answer::Unjudged)));
                        done.push((job.address, Answer::Unjudged));
                    }
                    false => {
                        host.not_before = host.not_before.max(Some(Instant::now() + wait));
                        match is_last {
                            true => done.push((job.address, Answer::Unjudged)),
                            false => host.waiting.push(later(wait)),
                        }
                    }
                }
            }
            Outcome::Uncertain(answer) if !is_last => {
                host.answered |= !matches!(answer, Answer::Silent(_));
                host.waiting.push(later(wait));
            }
            Outcome::Uncertain(answer) | Outcome::Settled(answer) => {
                match &answer {
                    Answer::Silent(_) => host.silent += 1,
                    _ => host.answered = true,
                }
                // Each of them would cost all attempts, and each attempt the whole time.
                if host.silent >= SILENT_ADDRESSES && !host.answered {
                    done.extend(host.waiting.drain(..).map(|waiting| (waiting.address, answer.clone())));
                }
                done.push((job.address, answer));
            }
        }
        self.open -= done.len();
        self.answers.extend(done);
    }
}
