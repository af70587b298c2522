//! The state of a meeting or of a workshop.

use super::cell::Cell;

/// Prévu, réalisé or annulé; an empty cell is prévu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// Prévu.
    Planned,
    /// Réalisé.
    Held,
    /// Annulé.
    Cancelled,
}

/// The words of the column État.
pub const EVENT_STATES: &[&str] = &["prévu", "réalisé", "annulé"];

/// Whether a row with this État counts: it could be read, and is not annulé (programme.md §4).
pub fn counts(state: &Cell<EventState>) -> bool {
    matches!(
        state,
        Cell::Empty | Cell::Is(EventState::Planned | EventState::Held)
    )
}
