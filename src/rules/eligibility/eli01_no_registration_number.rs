//! ELI01: no registration number (programme.md §4). The programme is for registered structures (§1,
//! "who"): without a SIREN, SIRET or RNA number the structure can't be supported.
//!
//! The cell may be empty for DON01, so that the fault has one finding. A number that is there but
//! fails its check is DON07.

use crate::facts::eligibility;
use crate::findings::Severity;
use crate::model::member::REGISTRATION_NUMBER;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ELI01` prints.
pub const CARD: Card = Card {
    code: "ELI01",
    severity: Severity::Blocking,
    title: "Pas de numéro d’immatriculation",
    finds: "La ligne d’Adhérents n’a pas de numéro d’immatriculation. Le programme est réservé aux structures immatriculées.",
    remedy: "Demandez à la structure son SIREN (9 chiffres), son SIRET (14 chiffres) ou son numéro RNA (W suivi de 9 chiffres).",
};

/// Reports every row of Adhérents without a number.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, member) in night.season.tables.members.iter().flat_map(Table::live) {
        if eligibility::lacks_registration_number(member) {
            let row = RowRef {
                role: Role::Members,
                index,
            };
            sink.row(
                row,
                REGISTRATION_NUMBER,
                "Le numéro d’immatriculation manque : demandez à la structure son SIREN, son SIRET ou son numéro RNA.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;
    use crate::sheets::cells::Raw;

    #[test]
    fn an_empty_cell_is_found() {
        let scene = Scene::new().member(&[("Immatriculation", " ")]);
        assert_eq!(scene.places("ELI01"), ["Adhérents!C2"]);
    }

    #[test]
    fn any_number_is_one_even_a_wrong_one() {
        for number in ["W313001234", "12"] {
            let scene = Scene::new().member(&[("Immatriculation", number)]);
            assert!(scene.places("ELI01").is_empty(), "{number}");
        }
    }

    #[test]
    fn an_error_value_has_its_own_finding() {
        let scene = Scene::new().member_raw(&[("Immatriculation", Raw::Error("#N/A"))]);
        assert!(scene.places("ELI01").is_empty());
    }

    #[test]
    fn a_repeated_row_has_only_its_data_checks() {
        let scene = Scene::new().member(&[]).member(&[("Immatriculation", "")]);
        assert_eq!(scene.rows("DON04"), ["Adhérents!3"]);
        assert!(scene.places("ELI01").is_empty());
    }
}
