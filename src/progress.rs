//! What the program is doing, for somebody who watches: on standard error when it is a terminal,
//! and nowhere otherwise.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

/// How often the sign of life moves.
const TICK: Duration = Duration::from_millis(120);

/// A line that says what is being done.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// On standard error, when it is a terminal.
    pub fn on_terminal() -> Self {
        let bar = ProgressBar::new_spinner();
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self { bar }
    }

    /// Nowhere: for tests, and for callers that show their own.
    pub fn none() -> Self {
        Self {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        }
    }

    /// Says what is being done now.
    pub fn say(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
    }

    /// Clears the line before anything else is printed.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
