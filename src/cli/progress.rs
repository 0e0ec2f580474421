//! A bar for runs that somebody waits for.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
use crate::workspace::Progress;

/// A run that is over sooner shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Time between two pictures.
const TICK: Duration = Duration::from_millis(100);

/// Does the work. Where it takes long and a person watches, a bar shows how far it is, and is gone when it ends.
pub fn shown<T>(progress: &Progress, terminal: &Terminal, work: impl FnOnce() -> T) -> T {
    if !terminal.is_watched() {
        return work();
    }
    let (working, ended) = channel();
    thread::scope(|scope| {
        scope.spawn(move || draw(progress, &ended, terminal.look.unicode));
        // The end of the work, by a panic too, closes the channel.
        let _working: std::sync::mpsc::Sender<()> = working;
        work()
    })
}

fn draw(progress: &Progress, ended: &Receiver<()>, unicode: bool) {
    let is_over = |wait: Duration| ended.recv_timeout(wait) != Err(RecvTimeoutError::Timeout);
    if is_over(PATIENCE) {
        return;
    }
    let (ticks, parts) = if unicode { ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ", "━╸ ") } else { ("-\\|/ ", "=> ") };
    let style = |template: &str| {
        // Only a template with a mistake fails, and then the style stays the plain one.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        style.tick_chars(ticks).progress_chars(parts)
    };
    let (counted, uncounted) = (style("{spinner} {msg} {bar:20} {pos}/{len}"), style("{spinner} {msg}"));
    let style_of = |all: usize| if all > 0 { counted.clone() } else { uncounted.clone() };
    let (stage, done, all) = progress.now();
    let bar = ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::stderr())
        .with_style(style_of(all))
        .with_message(stage)
        .with_position(done as u64);
    while !is_over(TICK) {
        let (stage, done, all) = progress.now();
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        bar.set_style(style_of(all));
        bar.set_message(stage);
        bar.tick();
    }
    bar.finish_and_clear();
}
