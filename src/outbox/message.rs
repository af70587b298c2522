//! What goes into the ledger and comes out of it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::Refused;
use crate::clock::Now;
use crate::mails::{Kind, Recipient, State};

/// When something happens: the instant, and the day in the programme's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant; the ledger keeps milliseconds.
    pub now: DateTime<Utc>,
    /// The day of the run in the programme's time zone.
    pub day: NaiveDate,
}

impl From<&Now> for Moment {
    fn from(now: &Now) -> Self {
        Self {
            now: now.instant.to_utc(),
            day: now.today,
        }
    }
}

/// A message in the ledger. Numbers grow in the order of queueing and are never used again: short
/// and stable enough to be typed (`12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(super) i64);

impl Id {
    /// That of a message which is in no ledger yet: the ledger's begin at 1.
    pub const NONE: Self = Self(0);
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What was typed is not the number of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a message's number, such as 12")]
pub struct NoId;

impl FromStr for Id {
    type Err = NoId;

    /// `12`, and as it is shown: `n° 12`, `#12`.
    fn from_str(text: &str) -> Result<Self, NoId> {
        let digits = text
            .trim()
            .trim_start_matches(['#', 'n', 'N', '°', ' ', '\u{a0}']);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| is_number);
        number.map(Self).ok_or(NoId)
    }
}

/// How a message enters the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initial {
    /// To be sent.
    Planned,
    /// Shown, and sent only once approved.
    AwaitingApproval,
}

/// A message that is rendered and frozen: what every try sends, byte for byte.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// Its kind.
    pub kind: Kind,
    /// Its business key; with the kind and the address it is unique for ever.
    pub key: String,
    /// Whom it goes to.
    pub to: Recipient,
    /// Sent, or shown first.
    pub initial: Initial,
    /// Workbook, sheet and row on whose account it goes, as the coordinator reads them.
    pub about: Option<String>,
    /// Why it goes, in French.
    pub why: String,
    /// What it tells: later nights compare it with what they read.
    pub told: Value,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID, of no other message.
    pub message_id: String,
    /// The whole message (RFC 5322).
    pub eml: Vec<u8>,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enqueued {
    /// For each message of the batch, in its order: its number, or none where its kind, key and
    /// address were known already, and stay as they were.
    pub ids: Vec<Option<Id>>,
    /// How many of the settled keys were new.
    pub settled: usize,
}

impl Enqueued {
    /// How many of the messages were new.
    #[must_use]
    pub fn new_messages(&self) -> usize {
        self.ids.iter().flatten().count()
    }
}

/// A message of the ledger, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its number.
    pub id: Id,
    /// Its kind.
    pub kind: Kind,
    /// Its business key.
    pub key: String,
    /// Whom it goes to; the address in lower case, as the key has it.
    pub to: Recipient,
    /// Where it stands.
    pub state: State,
    /// The day of the run that queued it.
    pub run_day: NaiveDate,
    /// Workbook, sheet and row.
    pub about: Option<String>,
    /// Why it goes, in French.
    pub why: String,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID.
    pub message_id: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The transport that it was last handed to, [`super::Transport::name`].
    pub handed_to: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// A message with its content, as a transport needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// All but its content.
    pub message: Pending,
    /// The address to hand it to, as typed.
    pub address: String,
    /// The whole message (RFC 5322).
    pub eml: Vec<u8>,
}

/// A change of state. One that the message's state doesn't allow changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// From planned or deferred: it is about to leave by the transport of that name.
    Claim {
        /// [`super::Transport::name`].
        by: String,
    },
    /// From handing over: it did certainly not leave, through no fault of its own (no try is
    /// counted). It is planned again.
    TakeBack {
        /// Why.
        reason: String,
    },
    /// From handing over: the server took it. Its content is erased.
    Accept,
    /// From planned, deferred or handing over: it did certainly not leave, and is tried again.
    Defer {
        /// What went wrong.
        error: String,
        /// Not before this instant.
        next_try: DateTime<Utc>,
    },
    /// From planned, deferred or handing over: refused for good. Its content stays: the coordinator
    /// may have it tried again, once the person has made room in her mailbox for instance.
    Refuse {
        /// What the server said.
        error: String,
        /// Of what: a refused address is remembered, until a message to it is accepted.
        refused: Refused,
    },
    /// From planned or deferred: its turn didn't come (no try is counted).
    Postpone {
        /// Why.
        error: String,
        /// Not before this instant.
        next_try: DateTime<Utc>,
    },
    /// From handing over: it may have left or not.
    Doubt {
        /// What is known.
        error: String,
    },
    /// From planned, deferred or awaiting approval: no longer due. Its content is erased.
    Retire {
        /// Why.
        reason: String,
    },
    /// From awaiting approval: the coordinator said yes.
    Approve {
        /// Where she said so, in French.
        reason: String,
    },
    /// From awaiting approval, planned or deferred: the coordinator said no. Its content is erased.
    Reject {
        /// Where she said so, in French.
        reason: String,
    },
    /// From rejected: what she said no to is undone, and if it comes up again it is another occasion.
    Lapse {
        /// Why, in French.
        reason: String,
    },
    /// From unknown, or from awaiting approval (a ledger that lost what it knew asks for what may
    /// have left long ago): the coordinator knows that it arrived. Its content is erased.
    Received {
        /// Where she said so, in French.
        reason: String,
    },
    /// From unknown: it is sent once more, with the same Message-ID.
    Resend {
        /// Who decided so.
        reason: String,
    },
    /// From deferred or refused: it is tried again without waiting, and its address counts as good
    /// until it is refused again.
    Retry {
        /// Where she said so, in French.
        reason: String,
    },
    /// From awaiting approval or unknown, where it stays: she is asked once more, and what she said
    /// when she was asked before counts no longer.
    Ask {
        /// Why, in French.
        reason: String,
    },
    /// From planned or deferred: it awaits approval after all.
    Hold {
        /// Why, in French.
        reason: String,
    },
}

/// A line of the journal: a change of state that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The state before; none where the message was queued.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, where there is more to say than the states themselves do.
    pub reason: Option<String>,
}

/// A message that a server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedMail {
    /// Its kind.
    pub kind: Kind,
    /// Its business key.
    pub key: String,
    /// The address in lower case.
    pub address: String,
    /// The local day on which the server took it.
    pub accepted_on: NaiveDate,
}

/// A run in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunId(pub(super) i64);

/// A run of earlier.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its day in the programme's time zone.
    pub day: NaiveDate,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it was done; none: it was cut off, or is under way.
    pub ended: Option<DateTime<Utc>>,
    /// What it counted, as [`super::Ledger::end_run`] was given it.
    pub counts: Option<Value>,
}

/// Whether the journal of transitions tells the same story as the messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traces {
    /// Messages whose last transition isn't to the state that they are in.
    pub astray: Vec<Id>,
    /// Transitions that don't start where the one before them ended.
    pub gaps: u32,
}

impl Traces {
    /// They tell the same.
    #[must_use]
    pub fn agree(&self) -> bool {
        self.astray.is_empty() && self.gaps == 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Id, NoId};

    #[test]
    fn a_number_is_read_as_it_is_shown() {
        for typed in ["12", " 12 ", "#12", "n° 12", "n°\u{a0}12"] {
            assert_eq!(typed.parse(), Ok(Id(12)), "{typed}");
        }
        assert_eq!(Id(12).to_string(), "12");
        for typed in ["", "n°", "-12", "+12", "12a", "1 2", "99999999999999999999"] {
            assert_eq!(typed.parse::<Id>(), Err(NoId), "{typed}");
        }
    }
}
