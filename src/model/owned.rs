//! The columns that the program owns, known by their header (programme.md §5).

use super::role::Role;

/// A column that the program writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owned {
    /// OK, Information, À vérifier or Bloquant: the worst finding of the row.
    Verdict,
    /// Each finding, code first, a line each.
    Alerts,
    /// The weighted mean of an application's marks.
    Score,
    /// The rank of an application.
    Rank,
    /// Hours held of a support.
    HoursHeld,
    /// Hours planned or held of a support.
    HoursPlanned,
    /// Agreed hours that no meeting takes yet.
    HoursLeft,
    /// Suggested resource persons.
    Suggestions,
    /// The support's running total at a meeting.
    RunningTotal,
    /// Seats taken at a workshop.
    SeatsTaken,
    /// People waiting for a workshop.
    WaitingCount,
    /// Seats left at a workshop.
    SeatsLeft,
    /// What a registration has: a seat, a place in the list.
    Seat,
    /// What a registration owes, in euros.
    Fee,
    /// What was last sent about a registration, and when.
    LastMail,
}

impl Owned {
    /// The header.
    pub fn header(self) -> &'static str {
        match self {
            Self::Verdict => "Contrôle (auto)",
            Self::Alerts => "Alertes (auto)",
            Self::Score => "Score (auto)",
            Self::Rank => "Rang (auto)",
            Self::HoursHeld => "Heures réalisées (auto)",
            Self::HoursPlanned => "Heures planifiées (auto)",
            Self::HoursLeft => "Heures restantes (auto)",
            Self::Suggestions => "Personnes suggérées (auto)",
            Self::RunningTotal => "Cumul heures (auto)",
            Self::SeatsTaken => "Inscrits (auto)",
            Self::WaitingCount => "Liste d'attente (auto)",
            Self::SeatsLeft => "Places restantes (auto)",
            Self::Seat => "Place (auto)",
            Self::Fee => "Tarif (auto)",
            Self::LastMail => "Dernier courriel (auto)",
        }
    }
}

/// The columns that the program owns on a role's sheets, in the order in which they are added.
pub fn owned_columns(role: Role) -> &'static [Owned] {
    use Owned::{
        Alerts, Fee, HoursHeld, HoursLeft, HoursPlanned, LastMail, Rank, RunningTotal, Score, Seat,
        SeatsLeft, SeatsTaken, Suggestions, Verdict, WaitingCount,
    };
    match role {
        Role::Applications => &[Verdict, Alerts, Score, Rank],
        Role::Supports => &[
            Verdict,
            Alerts,
            HoursHeld,
            HoursPlanned,
            HoursLeft,
            Suggestions,
        ],
        Role::Meetings => &[Verdict, Alerts, RunningTotal],
        Role::Workshops => &[Verdict, Alerts, SeatsTaken, WaitingCount, SeatsLeft],
        Role::Registrations => &[Verdict, Alerts, Seat, Fee, LastMail],
        Role::Members
        | Role::CommitteeMarks
        | Role::ResourcePersons
        | Role::Proximities
        | Role::Evaluations => &[Verdict, Alerts],
    }
}
