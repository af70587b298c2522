//! PER02: a person's hours of meetings that are not annulé exceed Heures disponibles (programme.md
//! §4). A meeting counts whole for each of its persons, workshops not at all.
//!
//! Hours that can't be read add nothing; an empty Heures disponibles is no limit; exactly the
//! available hours are fine. Without Rendez-vous there are no hours.

use crate::facts::{hours, persons};
use crate::findings::Severity;
use crate::french::words;
use crate::model::resource_person;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain PER02` prints.
pub const CARD: Card = Card {
    code: "PER02",
    severity: Severity::Warning,
    title: "Plus d’heures que disponibles",
    finds: "Les rendez-vous de cette personne ressource prennent plus d’heures qu’elle n’en donne.",
    remedy: "Confiez un rendez-vous à quelqu’un d’autre, ou convenez avec elle d’heures de plus.",
};

/// Reports everybody who is asked for more than she gives.
pub fn check(night: &Night, sink: &mut Sink) {
    let season = night.season;
    let taken = hours::by_person(season, night.settings);
    for (index, person) in season
        .tables
        .resource_persons
        .iter()
        .flat_map(Table::standing)
    {
        let (Some(available), Some(taken)) =
            (person.hours_available.get(), taken.get(index as usize))
        else {
            continue;
        };
        if *taken <= available + hours::TOLERANCE {
            continue;
        }
        let message = format!(
            "{} a {} de rendez-vous pour {} disponibles : confiez un rendez-vous à quelqu’un d’autre, ou convenez d’heures de plus.",
            persons::name(season, index),
            words::hours(*taken),
            words::hours(available),
        );
        let row = RowRef {
            role: Role::ResourcePersons,
            index,
        };
        sink.row(row, resource_person::HOURS_AVAILABLE, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn available(hours: &str) -> Scene {
        Scene::new()
            .person(&[("Heures disponibles", hours)])
            .meeting(&[])
            .meeting(&[("Date", "21/01/2021")])
    }

    #[test]
    fn more_than_she_gives_is_found() {
        let scene = available("6");
        assert_eq!(scene.places("PER02"), ["Personnes ressources!F2"]);
        let message = &scene.messages("PER02")[0];
        assert!(
            message.contains("7\u{a0}h de rendez-vous pour 6\u{a0}h"),
            "{message}"
        );
    }

    #[test]
    fn what_she_gives_is_enough() {
        assert!(available("7").rows("PER02").is_empty());
        assert_eq!(available("6,99").rows("PER02").len(), 1);
    }

    #[test]
    fn sums_that_do_not_come_out_even_are_equal_all_the_same() {
        let scene = Scene::new()
            .person(&[("Heures disponibles", "0,3")])
            .meeting(&[("Heures", "0,1")])
            .meeting(&[("Date", "21/01/2021"), ("Heures", "0,2")]);
        assert!(scene.rows("PER02").is_empty());
    }

    #[test]
    fn no_limit_or_an_unreadable_one_is_silent() {
        assert!(available("").rows("PER02").is_empty());
        assert!(available("beaucoup").rows("PER02").is_empty());
        assert_eq!(available("0").rows("PER02").len(), 1);
    }

    #[test]
    fn only_live_meetings_with_readable_hours_count() {
        for cell in [("État", "annulé"), ("Heures", "longtemps")] {
            let scene = Scene::new()
                .person(&[("Heures disponibles", "3")])
                .meeting(&[cell]);
            assert!(scene.rows("PER02").is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn a_meeting_counts_whole_for_each_person_and_a_workshop_for_none() {
        let scene = Scene::new()
            .person(&[("Heures disponibles", "3,4")])
            .person(&[("Nom", "Paul Petit"), ("Heures disponibles", "3,4")])
            .meeting(&[("Personne ressource", "Anna Roux; Paul Petit; anna roux")]);
        assert_eq!(scene.rows("PER02").len(), 2);
        let workshop = Scene::new()
            .person(&[("Heures disponibles", "3,5")])
            .meeting(&[])
            .workshop(&[]);
        assert!(workshop.rows("PER02").is_empty());
    }
}
