//! A transport in a thread of its own: it does what it is told and says what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender};

use super::{Failure, Handed, Transport};
use crate::outbox::Outgoing;

/// What a transport is told to do.
pub(super) enum Order {
    Prepare(Box<Outgoing>),
    /// Said while the last message is handed over: to be prepared if that was accepted, to be
    /// forgotten if not.
    PrepareNext(Box<Outgoing>),
    HandOver,
    Abandon,
    Leave,
}

/// What a transport has to say.
pub(super) enum Said {
    Prepared(Result<(), Failure>),
    Handed(Handed),
}

pub(super) struct Report {
    pub lane: usize,
    pub said: Said,
    /// The transport is not to be used any more.
    pub lost: bool,
}

/// A transport's thread.
pub(super) struct Worker<'a, T> {
    transport: &'a mut T,
    lane: usize,
    reports: &'a Sender<Report>,
    /// Prepared, not yet handed over.
    prepared: Option<Box<Outgoing>>,
    /// What became of the last that was handed over.
    accepted: bool,
}

/// The transport is lost, or nobody listens any more: there is nothing left to do.
struct Over;

impl<'a, T: Transport> Worker<'a, T> {
    pub fn new(transport: &'a mut T, lane: usize, reports: &'a Sender<Report>) -> Self {
        Self {
            transport,
            lane,
            reports,
            prepared: None,
            accepted: false,
        }
    }

    pub fn work(mut self, orders: &Receiver<Order>) {
        for order in orders {
            if self.obey(order).is_err() {
                return;
            }
        }
        self.transport.finish();
    }

    fn obey(&mut self, order: Order) -> Result<(), Over> {
        match order {
            Order::PrepareNext(_) if !self.accepted => {}
            Order::Prepare(message) | Order::PrepareNext(message) => self.prepare(message)?,
            Order::HandOver => self.hand_over()?,
            Order::Abandon => self.transport.abandon(),
            Order::Leave => self.transport.leave(),
        }
        Ok(())
    }

    fn prepare(&mut self, message: Box<Outgoing>) -> Result<(), Over> {
        let prepared = catch_unwind(AssertUnwindSafe(|| self.transport.prepare(&message)));
        let lost = prepared.is_err();
        let prepared = prepared.unwrap_or_else(|_| Err(Failure::Broken { error: panicked() }));
        self.prepared = prepared.is_ok().then_some(message);
        self.say(Said::Prepared(prepared), lost)
    }

    fn hand_over(&mut self) -> Result<(), Over> {
        let message = self.prepared.take().ok_or(Over)?;
        let handed = catch_unwind(AssertUnwindSafe(|| self.transport.hand_over(&message)));
        let lost = handed.is_err();
        let handed = handed.unwrap_or_else(|_| Handed::Unclear { error: panicked() });
        self.accepted = handed == Handed::Accepted;
        self.say(Said::Handed(handed), lost)
    }

    fn say(&self, said: Said, lost: bool) -> Result<(), Over> {
        let lane = self.lane;
        let heard = self.reports.send(Report { lane, said, lost });
        if lost || heard.is_err() {
            return Err(Over);
        }
        Ok(())
    }
}

fn panicked() -> String {
    "une erreur interne a interrompu la remise".to_owned()
}
