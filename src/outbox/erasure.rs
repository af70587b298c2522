//! What is to leave the ledger, and what left it.

use chrono::NaiveDate;

use crate::mails::Kind;

/// What is to leave the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// All about somebody.
    Person {
        /// The addresses in lower case.
        addresses: Vec<String>,
        /// The names, folded.
        names: Vec<String>,
    },
    /// All that was queued before a day.
    Before(NaiveDate),
}

/// What left the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// The messages that were erased.
    pub erased: Vec<Erased>,
    /// Messages that name the person, or are old, but are open, or tell somebody else of something
    /// still to come: they can be erased later.
    pub kept: usize,
}

/// A message that was erased: enough to find its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The day of the run that queued it.
    pub run_day: NaiveDate,
    /// Its kind.
    pub kind: Kind,
    /// Its Message-ID; none for a key that was settled without a message.
    pub message_id: Option<String>,
}
