//! Seats, waiting lists, workshops and fees.

use crate::facts::{SeatTold, Told};
use crate::mails::scenario::{Ledger, lines, of};
use crate::mails::{Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

const CAMILLE: &str = "camille@example.org";

/// AT-01 on 28 January with one seat, seen on a day.
fn workshop(day: &str, cells: &[(&str, &str)]) -> Scene {
    let mut all = vec![("Places", "1"), ("Lieu", "MJC Roguet")];
    all.extend_from_slice(cells);
    Scene::new().on(day).person(&[]).workshop(&all)
}

fn camille(scene: Scene) -> Scene {
    scene.registration(&[])
}

fn paul(scene: Scene) -> Scene {
    scene.registration(&[
        ("Inscrit le", "05/01/2021 10:00"),
        ("Nom", "Paul Vidal"),
        ("Email", "paul@example.org"),
    ])
}

fn both(day: &str) -> Scene {
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
fn a_change_is_told_once_to_those_who_were_told() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let moved = |day, place| {
        let cells = [("Date", "29/01/2021"), ("Lieu", place)];
        paul(camille(workshop(day, &cells)))
    };
    let due = ledger.night(moved("2021-01-07", "MJC Roguet"));
    assert_eq!(
        lines(&due),
        [
            "atelier-modification camille@example.org",
            "atelier-modification paul@example.org"
        ]
    );
    assert_eq!(due.drafts[0].context["is_moved"], true);
    assert_eq!(due.drafts[0].context["has_new_place"], false);
    assert_eq!(due.drafts[1].context["is_waiting"], true);
    // The same place typed otherwise, or taken away, is no news.
    assert_eq!(
        lines(&ledger.night(moved("2021-01-08", "mjc  ROGUET"))),
        [""; 0]
    );
    assert_eq!(lines(&ledger.night(moved("2021-01-09", ""))), [""; 0]);
    let place = ledger.night(moved("2021-01-10", "Salle Nord"));
    assert_eq!(place.drafts.len(), 2);
    assert_eq!(place.drafts[0].context["is_moved"], false);
    // There and back again: each change is news.
    for day in ["2021-01-11", "2021-01-13"] {
        assert_eq!(ledger.night(both(day)).drafts.len(), 2, "{day}");
        let next = ledger.night(moved("2021-01-12", "Salle Nord"));
        assert_eq!(next.drafts.len(), 2);
    }
    assert_eq!(
        lines(&ledger.night(moved("2021-01-14", "Salle Nord"))),
        [""; 0]
    );
}

#[test]
fn a_workshop_moved_into_the_past_or_that_loses_its_day_is_not_told() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    for date in ["05/01/2021", ""] {
        let scene = camille(workshop("2021-01-07", &[("Date", date)]));
        assert_eq!(lines(&ledger.night(scene)), [""; 0], "{date}");
    }
}

#[test]
fn a_promotion_tells_the_new_date_itself() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let scene = workshop("2021-01-07", &[("Date", "29/01/2021"), ("Places", "2")]);
    assert_eq!(
        lines(&ledger.night(paul(camille(scene)))),
        [
            "inscription-promue paul@example.org",
            "atelier-modification camille@example.org"
        ]
    );
}

#[test]
fn a_cancelled_workshop_is_told_once_and_not_as_a_registration() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let cancelled = |day| {
        let scene = workshop(day, &[("État", "annulé")]);
        paul(scene.registration(&[("État", "annulée")]))
    };
    assert_eq!(
        lines(&ledger.night(cancelled("2021-01-07"))),
        [
            "atelier-annulation camille@example.org",
            "atelier-annulation paul@example.org"
        ]
    );
    assert_eq!(lines(&ledger.night(cancelled("2021-01-08"))), [""; 0]);
}

#[test]
fn a_cancelled_workshop_of_the_past_and_people_never_told_are_left_alone() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    let cancelled = |day| both_cancelled(day);
    assert_eq!(lines(&ledger.look(cancelled("2021-01-29")).due), [""; 0]);
    assert_eq!(
        lines(&ledger.look(cancelled("2021-01-28")).due),
        ["atelier-annulation camille@example.org"]
    );
}

fn both_cancelled(day: &str) -> Scene {
    paul(camille(workshop(day, &[("État", "annulé")])))
}

#[test]
fn a_workshop_that_takes_place_after_all_is_confirmed_again() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    ledger.night(camille(workshop("2021-01-07", &[("État", "annulé")])));
    assert_eq!(
        lines(&ledger.night(camille(workshop("2021-01-08", &[])))),
        ["inscription-confirmee camille@example.org"]
    );
}

