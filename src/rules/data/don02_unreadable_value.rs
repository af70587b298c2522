//! DON02: a value can't be read as its type, is out of its range, or is not among the choices; a
//! formula was never calculated (programme.md §2 and §4).
//!
//! One finding a cell. Ranges that have a code of their own (RDV07, ATE01, ACC01, EVA02) are left to
//! it; e-mail addresses to DON03.

use crate::findings::Severity;
use crate::french::words;
use crate::model::fault::FaultKind;
use crate::rules::{Card, Night, Sink};

/// What `explain DON02` prints.
pub const CARD: Card = Card {
    code: "DON02",
    severity: Severity::Blocking,
    title: "Valeur illisible",
    finds: "Une cellule ne contient pas ce que sa colonne attend : une date, un nombre, un oui ou non, un mot de la liste ; ou bien sa formule n’a jamais été calculée.",
    remedy: "Corrigez la valeur comme le message le propose ; pour une formule, ouvrez le classeur dans Excel et enregistrez-le.",
};

/// Reports every cell that gives no value of its type.
pub fn check(night: &Night, sink: &mut Sink) {
    for fault in &night.season.faults {
        let header = || words::header(night.season, fault.row, fault.column);
        match &fault.kind {
            FaultKind::Unreadable {
                shown,
                expected,
                near,
            } => {
                let value = words::quoted(shown);
                let near: Vec<String> = near.iter().map(ToString::to_string).collect();
                let remedy = words::proposal(&near, "Corrigez la valeur.");
                let message = format!(
                    "{value} ne convient pas dans {} : il faut {expected}. {remedy}",
                    header()
                );
                sink.row(fault.row, fault.column, message);
            }
            FaultKind::Uncalculated => {
                let message = format!(
                    "La formule de {} n’a jamais été calculée : ouvrez le classeur dans Excel et enregistrez-le.",
                    header()
                );
                sink.row(fault.row, fault.column, message);
            }
            FaultKind::Missing | FaultKind::BadEmail { .. } | FaultKind::ErrorValue { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn a_value_of_another_type_is_found() {
        let scene = Scene::new().member(&[("Cotisation", "beaucoup"), ("Payée le", "31/02/2021")]);
        assert_eq!(scene.places("DON02"), ["Adhérents!K2", "Adhérents!L2"]);
    }

    #[test]
    fn a_near_choice_is_proposed() {
        let scene = Scene::new().member(&[("Statut", "membre actf")]);
        let messages = scene.messages("DON02");
        assert!(
            messages[0].contains("«\u{a0}membre actif\u{a0}»\u{202f}?"),
            "{messages:?}"
        );
    }

    #[test]
    fn the_end_may_not_be_before_the_payment() {
        let day =
            |until| Scene::new().member(&[("Payée le", "12/01/2021"), ("Valable jusqu'au", until)]);
        assert!(day("12/01/2021").places("DON02").is_empty());
        assert_eq!(day("11/01/2021").places("DON02"), ["Adhérents!M2"]);
    }

    #[test]
    fn marks_go_from_nought_to_five() {
        let mark = |value| Scene::new().application(&[("Note engagement", value)]);
        assert!(mark("0").places("DON02").is_empty());
        assert!(mark("5").places("DON02").is_empty());
        assert_eq!(mark("5,01").places("DON02").len(), 1);
        assert_eq!(mark("-0,01").places("DON02").len(), 1);
    }

    #[test]
    fn ranges_with_a_code_of_their_own_are_left_to_it() {
        let scene = Scene::new()
            .support(&[("Heures prévues", "-3")])
            .meeting(&[("Heures", "-1")])
            .workshop(&[("Places", "-2")]);
        assert!(scene.places("DON02").is_empty());
    }
}
