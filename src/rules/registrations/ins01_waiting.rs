//! INS01: the registration is on the waiting list, at place n (programme.md §4; Seats). Says why:
//! the workshop is full, or the coordinator wrote « liste d'attente ».

use super::examined::examined;
use crate::decide::{Decisions, SeatReason, SeatState};
use crate::findings::Severity;
use crate::french::words;
use crate::model::registration;
use crate::rules::{Card, Night, Sink};

/// What `explain INS01` prints.
pub const CARD: Card = Card {
    code: "INS01",
    severity: Severity::Info,
    title: "En liste d’attente",
    finds: "L’atelier est complet, ou vous avez écrit « liste d’attente » : l’inscription attend, à la place indiquée.",
    remedy: "Rien à faire : une place qui se libère revient à la première personne qui attend. Pour en décider vous-même, écrivez « confirmée » dans l’état.",
};

/// Reports every registration that waits.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for examined in examined(night, decisions) {
        let SeatState::Waiting = examined.seat.state else {
            continue;
        };
        let Some(position) = examined.seat.position else {
            continue;
        };
        let (column, reason) = match examined.seat.reason {
            SeatReason::ForcedWaiting => (
                Some(registration::STATE),
                "comme vous l’avez indiqué".to_owned(),
            ),
            _ => (
                None,
                format!(
                    "l’atelier est complet ({})",
                    words::count(examined.places as usize, "place", "places")
                ),
            ),
        };
        let message = format!(
            "En liste d’attente pour {}, à la place {position} : {reason}.",
            examined.workshop_name(),
        );
        sink.row(examined.row, column, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn three(places: &str) -> Scene {
        Scene::new()
            .workshop(&[("Places", places)])
            .registration(&[("Email", "a@example.org")])
            .registration(&[("Email", "b@example.org")])
            .registration(&[("Email", "c@example.org")])
    }

    #[test]
    fn those_who_come_after_the_last_place_wait_in_order() {
        let scene = three("1");
        assert_eq!(scene.rows("INS01"), ["Inscriptions!3", "Inscriptions!4"]);
        let messages = scene.messages("INS01");
        assert!(messages[0].contains("à la place 1"), "{messages:?}");
        assert!(messages[1].contains("à la place 2"), "{messages:?}");
        assert!(messages[1].contains("complet (1 place)"), "{messages:?}");
    }

    #[test]
    fn the_last_place_is_a_place() {
        assert!(three("3").rows("INS01").is_empty());
        assert_eq!(three("2").rows("INS01"), ["Inscriptions!4"]);
    }

    #[test]
    fn who_is_asked_to_wait_is_told_why() {
        let scene = Scene::new().registration(&[("État", "liste d'attente")]);
        assert_eq!(scene.places("INS01"), ["Inscriptions!I2"]);
        assert!(scene.messages("INS01")[0].contains("comme vous l’avez indiqué"));
    }

    #[test]
    fn a_cancelled_workshop_has_no_list() {
        let scene = Scene::new()
            .workshop(&[("Places", "1"), ("État", "annulé")])
            .registration(&[("Email", "a@example.org")])
            .registration(&[("Email", "b@example.org")]);
        assert!(scene.rows("INS01").is_empty());
    }
}
