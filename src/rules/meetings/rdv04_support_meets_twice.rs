//! RDV04: the support has another meeting on that half-day (programme.md §4), with other persons:
//! with the same ones the row would repeat the other (DON04). Both rows are flagged.
//!
//! Meetings of an unknown support are not compared, nor those whose day or half-day can't be read.

use chrono::NaiveDate;

use crate::facts::hours;
use crate::findings::Severity;
use crate::french::words;
use crate::model::meeting;
use crate::model::support::Support;
use crate::model::time::{HalfDay, short_date};
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV04` prints.
pub const CARD: Card = Card {
    code: "RDV04",
    severity: Severity::Blocking,
    title: "Deux rendez-vous la même demi-journée",
    finds: "L’accompagnement a deux rendez-vous la même demi-journée, avec des personnes différentes.",
    remedy: "Gardez une seule ligne en y nommant toutes les personnes, ou déplacez l’un des deux rendez-vous.",
};

/// Reports every meeting that shares its half-day with another of its support.
pub fn check(night: &Night, sink: &mut Sink) {
    for (index, support) in night
        .season
        .tables
        .supports
        .iter()
        .flat_map(Table::standing)
    {
        check_support(night, index, support, sink);
    }
}

fn check_support(night: &Night, support: u32, row: &Support, sink: &mut Sink) {
    // In the order of the half-days, so that those of one stand side by side.
    let meetings: Vec<(u32, (NaiveDate, HalfDay))> = hours::meetings(night.season, support)
        .filter_map(|(index, meeting)| Some((index, meeting.when()?)))
        .collect();
    for together in meetings.chunk_by(|a, b| a.1 == b.1) {
        let [(first, (day, half_day)), (second, _), ..] = together else {
            continue;
        };
        for (index, _) in together {
            let other = if index == first { second } else { first };
            let reference = row.reference.value().map_or("", |name| &name.text);
            let message = format!(
                "{} a un autre rendez-vous le {} ({}), ligne {}. Gardez une seule ligne avec toutes les personnes, ou déplacez l’un des deux.",
                words::quoted(reference),
                short_date(*day),
                half_day.french(),
                line(night, *other),
            );
            sink.row(at(*index), meeting::HALF_DAY, message);
        }
    }
}

fn at(index: u32) -> RowRef {
    RowRef {
        role: Role::Meetings,
        index,
    }
}

fn line(night: &Night, index: u32) -> u32 {
    night.season.place(at(index)).map_or(0, |place| place.row)
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn pair(cell: (&str, &str)) -> Scene {
        Scene::new()
            .person(&[])
            .person(&[("Nom", "Paul Petit"), ("Email", "paul@sud.example.org")])
            .meeting(&[])
            .meeting(&[("Personne ressource", "Paul Petit"), cell])
    }

    #[test]
    fn both_rows_are_found() {
        let scene = pair(("Lieu", "ailleurs"));
        assert_eq!(scene.places("RDV04"), ["Rendez-vous!D2", "Rendez-vous!D3"]);
        let messages = scene.messages("RDV04");
        assert!(messages[0].contains("ligne 3"), "{messages:?}");
        assert!(messages[1].contains("ligne 2"), "{messages:?}");
    }

    #[test]
    fn every_row_of_three_is_found() {
        let scene =
            pair(("Lieu", "ailleurs")).meeting(&[("Personne ressource", "Anna Roux; Paul Petit")]);
        assert_eq!(scene.rows("RDV04").len(), 3);
    }

    #[test]
    fn another_half_day_or_a_cancelled_one_is_silent() {
        for cell in [
            ("Demi-journée", "après-midi"),
            ("Date", "15/01/2021"),
            ("État", "annulé"),
            ("Demi-journée", "soir"),
        ] {
            assert!(pair(cell).rows("RDV04").is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn two_meetings_of_an_unknown_support_are_not_compared() {
        let scene = Scene::new()
            .person(&[])
            .person(&[("Nom", "Paul Petit")])
            .meeting(&[("Accompagnement", "ACC-99")])
            .meeting(&[
                ("Accompagnement", "ACC-99"),
                ("Personne ressource", "Paul Petit"),
            ]);
        assert!(scene.rows("RDV04").is_empty());
    }

    #[test]
    fn a_repeated_row_is_left_to_its_data_check() {
        let scene = Scene::new().meeting(&[]).meeting(&[]);
        assert!(scene.rows("RDV04").is_empty());
    }
}
