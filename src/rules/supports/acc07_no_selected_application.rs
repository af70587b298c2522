//! ACC07: the support's structure has no application that is retenue (programme.md §4): supports go
//! to whom the committee chose.
//!
//! An application that another one replaces (CAN02) doesn't count. Not made without Candidatures,
//! on a structure that is not in Adhérents (DON05), and where a Décision that can't be read might
//! be the one.

use rustc_hash::FxHashMap;

use crate::decide::Decisions;
use crate::facts::references;
use crate::findings::Severity;
use crate::french::words;
use crate::model::application::{Application, Decision};
use crate::model::support::STRUCTURE;
use crate::model::{Cell, Key, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC07` prints.
pub const CARD: Card = Card {
    code: "ACC07",
    severity: Severity::Blocking,
    title: "Accompagnement sans candidature retenue",
    finds: "La structure accompagnée n’a pas de candidature retenue.",
    remedy: "Vérifiez la décision dans Candidatures, et le nom de la structure dans les deux feuilles.",
};

/// Reports every support of a structure that was not chosen.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    let Some(applications) = &night.season.tables.applications else {
        return;
    };
    let decided = decided(applications, decisions);
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        let Some(structure) = references::listed_structure(night.season, support) else {
            continue;
        };
        let name = words::quoted(&structure.text);
        let message = match decided.get(&structure.key) {
            Some(Cell::Is(Decision::Selected) | Cell::Bad) => continue,
            None => format!(
                "{name} n’a pas de candidature : vérifiez le nom de la structure, ou ajoutez sa candidature."
            ),
            Some(Cell::Empty) => format!(
                "La candidature de {name} n’a pas encore de décision : notez-la dans Candidatures."
            ),
            Some(Cell::Is(other)) => format!(
                "La décision sur la candidature de {name} est « {} » : vérifiez-la dans Candidatures.",
                other.french()
            ),
        };
        let row = RowRef {
            role: Role::Supports,
            index,
        };
        sink.row(row, STRUCTURE, message);
    }
}

/// The decision on each structure's applications that count: retenue where one is, else one that
/// can't be read where there is one.
fn decided(
    applications: &Table<Application>,
    decisions: &Decisions,
) -> FxHashMap<Key, Cell<Decision>> {
    let weight = |decision: &Cell<Decision>| match decision {
        Cell::Is(Decision::Selected) => 3,
        Cell::Bad => 2,
        Cell::Is(_) => 1,
        Cell::Empty => 0,
    };
    let mut decided = FxHashMap::default();
    for (index, row) in applications.live() {
        let Some(structure) = row.structure.value() else {
            continue;
        };
        if !decisions.ranking.status(index).counts {
            continue;
        }
        let best = decided.entry(structure.key).or_insert(row.decision);
        if weight(&row.decision) > weight(best) {
            *best = row.decision;
        }
    }
    decided
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    fn decided(decision: &str) -> Scene {
        Scene::new()
            .support(&[])
            .application(&[("Décision", decision)])
    }

    #[test]
    fn only_retenue_will_do() {
        assert!(decided("retenue").rows("ACC07").is_empty());
        for decision in ["", "liste d'attente", "refusée"] {
            assert_eq!(decided(decision).places("ACC07"), ["Accompagnements!B2"]);
        }
        assert!(decided("refusée").messages("ACC07")[0].contains("refusée"));
    }

    #[test]
    fn no_application_at_all_is_found_when_there_is_a_sheet_of_them() {
        let scene = Scene::new().support(&[]);
        assert!(scene.rows("ACC07").is_empty());
        assert_eq!(scene.empty(Role::Applications).rows("ACC07").len(), 1);
    }

    #[test]
    fn an_unreadable_decision_might_be_the_one() {
        assert!(decided("on verra").rows("ACC07").is_empty());
    }

    #[test]
    fn an_application_that_another_replaces_does_not_count() {
        let scene = decided("retenue").application(&[("Horodateur", "02/12/2020")]);
        assert_eq!(scene.rows("ACC07").len(), 1);
    }

    #[test]
    fn a_structure_that_is_not_a_member_has_another_finding() {
        let scene = decided("").member(&[("Structure", "Studio Sud")]);
        assert!(scene.rows("ACC07").is_empty());
        assert_eq!(scene.rows("DON05").len(), 1);
    }
}
