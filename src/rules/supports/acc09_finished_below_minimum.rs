//! ACC09: terminé with less than `supports.min_hours` held (réalisé) (programme.md §4; 14 hours,
//! §1).
//!
//! A meeting that is still prévu is not held: RDV06 says so. Hours that can't be read add nothing.

use crate::facts::hours::{TOLERANCE, held};
use crate::findings::Severity;
use crate::french::words;
use crate::model::support::{STATUS, Status};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC09` prints.
pub const CARD: Card = Card {
    code: "ACC09",
    severity: Severity::Warning,
    title: "Accompagnement terminé sous le minimum d’heures",
    finds: "L’accompagnement est terminé, mais les heures réalisées n’atteignent pas le minimum.",
    remedy: "Passez à « réalisé » les rendez-vous qui ont eu lieu, ou vérifiez que l’accompagnement est bien terminé.",
};

/// Reports every finished support with too few hours held.
pub fn check(night: &Night, sink: &mut Sink) {
    if night.season.tables.meetings.is_none() {
        return;
    }
    let min = night.settings.supports.min_hours;
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        if !support.meetings_known_and_status_is(&[Status::Finished]) {
            continue;
        }
        let held = held(night.season, night.settings, index);
        if held >= min - TOLERANCE {
            continue;
        }
        let message = format!(
            "Terminé avec {} réalisées, sous le minimum de {} : passez à « réalisé » les rendez-vous qui ont eu lieu, ou vérifiez le statut.",
            words::hours(held),
            words::hours(min)
        );
        let row = RowRef {
            role: Role::Supports,
            index,
        };
        sink.row(row, STATUS, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::rules::scene::Scene;

    /// A support with four meetings; the last one's hours and state vary.
    fn scene(status: &str, hours: &str, state: &str) -> Scene {
        let scene = Scene::new().support(&[("Statut", status)]);
        let scene = ["06/01/2021", "07/01/2021", "08/01/2021"]
            .iter()
            .fold(scene, |scene, day| {
                scene.meeting(&[("Date", day), ("État", "réalisé")])
            });
        scene.meeting(&[("Date", "11/01/2021"), ("Heures", hours), ("État", state)])
    }

    #[test]
    fn the_minimum_itself_is_enough() {
        assert!(scene("terminé", "3,5", "réalisé").rows("ACC09").is_empty());
        let short = scene("terminé", "3,4", "réalisé");
        assert_eq!(short.places("ACC09"), ["Accompagnements!M2"]);
        assert!(short.messages("ACC09")[0].contains("13,9\u{a0}h"));
    }

    #[test]
    fn only_meetings_that_were_held_count() {
        assert_eq!(scene("terminé", "3,5", "prévu").rows("ACC09").len(), 1);
        assert_eq!(scene("terminé", "3,5", "").rows("ACC09").len(), 1);
        assert_eq!(scene("terminé", "3,5", "annulé").rows("ACC09").len(), 1);
    }

    #[test]
    fn another_status_is_silent() {
        for status in ["diagnostic", "en cours", "abandonné"] {
            assert!(scene(status, "1", "réalisé").rows("ACC09").is_empty());
        }
    }

    #[test]
    fn it_needs_the_sheet_of_meetings() {
        let scene = Scene::new().support(&[("Statut", "terminé")]);
        assert!(scene.rows("ACC09").is_empty());
        let scene = scene.empty(Role::Meetings).empty(Role::ResourcePersons);
        assert_eq!(scene.rows("ACC09").len(), 1);
    }
}
