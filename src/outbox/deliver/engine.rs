//! Several connections at once, each in a thread of its own, at one desk.

use std::thread;

use super::desk::Desk;
use super::worker::work;
use super::{Delivered, Pace, Stop, Terms, Time, Transport};
use crate::cancel::Cancel;
use crate::outbox::{Ledger, Pending, Sending};

/// Hands over everything that is due: what was never tried first, then what was put off first, so
/// that one message that breaks every connection, or stops every sending, doesn't keep the others
/// back. One that fails doesn't stop the others; a wish to stop is heeded between two messages.
pub fn deliver<T: Transport>(
    ledger: &mut Ledger,
    transports: &mut [T],
    terms: &Terms,
    pace: &mut Pace,
    time: &dyn Time,
    cancel: &Cancel,
) -> Delivered {
    let found = ledger.sending().and_then(|sending| {
        let due = sending.in_turn(time.moment().now)?;
        Ok((sending, due))
    });
    let (sending, mut due) = match found {
        Ok(found) => found,
        Err(error) => {
            return Delivered {
                stopped: Some(Stop::Ledger(error)),
                ..Delivered::default()
            };
        }
    };
    due.retain(|message| terms.whose.includes(message.kind) && !terms.but.contains(&message.id));
    deliver_these(sending, due, transports, terms, pace, time, cancel)
}

pub(super) fn deliver_these<T: Transport>(
    ledger: Sending<'_>,
    due: Vec<Pending>,
    transports: &mut [T],
    terms: &Terms,
    pace: &mut Pace,
    time: &dyn Time,
    cancel: &Cancel,
) -> Delivered {
    let lanes = transports.len().min(due.len());
    let desk = Desk::new(ledger, due, lanes, terms, pace, time, cancel);
    thread::scope(|scope| {
        for (lane, transport) in transports.iter_mut().take(lanes).enumerate() {
            let desk = &desk;
            scope.spawn(move || work(lane, transport, desk));
        }
        desk.watch();
    });
    desk.into_delivered()
}
