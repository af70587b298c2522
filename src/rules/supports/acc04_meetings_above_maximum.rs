//! ACC04: the support's running total is above `supports.max_hours` at this meeting (programme.md
//! §4; "never above 28", §1).
//!
//! Whatever was agreed. A meeting whose own hours can't be read adds nothing and is not flagged.

use crate::facts::hours::{TOLERANCE, running_totals};
use crate::findings::Severity;
use crate::french::words;
use crate::model::meeting::HOURS;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC04` prints.
pub const CARD: Card = Card {
    code: "ACC04",
    severity: Severity::Blocking,
    title: "Rendez-vous au-delà du maximum d’heures",
    finds: "À ce rendez-vous, le cumul de l’accompagnement dépasse le maximum d’heures, prolongation comprise.",
    remedy: "Annulez ce rendez-vous, ou réduisez les heures des précédents.",
};

/// Reports every meeting past the maximum.
pub fn check(night: &Night, sink: &mut Sink) {
    let max = night.settings.supports.max_hours;
    for (support, _) in night.season.tables.supports.iter().flat_map(Table::live) {
        for (index, meeting, total) in running_totals(night.season, night.settings, support) {
            if meeting.hours.is_bad() || total <= max + TOLERANCE {
                continue;
            }
            let message = format!(
                "Avec ce rendez-vous, le cumul atteint {}, au-dessus du maximum de {} : annulez-le ou réduisez les heures.",
                words::hours(total),
                words::hours(max)
            );
            let row = RowRef {
                role: Role::Meetings,
                index,
            };
            sink.row(row, HOURS, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    /// Meetings of four hours but the last, on the days of January from the 4th.
    fn scene(last: &str) -> Scene {
        let scene = Scene::new().support(&[("Heures prévues", "28")]);
        let scene = (4..10).fold(scene, |scene, day| {
            scene.meeting(&[("Date", &format!("{day}/1/2021")), ("Heures", "4")])
        });
        scene.meeting(&[("Date", "11/01/2021"), ("Heures", last)])
    }

    #[test]
    fn the_maximum_itself_is_allowed() {
        assert!(scene("4").rows("ACC04").is_empty());
        assert_eq!(scene("4,1").places("ACC04"), ["Rendez-vous!E8"]);
    }

    #[test]
    fn it_takes_the_place_of_acc03() {
        let scene = scene("4").meeting(&[("Date", "12/01/2021")]);
        assert_eq!(scene.rows("ACC04"), ["Rendez-vous!9"]);
        assert!(scene.rows("ACC03").is_empty());
    }

    #[test]
    fn it_needs_no_agreed_hours() {
        let scene = (4..13).fold(
            Scene::new().support(&[("Statut", "diagnostic"), ("Heures prévues", "")]),
            |scene, day| scene.meeting(&[("Date", &format!("{day}/1/2021"))]),
        );
        assert_eq!(scene.rows("ACC04"), ["Rendez-vous!10"]);
    }

    #[test]
    fn many_small_hours_do_not_drift_over_it() {
        let scene = (0..280).fold(
            Scene::new()
                .with("[supports]\nmax_hours = 28\n")
                .support(&[("Heures prévues", "28")]),
            |scene, at| {
                let (day, month) = (at % 28 + 1, at / 28 + 1);
                scene.meeting(&[("Date", &format!("{day}/{month}/2021")), ("Heures", "0,1")])
            },
        );
        assert!(scene.rows("ACC04").is_empty());
        assert!(scene.rows("ACC03").is_empty());
    }

    #[test]
    fn an_unknown_support_has_no_total() {
        let scene = (4..15).fold(Scene::new().support(&[]), |scene, day| {
            scene.meeting(&[
                ("Accompagnement", "ACC-9"),
                ("Date", &format!("{day}/1/2021")),
            ])
        });
        assert!(scene.rows("ACC04").is_empty());
    }
}
