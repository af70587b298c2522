//! RDV03: one of the meeting's resource persons has another meeting, or leads a workshop, on that
//! half-day (programme.md §4). Every meeting that clashes is flagged, workshops are not.
//!
//! Meetings of any support count, of an unknown one too; a whole-day workshop takes both halves.
//! Names that stand in no row are not compared, nor are meetings whose day or half-day can't be
//! read. Without Ateliers only meetings are compared.

use crate::facts::diary::{Diary, Moment};
use crate::facts::persons;
use crate::findings::Severity;
use crate::french::words;
use crate::model::meeting::{self, Meeting};
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Season, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain RDV03` prints.
pub const CARD: Card = Card {
    code: "RDV03",
    severity: Severity::Blocking,
    title: "Personne ressource déjà prise",
    finds: "Une personne ressource de ce rendez-vous a un autre rendez-vous, ou anime un atelier, la même demi-journée.",
    remedy: "Déplacez l’un des deux, ou faites appel à une autre personne ressource.",
};

/// Reports every meeting that asks somebody to be in two places.
pub fn check(night: &Night, sink: &mut Sink) {
    let season = night.season;
    let diary = Diary::of(season);
    for (index, meeting) in season.tables.meetings.iter().flat_map(Table::live) {
        let Some(moment) = meeting.when() else {
            continue;
        };
        let clashes = clashes(season, &diary, (index, meeting), moment);
        if clashes.is_empty() {
            continue;
        }
        let row = RowRef {
            role: Role::Meetings,
            index,
        };
        let (day, half_day) = moment;
        let message = format!(
            "Le {} ({}), {}. Déplacez l’un des deux, ou faites appel à quelqu’un d’autre.",
            short_date(day),
            half_day.french(),
            clashes.join(" ; "),
        );
        sink.row(row, meeting::PERSONS, message);
    }
}

/// What each of the meeting's persons has on then, besides it: the first meeting, the first workshop.
fn clashes(
    season: &Season,
    diary: &Diary,
    (index, meeting): (u32, &Meeting),
    moment: Moment,
) -> Vec<String> {
    let mut clashes = Vec::new();
    for person in persons::rows_named(season, meeting.persons()) {
        let name = persons::name(season, person);
        if let Some(other) = diary.other_meeting(person, moment, index) {
            let other = described(season, other);
            clashes.push(format!("{name} a aussi le rendez-vous {other}"));
        }
        if let Some(workshop) = diary.workshop(person, moment) {
            let workshop = reference(season, workshop);
            clashes.push(format!("{name} anime aussi l’atelier {workshop}"));
        }
    }
    clashes
}

fn described(season: &Season, index: u32) -> String {
    let row = RowRef {
        role: Role::Meetings,
        index,
    };
    let line = season.place(row).map_or(0, |place| place.row);
    let meetings = season.tables.meetings.as_ref();
    let support = meetings
        .and_then(|table: &Table<Meeting>| table.get(index))
        .and_then(|meeting| meeting.support.value());
    match support {
        Some(name) => format!("de {}, ligne {line}", words::quoted(&name.text)),
        None => format!("de la ligne {line}"),
    }
}

fn reference(season: &Season, index: u32) -> String {
    let row = RowRef {
        role: Role::Workshops,
        index,
    };
    words::quoted(season.head(row).map_or("", |head| &head.key))
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn two_supports() -> Scene {
        Scene::new()
            .support(&[])
            .support(&[("Référence", "ACC-02")])
            .person(&[])
            .person(&[("Nom", "Paul Petit"), ("Email", "paul@sud.example.org")])
    }

    #[test]
    fn both_meetings_of_one_person_are_found() {
        let scene = two_supports()
            .meeting(&[])
            .meeting(&[("Accompagnement", "ACC-02")]);
        assert_eq!(scene.places("RDV03"), ["Rendez-vous!B2", "Rendez-vous!B3"]);
        let messages = scene.messages("RDV03");
        assert!(messages[0].contains("ACC-02"), "{messages:?}");
        assert!(messages[0].contains("ligne 3"), "{messages:?}");
        assert!(messages[1].contains("ligne 2"), "{messages:?}");
    }

    #[test]
    fn another_half_day_day_or_person_is_silent() {
        for cell in [
            ("Demi-journée", "après-midi"),
            ("Date", "15/01/2021"),
            ("Personne ressource", "Paul Petit"),
            ("État", "annulé"),
        ] {
            let scene = two_supports()
                .meeting(&[])
                .meeting(&[("Accompagnement", "ACC-02"), cell]);
            assert!(scene.rows("RDV03").is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn one_shared_person_is_enough() {
        let scene = two_supports()
            .meeting(&[("Personne ressource", "Paul Petit; Anna Roux")])
            .meeting(&[("Accompagnement", "ACC-02")]);
        assert_eq!(scene.rows("RDV03").len(), 2);
        assert!(!scene.messages("RDV03")[0].contains("Paul Petit"));
    }

    #[test]
    fn a_workshop_that_she_leads_is_found_on_the_meeting_alone() {
        let led = |slot, half_day| {
            Scene::new()
                .workshop(&[("Date", "14/01/2021"), ("Demi-journée", slot)])
                .meeting(&[("Demi-journée", half_day)])
        };
        assert_eq!(led("matin", "matin").rows("RDV03"), ["Rendez-vous!2"]);
        assert_eq!(led("journée", "après-midi").rows("RDV03").len(), 1);
        assert!(led("matin", "après-midi").rows("RDV03").is_empty());
        assert!(led("matin", "matin").messages("RDV03")[0].contains("AT-01"));
    }

    #[test]
    fn everything_that_she_has_on_is_named_at_once() {
        let scene = two_supports()
            .workshop(&[("Date", "14/01/2021")])
            .meeting(&[])
            .meeting(&[("Accompagnement", "ACC-02")]);
        let message = &scene.messages("RDV03")[0];
        assert!(
            message.contains("ACC-02") && message.contains("AT-01"),
            "{message}"
        );
    }

    #[test]
    fn a_cancelled_workshop_takes_nobody() {
        let scene = Scene::new()
            .workshop(&[("Date", "14/01/2021"), ("État", "annulé")])
            .meeting(&[]);
        assert!(scene.rows("RDV03").is_empty());
    }

    #[test]
    fn a_name_typed_twice_does_not_clash_with_itself() {
        let scene = Scene::new().meeting(&[("Personne ressource", "Anna Roux; anna roux")]);
        assert!(scene.rows("RDV03").is_empty());
    }

    #[test]
    fn a_name_typed_twice_is_told_once() {
        let scene = two_supports()
            .meeting(&[("Personne ressource", "Anna Roux; anna roux")])
            .meeting(&[("Accompagnement", "ACC-02")]);
        let message = &scene.messages("RDV03")[0];
        assert_eq!(message.matches("Anna Roux").count(), 1, "{message}");
    }

    #[test]
    fn unknown_persons_are_not_compared() {
        let scene = two_supports()
            .meeting(&[("Personne ressource", "Nina Blanc")])
            .meeting(&[
                ("Accompagnement", "ACC-02"),
                ("Personne ressource", "Nina Blanc"),
            ]);
        assert!(scene.rows("RDV03").is_empty());
    }

    #[test]
    fn a_meeting_of_an_unknown_support_takes_her_too() {
        let scene = two_supports()
            .meeting(&[])
            .meeting(&[("Accompagnement", "ACC-99")]);
        assert_eq!(scene.rows("RDV03").len(), 2);
    }

    #[test]
    fn a_repeated_row_has_only_its_data_checks() {
        let scene = Scene::new().meeting(&[]).meeting(&[]);
        assert!(scene.rows("RDV03").is_empty());
    }
}
