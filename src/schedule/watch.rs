//! Waiting for a folder's nights.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tracing::info;

/// How long a wait is at most: a machine that slept, a clock that was set and settings that changed
/// are noticed after that time.
const POLL: Duration = Duration::from_secs(30);

/// The most polls between two attempts at one night: half an hour.
const MOST_POLLS: u32 = 60;

/// What the loop needs of the world; tests bring a clock and a sleep of their own.
pub trait World {
    /// The wall clock.
    fn now(&self) -> DateTime<Utc>;

    /// Waits so long. True: the service is asked to stop.
    fn wait(&self, at_most: Duration) -> bool;
}

/// What one attempt at a night came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The night is done, wholly or in part: its date has had its run.
    Done,
    /// It is to be tried again.
    Failed,
}

/// A folder's nights.
pub trait Nights {
    /// When the next run falls due, as settings and ledger now stand; in the past where it was
    /// missed. None while that can't be told.
    fn due(&mut self, now: DateTime<Utc>) -> Option<DateTime<Tz>>;

    /// Does it.
    fn run(&mut self) -> Attempt;
}

/// Does a folder's nights until the service is asked to stop. A night that fails is tried again,
/// first after half a minute, then after twice as long each time, up to half an hour: a workbook
/// that was repaired in the morning has its night that morning.
pub fn watch(nights: &mut impl Nights, world: &impl World) {
    let mut patience = Patience::default();
    let mut announced = None;
    loop {
        let now = world.now();
        let due = nights.due(now);
        let wait = match due {
            Some(due) if due <= now => {
                if patience.is_over() {
                    let attempt = nights.run();
                    patience.grow(attempt);
                }
                POLL
            }
            Some(due) => {
                patience = Patience::default();
                if announced.replace(due) != Some(due) {
                    info!(at = %due.to_rfc3339(), "the next run is set");
                }
                due.signed_duration_since(now)
                    .to_std()
                    .map_or(POLL, |left| left.min(POLL))
            }
            None => POLL,
        };
        if world.wait(wait) {
            return;
        }
    }
}

/// How many polls to let pass before the next attempt at the same night.
#[derive(Debug, Default)]
struct Patience {
    attempts: u32,
    left: u32,
}

impl Patience {
    fn is_over(&mut self) -> bool {
        if self.left == 0 {
            return true;
        }
        self.left -= 1;
        false
    }

    /// A night that was done and is due all the same (its ledger can't be read) waits longest: it
    /// must not be done again and again.
    fn grow(&mut self, attempt: Attempt) {
        self.left = match attempt {
            Attempt::Done => MOST_POLLS,
            Attempt::Failed => (1 << self.attempts.min(6)).min(MOST_POLLS) - 1,
        };
        self.attempts = self.attempts.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
