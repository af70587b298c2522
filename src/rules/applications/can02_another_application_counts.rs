//! CAN02: another application of the same structure counts instead of this one (programme.md §4).
//!
//! Of several, the latest that was received up to the deadline counts, else the latest; at equal
//! times the lower row. People send their form again to correct it, so the last word in time is the
//! one that is meant. An application whose Horodateur can't be read takes no part.

use crate::facts::applications;
use crate::findings::Severity;
use crate::french::words;
use crate::model::application::STRUCTURE;
use crate::model::time::{hour, short_date};
use crate::model::{Name, Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain CAN02` prints.
pub const CARD: Card = Card {
    code: "CAN02",
    severity: Severity::Warning,
    title: "Une autre candidature de la structure compte",
    finds: "La structure a candidaté plusieurs fois. La dernière candidature reçue avant la clôture compte ; celle-ci n’est ni classée ni relancée.",
    remedy: "Vérifiez que la bonne candidature compte ; supprimez l’autre si elle est inutile.",
};

/// Reports every application that another one replaces.
pub fn check(night: &Night, sink: &mut Sink) {
    let replacements = applications::replacements(night.season, night.settings);
    let rows = night.season.tables.applications.iter().flat_map(Table::all);
    for ((index, row), replaced_by) in rows.zip(replacements) {
        if let (Some(structure), Some(other)) = (row.structure.value(), replaced_by) {
            sink.row(row_of(index), STRUCTURE, message(night, structure, other));
        }
    }
}

fn message(night: &Night, structure: &Name, other: u32) -> String {
    let tables = &night.season.tables;
    let received = tables
        .applications
        .as_ref()
        .and_then(|table| table.get(other)?.received.get())
        .map(|it| format!(", reçue le {} à {}", short_date(it.date()), hour(it.time())))
        .unwrap_or_default();
    format!(
        "Une autre candidature de {} compte, {}{received} : celle-ci est laissée de côté. Vérifiez que c’est bien ce qui est voulu.",
        words::quoted(&structure.text),
        words::line_of(night.season, row_of(other)),
    )
}

fn row_of(index: u32) -> RowRef {
    RowRef {
        role: Role::Applications,
        index,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn received(times: &[&str]) -> Vec<String> {
        times
            .iter()
            .fold(Scene::new(), |scene, time| {
                scene.application(&[("Horodateur", time)])
            })
            .rows("CAN02")
    }

    #[test]
    fn the_latest_in_time_counts() {
        assert_eq!(
            received(&["02/12/2020 10:00", "01/12/2020 10:00"]),
            ["Candidatures!3"]
        );
        assert_eq!(
            received(&["18/12/2020 23:59", "19/12/2020 00:00"]),
            ["Candidatures!3"]
        );
    }

    #[test]
    fn where_all_are_late_the_latest_counts() {
        assert_eq!(
            received(&["20/12/2020 10:00", "19/12/2020 10:00"]),
            ["Candidatures!3"]
        );
    }

    #[test]
    fn at_equal_times_the_lower_row_counts() {
        assert_eq!(
            received(&["01/12/2020 10:00", "01/12/2020 10:00"]),
            ["Candidatures!2"]
        );
    }

    #[test]
    fn one_application_a_structure_is_silent() {
        let scene = Scene::new()
            .application(&[])
            .application(&[("Structure", "Studio Sud")]);
        assert!(scene.rows("CAN02").is_empty());
    }

    #[test]
    fn an_unreadable_time_takes_no_part() {
        assert!(received(&["01/12/2020 10:00", "bientôt"]).is_empty());
    }

    #[test]
    fn the_message_names_the_one_that_counts() {
        let scene = Scene::new()
            .application(&[("Structure", "ATELIER NORD")])
            .application(&[("Horodateur", "02/12/2020 14:30")]);
        let messages = scene.messages("CAN02");
        assert!(messages[0].contains("ligne 3"), "{messages:?}");
        assert!(messages[0].contains("reçue le 02/12/2020 à 14\u{a0}h\u{a0}30"));
    }
}
