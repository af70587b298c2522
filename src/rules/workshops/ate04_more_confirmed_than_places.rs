//! ATE04: more registrations told or forced confirmed than Places (programme.md §4; Seats): seats
//! that nobody takes away by herself.
//!
//! Places count as they give seats: at most the capacity, none when 0 or less. Not made where
//! Places can't be read. As many as Places is fine.

use crate::decide::Decisions;
use crate::findings::Severity;
use crate::french::words;
use crate::model::workshop;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain ATE04` prints.
pub const CARD: Card = Card {
    code: "ATE04",
    severity: Severity::Blocking,
    title: "Plus de confirmations que de places",
    finds: "Plus de personnes ont une place confirmée, par vous ou par courriel, que l’atelier n’en a. Le programme n’en retire aucune de lui-même.",
    remedy: "Trouvez des places, ou convenez avec quelqu’un d’y renoncer et écrivez « annulée » dans l’état de son inscription.",
};

/// Reports every workshop that is overbooked.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    for (index, workshop) in night.season.tables.workshops.iter().flat_map(Table::live) {
        let seats = decisions.seats.workshop(index);
        if workshop.seats.is_bad() || seats.promised <= seats.places {
            continue;
        }
        let row = RowRef {
            role: Role::Workshops,
            index,
        };
        let message = format!(
            "{} pour {} : ajoutez des places, ou convenez avec quelqu’un d’y renoncer et notez « annulée » dans son inscription.",
            words::count(
                seats.promised as usize,
                "inscription confirmée",
                "inscriptions confirmées"
            ),
            words::count(seats.places as usize, "place", "places"),
        );
        sink.row(row, workshop::SEATS, message);
    }
}

#[cfg(test)]
mod tests {

    use crate::facts::{SeatTold, Told};
    use crate::rules::scene::Scene;

    fn forced(scene: Scene, emails: &[&str]) -> Scene {
        emails.iter().fold(scene, |scene, email| {
            scene.registration(&[("Email", email), ("État", "confirmée")])
        })
    }

    fn one_place() -> Scene {
        Scene::new().workshop(&[("Places", "1")])
    }

    #[test]
    fn one_forced_seat_too_many_is_found() {
        let scene = forced(one_place(), &["a@example.org", "b@example.org"]);
        assert_eq!(scene.places("ATE04"), ["Ateliers!J2"]);
        let message = &scene.messages("ATE04")[0];
        assert!(
            message.starts_with("2 inscriptions confirmées pour 1 place"),
            "{message}"
        );
    }

    #[test]
    fn as_many_as_there_are_places_is_fine() {
        assert!(
            forced(one_place(), &["a@example.org"])
                .rows("ATE04")
                .is_empty()
        );
        let waiting = forced(one_place(), &["a@example.org"]).registration(&[]);
        assert!(waiting.rows("ATE04").is_empty());
    }

    #[test]
    fn who_was_told_counts_like_who_was_forced() {
        let mut told = Told::default();
        told.note_seat("at01|camille@example.org".to_owned(), SeatTold::Confirmed);
        let scene = forced(one_place(), &["a@example.org"]).registration(&[]);
        assert!(scene.rows("ATE04").is_empty());
        assert_eq!(scene.told(told).rows("ATE04").len(), 1);
    }

    #[test]
    fn places_that_cannot_be_read_leave_it_out() {
        let emails: Vec<String> = (0..13).map(|n| format!("p{n}@example.org")).collect();
        let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
        let typed = |places| forced(Scene::new().workshop(&[("Places", places)]), &emails);
        assert!(typed("beaucoup").rows("ATE04").is_empty());
        assert_eq!(typed("").rows("ATE04").len(), 1);
    }

    #[test]
    fn a_cancelled_workshop_is_silent() {
        let scene = Scene::new().workshop(&[("Places", "1"), ("État", "annulé")]);
        let scene = forced(scene, &["a@example.org", "b@example.org"]);
        assert!(scene.rows("ATE04").is_empty());
    }
}
