//! A transport, as the owner of the ledger sees it: what it was told last, and what it does.

use std::sync::mpsc::Sender;

use super::worker::{Order, Said};
use super::{Failure, Handed};
use crate::outbox::{Outgoing, Pending};

/// A transport in a thread of its own.
pub(super) struct Lane {
    orders: Sender<Order>,
    /// The transport's name in the ledger.
    pub name: &'static str,
    at: At,
    /// While it hands one over: what it prepares as soon as that was accepted, without being told
    /// once more.
    next: Option<Pending>,
}

/// What a transport is doing.
enum At {
    Idle,
    Preparing(Pending),
    /// Its claim is among the next steps.
    Claiming(Pending),
    HandingOver(Pending),
    Lost,
}

/// What came of a message.
pub(super) enum Heard {
    /// It can be handed over, once that is committed.
    Ready(Pending),
    /// It can't.
    Unprepared(Pending, Failure),
    /// It was handed over.
    Handed(Pending, Handed),
}

impl Lane {
    pub fn new(name: &'static str, orders: Sender<Order>) -> Self {
        Self {
            orders,
            name,
            at: At::Idle,
            next: None,
        }
    }

    /// Whether it can be given a message; `ahead`: while it hands another one over, too.
    pub fn has_room(&self, ahead: bool) -> bool {
        match self.at {
            At::Idle => true,
            At::HandingOver(_) => ahead && self.next.is_none(),
            _ => false,
        }
    }

    /// Gives it a message, for now or for when the last one was accepted.
    pub fn begin(&mut self, message: Pending, outgoing: Box<Outgoing>) {
        if matches!(self.at, At::HandingOver(_)) {
            self.next = Some(message);
            self.tell(Order::PrepareNext(outgoing));
        } else {
            self.at = At::Preparing(message);
            self.tell(Order::Prepare(outgoing));
        }
    }

    /// Takes note of what it says; none where it was not asked. `lost`: it is not to be used any
    /// more.
    pub fn hear(&mut self, said: Said, lost: bool) -> Option<Heard> {
        let idle = if lost { At::Lost } else { At::Idle };
        match (std::mem::replace(&mut self.at, idle), said) {
            (At::Preparing(message), Said::Prepared(Ok(()))) => Some(Heard::Ready(message)),
            (At::Preparing(message), Said::Prepared(Err(failure))) => {
                Some(Heard::Unprepared(message, failure))
            }
            (At::HandingOver(message), Said::Handed(handed)) => {
                let goes_on = handed == Handed::Accepted && !lost;
                if let Some(next) = self.next.take_if(|_| goes_on) {
                    self.at = At::Preparing(next);
                }
                Some(Heard::Handed(message, handed))
            }
            _ => None,
        }
    }

    /// What it was to prepare next, and does not since the last one was not accepted.
    pub fn take_back(&mut self) -> Option<Pending> {
        self.next.take()
    }

    /// What is ready waits for its claim to be committed.
    pub fn claim(&mut self, message: Pending) {
        self.at = At::Claiming(message);
    }

    /// What is ready is not to leave.
    pub fn abandon(&self) {
        self.tell(Order::Abandon);
    }

    /// The claim was committed, or was found to be somebody else's.
    pub fn claimed(&mut self, is_ours: bool) {
        match std::mem::replace(&mut self.at, At::Idle) {
            At::Claiming(message) if is_ours => {
                self.at = At::HandingOver(message);
                self.tell(Order::HandOver);
            }
            _ => self.abandon(),
        }
    }

    /// It is not known whether the claim was committed.
    pub fn leave(&mut self) {
        self.at = At::Idle;
        self.tell(Order::Leave);
    }

    /// Whether it has a message.
    pub fn is_under_way(&self) -> bool {
        !matches!(self.at, At::Idle | At::Lost)
    }

    /// Whether a claim of its may come soon.
    pub fn is_coming(&self) -> bool {
        matches!(self.at, At::Preparing(_) | At::HandingOver(_))
    }

    /// Whether its claim waits to be committed.
    pub fn is_claiming(&self) -> bool {
        matches!(self.at, At::Claiming(_))
    }

    /// Whether it is not to be used any more.
    pub fn is_lost(&self) -> bool {
        matches!(self.at, At::Lost)
    }

    fn tell(&self, order: Order) {
        // Who doesn't listen any more has said so.
        let _ = self.orders.send(order);
    }
}
