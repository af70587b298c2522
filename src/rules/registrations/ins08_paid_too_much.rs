//! INS08: paid more than is due (programme.md §4; Fee). Exactly the fee is fine; a member structure
//! owes nothing. What is due is what the registration would owe with a seat: who paid and waits has
//! paid nothing too much.
//!
//! Not made where the fee isn't known: see [`super::examined::Examined::due`].

use super::examined::examined;
use crate::decide::Decisions;
use crate::facts::hours::TOLERANCE;
use crate::findings::Severity;
use crate::french::words;
use crate::model::registration;
use crate::rules::{Card, Night, Sink};

/// What `explain INS08` prints.
pub const CARD: Card = Card {
    code: "INS08",
    severity: Severity::Info,
    title: "Payé plus que dû",
    finds: "Le montant payé dépasse la participation due : une erreur de saisie, ou une somme à rendre.",
    remedy: "Vérifiez le montant ; s’il est juste, convenez avec la personne de ce que devient la différence.",
};

/// Reports every payment above what is due.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for examined in examined(night, decisions) {
        let Some(due) = examined.due() else { continue };
        let Some(paid) = examined.registration.paid.get() else {
            continue;
        };
        if paid <= due + TOLERANCE {
            continue;
        }
        let owed = if due > 0.0 {
            format!("la participation est de {}", words::euros(due))
        } else {
            "rien n’est dû".to_owned()
        };
        let message = format!(
            "{} payés, alors que {owed} : vérifiez le montant, ou rendez la différence de {}.",
            words::euros(paid),
            words::euros(paid - due),
        );
        sink.row(examined.row, registration::PAID, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;
    use crate::sheets::cells::Raw;

    fn paid(amount: &str) -> Scene {
        Scene::new().registration(&[("Paiement", amount)])
    }

    #[test]
    fn the_fee_is_right_and_a_cent_more_is_not() {
        assert!(paid("18").rows("INS08").is_empty());
        assert!(paid("17,99").rows("INS08").is_empty());
        assert_eq!(paid("18,01").places("INS08"), ["Inscriptions!F2"]);
        assert!(paid("20,50").messages("INS08")[0].contains("2,50\u{a0}€"));
    }

    #[test]
    fn a_member_who_paid_has_paid_too_much() {
        let scene = Scene::new()
            .member(&[])
            .registration(&[("Structure", "Atelier Nord"), ("Paiement", "18")]);
        assert_eq!(scene.rows("INS08").len(), 1);
        assert!(scene.messages("INS08")[0].contains("rien n’est dû"));
    }

    #[test]
    fn who_paid_and_waits_has_paid_nothing_too_much() {
        let scene = Scene::new().registration(&[("État", "liste d'attente"), ("Paiement", "18")]);
        assert!(scene.rows("INS08").is_empty());
    }

    #[test]
    fn a_fee_that_is_not_known_is_not_compared() {
        let evening = paid("100").workshop(&[("Demi-journée", "soir")]);
        assert!(evening.rows("INS08").is_empty());
        let member = Scene::new()
            .member(&[("Payée le", "un jour")])
            .registration(&[("Structure", "Atelier Nord"), ("Paiement", "100")]);
        assert!(member.rows("INS08").is_empty());
        assert!(paid("un chèque").rows("INS08").is_empty());
        let structure = Scene::new().registration_raw(&[
            ("Structure", Raw::Error("#N/A")),
            ("Paiement", Raw::Number(100.0)),
        ]);
        assert!(structure.rows("INS08").is_empty());
    }
}
