//! Seats, fees, ranking and suggestions, each with its reason in words.

pub mod ranking;
pub mod seats;
pub mod suggestions;

pub use ranking::{ApplicationStatus, Ranking};
pub use seats::{Seat, SeatReason, SeatState, Seats, WorkshopSeats};
pub use suggestions::Suggestion;

use crate::facts::Night;
use crate::findings::{Finding, FindingsOfRole};
use crate::model::Role;

/// Everything that was decided tonight.
#[derive(Debug, Default)]
pub struct Decisions {
    /// Applications: status, score and rank.
    pub ranking: Ranking,
    /// Registrations: seat or place in the list, and fee.
    pub seats: Seats,
    /// Suggested resource persons, by row of Accompagnements; empty where none is due.
    pub suggestions: Vec<Vec<Suggestion>>,
}

/// Decides, from the season and the findings of the rules that need no decision. A registration
/// later than its workshop (INS04) is kept from a seat where that finding is blocking.
pub fn decide(night: &Night, findings: &[Finding], late_is_blocking: bool) -> Decisions {
    let marks = |role| FindingsOfRole::of(role, findings, night.season);
    Decisions {
        ranking: ranking::rank(night, &marks(Role::Applications)),
        seats: seats::assign(night, &marks(Role::Registrations), late_is_blocking),
        suggestions: suggestions::suggest(night),
    }
}
