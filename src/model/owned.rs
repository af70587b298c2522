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

    /// Whether the program may have written that text here. What it can't have written is the
    /// coordinator's, who typed it into a column of ours: it must not be lost.
    pub fn may_have_written(self, text: &str) -> bool {
        let text = text.trim();
        if text.is_empty() {
            return true;
        }
        match self {
            Self::Verdict => ["OK", "Information", "À vérifier", "Bloquant"].contains(&text),
            // A text that was too long for a cell ends in an ellipsis.
            Self::Alerts => text
                .lines()
                .all(|line| begins_with_code(line) || line == "…"),
            Self::Seat => {
                let seats = ["confirmée", "annulée", "non retenue"];
                let waiting = ["liste d’attente", "liste d'attente"];
                seats.contains(&text) || waiting.iter().any(|start| text.starts_with(start))
            }
            // Names, reasons and kinds of e-mail come in any words.
            Self::Suggestions | Self::LastMail => true,
            Self::Score
            | Self::Rank
            | Self::HoursHeld
            | Self::HoursPlanned
            | Self::HoursLeft
            | Self::RunningTotal
            | Self::SeatsTaken
            | Self::WaitingCount
            | Self::SeatsLeft
            | Self::Fee => false,
        }
    }
}

/// `DON01 …`: the code of a finding.
fn begins_with_code(line: &str) -> bool {
    let Some((code, _)) = line.split_at_checked(5) else {
        return false;
    };
    let Some((letters, digits)) = code.split_at_checked(3) else {
        return false;
    };
    letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_writes_is_known() {
        for (owned, ours) in [
            (Owned::Verdict, "À vérifier"),
            (Owned::Alerts, "DON01 vide\nINS03 18 € à payer"),
            (Owned::Alerts, "DON01 vide\n…"),
            (Owned::Seat, "liste d’attente 3"),
            (Owned::LastMail, "confirmation, 12/01/2021"),
            (Owned::Score, "  "),
        ] {
            assert!(owned.may_have_written(ours), "{ours}");
        }
        for (owned, hers) in [
            (Owned::Verdict, "vu"),
            (Owned::Alerts, "DON01 vide\nvu avec Alma"),
            (Owned::Alerts, "été"),
            (Owned::Alerts, "ÀÀ1"),
            (Owned::Seat, "à rappeler"),
            (Owned::Fee, "gratuit"),
        ] {
            assert!(!owned.may_have_written(hers), "{hers}");
        }
    }
}
