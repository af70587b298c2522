//! Trying a server out, with no ledger behind it: for the operator who sets it up.

use chrono::NaiveDate;

use super::{SmtpTransport, Transport};
use crate::mails::{Kind, Recipient, State};
use crate::outbox::{Failure, Handed, Id, Outgoing, message::Pending};

/// A message of whoever sets the server up.
#[derive(Debug)]
pub struct Trial<'a> {
    /// Whom it goes to.
    pub address: &'a str,
    /// The whole message (RFC 5322).
    pub eml: Vec<u8>,
    /// The day on which it goes.
    pub day: NaiveDate,
}

impl SmtpTransport {
    /// Goes as far as a message could begin, AUTH included, and takes leave: nothing is sent.
    ///
    /// # Errors
    /// The server can't be used.
    pub fn try_out(&mut self) -> Result<(), Failure> {
        self.session()?;
        self.finish();
        Ok(())
    }

    /// Sends one message, and takes leave.
    pub fn send_trial(&mut self, trial: Trial<'_>) -> Handed {
        let message = Outgoing {
            message: pending(&trial),
            address: trial.address.to_owned(),
            eml: trial.eml,
        };
        let handed = match self.prepare(&message) {
            Ok(()) => self.hand_over(&message),
            Err(failure) => Handed::Failed(failure),
        };
        self.finish();
        handed
    }
}

/// What a transport is told of a message; of all this it uses the address alone.
fn pending(trial: &Trial<'_>) -> Pending {
    Pending {
        id: Id(0),
        kind: Kind::Digest,
        key: String::new(),
        to: Recipient {
            name: String::new(),
            address: trial.address.to_owned(),
        },
        state: State::Planned,
        run_day: trial.day,
        about: None,
        why: String::new(),
        subject: String::new(),
        message_id: String::new(),
        attempts: 0,
        handed_to: None,
        last_error: None,
    }
}
