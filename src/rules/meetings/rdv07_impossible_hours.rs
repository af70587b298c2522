//! RDV07: the hours typed for a meeting are above `supports.max_half_day_hours`, or not above 0
//! (programme.md §4; §1, "meetings"). Exactly the greatest length is fine; an empty cell is an
//! ordinary half-day.

use crate::facts::hours::TOLERANCE;
use crate::findings::Severity;
use crate::french::words;
use crate::model::meeting;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV07` prints.
pub const CARD: Card = Card {
    code: "RDV07",
    severity: Severity::Blocking,
    title: "Durée impossible",
    finds: "La durée du rendez-vous dépasse une demi-journée, ou n’est pas supérieure à 0.",
    remedy: "Corrigez la durée, partagez le rendez-vous en deux demi-journées, ou laissez la cellule vide pour une demi-journée ordinaire.",
};

/// Reports every meeting whose hours no half-day can hold.
pub fn check(night: &Night, sink: &mut Sink) {
    let most = night.settings.supports.max_half_day_hours;
    for (index, meeting) in night.season.tables.meetings.iter().flat_map(Table::live) {
        let Some(hours) = meeting.hours.get() else {
            continue;
        };
        let message = if hours > most + TOLERANCE {
            format!(
                "{}, c’est plus qu’une demi-journée ({} au plus). Corrigez la durée, ou partagez le rendez-vous en deux.",
                words::hours(hours),
                words::hours(most),
            )
        } else if hours <= 0.0 {
            format!(
                "La durée est de {} : indiquez une durée supérieure à 0, ou laissez la cellule vide pour une demi-journée ordinaire.",
                words::hours(hours),
            )
        } else {
            continue;
        };
        let row = RowRef {
            role: Role::Meetings,
            index,
        };
        sink.row(row, meeting::HOURS, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn lasting(hours: &str) -> Scene {
        Scene::new().meeting(&[("Heures", hours)])
    }

    #[test]
    fn more_than_a_half_day_is_found() {
        assert_eq!(lasting("4,5").places("RDV07"), ["Rendez-vous!E2"]);
        assert!(lasting("4,5").messages("RDV07")[0].starts_with("4,5\u{a0}h"));
    }

    #[test]
    fn the_greatest_length_is_fine_and_a_minute_more_is_not() {
        assert!(lasting("4").rows("RDV07").is_empty());
        assert!(lasting("4h00").rows("RDV07").is_empty());
        assert_eq!(lasting("4h01").rows("RDV07").len(), 1);
    }

    #[test]
    fn nothing_or_less_is_found() {
        assert_eq!(lasting("0").rows("RDV07").len(), 1);
        assert_eq!(lasting("-1").rows("RDV07").len(), 1);
        assert!(lasting("0,25").rows("RDV07").is_empty());
    }

    #[test]
    fn empty_unreadable_or_cancelled_is_silent() {
        assert!(lasting("").rows("RDV07").is_empty());
        assert!(lasting("longtemps").rows("RDV07").is_empty());
        let cancelled = Scene::new().meeting(&[("Heures", "9"), ("État", "annulé")]);
        assert!(cancelled.rows("RDV07").is_empty());
    }

    #[test]
    fn the_setting_decides() {
        let scene = lasting("4,5").with("[supports]\nmax_half_day_hours = 5\n");
        assert!(scene.rows("RDV07").is_empty());
    }
}