#[test]
fn the_nearest_reminder_goes_to_seats_and_leaders() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let mut reminded = Vec::new();
    for day in 19..=29 {
        for line in lines(&ledger.night(both(&format!("2021-01-{day}")))) {
            if line.starts_with("atelier-rappel") {
                reminded.push(format!("{day} {line}"));
            }
        }
    }
    assert_eq!(
        reminded,
        [
            "21 atelier-rappel anna@sud.example.org",
            "21 atelier-rappel camille@example.org",
            "27 atelier-rappel anna@sud.example.org",
            "27 atelier-rappel camille@example.org"
        ]
    );
}

#[test]
fn a_late_reminder_still_goes_but_not_two_at_once() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let late = ledger.look(both("2021-01-25")).due;
    let keys: Vec<&str> = of(&late, Kind::WorkshopReminder)
        .iter()
        .map(|draft| draft.key.as_str())
        .collect();
    assert_eq!(keys, ["at01|annaroux|J-7", "at01|camille@example.org|J-7"]);
    let later = ledger.look(both("2021-01-27")).due;
    assert_eq!(of(&later, Kind::WorkshopReminder).len(), 2);
    let too_late = ledger.look(both("2021-01-28")).due;
    assert!(of(&too_late, Kind::WorkshopReminder).is_empty());
}

#[test]
fn a_reminder_of_the_night_of_the_confirmation_is_settled_and_the_next_one_goes() {
    let mut ledger = Ledger::default();
    let scene = |day| workshop(day, &[]).registration(&[("Inscrit le", "23/01/2021 09:00")]);
    let first = ledger.night(scene("2021-01-24"));
    assert_eq!(
        lines(&first),
        [
            "inscription-confirmee camille@example.org",
            "atelier-rappel anna@sud.example.org"
        ]
    );
    assert_eq!(first.settled.len(), 1);
    assert_eq!(first.settled[0].key, "at01|camille@example.org|J-7");
    assert_eq!(first.settled[0].address, CAMILLE);
    assert_eq!(lines(&ledger.night(scene("2021-01-25"))), [""; 0]);
    let next = ledger.night(scene("2021-01-27"));
    assert_eq!(of(&next, Kind::WorkshopReminder).len(), 2);
    assert!(next.settled.is_empty());
}

#[test]
fn who_was_told_that_she_waits_learns_of_the_seat_before_its_reminder() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    // Camille's row is gone: Paul's promotion awaits the coordinator's approval.
    let without = |day: u32| paul(workshop(&format!("2021-01-{day:02}"), &[]));
    for day in [20, 21, 22, 27] {
        let due = ledger.night(without(day));
        let reminded: Vec<&str> = of(&due, Kind::WorkshopReminder)
            .iter()
            .map(|draft| draft.to.address.as_str())
            .collect();
        assert!(!reminded.contains(&"paul@example.org"), "{day}");
    }
}

#[test]
fn a_reminder_waits_until_the_confirmation_has_left() {
    let mut ledger = Ledger::default();
    let scene = |day: u32| camille(workshop(&format!("2021-01-{day:02}"), &[]));
    ledger.night(scene(6));
    let reminded = |ledger: &Ledger| {
        let due = ledger.look(scene(21)).due;
        let letters = of(&due, Kind::WorkshopReminder);
        letters.iter().any(|draft| draft.to.address == CAMILLE)
    };
    ledger.turn(State::Accepted, State::Deferred);
    assert!(!reminded(&ledger));
    ledger.turn(State::Deferred, State::Accepted);
    assert!(reminded(&ledger));
}

#[test]
fn a_fee_is_asked_for_three_and_seven_days_after_the_confirmation() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    let scene = |day: u32| camille(workshop(&format!("2021-01-{day:02}"), &[]));
    ledger.night(scene(6));
    let due: Vec<u32> = (7..=20)
        .filter(|day| {
            let due = ledger.night(scene(*day));
            !of(&due, Kind::PaymentReminder).is_empty()
        })
        .collect();
    assert_eq!(due, [9, 13]);
}

#[test]
fn a_fee_is_asked_for_late_up_to_ten_days_after_and_not_once_paid() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    let scene = |day| camille(workshop(day, &[]));
    ledger.night(scene("2021-01-06"));
    assert_eq!(
        of(&ledger.look(scene("2021-01-16")).due, Kind::PaymentReminder).len(),
        1
    );
    assert!(of(&ledger.look(scene("2021-01-17")).due, Kind::PaymentReminder).is_empty());
    let paid = ledger.without_findings();
    assert!(of(&paid.look(scene("2021-01-10")).due, Kind::PaymentReminder).is_empty());
}

#[test]
fn a_confirmation_that_was_not_accepted_asks_for_no_fee() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    let scene = |day| camille(workshop(day, &[]));
    ledger.night(scene("2021-01-06"));
    ledger.entries[0].state = State::Deferred;
    ledger.entries[0].accepted_on = None;
    assert!(of(&ledger.look(scene("2021-01-10")).due, Kind::PaymentReminder).is_empty());
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
