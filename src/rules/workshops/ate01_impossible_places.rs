//! ATE01: Places above `workshops.capacity`, or not above 0 (programme.md §4; §1, "workshops").
//! Exactly the capacity is fine; an empty cell is the capacity.

use crate::findings::Severity;
use crate::model::workshop;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ATE01` prints.
pub const CARD: Card = Card {
    code: "ATE01",
    severity: Severity::Blocking,
    title: "Nombre de places impossible",
    finds: "L’atelier propose plus de places que le programme n’en permet, ou aucune.",
    remedy: "Corrigez le nombre de places, ou laissez la cellule vide pour le nombre habituel.",
};

/// Reports every workshop whose seats the programme doesn't allow.
pub fn check(night: &Night, sink: &mut Sink) {
    let capacity = night.settings.workshops.capacity;
    for (index, workshop) in night.season.tables.workshops.iter().flat_map(Table::live) {
        let Some(places) = workshop.seats.get() else {
            continue;
        };
        let message = if places > i64::from(capacity) {
            format!(
                "{places} places, c’est plus que les {capacity} d’un atelier : au-delà, les inscriptions attendent. Corrigez le nombre de places."
            )
        } else if places <= 0 {
            format!(
                "Le nombre de places est {places} : personne ne peut être inscrit. Indiquez de 1 à {capacity} places, ou laissez la cellule vide."
            )
        } else {
            continue;
        };
        let row = RowRef {
            role: Role::Workshops,
            index,
        };
        sink.row(row, workshop::SEATS, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn with(places: &str) -> Scene {
        Scene::new().workshop(&[("Places", places)])
    }

    #[test]
    fn more_than_the_capacity_is_found() {
        assert_eq!(with("15").places("ATE01"), ["Ateliers!J2"]);
        assert!(with("15").messages("ATE01")[0].starts_with("15 places"));
    }

    #[test]
    fn from_one_to_the_capacity_is_fine() {
        assert_eq!(with("13").rows("ATE01").len(), 1);
        assert!(with("12").rows("ATE01").is_empty());
        assert!(with("1").rows("ATE01").is_empty());
        assert_eq!(with("0").rows("ATE01").len(), 1);
        assert_eq!(with("-1").rows("ATE01").len(), 1);
    }

    #[test]
    fn empty_unreadable_or_cancelled_is_silent() {
        assert!(with("").rows("ATE01").is_empty());
        assert!(with("2,5").rows("ATE01").is_empty());
        let cancelled = Scene::new().workshop(&[("Places", "40"), ("État", "annulé")]);
        assert!(cancelled.rows("ATE01").is_empty());
    }

    #[test]
    fn the_setting_decides() {
        let scene = with("13").with("[workshops]\ncapacity = 13\n");
        assert!(scene.rows("ATE01").is_empty());
    }
}
