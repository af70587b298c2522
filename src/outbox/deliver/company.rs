//! How long a claim waits for others, so that one flush of the disk keeps them all.

use std::time::Duration;

use crate::clock::{Deadline, Stopwatch};

/// No claim waits longer: behind each is a server that has said 354.
const LONGEST: Duration = Duration::from_millis(2);

/// A part of the time that a commit takes. Where the disk is slow, the connections then take turns
/// as one; where it is quick, some speak while the claims of others are committed.
const SHARE: u32 = 2;

/// The waiting of claims for company.
#[derive(Debug, Default)]
pub(super) struct Company {
    /// How long the last commit took.
    flush: Duration,
    /// Until when the claims that there are may wait.
    until: Option<Deadline>,
}

impl Company {
    /// How long the claims that there are may still wait; none: no longer.
    pub fn patience(&mut self) -> Option<Duration> {
        let most = (self.flush / SHARE).min(LONGEST);
        let until = self.until.get_or_insert_with(|| Deadline::after(most));
        until.left().ok()
    }

    /// Notes how long a commit took; the claims that follow wait anew.
    pub fn committed(&mut self, took: Stopwatch) {
        self.flush = took.elapsed();
        self.until = None;
    }
}
