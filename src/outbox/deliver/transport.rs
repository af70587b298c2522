//! What a way for messages to leave must do, and what it can answer.

use crate::outbox::Outgoing;

/// A way for messages to leave, one at a time.
pub trait Transport: Send {
    /// Its name in the ledger.
    fn name(&self) -> &'static str;

    /// Does everything that comes before the message can be seen by anybody: for a file, writing
    /// it beside its place; for SMTP, up to the server's 354.
    ///
    /// # Errors
    /// It cannot leave; nothing did.
    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure>;

    /// Says what is prepared next, before a message is handed over: it may be announced with it.
    /// Where something comes in between, [`Transport::abandon`] takes it back.
    fn expect(&mut self, _next: &Outgoing) {}

    /// Begins to hand over what was prepared, up to where only the answer is left to wait for. Left
    /// out, [`Transport::hand_over`] does all of it.
    fn begin(&mut self, _message: &Outgoing) {}

    /// Hands over what was prepared, and tells what came of it.
    fn hand_over(&mut self, message: &Outgoing) -> Handed;

    /// Gives up what was prepared: the message is not to leave after all.
    fn abandon(&mut self);

    /// Gives up what was prepared where it is not known whether "handing over" was committed (a
    /// commit that failed may yet be found on the disk): leaves what shows the next run that the
    /// message did not leave, where there is such a thing.
    fn leave(&mut self) {
        self.abandon();
    }

    /// No message follows for now: ends what was kept open from one to the next.
    fn finish(&mut self) {}
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        (**self).prepare(message)
    }

    fn expect(&mut self, next: &Outgoing) {
        (**self).expect(next);
    }

    fn begin(&mut self, message: &Outgoing) {
        (**self).begin(message);
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        (**self).hand_over(message)
    }

    fn abandon(&mut self) {
        (**self).abandon();
    }

    fn leave(&mut self) {
        (**self).leave();
    }

    fn finish(&mut self) {
        (**self).finish();
    }
}

/// Why a message did not leave. In each case it is certain that it did not. The words are French:
/// the coordinator reads them too, so that they name nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It may work later.
    Later {
        /// What went wrong.
        error: String,
    },
    /// It may work later; the connection is lost, and another one may do for the others.
    Broken {
        /// What went wrong.
        error: String,
    },
    /// It may work later, and so may all the others: the server takes nothing for now.
    Rest {
        /// What went wrong.
        error: String,
    },
    /// No connection could be opened for it now. Where others are at work the server may take no more
    /// of them at a time, and they do for all; else it takes nothing for now.
    Crowded {
        /// What went wrong.
        error: String,
    },
    /// It was refused, and perhaps all the others would be: only what comes of them tells. It may
    /// work the next night.
    Unwelcome {
        /// What the server said, and what to do.
        error: String,
    },
    /// It was refused for good.
    Never {
        /// What the server said.
        error: String,
        /// Of what it said so.
        refused: Refused,
    },
    /// No message can leave: a fault of the settings or of the server. No try is counted, and the
    /// sending ends; the next time the others go first.
    Stop {
        /// What went wrong.
        error: String,
    },
}

/// What a server refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The address: nothing more is written to it.
    Address,
    /// This message.
    Message,
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
