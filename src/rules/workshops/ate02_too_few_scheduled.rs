//! ATE02: fewer workshops with a date than `workshops.expected` (programme.md §4; §1, "workshops").
//!
//! Annulé ones and dates that can't be read are not counted. One finding, on the header row of the
//! first sheet; a sheet without rows has it too, an absent one hasn't.

use crate::findings::Severity;
use crate::french::words;
use crate::model::Role;
use crate::rules::{Card, Night, Sink};

/// What `explain ATE02` prints.
pub const CARD: Card = Card {
    code: "ATE02",
    severity: Severity::Warning,
    title: "Trop peu d’ateliers programmés",
    finds: "Moins d’ateliers ont une date que le programme n’en annonce ; ceux qui sont annulés ne comptent pas.",
    remedy: "Programmez les ateliers qui manquent, ou corrigez le nombre annoncé dans programme.toml.",
};

/// Reports that workshops are missing, once.
pub fn check(night: &Night, sink: &mut Sink) {
    let Some(workshops) = &night.season.tables.workshops else {
        return;
    };
    let expected = night.settings.workshops.expected as usize;
    let scheduled = workshops
        .live()
        .filter(|(_, workshop)| workshop.date.get().is_some())
        .count();
    if scheduled >= expected {
        return;
    }
    let message = format!(
        "{} une date, sur {expected} annoncés : il en reste {} à programmer.",
        words::count(scheduled, "atelier a", "ateliers ont"),
        expected - scheduled,
    );
    sink.header(Role::Workshops, None, message);
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    const THREE: &str = "[workshops]\nexpected = 3\n";

    fn three(last: &[(&str, &str)]) -> Scene {
        let mut cells = vec![("Référence", "AT-03")];
        cells.extend(last);
        Scene::new()
            .workshop(&[])
            .workshop(&[("Référence", "AT-02")])
            .workshop(&cells)
            .with(THREE)
    }

    #[test]
    fn it_is_said_once_on_the_header_row() {
        let scene = Scene::new().workshop(&[]);
        assert_eq!(scene.places("ATE02"), ["Ateliers!1"]);
        let message = &scene.messages("ATE02")[0];
        assert!(
            message.starts_with("1 atelier a une date, sur 8"),
            "{message}"
        );
        assert!(message.contains("il en reste 7"), "{message}");
    }

    #[test]
    fn as_many_as_expected_are_enough() {
        assert!(three(&[]).rows("ATE02").is_empty());
    }

    #[test]
    fn one_that_does_not_count_is_missing() {
        for cell in [
            ("Date", ""),
            ("Date", "au printemps"),
            ("État", "annulé"),
            ("État", "?"),
            ("Référence", "AT-02"),
        ] {
            assert_eq!(three(&[cell]).rows("ATE02").len(), 1, "{cell:?}");
        }
    }

    #[test]
    fn a_sheet_without_rows_has_it_and_an_absent_one_has_not() {
        let empty = Scene::new()
            .empty(Role::Workshops)
            .empty(Role::ResourcePersons);
        assert_eq!(empty.rows("ATE02"), ["Ateliers!1"]);
        assert!(Scene::new().rows("ATE02").is_empty());
    }
}
