//! Reminders of workshops, and of fees.

use super::registrations::{CAMILLE, both, camille, paul, workshop};
use crate::mails::scenario::{Ledger, lines, of};
use crate::mails::{Kind, State};
use crate::model::Role;

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
