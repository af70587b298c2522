//! Handing the ledger's messages to transports (hazards.md, "Sending: the protocol").
//!
//! For each message: the transport prepares all that can fail while nobody has seen anything; the
//! ledger commits "handing over"; the transport hands over; the ledger commits what came of it. A
//! crash thus leaves at most one message for each transport in "handing over", and [`recover`]
//! settles it.

mod board;
mod company;
mod desk;
mod engine;
mod hands;
mod lane;
mod mood;
mod pace;
mod recovery;
mod transport;
mod verdict;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Id, LedgerError, Moment, Pending};
use crate::cancel::Cancel;
use crate::mails::{Kind, State};

pub use engine::deliver;
pub use pace::Pace;
pub use recovery::{recover, settle_left};
pub use transport::{Failure, Handed, Refused, Transport};

/// The time as the sending goes on: asked before each commit.
pub trait Time: Sync {
    /// Now.
    fn moment(&self) -> Moment;

    /// Waits so long, or until somebody asks to stop; says whether somebody did.
    fn pause(&self, at_most: std::time::Duration, cancel: &Cancel) -> bool {
        cancel.wait(at_most)
    }
}

impl<F: Fn() -> Moment + Sync> Time for F {
    fn moment(&self) -> Moment {
        self()
    }
}

impl Time for crate::clock::Running {
    fn moment(&self) -> Moment {
        Moment::from(&self.now())
    }
}

/// Under what terms messages are handed over.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// A message that is deferred is not tried again before.
    pub retry_after: TimeDelta,
    /// No message is begun from then on.
    pub until: Option<DateTime<Utc>>,
    /// Whose messages are handed over.
    pub whose: Whose,
    /// But not these: [`Delivered::put_off`] of the rounds before.
    pub but: BTreeSet<Id>,
}

/// Whose messages are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Whose {
    /// All of them.
    #[default]
    Everybody,
    /// The participants': all but the digest.
    Participants,
    /// The digest.
    Coordinator,
}

impl Whose {
    /// Whether messages of that kind are among them.
    #[must_use]
    pub fn includes(self, kind: Kind) -> bool {
        match self {
            Self::Everybody => true,
            Self::Participants => kind != Kind::Digest,
            Self::Coordinator => kind == Kind::Digest,
        }
    }
}

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: Id,
    /// Its kind.
    pub kind: Kind,
    /// Workbook, sheet and row.
    pub about: Option<String>,
    /// Where it stands now.
    pub state: State,
    /// What went wrong.
    pub error: Option<String>,
}

impl Delivery {
    fn of(message: Pending, state: State, error: Option<String>) -> Self {
        Self {
            id: message.id,
            kind: message.kind,
            about: message.about,
            state,
            error,
        }
    }
}

/// Why the sending ended before the last message. Those that are left stay as they were.
#[derive(Debug)]
pub enum Stop {
    /// No message can leave, as the settings or the server are.
    Transport(String),
    /// The server refuses one message after the other: us, and not these. Nothing more tonight.
    Unwelcome(String),
    /// The server takes nothing for now, or what it takes is in doubt.
    Rest(String),
    /// The ledger cannot be written: nothing may be sent that it doesn't know of.
    Ledger(LedgerError),
    /// The time is over ([`Terms::until`]).
    Late,
    /// Somebody asked to stop.
    Asked,
}

/// What became of the messages that were due.
#[derive(Debug, Default)]
pub struct Delivered {
    /// Each message that was tried, in the order in which they were queued.
    pub messages: Vec<Delivery>,
    /// Those of the messages that are not to be tried again tonight, and go behind the others the
    /// next time: what a server says of one, even that it takes none, it may say of that one alone.
    pub put_off: BTreeSet<Id>,
    /// Why the rest was not.
    pub stopped: Option<Stop>,
}

#[cfg(test)]
mod tests;
