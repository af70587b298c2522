//! A connection at work, step by step: it takes a message, has the server wait for it, asks for its
//! claim, and lies on the desk until the claim is committed; then the message leaves, and what came
//! of it is heard. Between two steps any hand may take it up.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::board::Claim;
use super::desk::Desk;
use super::{Failure, Handed, Transport};
use crate::outbox::Outgoing;

/// A connection, and what it is about.
pub(super) struct Lane<'t> {
    number: usize,
    transport: &'t mut dyn Transport,
    /// The server has spoken with it.
    is_open: bool,
    /// The server has no room for it, and others do its work.
    is_needless: bool,
    /// It panicked, and is not to be used any more.
    is_lost: bool,
    /// What the transport expects since the last message left.
    next: Option<Box<Outgoing>>,
}

/// What a connection does next.
pub(super) enum Task {
    /// It has no message yet.
    Begin,
    /// The server waits for the message, and its claim was answered.
    Send(Box<Outgoing>, Claim),
    /// The message has left: what becomes of it is to be heard.
    Hear(Box<Outgoing>),
}

/// What a hand finds on the desk.
pub(super) struct Turn<'t> {
    pub lane: Lane<'t>,
    pub task: Task,
}

impl<'t> Turn<'t> {
    /// The first of a connection.
    pub fn first(number: usize, transport: &'t mut dyn Transport) -> Self {
        let lane = Lane {
            number,
            transport,
            is_open: false,
            is_needless: false,
            is_lost: false,
            next: None,
        };
        Self {
            lane,
            task: Task::Begin,
        }
    }

    /// Takes the step, until the connection lies on the desk again or its work has ended: there is
    /// no message left, the sending has ended, or the server has no room for one more connection.
    pub fn take(self, desk: &Desk<'t>) {
        let mut lane = self.lane;
        match self.task {
            Task::Begin => {}
            Task::Send(message, Claim::Kept) => return lane.send(message, desk),
            Task::Send(_, Claim::Lost) => lane.give_up(),
            Task::Send(_, Claim::Unclear) => lane.guarded(|transport| transport.leave()),
            Task::Hear(message) => {
                let handed = lane.hand_over(&message);
                desk.note_handed(message, handed);
            }
        }
        lane.go_on(desk);
    }
}

impl<'t> Lane<'t> {
    fn go_on(mut self, desk: &Desk<'t>) {
        while !(self.is_lost || self.is_needless)
            && let Some(message) = self.next(desk)
        {
            if let Some(ready) = self.announce(message, desk) {
                match desk.ask(self, ready) {
                    None => return,
                    Some(back) => self = back,
                }
            }
        }
        self.end(desk);
    }

    fn end(mut self, desk: &Desk<'t>) {
        if let Some(next) = self.next.take() {
            desk.put_back(next);
        }
        desk.end(self.number);
        if !self.is_lost {
            self.guarded(|transport| transport.finish());
        }
    }

    /// What was expected, or else the next that is due.
    fn next(&mut self, desk: &Desk<'t>) -> Option<Box<Outgoing>> {
        let Some(next) = self.next.take() else {
            return desk.next(self.is_open);
        };
        if desk.goes_on() {
            return Some(next);
        }
        self.give_up();
        desk.put_back(next);
        None
    }

    /// The message, where the server waits for it.
    fn announce(&mut self, message: Box<Outgoing>, desk: &Desk<'t>) -> Option<Box<Outgoing>> {
        let was_open = self.is_open;
        let prepared = self.prepare(&message);
        self.is_open = is_open_after(&prepared);
        let ready = match prepared {
            Ok(()) => Some(message),
            Err(Failure::Crowded { error }) => {
                self.is_needless = desk.note_crowded(self.number, message, error);
                None
            }
            Err(failure) => {
                desk.note_unprepared(message, failure);
                None
            }
        };
        desk.note_open(self.number, was_open, self.is_open);
        ready
    }

    /// Gives up a message that was not claimed after all.
    pub fn give_up(&mut self) {
        self.guarded(|transport| transport.abandon());
    }

    /// What panics has no answer that anybody waits for: only the connection is lost.
    fn guarded(&mut self, act: impl FnOnce(&mut dyn Transport)) {
        let done = catch_unwind(AssertUnwindSafe(|| act(self.transport)));
        self.is_lost |= done.is_err();
    }

    /// Its name in the ledger.
    pub fn name(&self) -> &'static str {
        self.transport.name()
    }

    fn send(mut self, message: Box<Outgoing>, desk: &Desk<'t>) {
        self.next = self.expect_next(desk);
        if self.begin(&message) {
            desk.lay_down(self, Task::Hear(message));
            return;
        }
        let error = panicked();
        desk.note_handed(message, Handed::Unclear { error });
        self.go_on(desk);
    }

    /// What the transport expects next; none where that can't begin at once.
    fn expect_next(&mut self, desk: &Desk<'t>) -> Option<Box<Outgoing>> {
        let next = desk.next_at_once()?;
        self.guarded(|transport| transport.expect(&next));
        if !self.is_lost {
            return Some(next);
        }
        desk.put_back(next);
        None
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let prepared = catch_unwind(AssertUnwindSafe(|| self.transport.prepare(message)));
        self.is_lost |= prepared.is_err();
        prepared.unwrap_or_else(|_| Err(Failure::Broken { error: panicked() }))
    }

    /// False where it panicked: who knows what has left.
    fn begin(&mut self, message: &Outgoing) -> bool {
        let begun = catch_unwind(AssertUnwindSafe(|| self.transport.begin(message)));
        self.is_lost |= begun.is_err();
        begun.is_ok()
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        let handed = catch_unwind(AssertUnwindSafe(|| self.transport.hand_over(message)));
        self.is_lost |= handed.is_err();
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
