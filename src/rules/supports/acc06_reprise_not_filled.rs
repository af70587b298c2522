//! ACC06: Conditions de travail is yes, Statut is en cours or terminé, and Objectif Reprise rempli
//! le is empty (programme.md §4): in the working-conditions strand the structure first fills in
//! Objectif Reprise, which Aract Occitanie then analyses (§1).

use crate::findings::Severity;
use crate::model::support::{REPRISE_FILLED_ON, Status};
use crate::model::{Cell, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC06` prints.
pub const CARD: Card = Card {
    code: "ACC06",
    severity: Severity::Warning,
    title: "Objectif Reprise pas encore rempli",
    finds: "Le volet conditions de travail est demandé et l’accompagnement a commencé, mais la structure n’a pas rempli Objectif Reprise.",
    remedy: "Invitez la structure à remplir Objectif Reprise, puis notez la date : l’Aract Occitanie en a besoin pour son analyse.",
};

/// Reports every support of the strand without Objectif Reprise.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        let is_due = support.working_conditions == Cell::Is(true)
            && support.status_is(&[Status::Running, Status::Finished]);
        if is_due && support.reprise_filled_on.is_empty() {
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(
                row,
                REPRISE_FILLED_ON,
                "Le volet conditions de travail est demandé, mais la date d’Objectif Reprise manque : invitez la structure à le remplir, puis notez la date.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn found(strand: &str, filled: &str, status: &str) -> Vec<String> {
        let cells = [
            ("Conditions de travail", strand),
            ("Objectif Reprise rempli le", filled),
            ("Statut", status),
        ];
        Scene::new().support(&cells).places("ACC06")
    }

    #[test]
    fn a_strand_without_objectif_reprise_is_found_once_under_way() {
        assert_eq!(found("oui", "", "en cours"), ["Accompagnements!L2"]);
        assert_eq!(found("oui", "", "terminé").len(), 1);
        assert!(found("oui", "", "diagnostic").is_empty());
        assert!(found("oui", "", "abandonné").is_empty());
    }

    #[test]
    fn it_is_silent_when_filled_or_not_asked_for() {
        assert!(found("oui", "06/01/2021", "en cours").is_empty());
        assert!(found("non", "", "en cours").is_empty());
        assert!(found("", "", "en cours").is_empty());
    }

    #[test]
    fn what_cannot_be_read_leaves_it_out() {
        assert!(found("oui", "bientôt", "en cours").is_empty());
        assert!(found("peut-être", "", "en cours").is_empty());
        assert!(found("oui", "", "parti").is_empty());
    }
}
