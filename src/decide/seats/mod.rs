//! Seats, waiting lists and fees (programme.md §4, Seats and Fee).

mod assign;

pub use assign::assign;

use crate::facts::membership::Known;
use crate::model::workshop::Workshop;

/// What a registration has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeatState {
    /// A seat.
    Confirmed,
    /// A place in the waiting list.
    Waiting,
    /// Annulée, or the workshop is.
    Cancelled,
    /// No seat and no place: the row can't be used.
    #[default]
    Excluded,
}

impl SeatState {
    /// The word that the coordinator reads.
    pub fn french(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmée",
            Self::Waiting => "liste d’attente",
            Self::Cancelled => "annulée",
            Self::Excluded => "non retenue",
        }
    }
}

/// Why it has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeatReason {
    /// A seat was free when its turn came.
    InOrder,
    /// « confirmée » in État.
    Forced,
    /// Told before that the seat is theirs: it stays so.
    AlreadyTold,
    /// Every seat is taken.
    Full,
    /// « liste d'attente » in État.
    ForcedWaiting,
    /// « annulée » in État.
    Cancelled,
    /// The workshop is annulé.
    WorkshopCancelled,
    /// Leads the workshop: takes no seat.
    Leads,
    /// The same address registered before.
    Duplicate {
        /// The earlier registration's row in Inscriptions.
        of: u32,
    },
    /// Registered after the workshop's day.
    TooLate,
    /// The workshop's État can't be read.
    WorkshopUnreadable,
    /// The row has a blocking finding.
    #[default]
    Blocked,
}

impl SeatReason {
    /// The reason that the coordinator reads.
    pub fn french(self) -> &'static str {
        match self {
            Self::InOrder => "une place était libre à son tour",
            Self::Forced => "« confirmée » est écrit dans État",
            Self::AlreadyTold => "la place a déjà été annoncée",
            Self::Full => "toutes les places sont prises",
            Self::ForcedWaiting => "« liste d’attente » est écrit dans État",
            Self::Cancelled => "« annulée » est écrit dans État",
            Self::WorkshopCancelled => "l’atelier est annulé",
            Self::Leads => "cette personne anime l’atelier",
            Self::Duplicate { .. } => "la même adresse est déjà inscrite",
            Self::TooLate => "l’inscription date d’après l’atelier",
            Self::WorkshopUnreadable => "l’état de l’atelier ne peut pas être lu",
            Self::Blocked => "la ligne a un constat bloquant",
        }
    }
}

/// What was decided for a registration.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Seat {
    /// What it has.
    pub state: SeatState,
    /// Why.
    pub reason: SeatReason,
    /// The place in the waiting list, from 1.
    pub position: Option<u32>,
    /// What the registration would owe, in euros, whatever its state.
    pub due: f64,
    /// Whether the person's structure is a member on the workshop's day; not for a person without a
    /// structure, unknown while a cell that would decide it can't be read.
    pub member: Known,
    /// Was told "waiting list" and now has a seat (INS07).
    pub promoted: bool,
}

impl Seat {
    /// What is owed, in euros: nothing without a seat or a place in the list.
    pub fn fee(&self) -> f64 {
        match self.state {
            SeatState::Confirmed | SeatState::Waiting => self.due,
            SeatState::Cancelled | SeatState::Excluded => 0.0,
        }
    }

    /// A seat or a place in the list.
    pub fn takes_part(&self) -> bool {
        matches!(self.state, SeatState::Confirmed | SeatState::Waiting)
    }

    /// The same address registered before (INS02).
    pub fn is_duplicate(&self) -> bool {
        matches!(self.reason, SeatReason::Duplicate { .. })
    }
}

/// What was decided for a workshop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkshopSeats {
    /// Seats that may be given: Places, capped at `workshops.capacity`, never below 0.
    pub places: u32,
    /// Seats given.
    pub taken: u32,
    /// Registrations told "confirmed" or forced: their seats can't be taken away (ATE04).
    pub promised: u32,
    /// People waiting.
    pub waiting: u32,
}

/// Seats by registration and by workshop.
#[derive(Debug, Default)]
pub struct Seats {
    /// By row of Inscriptions.
    pub registrations: Vec<Seat>,
    /// By row of Ateliers.
    pub workshops: Vec<WorkshopSeats>,
}

impl Seats {
    /// What was decided for one registration.
    pub fn of(&self, registration: u32) -> Seat {
        self.registrations
            .get(registration as usize)
            .copied()
            .unwrap_or_default()
    }

    /// What was decided for one workshop.
    pub fn workshop(&self, workshop: u32) -> WorkshopSeats {
        self.workshops
            .get(workshop as usize)
            .copied()
            .unwrap_or_default()
    }
}

/// The seats that a workshop may give: a number that can't be read counts as the capacity, one
/// above it too, one of 0 or less as none.
pub fn places(workshop: &Workshop, capacity: u32) -> u32 {
    let capacity = i64::from(capacity);
    let typed = workshop.seats.or_default(capacity).unwrap_or(capacity);
    u32::try_from(typed.clamp(0, capacity)).unwrap_or_default()
}
