//! Seats and waiting lists.

use crate::facts::{SeatTold, Told};
use crate::mails::scenario::{Ledger, lines, of};
use crate::mails::{Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

pub(super) const CAMILLE: &str = "camille@example.org";

/// AT-01 on 28 January with one seat, seen on a day.
pub(super) fn workshop(day: &str, cells: &[(&str, &str)]) -> Scene {
    let mut all = vec![("Places", "1"), ("Lieu", "MJC Roguet")];
    all.extend_from_slice(cells);
    Scene::new().on(day).person(&[]).workshop(&all)
}

pub(super) fn camille(scene: Scene) -> Scene {
    scene.registration(&[])
}

pub(super) fn paul(scene: Scene) -> Scene {
    scene.registration(&[
        ("Inscrit le", "05/01/2021 10:00"),
        ("Nom", "Paul Vidal"),
        ("Email", "paul@example.org"),
    ])
}

pub(super) fn both(day: &str) -> Scene {
    paul(camille(workshop(day, &[])))
}

#[test]
fn a_seat_is_confirmed_once_and_a_wait_told_once() {
    let mut ledger = Ledger::default();
    let first = ledger.night(both("2021-01-06"));
    assert_eq!(
        lines(&first),
        [
            "inscription-confirmee camille@example.org",
            "inscription-attente paul@example.org"
        ]
    );
    assert_eq!(lines(&ledger.night(both("2021-01-07"))), [""; 0]);
}

#[test]
fn a_workshop_of_today_is_confirmed_and_one_of_yesterday_is_not() {
    for (day, wanted) in [("2021-01-28", 1), ("2021-01-29", 0)] {
        let due = Ledger::default().look(camille(workshop(day, &[]))).due;
        assert_eq!(due.drafts.len(), wanted, "{day}");
    }
}

#[test]
fn a_workshop_without_a_day_or_that_was_held_is_not_announced() {
    for cells in [[("Date", "")], [("État", "réalisé")]] {
        let due = Ledger::default()
            .look(camille(workshop("2021-01-06", &cells)))
            .due;
        assert!(
            of(&due, Kind::RegistrationConfirmed).is_empty(),
            "{cells:?}"
        );
    }
}

#[test]
fn nobody_is_written_to_where_the_row_says_so_or_is_blocked() {
    for cells in [
        [("Ne pas écrire", "oui")],
        [("Nom", "")],
        [("Email", "camille@example.org, paul@example.org")],
    ] {
        let scene = workshop("2021-01-06", &[]).registration(&cells);
        assert_eq!(
            lines(&Ledger::default().look(scene).due),
            [""; 0],
            "{cells:?}"
        );
    }
}

#[test]
fn a_kind_that_is_off_is_silent_and_one_in_review_waits() {
    let with = |mode: &str| {
        let toml = format!("mail.kinds = {{ inscription-confirmee = \"{mode}\" }}");
        Ledger::default()
            .look(camille(workshop("2021-01-06", &[]).with(&toml)))
            .due
    };
    assert_eq!(lines(&with("off")), [""; 0]);
    assert_eq!(
        lines(&with("review")),
        ["inscription-confirmee camille@example.org ?"]
    );
}

#[test]
fn a_seat_that_comes_free_is_a_promotion_and_no_second_confirmation() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let cancelled = |day| paul(workshop(day, &[]).registration(&[("État", "annulée")]));
    assert_eq!(
        lines(&ledger.night(cancelled("2021-01-07"))),
        [
            "inscription-promue paul@example.org",
            "inscription-annulee camille@example.org"
        ]
    );
    assert_eq!(lines(&ledger.night(cancelled("2021-01-08"))), [""; 0]);
}

#[test]
fn a_row_that_is_gone_is_cancelled_only_with_approval() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let without = |day| paul(workshop(day, &[]));
    assert_eq!(
        lines(&ledger.night(without("2021-01-07"))),
        [
            "inscription-promue paul@example.org ?",
            "inscription-annulee camille@example.org ?"
        ]
    );
    // The row comes back, and nothing more is said.
    assert_eq!(lines(&ledger.night(both("2021-01-08"))), [""; 0]);
}

#[test]
fn a_row_whose_address_became_unreadable_is_not_gone() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    let broken = workshop("2021-01-07", &[]).registration(&[("Email", "camille")]);
    assert_eq!(lines(&ledger.night(broken)), [""; 0]);
    let other =
        workshop("2021-01-08", &[]).registration(&[("Email", "paul"), ("Nom", "Paul Vidal")]);
    assert_eq!(
        lines(&ledger.night(other)),
        ["inscription-annulee camille@example.org ?"]
    );
}

