//! CAN07: an eligible application is not retenue, and a retenue one ranks below it (programme.md
//! §4): the committee may have its reasons, the coordinator should know.
//!
//! Equal ranks are not below. A Décision that can't be read leaves the row out, and so does CAN02.

use crate::decide::Decisions;
use crate::findings::Severity;
use crate::french::words;
use crate::model::application::{Application, DECISION, Decision};
use crate::model::{Cell, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain CAN07` prints.
pub const CARD: Card = Card {
    code: "CAN07",
    severity: Severity::Info,
    title: "Mieux classée qu’une candidature retenue",
    finds: "La candidature est recevable et n’est pas retenue, alors qu’une candidature moins bien classée l’est.",
    remedy: "Vérifiez que ce choix du comité est bien voulu.",
};

/// Reports every ranked application that a worse ranked one was preferred to.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    let Some(applications) = &night.season.tables.applications else {
        return;
    };
    let Some((last, last_rank)) = last_selected(applications, decisions) else {
        return;
    };
    let last_name = last.structure.value();
    let last_name = last_name.map(|name| format!(" {}", words::quoted(&name.text)));
    let last_name = last_name.unwrap_or_default();
    for (index, row) in applications.live() {
        let not_selected = matches!(
            row.decision,
            Cell::Empty | Cell::Is(Decision::Waiting | Decision::Refused)
        );
        let Some(rank) = decisions.ranking.status(index).rank else {
            continue;
        };
        if !not_selected || rank >= last_rank {
            continue;
        }
        let message = format!(
            "Rang {rank}, non retenue, alors que la candidature{last_name} de rang {last_rank} est retenue : vérifiez que ce choix est bien voulu."
        );
        let row = RowRef {
            role: Role::Applications,
            index,
        };
        sink.row(row, DECISION, message);
    }
}

/// The retenue application with the worst rank; those without a rank compare to nothing.
fn last_selected<'a>(
    applications: &'a Table<Application>,
    decisions: &Decisions,
) -> Option<(&'a Application, u32)> {
    applications
        .live()
        .filter(|(_, row)| row.decision == Cell::Is(Decision::Selected))
        .filter_map(|(index, row)| Some((row, decisions.ranking.status(index).rank?)))
        .max_by_key(|(_, rank)| *rank)
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    /// An application for each pair of mark and decision.
    fn ranked(rows: &[(&str, &str)]) -> Scene {
        rows.iter()
            .enumerate()
            .fold(Scene::new(), |scene, (at, (mark, decision))| {
                let name = format!("Structure {at}");
                scene.member(&[("Structure", &name)]).application(&[
                    ("Structure", &name),
                    ("Note adéquation", mark),
                    ("Décision", decision),
                ])
            })
    }

    #[test]
    fn a_better_ranked_one_is_found_whatever_its_decision() {
        for decision in ["", "refusée", "liste d'attente"] {
            let scene = ranked(&[("5", decision), ("4", "retenue")]);
            assert_eq!(scene.places("CAN07"), ["Candidatures!L2"], "{decision}");
            assert!(scene.messages("CAN07")[0].contains("Structure 1"));
        }
    }

    #[test]
    fn an_equal_or_lower_rank_is_silent() {
        let scene = ranked(&[("4", ""), ("4", "retenue"), ("3", "refusée")]);
        assert!(scene.rows("CAN07").is_empty());
        assert!(ranked(&[("5", ""), ("4", "")]).rows("CAN07").is_empty());
    }

    #[test]
    fn an_unreadable_decision_leaves_the_row_out() {
        let scene = ranked(&[("5", "on verra"), ("4", "retenue")]);
        assert!(scene.rows("CAN07").is_empty());
    }

    #[test]
    fn without_a_rank_nothing_compares() {
        assert!(
            ranked(&[("", ""), ("4", "retenue")])
                .rows("CAN07")
                .is_empty()
        );
        assert!(
            ranked(&[("5", ""), ("", "retenue")])
                .rows("CAN07")
                .is_empty()
        );
    }
}
