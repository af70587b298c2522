//! CAN05: retenue, and the row has a blocking ELI finding or CAN01 (programme.md §4).
//!
//! An application that another one replaces (CAN02) is left out.

use crate::decide::{ApplicationStatus, Decisions};
use crate::findings::Severity;
use crate::model::application::{DECISION, Decision};
use crate::model::{Cell, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain CAN05` prints.
pub const CARD: Card = Card {
    code: "CAN05",
    severity: Severity::Blocking,
    title: "Candidature retenue mais non recevable",
    finds: "La candidature est retenue alors que la structure ne remplit pas les conditions, ou que la candidature est arrivée après la clôture.",
    remedy: "Réglez les autres constats de la ligne, ou changez la décision.",
};

/// Reports every retenue application that is late or not eligible.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for (index, row) in night
        .season
        .tables
        .applications
        .iter()
        .flat_map(Table::live)
    {
        let status = decisions.ranking.status(index);
        if row.decision != Cell::Is(Decision::Selected) || !status.counts {
            continue;
        }
        if let Some(reason) = reason(status) {
            let message = format!(
                "La candidature est retenue alors {reason} : réglez ce point, ou changez la décision."
            );
            let row = RowRef {
                role: Role::Applications,
                index,
            };
            sink.row(row, DECISION, message);
        }
    }
}

fn reason(status: ApplicationStatus) -> Option<&'static str> {
    match (status.eligible, status.in_time) {
        (true, true) => None,
        (false, true) => {
            Some("que la structure ne remplit pas encore les conditions de participation")
        }
        (true, false) => Some("qu’elle est arrivée après la clôture"),
        (false, false) => Some(
            "que la structure ne remplit pas encore les conditions de participation et que la candidature est arrivée après la clôture",
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn application(decision: &str, received: &str) -> Scene {
        Scene::new().application(&[("Décision", decision), ("Horodateur", received)])
    }

    #[test]
    fn a_late_application_cannot_be_selected() {
        let scene = application("retenue", "19/12/2020");
        assert_eq!(scene.places("CAN05"), ["Candidatures!L2"]);
        assert!(
            application("retenue", "18/12/2020")
                .rows("CAN05")
                .is_empty()
        );
        assert!(
            application("refusée", "19/12/2020")
                .rows("CAN05")
                .is_empty()
        );
    }

    #[test]
    fn nor_one_of_a_structure_that_is_not_eligible() {
        let scene = application("retenue", "01/12/2020").member(&[("Payée le", "")]);
        assert_eq!(scene.rows("CAN05").len(), 1);
        assert!(scene.messages("CAN05")[0].contains("conditions de participation"));
    }

    #[test]
    fn a_warning_of_eligibility_does_not_stop_it() {
        let scene = application("retenue", "01/12/2020").with("[levels]\nELI04 = \"warning\"\n");
        let scene = scene.member(&[("Payée le", "")]);
        assert_eq!(scene.rows("ELI04").len(), 1);
        assert!(scene.rows("CAN05").is_empty());
    }

    #[test]
    fn one_that_another_replaces_is_left_out() {
        let scene = application("retenue", "19/12/2020").application(&[]);
        assert!(scene.rows("CAN05").is_empty());
    }
}