#[test]
fn a_sheet_that_is_gone_cancels_nothing() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    assert_eq!(lines(&ledger.night(workshop("2021-01-07", &[]))), [""; 0]);
}

#[test]
fn registering_again_after_a_cancellation_is_confirmed_again() {
    let mut ledger = Ledger::default();
    let again = |day: &str, cells: &[(&str, &str)]| workshop(day, &[]).registration(cells);
    let states = ["", "annulée", "", "annulée", "", ""];
    let told: Vec<Vec<String>> = states
        .iter()
        .zip(6..)
        .map(|(state, day)| {
            let scene = again(&format!("2021-01-{day:02}"), &[("État", state)]);
            lines(&ledger.night(scene))
        })
        .collect();
    let confirmed = vec!["inscription-confirmee camille@example.org".to_owned()];
    let cancelled = vec!["inscription-annulee camille@example.org".to_owned()];
    assert_eq!(
        told,
        [
            confirmed.clone(),
            cancelled.clone(),
            confirmed.clone(),
            cancelled,
            confirmed,
            vec![]
        ]
    );
}

#[test]
fn a_confirmation_that_never_left_goes_when_it_is_due_again() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    ledger.turn(State::Accepted, State::Obsolete);
    let again = ledger.night(camille(workshop("2021-01-08", &[])));
    assert_eq!(again.drafts.len(), 1);
    assert!(
        again.drafts[0].key.ends_with("|#2"),
        "{}",
        again.drafts[0].key
    );
    assert_eq!(
        lines(&ledger.night(camille(workshop("2021-01-09", &[])))),
        [""; 0]
    );
}

#[test]
fn a_refused_or_rejected_message_is_not_written_again() {
    for state in [
        State::Refused,
        State::Rejected,
        State::Unknown,
        State::Deferred,
    ] {
        let mut ledger = Ledger::default();
        ledger.night(camille(workshop("2021-01-06", &[])));
        ledger.turn(State::Accepted, state);
        let next = ledger.night(camille(workshop("2021-01-07", &[])));
        assert_eq!(lines(&next), [""; 0], "{state:?}");
    }
}

#[test]
fn a_seat_that_was_told_is_not_taken_back_by_a_word() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    // Only « annulée » takes it away (programme.md §4, Seats).
    let waiting = workshop("2021-01-07", &[]).registration(&[("État", "liste d'attente")]);
    assert_eq!(lines(&ledger.night(waiting)), [""; 0]);
}

#[test]
fn the_second_row_of_an_address_gets_nothing() {
    let scene = workshop("2021-01-06", &[("Places", "5")])
        .registration(&[])
        .registration(&[
            ("Inscrit le", "05/01/2021 10:00"),
            ("Email", "CAMILLE@example.org"),
        ]);
    assert_eq!(
        lines(&Ledger::default().look(scene).due),
        ["inscription-confirmee camille@example.org"]
    );
}

#[test]
fn the_history_says_who_holds_a_seat() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let mut wanted = Told::default();
    wanted.note_seat("at01|camille@example.org".into(), SeatTold::Confirmed);
    wanted.note_seat("at01|paul@example.org".into(), SeatTold::Waiting);
    assert_eq!(ledger.history().seats(), wanted);
    ledger.night(paul(
        workshop("2021-01-07", &[]).registration(&[("État", "annulée")]),
    ));
    let mut wanted = Told::default();
    wanted.note_seat("at01|paul@example.org".into(), SeatTold::Confirmed);
    assert_eq!(ledger.history().seats(), wanted);
    ledger.turn(State::Accepted, State::Refused);
    assert_eq!(ledger.history().seats(), Told::default());
}

#[test]
fn a_first_run_on_a_year_of_rows_writes_to_nobody_about_the_past() {
    let scene = Scene::new()
        .on("2021-11-15")
        .workshop(&[])
        .workshop(&[
            ("Référence", "AT-02"),
            ("État", "annulé"),
            ("Date", "04/03/2021"),
        ])
        .registration(&[("État", "annulée")])
        .registration(&[("Email", "a@example.org")])
        .registration(&[("Email", "b@example.org"), ("Atelier", "AT-02")])
        .member(&[])
        .application(&[("Décision", "retenue")])
        .support(&[("Entretien le", "20/12/2020 10:00"), ("Statut", "terminé")])
        .meeting(&[("État", "réalisé")])
        .meeting(&[("Date", "28/01/2021")])
        .empty(Role::Evaluations);
    let made = Ledger::default().look(scene);
    assert_eq!(lines(&made.due), [""; 0]);
}
