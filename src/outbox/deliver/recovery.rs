//! What a crash left half-way.

use std::path::Path;

use chrono::TimeDelta;

use super::verdict::Verdict;
use super::{Delivery, Handed, Moment, Transport};
use crate::mails::State;
use crate::outbox::{FileTransport, Ledger, LedgerError};

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
    let deliveries = settle_left(ledger, folder, moment)?;
    // Only now: what lies beside a file's place was evidence.
    FileTransport::new(folder).sweep();
    Ok(deliveries)
}

/// What [`recover`] does in the ledger, and nothing in the folder: for a ledger on paper.
///
/// # Errors
/// As for [`recover`].
pub fn settle_left(
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
                error: "l’exécution s’est interrompue pendant la remise au serveur : il est peut-être arrivé"
                    .to_owned(),
            }
        };
        let verdict = Verdict::of_handed(handed, moment, TimeDelta::zero());
        if let Some(step) = verdict.step {
            steps.push((message.id, step));
        }
        deliveries.push(Delivery::of(message, verdict.state, verdict.error));
    }
    ledger.steps(&steps, moment)?;
    Ok(deliveries)
}
