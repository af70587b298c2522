//! ACC01: Heures prévues outside `supports.min_hours` to `supports.max_hours`, both included
//! (programme.md §4; 14 to 28 hours, §1).
//!
//! Whatever the Statut. Prolongation is ACC02's matter.

use crate::facts::hours::TOLERANCE;
use crate::findings::Severity;
use crate::french::words;
use crate::model::support::PLANNED_HOURS;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC01` prints.
pub const CARD: Card = Card {
    code: "ACC01",
    severity: Severity::Blocking,
    title: "Heures prévues hors limites",
    finds: "Les heures prévues par le diagnostic sont inférieures au minimum ou supérieures au maximum d’un accompagnement.",
    remedy: "Corrigez Heures prévues.",
};

/// Reports every support with too few or too many planned hours.
pub fn check(night: &Night, sink: &mut Sink) {
    let min = night.settings.supports.min_hours;
    let max = night.settings.supports.max_hours;
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        let Some(hours) = support.planned_hours.get() else {
            continue;
        };
        if hours >= min - TOLERANCE && hours <= max + TOLERANCE {
            continue;
        }
        let message = format!(
            "{} prévues : un accompagnement dure de {} à {}. Corrigez les heures prévues.",
            words::hours(hours),
            words::hours(min),
            words::hours(max)
        );
        let row = RowRef {
            role: Role::Supports,
            index,
        };
        sink.row(row, PLANNED_HOURS, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn found(hours: &str) -> usize {
        let scene = Scene::new().support(&[("Heures prévues", hours)]);
        scene.places("ACC01").len()
    }

    #[test]
    fn both_limits_are_allowed() {
        assert_eq!(found("13,5"), 1);
        assert_eq!(found("14"), 0);
        assert_eq!(found("28"), 0);
        assert_eq!(found("28,5"), 1);
        assert_eq!(found("-14"), 1);
    }

    #[test]
    fn it_stands_at_the_cell_and_names_the_hours() {
        let scene = Scene::new().support(&[("Heures prévues", "30")]);
        assert_eq!(scene.places("ACC01"), ["Accompagnements!I2"]);
        assert!(scene.messages("ACC01")[0].contains("30\u{a0}h"));
    }

    #[test]
    fn no_hours_or_unreadable_ones_are_silent() {
        let open = [("Statut", "diagnostic"), ("Heures prévues", "")];
        assert!(Scene::new().support(&open).rows("ACC01").is_empty());
        assert_eq!(found("beaucoup"), 0);
    }

    #[test]
    fn the_limits_are_settings() {
        let scene = Scene::new().with("[supports]\nmin_hours = 20\n");
        assert_eq!(scene.support(&[]).rows("ACC01").len(), 1);
    }
}
