//! ACC10: en cours, agreed hours below `supports.max_hours`, and agreed − réalisées less than
//! `supports.half_day_hours` (programme.md §4): no half-day is left, so an extension must be
//! decided, or the end.
//!
//! At exactly one half-day left it is silent.

use crate::facts::hours::{TOLERANCE, held};
use crate::findings::Severity;
use crate::french::words;
use crate::model::support::{EXTENSION, Status, Support};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC10` prints.
pub const CARD: Card = Card {
    code: "ACC10",
    severity: Severity::Info,
    title: "Heures convenues presque épuisées",
    finds: "Il reste moins d’une demi-journée sur les heures convenues, et le maximum n’est pas atteint : une prolongation est possible.",
    remedy: "Décidez d’une prolongation avec la structure, ou préparez la fin de l’accompagnement.",
};

/// Reports every running support whose agreed hours are used up.
pub fn check(night: &Night, sink: &mut Sink) {
    if night.season.tables.meetings.is_none() {
        return;
    }
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        if let Some(message) = used_up(night, index, support) {
            let row = RowRef {
                role: Role::Supports,
                index,
            };
            sink.row(row, EXTENSION, message);
        }
    }
}

fn used_up(night: &Night, index: u32, support: &Support) -> Option<String> {
    let settings = &night.settings.supports;
    if !support.meetings_known_and_status_is(&[Status::Running]) {
        return None;
    }
    let agreed = support.agreed_hours()?;
    let held = held(night.season, night.settings, index);
    let can_be_extended = agreed + TOLERANCE < settings.max_hours;
    let is_used_up = agreed - held + TOLERANCE < settings.half_day_hours;
    if !can_be_extended || !is_used_up {
        return None;
    }
    Some(format!(
        "{} réalisées sur {} convenues : décidez d’une prolongation (jusqu’à {} au total), ou préparez la fin de l’accompagnement.",
        words::hours(held),
        words::hours(agreed),
        words::hours(settings.max_hours)
    ))
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    /// A support and three meetings held: two half-days and one of these hours.
    fn scene(support: &[(&str, &str)], hours: &str) -> Scene {
        Scene::new()
            .support(support)
            .meeting(&[("Date", "06/01/2021"), ("État", "réalisé")])
            .meeting(&[("Date", "07/01/2021"), ("État", "réalisé")])
            .meeting(&[
                ("Date", "08/01/2021"),
                ("État", "réalisé"),
                ("Heures", hours),
            ])
    }

    #[test]
    fn one_half_day_left_is_silent() {
        assert!(scene(&[], "3,5").rows("ACC10").is_empty());
        let used_up = scene(&[], "3,6");
        assert_eq!(used_up.places("ACC10"), ["Accompagnements!J2"]);
        assert!(used_up.messages("ACC10")[0].contains("10,6\u{a0}h réalisées sur 14\u{a0}h"));
    }

    #[test]
    fn an_extension_is_agreed_too() {
        assert!(
            scene(&[("Prolongation", "3,5")], "3,6")
                .rows("ACC10")
                .is_empty()
        );
    }

    #[test]
    fn at_the_maximum_nothing_can_be_decided() {
        let with = |max: &str, min: &str| {
            scene(&[], "3,6")
                .with(&format!(
                    "[supports]\nmax_hours = {max}\nmin_hours = {min}\n"
                ))
                .rows("ACC10")
                .len()
        };
        assert_eq!(with("14", "7"), 0);
        assert_eq!(with("14.5", "7"), 1);
    }

    #[test]
    fn meetings_to_come_are_not_held() {
        let planned = scene(&[], "3,5").meeting(&[]);
        assert!(planned.rows("ACC10").is_empty());
        let held = scene(&[], "3,5").meeting(&[("Date", "11/01/2021"), ("État", "réalisé")]);
        assert_eq!(held.rows("ACC10").len(), 1);
    }

    #[test]
    fn another_status_or_unreadable_hours_are_silent() {
        for status in ["diagnostic", "terminé", "abandonné"] {
            assert!(scene(&[("Statut", status)], "4").rows("ACC10").is_empty());
        }
        assert!(
            scene(&[("Heures prévues", "peu")], "4")
                .rows("ACC10")
                .is_empty()
        );
        assert!(
            scene(&[("Prolongation", "peu")], "4")
                .rows("ACC10")
                .is_empty()
        );
    }
}
