//! Handing the ledger's messages to a transport (hazards.md, "Sending: the protocol").
//!
//! For each message: the transport prepares all that can fail while nobody has seen anything; the
//! ledger commits "handing over"; the transport hands over; the ledger commits what came of it. A
//! crash thus leaves at most the one message in "handing over", and [`recover`] settles it.

use std::path::Path;

use chrono::TimeDelta;

use super::file::FileTransport;
use super::{Id, Ledger, LedgerError, Moment, Outgoing, Pending, Step};
use crate::cancel::Cancel;
use crate::mails::{Kind, State};

/// A way for messages to leave.
pub trait Transport {
    /// Its name in the ledger.
    fn name(&self) -> &'static str;

    /// Does everything that comes before the message can be seen by anybody: for a file, writing
    /// it beside its place; for SMTP, up to the server's 354.
    ///
    /// # Errors
    /// It cannot leave; nothing did.
    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure>;

    /// Hands over what was prepared.
    fn hand_over(&mut self, message: &Outgoing) -> Handed;

    /// Gives up what was prepared: the message is not to leave after all.
    fn abandon(&mut self);

    /// Gives up what was prepared where it is not known whether "handing over" was committed (a
    /// commit that failed may yet be found on the disk): leaves what shows the next run that the
    /// message did not leave, where there is such a thing.
    fn leave(&mut self) {
        self.abandon();
    }
}

/// Why a message did not leave. In each case it is certain that it did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It may work later.
    Later {
        /// What went wrong.
        error: String,
        /// How long to wait before the next try, at least.
        wait: TimeDelta,
    },
    /// It was refused for good.
    Never {
        /// What the server said.
        error: String,
    },
    /// No message can leave: a fault of the settings or of the server. No try is counted, and the
    /// sending ends.
    Stop {
        /// What went wrong.
        error: String,
    },
}

/// What came of handing a message over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It was taken.
    Accepted,
    /// It was not.
    Failed(Failure),
    /// It may have been taken or not.
    Unclear {
        /// What is known.
        error: String,
    },
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

/// Why the sending ended before the last message.
#[derive(Debug)]
pub enum Stop {
    /// No message can leave.
    Transport(String),
    /// The ledger cannot be written: nothing may be sent that it doesn't know of.
    Ledger(LedgerError),
    /// Somebody asked to stop.
    Asked,
}

/// What became of a night's messages.
#[derive(Debug, Default)]
pub struct Delivered {
    /// Each message that was tried, in order.
    pub messages: Vec<Delivery>,
    /// Why the rest was not.
    pub stopped: Option<Stop>,
}

/// Hands over everything that is due. One that fails doesn't stop the others; a wish to stop is
/// heeded between two messages. The clock is asked before each commit.
pub fn deliver(
    ledger: &mut Ledger,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Moment,
    cancel: &Cancel,
) -> Delivered {
    let mut delivered = Delivered::default();
    let pending = match ledger.pending(clock().now) {
        Ok(pending) => pending,
        Err(error) => {
            delivered.stopped = Some(Stop::Ledger(error));
            return delivered;
        }
    };
    for message in pending {
        if cancel.is_asked() {
            delivered.stopped = Some(Stop::Asked);
            break;
        }
        delivered.stopped =
            deliver_one(ledger, transport, clock, message, &mut delivered.messages).err();
        if delivered.stopped.is_some() {
            break;
        }
    }
    delivered
}

