//! The outbox in words and for programs: lists by state, one message whole, what was decided.

mod decided;
mod list;
mod sheet;

pub use decided::{
    DateTrustedView, Decided, DecidedView, LedgerTrustedView, write_date_trusted, write_decided,
    write_ledger_trusted,
};
pub use list::{ListView, Listing, write_list};
pub use sheet::{Sheet, SheetView, write_sheet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::mails::{Kind, Recipient};
use crate::outbox::Pending;

/// A message for other programs.
#[derive(Debug, Serialize)]
struct MessageView<'a> {
    id: String,
    kind: Kind,
    state: &'static str,
    to: &'a str,
    name: &'a str,
    subject: &'a str,
    why: &'a str,
    about: Option<&'a str>,
    queued_on: NaiveDate,
    attempts: u32,
    error: Option<&'a str>,
}

impl<'a> MessageView<'a> {
    fn new(message: &'a Pending) -> Self {
        Self {
            id: message.id.to_string(),
            kind: message.kind,
            state: message.state.name(),
            to: &message.to.address,
            name: &message.to.name,
            subject: &message.subject,
            why: &message.why,
            about: message.about.as_deref(),
            queued_on: message.run_day,
            attempts: message.attempts,
            error: message.last_error.as_deref(),
        }
    }
}

/// « Anna Roux <anna@example.org> »
fn mailbox(to: &Recipient) -> String {
    if to.name.is_empty() {
        return to.address.clone();
    }
    format!("{} <{}>", to.name, to.address)
}
