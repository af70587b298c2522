//! Messages that have not left yet, looked at again.

use crate::mails::scenario::{Ledger, lines};
use crate::mails::{Kind, Standing, State};
use crate::model::Role;
use crate::rules::scene::Scene;

/// The kinds of earlier messages that may still leave on a night.
fn stands(ledger: &Ledger, scene: &Scene) -> Vec<Kind> {
    let made = ledger.look(scene.clone());
    let history = ledger.history();
    scene
        .clone()
        .told(history.seats())
        .with_night(&made.season, |night| {
            let standing = Standing::of(night, &made.decisions, &made.findings, &history);
            let entries = history.entries().iter();
            entries
                .filter(|entry| standing.still_due(entry))
                .map(|entry| entry.kind)
                .collect()
        })
}

fn registration(day: &str, workshop: &[(&str, &str)], cells: &[(&str, &str)]) -> Scene {
    Scene::new().on(day).workshop(workshop).registration(cells)
}

#[test]
fn a_confirmation_stands_while_what_it_says_holds() {
    let mut ledger = Ledger::default();
    ledger.night(registration("2021-01-06", &[], &[]));
    let confirmed = [Kind::RegistrationConfirmed];
    let still = |workshop: &[(&str, &str)], cells: &[(&str, &str)], day| {
        stands(&ledger, &registration(day, workshop, cells)) == confirmed
    };
    assert!(still(&[], &[], "2021-01-28"));
    assert!(!still(&[], &[], "2021-01-29"));
    assert!(!still(&[("Date", "29/01/2021")], &[], "2021-01-07"));
    assert!(!still(&[("État", "annulé")], &[], "2021-01-07"));
    assert!(!still(&[], &[("État", "annulée")], "2021-01-07"));
    assert!(!still(&[], &[("Ne pas écrire", "oui")], "2021-01-07"));
    assert!(!still(&[], &[("Nom", "")], "2021-01-07"));
    let gone = Scene::new()
        .on("2021-01-07")
        .workshop(&[])
        .empty(Role::Registrations);
    assert_eq!(stands(&ledger, &gone), []);
}

#[test]
fn a_cancellation_that_awaited_approval_falls_when_the_row_is_back() {
    let meeting = |day: &str, is_there: bool| {
        let scene = Scene::new().on(day).member(&[]).support(&[]).person(&[]);
        if is_there {
            scene.meeting(&[("Date", "15/02/2021")])
        } else {
            scene.empty(Role::Meetings)
        }
    };
    let mut ledger = Ledger::default();
    ledger.night(meeting("2021-01-12", true));
    ledger.night(meeting("2021-01-13", false));
    ledger
        .entries
        .retain(|entry| entry.kind == Kind::MeetingCancellation);
    assert_eq!(stands(&ledger, &meeting("2021-01-14", false)).len(), 2);
    assert_eq!(stands(&ledger, &meeting("2021-01-14", true)), []);
    assert_eq!(stands(&ledger, &meeting("2021-02-16", false)), []);
}

#[test]
fn a_payment_reminder_falls_when_the_workshop_moved_or_the_fee_is_paid() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    ledger.night(registration("2021-01-06", &[], &[]));
    ledger.night(registration("2021-01-09", &[], &[]));
    let still = |workshop: &[(&str, &str)], cells: &[(&str, &str)], day| {
        let all = stands(&ledger, &registration(day, workshop, cells));
        all.contains(&Kind::PaymentReminder)
    };
    assert!(still(&[], &[], "2021-01-10"));
    assert!(still(&[], &[], "2021-01-30"), "after the workshop too");
    assert!(!still(&[("Date", "29/01/2021")], &[], "2021-01-10"));
    assert!(!still(&[], &[("Paiement", "18")], "2021-01-10"));
}

#[test]
fn a_reminder_falls_when_its_reader_may_believe_that_the_seat_is_cancelled() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    ledger.night(registration("2021-01-06", &[], &[]));
    ledger.night(registration("2021-01-21", &[], &[]));
    let reminders = |ledger: &Ledger| {
        let mut all = stands(ledger, &registration("2021-01-23", &[], &[]));
        all.retain(|kind| *kind == Kind::WorkshopReminder);
        all.len()
    };
    let before = reminders(&ledger);
    ledger.night(registration("2021-01-22", &[], &[("État", "annulée")]));
    ledger.turn_last(State::Unknown);
    assert_eq!(reminders(&ledger), before - 1);
}

#[test]
fn a_move_that_awaits_approval_falls_once_the_first_day_is_past() {
    let meeting = |day: &str, date: &str| {
        let scene = Scene::new().on(day).member(&[]).support(&[]).person(&[]);
        scene.meeting(&[("Date", date)])
    };
    let mut ledger = Ledger::default();
    ledger.night(meeting("2021-01-12", "15/02/2021"));
    ledger.night(meeting("2021-02-10", "22/02/2021"));
    let moved = |ledger: &Ledger, day: &str| {
        let mut all = stands(ledger, &meeting(day, "22/02/2021"));
        all.retain(|kind| *kind == Kind::MeetingChange);
        all.len()
    };
    assert_eq!(moved(&ledger, "2021-02-15"), 2);
    // Then the new day is confirmed as any other, and not told a second time.
    assert_eq!(moved(&ledger, "2021-02-16"), 0);
    assert_eq!(
        lines(&ledger.night(meeting("2021-02-16", "22/02/2021"))).len(),
        2
    );
    ledger.turn(State::AwaitingApproval, State::Planned);
    assert_eq!(moved(&ledger, "2021-02-10"), 2, "approved in time");
}

#[test]
fn a_cancellation_that_awaits_approval_falls_once_the_meeting_has_a_new_row() {
    let scene = |day: &str| Scene::new().on(day).member(&[]).support(&[]).person(&[]);
    let meeting = |day: &str, date: &str| scene(day).meeting(&[("Date", date)]);
    let mut ledger = Ledger::default();
    ledger.night(meeting("2021-01-12", "15/02/2021"));
    ledger.night(scene("2021-01-13").empty(Role::Meetings));
    ledger.night(meeting("2021-01-14", "22/02/2021"));
    let moved = [Kind::MeetingChange; 2];
    let mut all = stands(&ledger, &meeting("2021-01-14", "22/02/2021"));
    all.retain(|kind| *kind != Kind::MeetingConfirmation);
    assert_eq!(all, moved);
}
