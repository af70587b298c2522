//! INS03: the registration has a seat, a fee is due, and less than it has been paid (programme.md
//! §4; Fee). An empty Paiement is nothing paid; exactly the fee is fine.
//!
//! Not made where the fee isn't known: see [`super::examined::Examined::due`].

use super::examined::examined;
use crate::decide::{Decisions, SeatState};
use crate::facts::hours::TOLERANCE;
use crate::findings::Severity;
use crate::french::words;
use crate::model::registration;
use crate::rules::{Card, Night, Sink};

/// What `explain INS03` prints.
pub const CARD: Card = Card {
    code: "INS03",
    severity: Severity::Warning,
    title: "Participation à payer",
    finds: "La personne a une place, une participation est due, et elle n’est pas entièrement payée.",
    remedy: "Notez le paiement quand vous l’avez reçu ; si la structure est adhérente, vérifiez son nom et son adhésion.",
};

/// Reports every seat that is not fully paid.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for examined in examined(night, decisions) {
        let Some(due) = examined.due() else { continue };
        let Some(paid) = examined.registration.paid.or_default(0.0) else {
            continue;
        };
        if examined.seat.state != SeatState::Confirmed || paid + TOLERANCE >= due {
            continue;
        }
        let header = words::header(night.season, examined.row, registration::PAID);
        let message = format!(
            "La participation est de {} et {header} indique {} : notez le paiement quand vous l’avez reçu.",
            words::euros(due),
            words::euros(paid),
        );
        sink.row(examined.row, registration::PAID, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn paid(amount: &str) -> Scene {
        Scene::new().registration(&[("Paiement", amount)])
    }

    #[test]
    fn nothing_paid_is_found() {
        assert_eq!(paid("").places("INS03"), ["Inscriptions!F2"]);
        let message = &paid("").messages("INS03")[0];
        assert!(message.contains("est de 18\u{a0}€"), "{message}");
        assert!(message.contains("indique 0\u{a0}€"), "{message}");
    }

    #[test]
    fn the_fee_is_enough_and_a_cent_less_is_not() {
        assert_eq!(paid("17,99").rows("INS03").len(), 1);
        assert!(paid("18").rows("INS03").is_empty());
        assert!(paid("20").rows("INS03").is_empty());
    }

    #[test]
    fn a_whole_day_costs_two_half_days() {
        let day = |amount| paid(amount).workshop(&[("Demi-journée", "journée")]);
        assert_eq!(day("18").rows("INS03").len(), 1);
        assert!(day("36").rows("INS03").is_empty());
    }

    #[test]
    fn a_member_owes_nothing() {
        let scene = Scene::new()
            .member(&[])
            .registration(&[("Structure", "Atelier Nord")]);
        assert!(scene.rows("INS03").is_empty());
    }

    #[test]
    fn only_who_has_a_seat_pays() {
        for cell in [
            ("État", "liste d'attente"),
            ("État", "annulée"),
            ("Nom", ""),
        ] {
            let scene = Scene::new().registration(&[cell]);
            assert!(scene.rows("INS03").is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn a_fee_that_is_not_known_is_not_asked_for() {
        assert!(paid("un chèque").rows("INS03").is_empty());
        let evening = Scene::new()
            .workshop(&[("Demi-journée", "soir")])
            .registration(&[]);
        assert!(evening.rows("INS03").is_empty());
        let member = |paid| {
            Scene::new()
                .member(&[("Payée le", paid)])
                .registration(&[("Structure", "Atelier Nord")])
        };
        assert!(member("un jour").rows("INS03").is_empty());
        assert_eq!(member("").rows("INS03").len(), 1);
    }
}
