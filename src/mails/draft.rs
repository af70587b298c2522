//! An e-mail that is due tonight, before it is rendered.

use crate::config::Mode;
use crate::model::RowRef;

use super::calendar::Invitation;
use super::kind::Kind;

/// Whom an e-mail goes to: exactly one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The name as typed, on one line.
    pub name: String,
    /// The address as typed.
    pub address: String,
}

/// An e-mail that is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its kind.
    pub kind: Kind,
    /// What it is about and for which occasion, from folded names and ISO dates, never from a row's
    /// position: with the kind and the address it is the unique business key.
    pub key: String,
    /// Whom it goes to.
    pub to: Recipient,
    /// Sent, or shown first.
    pub mode: Mode,
    /// She said yes to it on an earlier night, when it counted other days: no guard holds it again.
    pub agreed: bool,
    /// The row on whose account it goes; none where the row is gone.
    pub about: Option<RowRef>,
    /// Why it goes, in French: for the plan, the preview and the coordinator.
    pub why: String,
    /// What it tells, kept in the ledger: later nights compare it with what they read.
    pub told: serde_json::Value,
    /// The Message-IDs of the earlier messages about the same thing to the same address, oldest
    /// first.
    pub references: Vec<String>,
    /// What goes into the reader's calendar, or out of it.
    pub calendar: Option<Invitation>,
    /// What its template may use.
    pub context: serde_json::Value,
}

/// How much of each e-mail is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What it is and whom it goes to: a check of a hundred thousand registrations needs no more.
    Keys,
    /// What it tells, too: to compare it with what an earlier night told.
    Told,
    /// What its template needs and what the ledger keeps, too.
    Full,
}

/// A key that will never be sent: a reminder that fell due with the confirmation of the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledKey {
    /// The kind.
    pub kind: Kind,
    /// The business key.
    pub key: String,
    /// The address.
    pub address: String,
    /// Why, in French.
    pub why: String,
}

/// The e-mails of a night.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Due {
    /// To be sent, or shown first; ordered by kind, key, address.
    pub drafts: Vec<Draft>,
    /// Keys settled without an e-mail.
    pub settled: Vec<SettledKey>,
    /// Why nothing goes without approval tonight, in French, where a guard closed.
    pub guard: Option<String>,
}
