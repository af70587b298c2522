//! INS07: a seat came free: this person was told "waiting list" and now has a seat (programme.md
//! §4). Who was told nothing, or told "confirmed", is not meant.

use super::examined::examined;
use crate::decide::Decisions;
use crate::findings::Severity;
use crate::rules::{Card, Night, Sink};

/// What `explain INS07` prints.
pub const CARD: Card = Card {
    code: "INS07",
    severity: Severity::Info,
    title: "Une place s’est libérée",
    finds: "Cette personne attendait et a maintenant une place : un courriel le lui annonce.",
    remedy: "Rien à faire ; si la personne ne peut plus venir, écrivez « annulée » dans l’état.",
};

/// Reports everybody who comes off the waiting list.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for examined in examined(night, decisions) {
        if examined.seat.promoted {
            let message = format!(
                "Une place s’est libérée pour {} : cette personne, qui attendait, a maintenant une place.",
                examined.workshop_name(),
            );
            sink.row(examined.row, None, message);
        }
    }
}

#[cfg(test)]
mod tests {

    use crate::facts::{SeatTold, Told};
    use crate::rules::scene::Scene;

    fn told(what: SeatTold) -> Told {
        let mut told = Told::default();
        told.note_seat("at01|camille@example.org".to_owned(), what);
        told
    }

    #[test]
    fn who_was_told_to_wait_and_has_a_seat_is_found() {
        let scene = Scene::new().registration(&[]).told(told(SeatTold::Waiting));
        assert_eq!(scene.rows("INS07"), ["Inscriptions!2"]);
        assert!(scene.messages("INS07")[0].contains("AT-01"));
    }

    #[test]
    fn who_still_waits_is_silent() {
        let scene = Scene::new()
            .workshop(&[("Places", "1")])
            .registration(&[("Email", "a@example.org")])
            .registration(&[])
            .told(told(SeatTold::Waiting));
        assert!(scene.rows("INS07").is_empty());
    }

    #[test]
    fn who_was_told_nothing_or_confirmed_is_silent() {
        assert!(Scene::new().registration(&[]).rows("INS07").is_empty());
        let scene = Scene::new()
            .registration(&[])
            .told(told(SeatTold::Confirmed));
        assert!(scene.rows("INS07").is_empty());
    }

    #[test]
    fn a_cancelled_workshop_frees_nothing() {
        let scene = Scene::new()
            .workshop(&[("État", "annulé")])
            .registration(&[])
            .told(told(SeatTold::Waiting));
        assert!(scene.rows("INS07").is_empty());
    }
}
