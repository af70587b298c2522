//! Seats that were told, and whose row is gone or can't be read for now: they are given to nobody
//! else without the coordinator's word.

use crate::mails::State;
use crate::mails::scenario::{Cells, Ledger, lines};
use crate::model::Role;
use crate::rules::scene::Scene;

const PROMOTED: &str = "inscription-promue paul@example.org";
const CONFIRMED: &str = "inscription-confirmee zoe@example.org";

fn workshop(day: &str, places: &str) -> Scene {
    Scene::new()
        .on(day)
        .workshop(&[("Places", places), ("Lieu", "MJC Roguet")])
        .empty(Role::Registrations)
}

/// Camille registered first, and then Paul.
fn camille(scene: Scene, cells: Cells) -> Scene {
    scene.registration(cells)
}

fn paul(scene: Scene, cells: Cells) -> Scene {
    let mut all = vec![
        ("Inscrit le", "05/01/2021 10:00"),
        ("Nom", "Paul Vidal"),
        ("Email", "paul@example.org"),
    ];
    all.extend_from_slice(cells);
    scene.registration(&all)
}

/// Somebody who never heard of the workshop.
fn zoe(scene: Scene, cells: Cells) -> Scene {
    let mut all = vec![
        ("Inscrit le", "06/01/2021 18:00"),
        ("Nom", "Zoé Blanc"),
        ("Email", "zoe@example.org"),
    ];
    all.extend_from_slice(cells);
    scene.registration(&all)
}

/// Camille was told of the one seat, and Paul that he waits.
fn told() -> Ledger {
    let mut ledger = Ledger::default();
    let night = paul(camille(workshop("2021-01-06", "1"), &[]), &[]);
    ledger.night(night);
    ledger
}

/// What a night sends to others than Camille, with her row as it is there.
fn with(cells: Cells) -> Vec<String> {
    let night = paul(camille(workshop("2021-01-07", "1"), cells), &[]);
    let mut all = lines(&told().look(night).due);
    all.retain(|line| !line.contains("camille"));
    all
}

#[test]
fn a_seat_whose_row_cannot_be_read_comes_free_with_approval_only() {
    let promoted_if_she_agrees = [format!("{PROMOTED} ?")];
    for cells in [
        [("Email", "camille@example.org / c@example.org")],
        [("Email", "")],
        [("Atelier", "")],
        [("Atelier", "AT-99")],
        [("État", "à voir")],
    ] {
        assert_eq!(with(&cells), promoted_if_she_agrees, "{cells:?}");
    }
    // Her « annulée » frees it, and a row that is only incomplete keeps it.
    assert_eq!(with(&[("État", "annulée")]), [PROMOTED]);
    assert_eq!(with(&[("Nom", "")]), [""; 0]);
    assert_eq!(with(&[]), [""; 0]);
}

#[test]
fn once_the_row_is_mended_nobody_was_told_of_her_seat() {
    let mut ledger = told();
    let night = |day, cells| paul(camille(workshop(day, "1"), cells), &[]);
    let broken: Cells = &[("État", "à voir")];
    assert_eq!(
        lines(&ledger.night(night("2021-01-07", broken))),
        [format!("{PROMOTED} ?")]
    );
    assert_eq!(lines(&ledger.night(night("2021-01-08", broken))), [""; 0]);
    let mended = night("2021-01-09", &[]);
    let standing = ledger.standing(&mended).into_iter();
    let waiting = standing.filter(|(entry, _)| entry.state == State::AwaitingApproval);
    assert!(waiting.into_iter().all(|(_, still_due)| !still_due));
}

#[test]
fn the_seat_of_a_row_that_is_gone_is_no_newcomers_either() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", "1"), &[]));
    let night = |day| zoe(workshop(day, "1"), &[]);
    let due = ledger.night(night("2021-01-07"));
    assert_eq!(
        lines(&due),
        [
            format!("{CONFIRMED} ?"),
            "inscription-annulee camille@example.org ?".to_owned(),
        ]
    );
    let why = &due.drafts[0].why;
    assert!(why.contains("manque ou ne peut pas être lue"), "{why}");
    assert_eq!(lines(&ledger.night(night("2021-01-08"))), [""; 0]);
}

#[test]
fn a_seat_that_was_free_anyway_is_confirmed_without_a_word_of_hers() {
    let due = |places, others: Cells| {
        let night = zoe(workshop("2021-01-07", places), others);
        let due = told().look(paul(night, &[])).due;
        let mut all = lines(&due);
        all.retain(|line| line.contains("zoe@"));
        all
    };
    // With three places there is one for each of the three, with two there is none.
    assert_eq!(due("3", &[]), [CONFIRMED]);
    assert_eq!(
        due("2", &[("Inscrit le", "01/01/2021 08:00")]),
        [format!("{CONFIRMED} ?")]
    );
    // What she gives herself depends on nobody.
    assert_eq!(due("1", &[("État", "confirmée")]), [CONFIRMED]);
}

#[test]
fn who_has_another_address_now_keeps_her_own_seat() {
    let mut ledger = told();
    let corrected = |places| {
        let cells = [("Email", "c@example.org")];
        paul(camille(workshop("2021-01-07", places), &cells), &[])
    };
    let hers = [
        "inscription-confirmee c@example.org",
        "inscription-annulee camille@example.org ?",
    ];
    assert_eq!(lines(&ledger.look(corrected("1")).due), hers);
    // And a second place is one for him who waits.
    let due = ledger.night(corrected("2"));
    assert_eq!(lines(&due), [hers[0], PROMOTED, hers[1]]);
}

#[test]
fn once_she_has_decided_about_the_row_its_seat_is_free() {
    for decided in [State::Accepted, State::Rejected] {
        let mut ledger = Ledger::default();
        ledger.night(camille(workshop("2021-01-06", "1"), &[]));
        ledger.night(workshop("2021-01-07", "1"));
        ledger.turn(State::AwaitingApproval, decided);
        let due = ledger.night(zoe(workshop("2021-01-08", "1"), &[]));
        assert_eq!(lines(&due), [CONFIRMED], "{decided:?}");
    }
}
