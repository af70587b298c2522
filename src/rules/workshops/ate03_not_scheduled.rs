//! ATE03: the workshop has no date yet (programme.md §4): registrations are taken, but nobody can
//! be told when. A date that can't be read is DON02's.

use crate::findings::Severity;
use crate::model::workshop;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ATE03` prints.
pub const CARD: Card = Card {
    code: "ATE03",
    severity: Severity::Warning,
    title: "Atelier sans date",
    finds: "L’atelier n’a pas encore de date : personne ne peut en être prévenu.",
    remedy: "Fixez la date avec les personnes qui l’animent, et remplissez la colonne Date.",
};

/// Reports every workshop without a date.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, workshop) in night.season.tables.workshops.iter().flat_map(Table::live) {
        if !workshop.date.is_empty() {
            continue;
        }
        let row = RowRef {
            role: Role::Workshops,
            index,
        };
        let message = "Cet atelier n’a pas encore de date : indiquez-la dès qu’elle est fixée.";
        sink.row(row, workshop::DATE, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn dated(day: &str) -> Scene {
        Scene::new().workshop(&[("Date", day)])
    }

    #[test]
    fn a_workshop_without_a_date_is_found() {
        assert_eq!(dated("").places("ATE03"), ["Ateliers!D2"]);
    }

    #[test]
    fn a_date_or_what_should_be_one_is_silent() {
        assert!(dated("28/01/2021").rows("ATE03").is_empty());
        assert!(dated("au printemps").rows("ATE03").is_empty());
    }

    #[test]
    fn a_cancelled_one_needs_no_date() {
        let scene = Scene::new().workshop(&[("Date", ""), ("État", "annulé")]);
        assert!(scene.rows("ATE03").is_empty());
    }
}
