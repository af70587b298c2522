//! INS05: the workshop is annulé (programme.md §4). The row has no other INS finding but INS02, and
//! nothing is due; what was paid should go back.

use super::examined::distinct;
use crate::decide::Decisions;
use crate::findings::Severity;
use crate::french::words;
use crate::model::registration;
use crate::rules::{Card, Night, Sink};

/// What `explain INS05` prints.
pub const CARD: Card = Card {
    code: "INS05",
    severity: Severity::Warning,
    title: "Atelier annulé",
    finds: "L’atelier de cette inscription est annulé : plus aucune place ni participation ne compte.",
    remedy: "Proposez un autre atelier à la personne, et remboursez ce qu’elle a payé.",
};

/// Reports every registration for a cancelled workshop.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for examined in distinct(night, decisions) {
        if !examined.workshop.is_cancelled() {
            continue;
        }
        let paid = examined.registration.paid.get().unwrap_or(0.0);
        let refund = if paid > 0.0 {
            format!(" Pensez à rembourser les {} payés.", words::euros(paid))
        } else {
            String::new()
        };
        let message = format!(
            "L’atelier {} est annulé : proposez-en un autre à cette personne.{refund}",
            examined.workshop_name(),
        );
        sink.row(examined.row, registration::WORKSHOP, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn workshop(state: &str) -> Scene {
        Scene::new().workshop(&[("État", state)])
    }

    #[test]
    fn a_registration_for_a_cancelled_workshop_is_found() {
        let scene = workshop("annulé").registration(&[("Paiement", "18")]);
        assert_eq!(scene.places("INS05"), ["Inscriptions!B2"]);
        assert!(scene.messages("INS05")[0].contains("18\u{a0}€"));
        let unpaid = workshop("annulé").registration(&[]);
        assert!(!unpaid.messages("INS05")[0].contains('€'));
    }

    #[test]
    fn other_states_are_silent() {
        for state in ["", "prévu", "réalisé", "?"] {
            let scene = workshop(state).registration(&[]);
            assert!(scene.rows("INS05").is_empty(), "{state}");
        }
    }

    #[test]
    fn a_cancelled_registration_is_silent() {
        let scene = workshop("annulé").registration(&[("État", "annulée")]);
        assert!(scene.rows("INS05").is_empty());
    }

    #[test]
    fn it_is_the_only_one_of_its_family() {
        let scene = workshop("annulé").registration(&[
            ("Inscrit le", "30/01/2021"),
            ("Structure", "Inconnue"),
            ("Paiement", "100"),
        ]);
        for code in ["INS01", "INS03", "INS04", "INS06", "INS07", "INS08"] {
            assert!(scene.rows(code).is_empty(), "{code}");
        }
    }

    #[test]
    fn a_workshop_planned_again_under_its_reference_counts() {
        let scene = workshop("annulé")
            .workshop(&[("Date", "04/02/2021")])
            .registration(&[]);
        assert!(scene.rows("INS05").is_empty());
    }
}
