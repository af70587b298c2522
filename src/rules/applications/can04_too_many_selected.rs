//! CAN04: more applications are retenue than there are places (programme.md §4; places, §1).
//!
//! On every retenue row ranked beyond the places. Where one of them has no rank, nobody can say
//! which is beyond, so on all of them; where a tie leaves none beyond, on those that share the
//! worst rank. Applications that another one replaces (CAN02) take no place.

use crate::decide::Decisions;
use crate::findings::Severity;
use crate::model::application::{DECISION, Decision};
use crate::model::{Cell, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain CAN04` prints.
pub const CARD: Card = Card {
    code: "CAN04",
    severity: Severity::Blocking,
    title: "Plus de candidatures retenues que de places",
    finds: "Il y a plus de candidatures retenues que d’accompagnements à donner ; les moins bien classées sont signalées.",
    remedy: "Ramenez le nombre de décisions « retenue » au nombre de places, par exemple en passant les suivantes en liste d’attente.",
};

/// Reports the retenue applications that are too many.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    let selected = selected(night, decisions);
    let places = night.settings.applications.places;
    if selected.len() <= places as usize {
        return;
    }
    let total = selected.len();
    for (index, reason) in too_many(&selected, places) {
        let row = RowRef {
            role: Role::Applications,
            index,
        };
        sink.row(
            row,
            DECISION,
            format!(
                "{total} candidatures sont retenues pour {places} {} {reason}",
                if places < 2 { "place." } else { "places." }
            ),
        );
    }
}

/// The retenue applications that count, with their ranks.
fn selected(night: &Night, decisions: &Decisions) -> Vec<(u32, Option<u32>)> {
    let rows = night
        .season
        .tables
        .applications
        .iter()
        .flat_map(Table::live);
    rows.filter(|(_, row)| row.decision == Cell::Is(Decision::Selected))
        .map(|(index, _)| (index, decisions.ranking.status(index)))
        .filter(|(_, status)| status.counts)
        .map(|(index, status)| (index, status.rank))
        .collect()
}

/// Those of the selected that are too many, and why.
fn too_many(selected: &[(u32, Option<u32>)], places: u32) -> Vec<(u32, String)> {
    let ranked: Option<Vec<(u32, u32)>> = selected
        .iter()
        .map(|(index, rank)| Some((*index, (*rank)?)))
        .collect();
    let Some(ranked) = ranked else {
        let reason =
            "Toutes ne sont pas classées : choisissez celles qui restent retenues.".to_owned();
        let all = selected.iter().map(|(index, _)| *index);
        return all.map(|index| (index, reason.clone())).collect();
    };
    let beyond: Vec<(u32, String)> = ranked
        .iter()
        .filter(|(_, rank)| *rank > places)
        .map(|(index, rank)| {
            let reason = format!(
                "Celle-ci a le rang {rank} : passez-la en liste d’attente ou revoyez les autres."
            );
            (*index, reason)
        })
        .collect();
    if !beyond.is_empty() {
        return beyond;
    }
    let worst = ranked.iter().map(|(_, rank)| *rank).max();
    ranked
        .iter()
        .filter(|(_, rank)| Some(*rank) == worst)
        .map(|(index, rank)| {
            let reason =
                format!("Celle-ci partage le dernier rang, {rank} : départagez les ex æquo.");
            (*index, reason)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    /// Retenue applications with these marks, for two places.
    fn selected(marks: &[&str]) -> Scene {
        let scene = Scene::new().with("[applications]\nplaces = 2\n");
        marks.iter().enumerate().fold(scene, |scene, (at, mark)| {
            let name = format!("Structure {at}");
            scene.member(&[("Structure", &name)]).application(&[
                ("Structure", &name),
                ("Note adéquation", mark),
                ("Décision", "retenue"),
            ])
        })
    }

    #[test]
    fn as_many_as_there_are_places_are_silent() {
        assert!(selected(&["5", "4"]).rows("CAN04").is_empty());
    }

    #[test]
    fn the_ones_ranked_beyond_the_places_are_found() {
        let scene = selected(&["3", "5", "4", "2"]);
        assert_eq!(
            scene.places("CAN04"),
            ["Candidatures!L2", "Candidatures!L5"]
        );
        let messages = scene.messages("CAN04");
        assert!(messages[0].contains("4 candidatures sont retenues pour 2 places"));
        assert!(messages[0].contains("rang 3"));
    }

    #[test]
    fn without_a_rank_all_are_found() {
        assert_eq!(selected(&["3", "", "4"]).rows("CAN04").len(), 3);
    }

    #[test]
    fn a_tie_that_leaves_none_beyond_is_found() {
        let scene = selected(&["3", "5", "3"]);
        assert_eq!(scene.rows("CAN04"), ["Candidatures!2", "Candidatures!4"]);
        assert_eq!(selected(&["4", "4", "4"]).rows("CAN04").len(), 3);
    }

    #[test]
    fn an_application_that_another_replaces_takes_no_place() {
        let scene = selected(&["5", "4"]).application(&[
            ("Structure", "Structure 0"),
            ("Horodateur", "30/11/2020"),
            ("Décision", "retenue"),
        ]);
        assert!(scene.rows("CAN04").is_empty());
    }

    #[test]
    fn only_retenue_takes_a_place() {
        let scene = selected(&["5", "4"]).application(&[("Décision", "liste d'attente")]);
        assert!(scene.rows("CAN04").is_empty());
    }
}
