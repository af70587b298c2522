//! What people were told before tonight, as the decisions need it.

use std::collections::BTreeMap;

/// What a registrant was last told about the seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatTold {
    /// "You have a seat."
    Confirmed,
    /// "You are on the waiting list."
    Waiting,
}

/// What people were told, by the identity of what it was about: a snapshot of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    seats: BTreeMap<String, SeatTold>,
}

impl Told {
    /// Notes what a registrant was told last.
    pub fn note_seat(&mut self, registration: String, told: SeatTold) {
        self.seats.insert(registration, told);
    }

    /// What the registrant was told last; the identity is that of
    /// [`crate::model::registration::Registration::identity`].
    pub fn seat(&self, registration: &str) -> Option<SeatTold> {
        self.seats.get(registration).copied()
    }

    /// Nobody was told anything about a seat.
    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }
}
