//! DON07: the registration number fails its check (programme.md §4): a SIREN or SIRET by length and
//! Luhn key, La Poste's SIRETs excepted; an RNA number is `W` and nine digits.

use crate::findings::Severity;
use crate::french::words;
use crate::model::member::REGISTRATION_NUMBER;
use crate::model::registration_number::{RegistrationNumber, check_registration_number};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain DON07` prints.
pub const CARD: Card = Card {
    code: "DON07",
    severity: Severity::Warning,
    title: "Numéro d’immatriculation douteux",
    finds: "Le numéro n’a pas la bonne longueur, ou sa clé de contrôle ne correspond pas : il y a sans doute une faute de frappe.",
    remedy: "Vérifiez le numéro : SIREN (9 chiffres), SIRET (14 chiffres) ou RNA (W suivi de 9 chiffres).",
};

/// Reports every registration number that fails its check.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, member) in night.season.tables.members.iter().flat_map(Table::all) {
        let Some(number) = member.registration_number.value() else {
            continue;
        };
        let reason = match check_registration_number(number) {
            RegistrationNumber::Valid(_) => continue,
            RegistrationNumber::BadLength | RegistrationNumber::BadCharacter => {
                "n’est ni un SIREN (9 chiffres), ni un SIRET (14 chiffres), ni un numéro RNA (W suivi de 9 chiffres)"
            }
            RegistrationNumber::BadKey(_) => {
                "a une clé de contrôle fausse, sans doute une faute de frappe"
            }
        };
        let value = words::quoted(number);
        let row = RowRef {
            role: Role::Members,
            index,
        };
        sink.row(
            row,
            REGISTRATION_NUMBER,
            format!("{value} {reason} : vérifiez le numéro."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn found(number: &str) -> usize {
        let scene = Scene::new().member(&[("Immatriculation", number)]);
        scene.places("DON07").len()
    }

    #[test]
    fn a_wrong_key_or_length_is_found() {
        assert_eq!(found("732829321"), 1);
        assert_eq!(found("73282932"), 1);
        assert_eq!(found("W31300123"), 1);
    }

    #[test]
    fn a_right_number_is_silent_however_it_is_spaced() {
        for number in [
            "732829320",
            "732 829 320 00074",
            "W313001234",
            "w 313 001 234",
        ] {
            assert_eq!(found(number), 0, "{number}");
        }
    }

    #[test]
    fn an_empty_cell_is_left_to_eli01() {
        assert_eq!(found(""), 0);
    }
}
