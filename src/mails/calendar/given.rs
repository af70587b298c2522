//! What a reader's calendar was given, kept in the ledger beside what the e-mail told.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Event, Invitation, Method, Span};
use crate::config::Settings;
use crate::mails::message::{MessageError, hex, sender};
use crate::model::fold::fold_name;

/// In what an e-mail told, where a calendar part went with it.
const FIELD: &str = "calendar";

/// What an e-mail wishes to stand in the reader's calendar.
#[derive(Debug, Clone, Copy)]
pub(in crate::mails) enum Wish {
    /// It takes place.
    Holds,
    /// It doesn't, or not for her: an entry that she was given goes.
    IsOff,
}

/// What a reader's calendar was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::mails) struct Given {
    uid: String,
    sequence: u32,
    span: Span,
    place: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cancelled: bool,
}

impl Given {
    /// As an e-mail of an earlier night gave it; none where it gave nothing.
    pub fn read(told: &Value) -> Option<Self> {
        Self::deserialize(told.get(FIELD)?).ok()
    }

    /// As this calendar part gives it.
    pub fn of(invitation: &Invitation) -> Self {
        Self {
            uid: invitation.uid.clone(),
            sequence: invitation.sequence,
            span: invitation.event.span,
            place: invitation.event.place.clone(),
            cancelled: invitation.method == Method::Cancel,
        }
    }

    /// Keeps it in what the e-mail tells.
    pub fn keep(&self, told: &mut Value) {
        if let (Value::Object(fields), Ok(given)) = (told, serde_json::to_value(self)) {
            fields.insert(FIELD.to_owned(), given);
        }
    }

    fn is_for(&self, event: &Event) -> bool {
        let same_place = fold_name(&self.place) == fold_name(&event.place);
        !self.cancelled && self.span == event.span && same_place
    }

    /// The entry for an event: with the same UID, later in sequence when its time or place is
    /// another, or when it was cancelled in between (RFC 5546 §2.1.4).
    fn again(self, event: Event) -> Invitation {
        let sequence = self.sequence + u32::from(!self.is_for(&event));
        Invitation {
            method: Method::Request,
            uid: self.uid,
            sequence,
            event,
        }
    }

    /// Takes the entry away as it stands in her calendar: a cancellation is a revision of its own
    /// (RFC 5546 §2.1.4).
    fn withdrawn(self, event: Event) -> Option<Invitation> {
        (!self.cancelled).then(|| Invitation {
            method: Method::Cancel,
            uid: self.uid,
            sequence: self.sequence + 1,
            event: Event {
                span: self.span,
                place: self.place,
                ..event.cancelled()
            },
        })
    }
}

impl Wish {
    /// The calendar part, beside what was given last; none where there is nothing to take away.
    pub fn fulfilled(
        self,
        event: Event,
        before: Option<Given>,
        uid: impl FnOnce() -> Option<String>,
    ) -> Option<Invitation> {
        match (self, before) {
            (Self::IsOff, before) => before?.withdrawn(event),
            (Self::Holds, Some(before)) => Some(before.again(event)),
            (Self::Holds, None) => Some(Invitation {
                method: Method::Request,
                uid: uid()?,
                sequence: 0,
                event,
            }),
        }
    }
}

/// The UID of a thing for an address (in lower case). It tells nobody what or whom it is about, and
/// is nobody else's (RFC 7986 §5.3).
///
/// # Errors
///
/// Nobody to send as, or the sender's address can't be used.
pub(in crate::mails) fn new_uid(
    thing: &str,
    address: &str,
    settings: &Settings,
) -> Result<String, MessageError> {
    let domain = sender(settings)?.email.domain().to_owned();
    let digest = Sha256::digest(format!("{thing}|{address}").as_bytes());
    Ok(format!("{}@{domain}", hex(&digest, 16)))
}
