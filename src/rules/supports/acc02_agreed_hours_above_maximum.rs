//! ACC02: Heures prévues + Prolongation above `supports.max_hours` (programme.md §4; "extension
//! included never above 28", §1).
//!
//! Heures prévues that are above by themselves have ACC01 too, as programme.md words both.

use crate::facts::hours::TOLERANCE;
use crate::findings::Severity;
use crate::french::words;
use crate::model::support::{EXTENSION, PLANNED_HOURS, Support};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC02` prints.
pub const CARD: Card = Card {
    code: "ACC02",
    severity: Severity::Blocking,
    title: "Heures convenues au-dessus du maximum",
    finds: "Les heures prévues et la prolongation dépassent ensemble le maximum d’un accompagnement.",
    remedy: "Réduisez la prolongation, ou les heures prévues.",
};

/// Reports every support that was agreed for too many hours.
pub fn check(night: &Night, sink: &mut Sink) {
    let max = night.settings.supports.max_hours;
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        let Some(agreed) = support.agreed_hours().filter(|it| *it > max + TOLERANCE) else {
            continue;
        };
        let is_extended = support.extension.get().is_some_and(|hours| hours > 0.0);
        let column = if is_extended {
            EXTENSION
        } else {
            PLANNED_HOURS
        };
        let row = RowRef {
            role: Role::Supports,
            index,
        };
        sink.row(row, column, message(support, agreed, max));
    }
}

fn message(support: &Support, agreed: f64, max: f64) -> String {
    let planned = support.planned_hours.get().unwrap_or_default();
    let extension = support.extension.get().unwrap_or_default();
    format!(
        "{} prévues et {} de prolongation font {}, au-dessus du maximum de {} : réduisez-les.",
        words::hours(planned),
        words::hours(extension),
        words::hours(agreed),
        words::hours(max)
    )
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn agreed(planned: &str, extension: &str) -> Vec<String> {
        let cells = [("Heures prévues", planned), ("Prolongation", extension)];
        Scene::new().support(&cells).places("ACC02")
    }

    #[test]
    fn the_maximum_itself_is_allowed() {
        assert!(agreed("24,5", "3,5").is_empty());
        assert_eq!(agreed("24,5", "4"), ["Accompagnements!J2"]);
    }

    #[test]
    fn sums_are_compared_with_a_tolerance() {
        // In floating point 14.3 + 2.1 is a hair above 16.4.
        let cells = [("Heures prévues", "14,3"), ("Prolongation", "2,1")];
        let scene = Scene::new().with("[supports]\nmax_hours = 16.4\n");
        assert!(scene.support(&cells).places("ACC02").is_empty());
    }

    #[test]
    fn without_an_extension_the_planned_hours_are_at_fault() {
        assert_eq!(agreed("29", ""), ["Accompagnements!I2"]);
        assert!(agreed("28", "").is_empty());
    }

    #[test]
    fn an_unreadable_half_leaves_it_out() {
        assert!(agreed("28", "plus").is_empty());
        assert!(agreed("plus", "28").is_empty());
    }
}
