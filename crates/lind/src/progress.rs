//! How far a long run has come, for somebody who watches.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that takes less is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar on the standard error that appears only if the work takes long, and leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    done: Option<Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins; nothing is ever shown unless `is_watched`.
    pub(crate) fn begin(message: &'static str, is_watched: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_message(message);
        if !is_watched {
            return Self {
                bar,
                done: None,
                waiting: None,
            };
        }
        let (done, is_done) = mpsc::channel();
        let shown = bar.clone();
        let waiting = thread::spawn(move || {
            if is_done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Self {
            bar,
            done: Some(done),
            waiting: Some(waiting),
        }
    }

    /// Says how much there is to do, once it is known.
    pub(crate) fn expect(&self, patients: usize) {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
        if let Ok(style) = style {
            self.bar.set_style(style);
        }
        self.bar.set_message("patients");
        self.bar
            .set_length(u64::try_from(patients).unwrap_or(u64::MAX));
    }

    /// Says that so many are done.
    pub(crate) fn advance(&self, patients: usize) {
        self.bar.inc(u64::try_from(patients).unwrap_or(u64::MAX));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // Without a sender the thread wakes up and ends.
        drop(self.done.take());
        if let Some(waiting) = self.waiting.take() {
            // It only waits; if it failed, there is no bar to take away.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}
