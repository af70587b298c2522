//! ATE05: another workshop stands on the same half-day (programme.md §4): nobody can come to both.
//! Both rows are flagged; a journée overlaps morning and afternoon.
//!
//! Annulé workshops and those whose date or half-day can't be read are not compared.

use chrono::NaiveDate;

use crate::findings::Severity;
use crate::french::words;
use crate::model::time::{Slot, short_date};
use crate::model::workshop;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ATE05` prints.
pub const CARD: Card = Card {
    code: "ATE05",
    severity: Severity::Info,
    title: "Deux ateliers la même demi-journée",
    finds: "Un autre atelier a lieu la même demi-journée : personne ne peut suivre les deux.",
    remedy: "Déplacez l’un des deux si les mêmes personnes pourraient vouloir y venir.",
};

/// A workshop and the half-day, or the day, that it takes.
type Taken = (NaiveDate, Slot, u32);

/// Reports every workshop that shares a half-day with another.
pub fn check(night: &Night, sink: &mut Sink) {
    let workshops = night.season.tables.workshops.iter().flat_map(Table::live);
    let mut taken: Vec<Taken> = workshops
        .filter_map(|(index, workshop)| {
            let (date, slot) = workshop.when()?;
            Some((date, slot, index))
        })
        .collect();
    taken.sort_unstable();
    for day in taken.chunk_by(|a, b| a.0 == b.0) {
        check_day(night, day, sink);
    }
}

/// The workshops of one day, by slot, then row.
fn check_day(night: &Night, day: &[Taken], sink: &mut Sink) {
    // The first two of each slot are enough to find another one for any of them.
    let firsts: Vec<&Taken> = day
        .chunk_by(|a, b| a.1 == b.1)
        .flat_map(|slot| slot.iter().take(2))
        .collect();
    for (date, slot, index) in day {
        let other = firsts
            .iter()
            .filter(|(_, other, row)| row != index && slot.overlaps(*other))
            .min_by_key(|(_, _, row)| *row);
        let Some((_, other_slot, other)) = other else {
            continue;
        };
        let message = format!(
            "Le {}, l’atelier {} a lieu en même temps ({}) : personne ne peut suivre les deux. Vérifiez que c’est voulu.",
            short_date(*date),
            words::quoted(night.season.head(at(*other)).map_or("", |head| &head.key)),
            other_slot.french(),
        );
        sink.row(at(*index), workshop::SLOT, message);
    }
}

fn at(index: u32) -> RowRef {
    RowRef {
        role: Role::Workshops,
        index,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn pair(first: &str, second: &[(&str, &str)]) -> Scene {
        let mut cells = vec![("Référence", "AT-02")];
        cells.extend(second);
        Scene::new()
            .workshop(&[("Demi-journée", first)])
            .workshop(&cells)
    }

    #[test]
    fn both_rows_are_found_and_name_each_other() {
        let scene = pair("matin", &[("Demi-journée", "matin")]);
        assert_eq!(scene.places("ATE05"), ["Ateliers!E2", "Ateliers!E3"]);
        let messages = scene.messages("ATE05");
        assert!(messages[0].contains("AT-02"), "{messages:?}");
        assert!(messages[1].contains("AT-01"), "{messages:?}");
    }

    #[test]
    fn a_whole_day_overlaps_both_halves() {
        for half in ["matin", "après-midi", "journée"] {
            let scene = pair("journée", &[("Demi-journée", half)]);
            assert_eq!(scene.rows("ATE05").len(), 2, "{half}");
        }
        assert!(
            pair("matin", &[("Demi-journée", "après-midi")])
                .rows("ATE05")
                .is_empty()
        );
    }

    #[test]
    fn the_two_halves_do_not_meet_through_the_day() {
        let scene = pair("matin", &[("Demi-journée", "après-midi")])
            .workshop(&[("Référence", "AT-03"), ("Demi-journée", "journée")]);
        let messages = scene.messages("ATE05");
        assert_eq!(messages.len(), 3);
        assert!(messages[0].contains("AT-03"), "{messages:?}");
        assert!(messages[1].contains("AT-03"), "{messages:?}");
        assert!(messages[2].contains("AT-01"), "{messages:?}");
    }

    #[test]
    fn what_does_not_count_is_not_compared() {
        for cell in [
            ("Date", "29/01/2021"),
            ("Date", ""),
            ("Demi-journée", "soir"),
            ("État", "annulé"),
            ("Référence", "AT-01"),
        ] {
            assert!(pair("matin", &[cell]).rows("ATE05").is_empty(), "{cell:?}");
        }
    }
}
