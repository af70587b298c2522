//! Asking work to stop where nothing is half done: between two messages, between two phases of a
//! night. A service manager's SIGTERM, Ctrl-C, and tests ask for it in the same way.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::platform;

/// The exit code of a process that a second signal ended at once (128 + SIGINT).
const AT_ONCE: i32 = 130;

/// A wish to stop, shared by who may utter it and who must heed it. Once uttered, it stays.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    asked: Mutex<bool>,
    /// Wakes who waits for the next message or the next night.
    woken: Condvar,
}

impl Cancel {
    /// Nobody has asked to stop.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks to stop.
    pub fn ask(&self) {
        *self
            .shared
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.woken.notify_all();
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self
            .shared
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so long, or until somebody asks to stop; says whether somebody did.
    #[must_use]
    pub fn wait(&self, at_most: Duration) -> bool {
        let asked = self
            .shared
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .shared
            .woken
            .wait_timeout_while(asked, at_most, |asked| !*asked);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// From now on SIGTERM, SIGINT and SIGHUP (on Windows Ctrl-C and the closing of the console) ask
    /// to stop. A second one ends the process at once: the ledger stands that, as it stands a crash.
    ///
    /// # Errors
    /// The system takes no handler.
    pub fn on_signals(&self) -> io::Result<()> {
        let cancel = self.clone();
        platform::on_stop_signal(move || {
            if cancel.is_asked() {
                std::process::exit(AT_ONCE);
            }
            cancel.ask();
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Cancel;

    #[test]
    fn who_waits_is_woken_and_the_wish_stays() {
        let cancel = Cancel::new();
        assert!(!cancel.is_asked());
        assert!(!cancel.wait(Duration::ZERO));
        let other = cancel.clone();
        let waiting = std::thread::spawn(move || other.wait(Duration::from_hours(1)));
        cancel.ask();
        assert!(waiting.join().expect("it ends"));
        assert!(cancel.is_asked());
        assert!(cancel.wait(Duration::from_hours(1)));
    }
}
