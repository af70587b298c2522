//! A connection at work, in a thread of its own: it takes a message, has the server wait for it,
//! claims it, hands it over, and notes what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::board::Claim;
use super::desk::Desk;
use super::{Failure, Handed, Transport};
use crate::outbox::Outgoing;

/// Works until there is no message left or the sending has ended, or where the server has no room
/// for one more connection.
pub(super) fn work<T: Transport>(lane: usize, transport: &mut T, desk: &Desk<'_>) {
    let mut worker = Worker {
        lane,
        transport,
        desk,
        is_open: false,
        is_needless: false,
        is_lost: false,
        next: None,
    };
    while !(worker.is_lost || worker.is_needless)
        && let Some(message) = worker.next()
    {
        worker.send(message);
    }
    if let Some(next) = worker.next.take() {
        desk.put_back(next);
    }
    desk.leave(lane);
    if !worker.is_lost {
        worker.transport.finish();
    }
}

struct Worker<'a, 'd, T> {
    lane: usize,
    transport: &'a mut T,
    desk: &'a Desk<'d>,
    /// The server has spoken with it.
    is_open: bool,
    /// The server has no room for it, and others do its work.
    is_needless: bool,
    /// It panicked, and is not to be used any more.
    is_lost: bool,
    /// What the transport expects since the last message was handed over.
    next: Option<Box<Outgoing>>,
}

impl<T: Transport> Worker<'_, '_, T> {
    /// What was expected, or else the next that is due.
    fn next(&mut self) -> Option<Box<Outgoing>> {
        let Some(next) = self.next.take() else {
            return self.desk.next(self.is_open);
        };
        if self.desk.goes_on() {
            return Some(next);
        }
        self.transport.abandon();
        self.desk.put_back(next);
        None
    }

    fn send(&mut self, message: Box<Outgoing>) {
        let was_open = self.is_open;
        let prepared = self.prepare(&message);
        self.is_open = is_open_after(&prepared);
        let ready = match prepared {
            Ok(()) => Some(message),
            Err(Failure::Crowded { error }) => {
                self.is_needless = self.desk.note_crowded(message, error);
                None
            }
            Err(failure) => {
                self.desk.note_unprepared(message, failure);
                None
            }
        };
        self.desk.note_open(self.lane, was_open, self.is_open);
        if let Some(message) = ready {
            self.leave_with(message);
        }
    }

    /// The server waits for it.
    fn leave_with(&mut self, message: Box<Outgoing>) {
        let claim = self.desk.claim(self.lane, &message, self.transport.name());
        match claim {
            Some(Claim::Kept) => {
                self.next = self.expect_next();
                let handed = self.hand_over(&message);
                self.desk.note_handed(message, handed);
            }
            Some(Claim::Lost) => self.transport.abandon(),
            Some(Claim::Unclear) => self.transport.leave(),
            None => {
                self.transport.abandon();
                self.desk.put_back(message);
            }
        }
    }

    /// What the transport expects next; none where that can't begin at once.
    fn expect_next(&mut self) -> Option<Box<Outgoing>> {
        let next = self.desk.next_at_once()?;
        let told = catch_unwind(AssertUnwindSafe(|| self.transport.expect(&next)));
        if told.is_ok() {
            return Some(next);
        }
        self.desk.put_back(next);
        None
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let prepared = catch_unwind(AssertUnwindSafe(|| self.transport.prepare(message)));
        self.is_lost = prepared.is_err();
        prepared.unwrap_or_else(|_| Err(Failure::Broken { error: panicked() }))
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        let handed = catch_unwind(AssertUnwindSafe(|| self.transport.hand_over(message)));
        self.is_lost = handed.is_err();
        handed.unwrap_or_else(|_| Handed::Unclear { error: panicked() })
    }
}

/// Whether the connection still stands, as far as the answer tells.
fn is_open_after(prepared: &Result<(), Failure>) -> bool {
    match prepared {
        Ok(()) => true,
        Err(failure) => matches!(
            failure,
            Failure::Later { .. } | Failure::Never { .. } | Failure::Unwelcome { .. }
        ),
    }
}

fn panicked() -> String {
    "une erreur interne a interrompu la remise".to_owned()
}
