//! INS06: Structure is named, but has no membership valid on the workshop's day, or on D while it
//! has no date (programme.md §4): the fee is due. Often a name spelt in another way.
//!
//! Either level will do. Said of whoever waits or can't be seated too. Not made while
//! a cell that would decide it can't be read.

use chrono::NaiveDate;

use super::examined::{Examined, examined};
use crate::decide::{Decisions, SeatReason};
use crate::facts::membership::{self, Known};
use crate::findings::Severity;
use crate::french::words;
use crate::model::registration;
use crate::model::time::short_date;
use crate::model::{Name, Role};
use crate::rules::{Card, Night, Sink};

/// What `explain INS06` prints.
pub const CARD: Card = Card {
    code: "INS06",
    severity: Severity::Info,
    title: "Structure sans adhésion valable",
    finds: "La structure de cette personne n’a pas d’adhésion valable le jour de l’atelier : la participation des non-adhérents est due.",
    remedy: "Vérifiez l’écriture du nom dans Adhérents, ou l’adhésion de la structure ; sinon, il n’y a rien à faire.",
};

/// Reports every registration whose structure is no member that day.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for examined in examined(night, decisions) {
        let Some(structure) = examined.registration.structure.value() else {
            continue;
        };
        if examined.seat.member != Known::No {
            continue;
        }
        let message = message(night, &examined, structure);
        sink.row(examined.row, registration::STRUCTURE, message);
    }
}

fn message(night: &Night, examined: &Examined, structure: &Name) -> String {
    let name = words::quoted(&structure.text);
    let members = words::quoted(Role::Members.french());
    let day: NaiveDate = examined.workshop.date.get().unwrap_or(night.today);
    let wrong = if membership::is_listed(night.season, structure.key) {
        format!("{name} n’a pas d’adhésion valable le {}", short_date(day))
    } else {
        format!("{name} ne figure pas dans {members}")
    };
    // Who leads the workshop takes no seat, and owes nothing.
    let fee = if examined.seat.reason == SeatReason::Leads {
        String::new()
    } else {
        format!(
            " : la participation de {} est due",
            words::euros(examined.seat.due)
        )
    };
    format!("{wrong}{fee}. Vérifiez le nom ou l’adhésion.")
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn nord(member: &[(&str, &str)]) -> Scene {
        Scene::new()
            .member(member)
            .registration(&[("Structure", "Atelier Nord")])
    }

    #[test]
    fn a_structure_that_is_not_listed_is_found() {
        let scene = Scene::new().registration(&[("Structure", "Studio Est")]);
        assert_eq!(scene.places("INS06"), ["Inscriptions!E2"]);
        let message = &scene.messages("INS06")[0];
        assert!(message.contains("ne figure pas"), "{message}");
        assert!(message.contains("18\u{a0}€ est due"), "{message}");
    }

    #[test]
    fn the_last_day_of_a_membership_is_inside() {
        let until = |day| nord(&[("Valable jusqu'au", day)]);
        assert!(until("28/01/2021").rows("INS06").is_empty());
        assert_eq!(until("27/01/2021").rows("INS06").len(), 1);
        let from = |day| nord(&[("Payée le", day)]);
        assert!(from("28/01/2021").rows("INS06").is_empty());
        assert_eq!(from("29/01/2021").rows("INS06").len(), 1);
    }

    #[test]
    fn without_a_date_today_decides() {
        let until = |day| nord(&[("Valable jusqu'au", day)]).workshop(&[("Date", "")]);
        assert!(until("12/01/2021").rows("INS06").is_empty());
        assert_eq!(until("11/01/2021").rows("INS06").len(), 1);
    }

    #[test]
    fn a_cooperating_member_is_a_member() {
        let fee = |euros| nord(&[("Statut", "membre coopérant"), ("Cotisation", euros)]);
        assert!(fee("100").rows("INS06").is_empty());
        assert_eq!(fee("99").rows("INS06").len(), 1);
    }

    #[test]
    fn a_person_without_a_structure_is_silent() {
        assert!(Scene::new().registration(&[]).rows("INS06").is_empty());
    }

    #[test]
    fn who_waits_or_is_blocked_is_told_too() {
        for cell in [("État", "liste d'attente"), ("Nom", "")] {
            let scene = Scene::new().registration(&[("Structure", "Studio Est"), cell]);
            assert_eq!(scene.rows("INS06").len(), 1, "{cell:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_leaves_it_out() {
        assert!(nord(&[("Payée le", "un jour")]).rows("INS06").is_empty());
        for cell in [("Date", "bientôt"), ("État", "?")] {
            let scene = Scene::new()
                .workshop(&[cell])
                .registration(&[("Structure", "Studio Est")]);
            assert!(scene.rows("INS06").is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn who_leads_is_not_asked_for_money() {
        let scene = Scene::new().registration(&[("Nom", "Anna Roux"), ("Structure", "Studio Sud")]);
        assert!(!scene.messages("INS06")[0].contains('€'));
    }
}
