//! A transport in a thread of its own: it does what it is told and says what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender};

use super::{Failure, Handed, Transport};
use crate::outbox::Outgoing;

/// What a transport is told to do.
pub(super) enum Order {
    Prepare(Box<Outgoing>),
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
pub(super) fn work(
    transport: &mut impl Transport,
    lane: usize,
    orders: &Receiver<Order>,
    reports: &Sender<Report>,
) {
    // Where nobody listens any more, there is nothing left to do.
    let say = |said, lost| reports.send(Report { lane, said, lost }).is_ok();
    let panicked = || "une erreur interne a interrompu la remise".to_owned();
    let mut message = None;
    for order in orders {
        match order {
            Order::Prepare(outgoing) => {
                let prepared = catch_unwind(AssertUnwindSafe(|| transport.prepare(&outgoing)));
                let lost = prepared.is_err();
                let prepared =
                    prepared.unwrap_or_else(|_| Err(Failure::Broken { error: panicked() }));
                message = prepared.is_ok().then_some(outgoing);
                if !say(Said::Prepared(prepared), lost) || lost {
                    return;
                }
            }
            Order::HandOver => {
                let Some(outgoing) = message.take() else {
                    return;
                };
                let handed = catch_unwind(AssertUnwindSafe(|| transport.hand_over(&outgoing)));
                let lost = handed.is_err();
                let handed = handed.unwrap_or_else(|_| Handed::Unclear { error: panicked() });
                if !say(Said::Handed(handed), lost) || lost {
                    return;
                }
            }
            Order::Abandon => transport.abandon(),
            Order::Leave => transport.leave(),
        }
    }
    transport.finish();
}
