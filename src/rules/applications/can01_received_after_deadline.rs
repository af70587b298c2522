//! CAN01: the application was received after the deadline (programme.md §4; the deadline, §1).
//!
//! The whole last day counts, in the programme's time zone: 23:59:59 is in time.

use crate::facts::applications::is_in_time;
use crate::findings::Severity;
use crate::model::application::RECEIVED;
use crate::model::time::{hour, short_date};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain CAN01` prints.
pub const CARD: Card = Card {
    code: "CAN01",
    severity: Severity::Blocking,
    title: "Candidature reçue après la clôture",
    finds: "La candidature est arrivée après le dernier jour de l’appel à candidatures : elle n’est pas classée.",
    remedy: "Si la candidature doit être acceptée malgré tout, corrigez l’horodateur ou reportez la clôture dans les réglages (applications.deadline).",
};

/// Reports every application that was received too late.
pub fn check(night: &Night, sink: &mut Sink) {
    let deadline = short_date(night.settings.applications.deadline);
    for (index, row) in night
        .season
        .tables
        .applications
        .iter()
        .flat_map(Table::live)
    {
        let Some(received) = row.received.get() else {
            continue;
        };
        if is_in_time(received, night.settings) {
            continue;
        }
        let message = format!(
            "Candidature reçue le {} à {}, après la clôture du {deadline} : elle n’est pas classée. Vérifiez la date de réception.",
            short_date(received.date()),
            hour(received.time())
        );
        let row = RowRef {
            role: Role::Applications,
            index,
        };
        sink.row(row, RECEIVED, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn received(when: &str) -> Scene {
        Scene::new().application(&[("Horodateur", when)])
    }

    #[test]
    fn the_whole_last_day_is_in_time() {
        assert!(received("18/12/2020 23:59:59").places("CAN01").is_empty());
        let late = received("19/12/2020 00:00:00");
        assert_eq!(late.places("CAN01"), ["Candidatures!A2"]);
        assert!(late.messages("CAN01")[0].contains("clôture du 18/12/2020"));
    }

    #[test]
    fn an_unreadable_time_has_another_finding() {
        assert!(received("demain").places("CAN01").is_empty());
        assert!(received("").places("CAN01").is_empty());
    }

    #[test]
    fn the_deadline_is_a_setting() {
        let settings = "[applications]\ndeadline = 2020-11-30\n";
        assert_eq!(
            Scene::new()
                .with(settings)
                .application(&[])
                .rows("CAN01")
                .len(),
            1
        );
    }
}