fn deliver_one(
    ledger: &mut Ledger,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Moment,
    message: Pending,
    deliveries: &mut Vec<Delivery>,
) -> Result<(), Stop> {
    let id = message.id;
    let outgoing = ledger.outgoing(id).map_err(Stop::Ledger)?;
    let verdict = match transport.prepare(&outgoing) {
        Ok(()) => {
            if !claim(ledger, transport, clock, id)? {
                return Ok(());
            }
            Verdict::of_handed(transport.hand_over(&outgoing), clock())
        }
        Err(Failure::Stop { error }) => return Err(Stop::Transport(error)),
        Err(failure) => Verdict::of_failure(failure, clock()),
    };
    match ledger.step(id, verdict.step, clock()) {
        Ok(true) => deliveries.push(delivery(message, verdict.state, verdict.error)),
        // Decided otherwise meanwhile, by another process.
        Ok(false) => {}
        Err(error) => {
            // What came of it cannot be kept: the next run finds it as it was before.
            let state = State::Unknown;
            deliveries.push(delivery(message, state, Some(error.to_string())));
            return Err(Stop::Ledger(error));
        }
    }
    verdict
        .stop
        .map_or(Ok(()), |error| Err(Stop::Transport(error)))
}

/// Commits that a prepared message is about to leave. False: somebody else has it, or it is no
/// longer to be sent.
fn claim(
    ledger: &mut Ledger,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Moment,
    id: Id,
) -> Result<bool, Stop> {
    let by = transport.name().to_owned();
    let claimed = ledger.step(id, Step::Claim { by }, clock());
    match claimed {
        Ok(true) => {}
        Ok(false) => transport.abandon(),
        Err(_) => transport.leave(),
    }
    claimed.map_err(Stop::Ledger)
}

/// What a transport's answer means for the ledger.
struct Verdict {
    step: Step,
    state: State,
    error: Option<String>,
    stop: Option<String>,
}

impl Verdict {
    fn of_handed(handed: Handed, moment: Moment) -> Self {
        match handed {
            Handed::Accepted => Self {
                step: Step::Accept,
                state: State::Accepted,
                error: None,
                stop: None,
            },
            Handed::Failed(failure) => Self::of_failure(failure, moment),
            Handed::Unclear { error } => Self {
                step: Step::Doubt {
                    error: error.clone(),
                },
                state: State::Unknown,
                error: Some(error),
                stop: None,
            },
        }
    }

    fn of_failure(failure: Failure, moment: Moment) -> Self {
        match failure {
            Failure::Later { error, wait } => Self {
                step: Step::Defer {
                    error: error.clone(),
                    next_try: moment.now + wait,
                },
                state: State::Deferred,
                error: Some(error),
                stop: None,
            },
            Failure::Never { error } => Self {
                step: Step::Refuse {
                    error: error.clone(),
                },
                state: State::Refused,
                error: Some(error),
                stop: None,
            },
            Failure::Stop { error } => Self {
                step: Step::TakeBack {
                    reason: error.clone(),
                },
                state: State::Planned,
                error: Some(error.clone()),
                stop: Some(error),
            },
        }
    }
}

fn delivery(message: Pending, state: State, error: Option<String>) -> Delivery {
    Delivery {
        id: message.id,
        kind: message.kind,
        about: message.about,
        state,
        error,
    }
}

/// Settles what a crash left in "handing over": to be called at the start of a run, before
/// anything is queued or sent. What was handed to a server becomes unknown: it may have left or
/// not. A file can be looked at ([`FileTransport::settle`]).
///
/// # Errors
/// The ledger cannot be read or written: nothing may be sent.
pub fn recover(
    ledger: &mut Ledger,
    folder: &Path,
    moment: Moment,
) -> Result<Vec<Delivery>, LedgerError> {
    let files = FileTransport::new(folder);
    let mut steps = Vec::new();
    let mut deliveries = Vec::new();
    for message in ledger.in_state(State::HandingOver)? {
        let handed = if message.handed_to.as_deref() == Some(files.name()) {
            files.settle(&ledger.outgoing(message.id)?)
        } else {
            Handed::Unclear {
                error: "the run ended while the message was being handed over".to_owned(),
            }
        };
        let verdict = Verdict::of_handed(handed, moment);
        steps.push((message.id, verdict.step));
        deliveries.push(delivery(message, verdict.state, verdict.error));
    }
    ledger.steps(&steps, moment)?;
    // Only now: what lies beside a file's place was evidence.
    files.sweep();
    Ok(deliveries)
}

#[cfg(test)]
mod tests;
