//! DON01: a required cell is empty (programme.md §4; which cells, §3).
//!
//! One finding a cell. A column that may be empty elsewhere can be required on one row: Heures
//! prévues once the diagnosis is over.

use crate::findings::Severity;
use crate::french::words;
use crate::model::fault::FaultKind;
use crate::rules::{Card, Night, Sink};

/// What `explain DON01` prints.
pub const CARD: Card = Card {
    code: "DON01",
    severity: Severity::Blocking,
    title: "Cellule obligatoire vide",
    finds: "Une cellule dont le programme a besoin est vide. La ligne n’est pas utilisée tant qu’elle le reste.",
    remedy: "Remplissez la cellule indiquée, ou supprimez la ligne si elle n’a plus lieu d’être.",
};

/// Reports every required cell that is empty.
pub fn check(night: &Night, sink: &mut Sink) {
    for fault in &night.season.faults {
        if fault.kind == FaultKind::Missing {
            let header = words::header(night.season, fault.row, fault.column);
            let message = format!("La cellule {header} est vide : remplissez-la.");
            sink.row(fault.row, fault.column, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    #[test]
    fn an_empty_required_cell_is_found() {
        let scene = Scene::new().member(&[("Structure", "Atelier Nord"), ("Commune", "")]);
        assert_eq!(scene.places("DON01"), ["Adhérents!D2"]);
    }

    #[test]
    fn each_empty_cell_has_its_finding() {
        let scene = Scene::new().member(&[("Commune", "\u{a0}"), ("Email", "")]);
        assert_eq!(scene.places("DON01"), ["Adhérents!D2", "Adhérents!H2"]);
    }

    #[test]
    fn a_column_that_may_be_empty_is_silent() {
        let scene = Scene::new().member(&[("Immatriculation", ""), ("Payée le", "")]);
        assert!(scene.places("DON01").is_empty());
    }

    #[test]
    fn hours_may_be_open_while_the_diagnosis_is_being_made() {
        let open = Scene::new().support(&[("Statut", "diagnostic"), ("Heures prévues", "")]);
        assert!(open.places("DON01").is_empty());
        let running = Scene::new().support(&[("Statut", "en cours"), ("Heures prévues", "")]);
        assert_eq!(running.places("DON01").len(), 1);
    }
}
