//! RDV06: the meeting's day has passed and it is still prévu (programme.md §4): its hours are not
//! counted as held. An empty État is prévu; a meeting of today may still take place.

use crate::findings::Severity;
use crate::model::meeting;
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV06` prints.
pub const CARD: Card = Card {
    code: "RDV06",
    severity: Severity::Warning,
    title: "Rendez-vous passé encore prévu",
    finds: "La date du rendez-vous est passée et son état est encore « prévu » : ses heures ne comptent pas comme réalisées.",
    remedy: "Indiquez « réalisé » ou « annulé » dans la colonne État, ou la nouvelle date.",
};

/// Reports every planned meeting before D.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, meeting) in night.season.tables.meetings.iter().flat_map(Table::live) {
        let Some(day) = meeting.date.get() else {
            continue;
        };
        if day >= night.today || !meeting.is_planned() {
            continue;
        }
        let row = RowRef {
            role: Role::Meetings,
            index,
        };
        let message = format!(
            "Le {} est passé et le rendez-vous est encore « prévu » : indiquez « réalisé », « annulé » ou sa nouvelle date.",
            short_date(day),
        );
        sink.row(row, meeting::STATE, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn meeting(day: &str, state: &str) -> Scene {
        Scene::new().meeting(&[("Date", day), ("État", state)])
    }

    #[test]
    fn a_past_meeting_without_a_state_is_found() {
        assert_eq!(
            meeting("11/01/2021", "").places("RDV06"),
            ["Rendez-vous!G2"]
        );
        assert_eq!(meeting("11/01/2021", "prévu").rows("RDV06").len(), 1);
    }

    #[test]
    fn today_is_not_past() {
        assert!(meeting("12/01/2021", "").rows("RDV06").is_empty());
    }

    #[test]
    fn other_states_are_silent() {
        for state in ["réalisé", "annulé", "?"] {
            assert!(
                meeting("11/01/2021", state).rows("RDV06").is_empty(),
                "{state}"
            );
        }
    }

    #[test]
    fn an_unreadable_date_is_silent() {
        assert!(meeting("bientôt", "").rows("RDV06").is_empty());
    }
}
