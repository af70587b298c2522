//! ACC03: the support's running total passes the agreed hours (Heures prévues + Prolongation) at
//! this meeting or before it, and is not above `supports.max_hours` (programme.md §4): an extension
//! must be decided or meetings left out.
//!
//! Above the maximum it is ACC04. Not made while the agreed hours are open or can't be read; a
//! meeting whose own hours can't be read adds nothing and is not flagged.

use crate::facts::hours::{TOLERANCE, running_totals};
use crate::findings::Severity;
use crate::french::words;
use crate::model::meeting::HOURS;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ACC03` prints.
pub const CARD: Card = Card {
    code: "ACC03",
    severity: Severity::Warning,
    title: "Rendez-vous au-delà des heures convenues",
    finds: "À ce rendez-vous, le cumul de l’accompagnement dépasse les heures prévues et la prolongation, sans dépasser le maximum.",
    remedy: "Décidez d’une prolongation et notez-la dans Accompagnements, ou retirez des rendez-vous.",
};

/// Reports every meeting past the agreed hours.
pub fn check(night: &Night, sink: &mut Sink) {
    let max = night.settings.supports.max_hours;
    for (index, support) in night.season.tables.supports.iter().flat_map(Table::live) {
        let Some(agreed) = support.agreed_hours() else {
            continue;
        };
        for (index, meeting, total) in running_totals(night.season, night.settings, index) {
            let is_past = total > agreed + TOLERANCE && total <= max + TOLERANCE;
            if meeting.hours.is_bad() || !is_past {
                continue;
            }
            let message = format!(
                "Avec ce rendez-vous, le cumul atteint {} pour {} convenues : décidez d’une prolongation (jusqu’à {} au total), ou retirez des heures.",
                words::hours(total),
                words::hours(agreed),
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

    const DAYS: [&str; 10] = [
        "11/01/2021",
        "12/01/2021",
        "13/01/2021",
        "14/01/2021",
        "15/01/2021",
        "18/01/2021",
        "19/01/2021",
        "20/01/2021",
        "21/01/2021",
        "22/01/2021",
    ];

    /// A support and so many half-days of 3.5 hours.
    fn scene(support: &[(&str, &str)], meetings: usize) -> Scene {
        let days = DAYS.iter().take(meetings);
        days.fold(Scene::new().support(support), |scene, day| {
            scene.meeting(&[("Date", day)])
        })
    }

    #[test]
    fn the_agreed_hours_may_be_used_up() {
        assert!(scene(&[], 4).rows("ACC03").is_empty());
        assert_eq!(scene(&[], 5).places("ACC03"), ["Rendez-vous!E6"]);
        let messages = scene(&[], 5).messages("ACC03");
        assert!(messages[0].contains("17,5\u{a0}h pour 14\u{a0}h"));
    }

    #[test]
    fn each_meeting_past_them_is_found_up_to_the_maximum() {
        let rows = scene(&[], 9).rows("ACC03");
        assert_eq!(
            rows,
            [
                "Rendez-vous!6",
                "Rendez-vous!7",
                "Rendez-vous!8",
                "Rendez-vous!9"
            ]
        );
    }

    #[test]
    fn an_extension_is_agreed_too() {
        assert!(
            scene(&[("Prolongation", "3,5")], 5)
                .rows("ACC03")
                .is_empty()
        );
        assert_eq!(scene(&[("Prolongation", "3")], 5).rows("ACC03").len(), 1);
    }

    #[test]
    fn open_or_unreadable_hours_leave_it_out() {
        let open = [("Statut", "diagnostic"), ("Heures prévues", "")];
        assert!(scene(&open, 6).rows("ACC03").is_empty());
        assert!(
            scene(&[("Heures prévues", "peu")], 6)
                .rows("ACC03")
                .is_empty()
        );
        assert!(
            scene(&[("Prolongation", "peu")], 6)
                .rows("ACC03")
                .is_empty()
        );
    }

    #[test]
    fn days_decide_the_order_and_cancelled_meetings_add_nothing() {
        let scene = scene(&[], 4)
            .meeting(&[("Date", "04/01/2021"), ("État", "annulé")])
            .meeting(&[("Date", "05/01/2021")]);
        assert_eq!(scene.rows("ACC03"), ["Rendez-vous!5"]);
    }

    #[test]
    fn hours_that_cannot_be_read_add_nothing_and_are_not_flagged() {
        let scene = scene(&[], 4)
            .meeting(&[("Date", "18/01/2021"), ("Heures", "longtemps")])
            .meeting(&[("Date", "19/01/2021"), ("Heures", "0,5")])
            .meeting(&[("Date", "20/01/2021"), ("Heures", "longtemps")]);
        assert_eq!(scene.rows("ACC03"), ["Rendez-vous!7"]);
    }
}
