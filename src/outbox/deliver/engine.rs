//! Several connections at once, at one desk, and as many hands.

use std::thread;

use super::desk::Desk;
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
    let number = transports.len().min(due.len());
    let lanes = transports.iter_mut().take(number);
    let lanes = lanes.map(|lane| lane as &mut dyn Transport).collect();
    let desk = Desk::new(ledger, due, lanes, terms, pace, time, cancel);
    thread::scope(|scope| {
        for _ in 0..number {
            scope.spawn(|| desk.work());
        }
        desk.watch();
    });
    desk.into_delivered()
}
