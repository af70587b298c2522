//! EVA01: the support is terminé, its last meeting réalisé is two weeks or more before D, and no
//! evaluation names it (programme.md §4; §1, "end").
//!
//! Exactly fourteen days is enough. Meetings whose date can't be read are left out of "last"; a
//! support without any meeting held is silent. Needs Rendez-vous and Évaluations.

use crate::facts::hours;
use crate::findings::Severity;
use crate::model::support::{Status, Support};
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// How long the evaluation may take before it is asked for (programme.md §4, EVA01): no setting,
/// as `reminders.evaluation_days` is about e-mails.
const PATIENCE_DAYS: i64 = 14;

/// What `explain EVA01` prints.
pub const CARD: Card = Card {
    code: "EVA01",
    severity: Severity::Warning,
    title: "Évaluation manquante",
    finds: "L’accompagnement est terminé depuis deux semaines ou plus et son évaluation n’est pas là.",
    remedy: "Demandez l’évaluation à la personne accompagnée, et ajoutez-la dans Évaluations.",
};

/// Reports every finished support that nobody evaluated.
pub fn check(night: &Night, sink: &mut Sink) {
    let tables = &night.season.tables;
    if tables.meetings.is_none() || tables.evaluations.is_none() {
        return;
    }
    for (index, support) in tables.supports.iter().flat_map(Table::standing) {
        if let Some(message) = missing(night, index, support) {
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(row, None, message);
        }
    }
}

fn missing(night: &Night, index: u32, support: &Support) -> Option<String> {
    let reference = support.reference.value()?;
    if !support.status_is(&[Status::Finished]) || night.season.index.is_evaluated(reference.key) {
        return None;
    }
    let last = hours::meetings(night.season, index)
        .filter(|(_, meeting)| meeting.is_held())
        .filter_map(|(_, meeting)| meeting.date.get())
        .max()?;
    let days = night.today.signed_duration_since(last).num_days();
    (days >= PATIENCE_DAYS).then(|| {
        format!(
            "Accompagnement terminé, dernier rendez-vous le {}, il y a {days} jours, et pas encore d’évaluation : demandez-la à la personne accompagnée.",
            short_date(last),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    fn finished() -> Scene {
        Scene::new()
            .on("2021-01-28")
            .empty(Role::Evaluations)
            .support(&[("Statut", "terminé")])
    }

    fn last_on(day: &str) -> Scene {
        finished().meeting(&[("Date", day), ("État", "réalisé")])
    }

    #[test]
    fn two_weeks_are_enough_and_a_day_less_is_not() {
        let scene = last_on("14/01/2021");
        assert_eq!(scene.places("EVA01"), ["Accompagnements!2"]);
        assert!(scene.messages("EVA01")[0].contains("14/01/2021, il y a 14 jours"));
        assert!(last_on("15/01/2021").rows("EVA01").is_empty());
    }

    #[test]
    fn the_last_meeting_that_was_held_counts() {
        let later =
            |state| last_on("04/01/2021").meeting(&[("Date", "15/01/2021"), ("État", state)]);
        assert!(later("réalisé").rows("EVA01").is_empty());
        assert_eq!(later("prévu").rows("EVA01").len(), 1);
        assert_eq!(later("annulé").rows("EVA01").len(), 1);
        assert!(finished().meeting(&[]).rows("EVA01").is_empty());
    }

    #[test]
    fn an_evaluation_settles_it() {
        let named = |support| last_on("14/01/2021").evaluation(&[("Accompagnement", support)]);
        assert!(named("acc 01").rows("EVA01").is_empty());
        assert_eq!(named("ACC-02").rows("EVA01").len(), 1);
    }

    #[test]
    fn other_states_are_silent() {
        for status in ["en cours", "diagnostic", "abandonné", "?"] {
            let scene = Scene::new()
                .on("2021-03-01")
                .empty(Role::Evaluations)
                .support(&[("Statut", status)])
                .meeting(&[("État", "réalisé")]);
            assert!(scene.rows("EVA01").is_empty(), "{status}");
        }
    }

    #[test]
    fn it_needs_the_sheet_of_evaluations() {
        let scene = Scene::new()
            .on("2021-03-01")
            .support(&[("Statut", "terminé")])
            .meeting(&[("État", "réalisé")]);
        assert!(scene.rows("EVA01").is_empty());
    }
}
