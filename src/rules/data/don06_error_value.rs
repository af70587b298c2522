//! DON06: a cell that is read holds an Excel error value (programme.md §4). One finding a cell.

use crate::findings::Severity;
use crate::french::words;
use crate::model::fault::FaultKind;
use crate::rules::{Card, Night, Sink};

/// What `explain DON06` prints.
pub const CARD: Card = Card {
    code: "DON06",
    severity: Severity::Blocking,
    title: "Erreur d’Excel dans une cellule",
    finds: "Une cellule dont le programme a besoin contient une erreur d’Excel, comme #N/A ou #REF!.",
    remedy: "Corrigez la formule de la cellule, ou tapez la valeur.",
};

/// Reports every error value.
pub fn check(night: &Night, sink: &mut Sink) {
    for fault in &night.season.faults {
        if let FaultKind::ErrorValue { shown } = &fault.kind {
            let header = words::header(night.season, fault.row, fault.column);
            let message = format!(
                "La cellule {header} contient l’erreur {shown} : corrigez sa formule ou tapez la valeur."
            );
            sink.row(fault.row, fault.column, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;
    use crate::sheets::cells::Raw;

    #[test]
    fn an_error_value_is_found_and_nothing_else() {
        let scene = Scene::new().member_raw(&[("Cotisation", Raw::Error("#N/A"))]);
        assert_eq!(scene.places("DON06"), ["Adhérents!K2"]);
        assert!(scene.places("DON02").is_empty());
        assert!(scene.places("DON01").is_empty());
    }

    #[test]
    fn a_formula_that_was_never_calculated_is_no_error_value() {
        let scene = Scene::new().member_raw(&[("Cotisation", Raw::Uncalculated)]);
        assert!(scene.places("DON06").is_empty());
        assert_eq!(scene.places("DON02"), ["Adhérents!K2"]);
    }
}
