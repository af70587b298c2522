//! DON03: an e-mail address is not valid (programme.md §2 and §4).
//!
//! One address and nothing around it: a cell with two addresses is a finding, not a guess. An
//! accented domain is fine, an accented local part is not (hazards.md, "Text from cells").

use crate::findings::Severity;
use crate::french::words;
use crate::model::fault::FaultKind;
use crate::rules::{Card, Night, Sink};

/// What `explain DON03` prints.
pub const CARD: Card = Card {
    code: "DON03",
    severity: Severity::Blocking,
    title: "Adresse e-mail invalide",
    finds: "La cellule ne contient pas une adresse e-mail valable, et une seule. Aucun courriel ne peut partir.",
    remedy: "Gardez une seule adresse, sans rien autour, de la forme prenom@exemple.org.",
};

/// Reports every address that can't be written to.
pub fn check(night: &Night, sink: &mut Sink) {
    for fault in &night.season.faults {
        if let FaultKind::BadEmail { shown } = &fault.kind {
            let value = words::quoted(shown);
            let message = format!(
                "{value} n’est pas une adresse e-mail valable : gardez une seule adresse, sans rien autour."
            );
            sink.row(fault.row, fault.column, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn what_is_no_single_address_is_found() {
        for odd in [
            "anna",
            "anna@localhost",
            "Anna <anna@example.org>",
            "a@example.org; b@example.org",
            "élodie@example.org",
        ] {
            let scene = Scene::new().member(&[("Email", odd)]);
            assert_eq!(scene.places("DON03"), ["Adhérents!H2"], "{odd}");
        }
    }

    #[test]
    fn an_address_with_blanks_around_it_is_read() {
        let scene = Scene::new().member(&[("Email", " Anna.Roux@exämple.org\u{a0}")]);
        assert!(scene.places("DON03").is_empty());
    }
}
