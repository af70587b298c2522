//! Messages that have not left yet, looked at again.

use crate::mails::scenario::{Ledger, days_after, lines};
use crate::mails::{Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

fn registration(day: &str, workshop: &[(&str, &str)], cells: &[(&str, &str)]) -> Scene {
    Scene::new().on(day).workshop(workshop).registration(cells)
}

#[test]
fn a_confirmation_stands_while_what_it_says_holds() {
    let mut ledger = Ledger::default();
    ledger.night(registration("2021-01-06", &[], &[]));
    ledger.turn_last(State::Deferred);
    let still = |workshop: &[(&str, &str)], cells: &[(&str, &str)], day| {
        let stand = ledger.stand(&registration(day, workshop, cells));
        stand == [Kind::RegistrationConfirmed]
    };
    assert!(still(&[], &[], "2021-01-28"));
    assert!(!still(&[], &[], "2021-01-29"));
    assert!(!still(&[("Date", "29/01/2021")], &[], "2021-01-07"));
    assert!(!still(&[("État", "annulé")], &[], "2021-01-07"));
    assert!(!still(&[], &[("État", "annulée")], "2021-01-07"));
    assert!(
        !still(&[], &[("État", "liste d'attente")], "2021-01-07"),
        "nobody was told of a seat yet"
    );
    assert!(!still(&[], &[("Ne pas écrire", "oui")], "2021-01-07"));
    assert!(!still(&[], &[("Nom", "")], "2021-01-07"));
    assert!(!still(&[], &[("Email", "zoe@example.org")], "2021-01-07"));
    assert!(
        !still(&[], &[("Paiement", "18")], "2021-01-07"),
        "it names the fee"
    );
    let gone = Scene::new()
        .on("2021-01-07")
        .workshop(&[])
        .empty(Role::Registrations);
    assert_eq!(ledger.stand(&gone), []);
    // Whatever its state: nothing but its key is left of somebody who was forgotten.
    ledger.entries[0].told = serde_json::Value::Null;
    assert_eq!(
        ledger.stand(&registration("2021-01-07", &[], &[])),
        [Kind::RegistrationConfirmed]
    );
    assert_eq!(ledger.stand(&gone), []);
}

/// A seat is kept for who was told of it (programme.md §4, Seats): what never left gives none.
#[test]
fn who_registered_first_has_the_seat_as_long_as_the_other_was_not_told() {
    let late = [
        ("Inscrit le", "10/01/2021 09:00"),
        ("Email", "late@example.org"),
    ];
    let early = [
        ("Inscrit le", "09/01/2021 09:00"),
        ("Email", "early@example.org"),
    ];
    let one_seat = |day: &str| Scene::new().on(day).workshop(&[("Places", "1")]);
    let both = one_seat("2021-01-13")
        .registration(&late)
        .registration(&early);
    for (state, expected) in [
        (
            State::Deferred,
            [
                "inscription-attente late@example.org",
                "inscription-confirmee early@example.org",
            ],
        ),
        (
            State::Accepted,
            ["inscription-attente early@example.org", ""],
        ),
    ] {
        let mut ledger = Ledger::default();
        ledger.night(one_seat("2021-01-12").registration(&late));
        ledger.turn_last(state);
        ledger.settle(&both);
        let mut told = lines(&ledger.night(both.clone()));
        told.sort();
        told.resize(2, String::new());
        assert_eq!(told, expected, "{state:?}");
    }
}

#[test]
fn a_corrected_confirmation_is_written_anew_and_the_first_one_never_leaves() {
    let mut ledger = Ledger::default();
    ledger.night(registration("2021-01-06", &[], &[]));
    ledger.turn_last(State::Deferred);
    let moved = registration("2021-01-07", &[("Lieu", "Salle Nord")], &[]);
    assert_eq!(ledger.settle(&moved), 1);
    let again = ledger.night(moved.clone());
    assert_eq!(lines(&again), ["inscription-confirmee camille@example.org"]);
    assert_eq!(again.drafts[0].key, "at01|camille@example.org|#2");
    assert_eq!(ledger.settle(&moved), 0);
    assert_eq!(lines(&ledger.night(moved)), [""; 0]);
}

/// ACC-01's meeting on 15 February.
fn meeting(day: &str, cells: &[(&str, &str)]) -> Scene {
    let mut all = vec![("Date", "15/02/2021")];
    all.extend_from_slice(cells);
    people(day).meeting(&all)
}

fn people(day: &str) -> Scene {
    Scene::new().on(day).member(&[]).support(&[]).person(&[])
}

#[test]
fn a_cancellation_that_awaited_approval_falls_when_the_row_is_back() {
    let mut ledger = Ledger::default();
    let gone = |day: &str| people(day).empty(Role::Meetings);
    ledger.night(meeting("2021-01-12", &[]));
    ledger.night(gone("2021-01-13"));
    assert_eq!(ledger.stand(&gone("2021-01-14")).len(), 2);
    assert_eq!(ledger.stand(&gone("2021-02-15")).len(), 2);
    assert_eq!(ledger.stand(&meeting("2021-01-14", &[])), []);
    assert_eq!(ledger.stand(&gone("2021-02-16")), []);
    // Approved, it takes back what was told like any other.
    ledger.turn(State::AwaitingApproval, State::Planned);
    assert_eq!(ledger.stand(&gone("2021-01-14")).len(), 2);
    assert_eq!(ledger.settle(&gone("2021-01-14")), 0);
    assert_eq!(lines(&ledger.night(gone("2021-01-14"))), [""; 0]);
}

#[test]
fn a_payment_reminder_falls_when_the_workshop_moved_or_the_fee_is_paid() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    ledger.night(registration("2021-01-06", &[], &[]));
    ledger.night(registration("2021-01-09", &[], &[]));
    ledger.turn_last(State::Deferred);
    let still = |workshop: &[(&str, &str)], cells: &[(&str, &str)], day| {
        let stand = ledger.stand(&registration(day, workshop, cells));
        stand == [Kind::PaymentReminder]
    };
    assert!(still(&[], &[], "2021-01-10"));
    assert!(!still(&[("Date", "29/01/2021")], &[], "2021-01-10"));
    assert!(!still(&[], &[("Paiement", "9")], "2021-01-10"));
    assert!(still(&[], &[], "2021-01-12"));
    assert!(!still(&[], &[], "2021-01-13"), "the second one is due");
}

#[test]
fn a_payment_reminder_may_follow_the_workshop_and_not_for_long() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    ledger.night(registration("2021-01-21", &[], &[]));
    ledger.night(registration("2021-01-29", &[], &[]));
    ledger.turn_last(State::Deferred);
    let still = |day| {
        let stand = ledger.stand(&registration(day, &[], &[]));
        stand == [Kind::PaymentReminder]
    };
    assert!(still("2021-01-30"), "after the workshop too");
    assert!(still("2021-01-31"));
    assert!(!still("2021-02-01"), "eleven days after the confirmation");
}

#[test]
fn a_reminder_falls_when_its_reader_may_believe_that_the_seat_is_cancelled() {
    let scene = |day: &str, state: &str| {
        let nobody_leads = [("Animateurs", "")];
        registration(day, &nobody_leads, &[("État", state)])
    };
    let mut ledger = Ledger::default();
    ledger.night(scene("2021-01-06", ""));
    ledger.night(scene("2021-01-21", ""));
    ledger.turn_last(State::Deferred);
    let reminder = [Kind::WorkshopReminder];
    assert_eq!(ledger.stand(&scene("2021-01-21", "")), reminder);
    ledger.night(scene("2021-01-21", "annulée"));
    ledger.turn_last(State::Unknown);
    assert_eq!(ledger.stand(&scene("2021-01-21", "")), []);
}

#[test]
fn a_move_that_awaits_approval_falls_once_the_first_day_is_past() {
    let moved = |day: &str| meeting(day, &[("Date", "22/02/2021")]);
    let mut ledger = Ledger::default();
    ledger.night(meeting("2021-01-12", &[]));
    ledger.night(moved("2021-02-10"));
    let both = [Kind::MeetingChange; 2];
    assert_eq!(ledger.stand(&moved("2021-02-15")), both);
    // Then the new day is confirmed as any other, and not told a second time.
    assert_eq!(ledger.stand(&moved("2021-02-16")), []);
    let mut approved = Ledger::default();
    approved.entries.clone_from(&ledger.entries);
    ledger.settle(&moved("2021-02-16"));
    assert_eq!(lines(&ledger.night(moved("2021-02-16"))).len(), 2);
    // Approved in time it goes, however late, and instead of a confirmation.
    approved.turn(State::AwaitingApproval, State::Planned);
    assert_eq!(approved.stand(&moved("2021-02-16")), both);
    assert_eq!(lines(&approved.night(moved("2021-02-16"))), [""; 0]);
    assert_eq!(approved.stand(&moved("2021-02-23")), []);
    let back = meeting("2021-02-16", &[]).meeting(&[("Date", "22/02/2021")]);
    assert_eq!(approved.stand(&back), [], "nothing was moved");
}

#[test]
fn a_move_goes_on_when_one_of_its_people_was_told_before_the_other() {
    let moved = |day: &str| meeting(day, &[("Date", "22/02/2021")]);
    for state in [
        State::AwaitingApproval,
        State::Deferred,
        State::Refused,
        State::Rejected,
    ] {
        let mut ledger = Ledger::default();
        ledger.night(meeting("2021-01-12", &[]));
        ledger.night(moved("2021-01-13"));
        ledger.turn(State::AwaitingApproval, State::Accepted);
        ledger.turn_last(state);
        let waits = usize::from(matches!(state, State::AwaitingApproval | State::Deferred));
        assert_eq!(ledger.stand(&moved("2021-01-14")).len(), waits, "{state:?}");
        // Neither a cancellation nor a confirmation beside it.
        assert_eq!(
            lines(&ledger.night(moved("2021-01-14"))),
            [""; 0],
            "{state:?}"
        );
    }
}

#[test]
fn what_was_taken_for_a_move_stays_one_when_a_nearer_day_is_added() {
    let mut ledger = Ledger::default();
    ledger.night(meeting("2021-01-12", &[]));
    ledger.night(meeting("2021-01-13", &[("Date", "22/02/2021")]));
    let more = |day: &str| {
        let scene = meeting(day, &[("Date", "18/02/2021")]);
        scene.meeting(&[("Date", "22/02/2021")])
    };
    for state in [State::AwaitingApproval, State::Planned] {
        ledger.turn(State::AwaitingApproval, state);
        let stand = ledger.stand(&more("2021-01-14"));
        assert_eq!(stand, [Kind::MeetingChange; 2], "{state:?}");
    }
    ledger.settle(&more("2021-01-14"));
    let due = ledger.night(more("2021-01-14"));
    assert!(lines(&due)[0].starts_with("rdv-confirmation"));
    assert_eq!(due.drafts.len(), 2);
}

#[test]
fn a_cancellation_that_awaits_approval_falls_once_the_meeting_has_a_new_row() {
    let mut ledger = Ledger::default();
    let moved = meeting("2021-01-14", &[("Date", "22/02/2021")]);
    ledger.night(meeting("2021-01-12", &[]));
    ledger.night(people("2021-01-13").empty(Role::Meetings));
    ledger.night(moved.clone());
    assert_eq!(ledger.stand(&moved), [Kind::MeetingChange; 2]);
}

#[test]
fn a_seat_that_came_free_by_a_row_s_absence_stands_with_the_cancellation() {
    let full = |day: &str, rows: &[&str]| {
        let scene = Scene::new().on(day).workshop(&[("Places", "1")]);
        let add = |scene: Scene, name: &&str| {
            let email = format!("{}@example.org", name.to_lowercase());
            let at = if *name == "Anne" { "09:00" } else { "10:00" };
            let at = format!("04/01/2021 {at}");
            let cells = [
                ("Inscrit le", at.as_str()),
                ("Nom", name),
                ("Email", &email),
            ];
            scene.registration(&cells)
        };
        rows.iter().fold(scene, add)
    };
    let mut ledger = Ledger::default();
    ledger.night(full("2021-01-06", &["Anne", "Bruno"]));
    let gone = full("2021-01-07", &["Bruno"]);
    let due = ledger.night(gone.clone());
    let both = [Kind::RegistrationPromoted, Kind::RegistrationCancelled];
    assert_eq!(
        lines(&due),
        [
            "inscription-promue bruno@example.org ?",
            "inscription-annulee anne@example.org ?"
        ]
    );
    assert_eq!(ledger.stand(&gone), both);
    assert_eq!(ledger.stand(&full("2021-01-07", &["Anne", "Bruno"])), []);
    // One is approved, the other has not been yet.
    ledger.entries[2].state = State::Planned;
    assert_eq!(ledger.stand(&gone), both);
    assert_eq!(ledger.settle(&gone), 0);
    assert_eq!(lines(&ledger.night(gone)), [""; 0]);
}

#[test]
fn what_may_have_arrived_is_taken_back_though_it_waits_to_go_once_more() {
    let mut ledger = Ledger::default();
    ledger.night(registration("2021-01-06", &[], &[]));
    ledger.turn_last(State::Unknown);
    let cancelled = |day| registration(day, &[], &[("État", "annulée")]);
    ledger.night(cancelled("2021-01-07"));
    ledger.turn_last(State::Deferred);
    // She says « renvoyer » of the first one.
    ledger.entries[0].state = State::Planned;
    let stand = ledger.stand(&cancelled("2021-01-08"));
    assert_eq!(stand, [Kind::RegistrationCancelled]);
    let mut once_more = Ledger::default();
    once_more.entries = vec![ledger.entries[0].clone()];
    let confirmed = [Kind::RegistrationConfirmed];
    let scene = |cells: &[(&str, &str)]| registration("2021-01-08", &[], cells);
    assert_eq!(once_more.stand(&scene(&[])), confirmed);
    // Its words may be older than what they are about, as long as what it tells holds.
    assert_eq!(once_more.stand(&scene(&[("Paiement", "18")])), confirmed);
}

#[test]
fn a_reminder_that_waits_is_written_anew_until_a_nearer_one_is_due() {
    let mut ledger = Ledger::default();
    let scene = |day: &str| registration(day, &[("Animateurs", "")], &[]);
    ledger.night(scene("2021-01-06"));
    ledger.night(scene("2021-01-21"));
    let when = |ledger: &mut Ledger, day: &str| {
        ledger.turn_kind(Kind::WorkshopReminder, State::Deferred);
        let fallen = ledger.settle(&scene(day));
        let due = ledger.night(scene(day));
        let words: Vec<String> = due
            .drafts
            .iter()
            .map(|draft| {
                let when = draft.context["when"].as_str().unwrap_or_default();
                format!("{} {when}", draft.key)
            })
            .collect();
        (fallen, words.join(", "))
    };
    let anew = |key: &str, when: &str| (1, format!("at01|camille@example.org|{key} {when}"));
    assert_eq!(when(&mut ledger, "2021-01-21"), (0, String::new()));
    assert_eq!(
        when(&mut ledger, "2021-01-22"),
        anew("J-7|#2", "dans 6 jours")
    );
    assert_eq!(
        when(&mut ledger, "2021-01-26"),
        anew("J-7|#3", "dans 2 jours")
    );
    assert_eq!(when(&mut ledger, "2021-01-27"), anew("J-1", "demain"));
    assert_eq!(when(&mut ledger, "2021-01-28"), (1, String::new()));
}

#[test]
fn one_question_about_a_support_without_meetings_waits_at_a_time() {
    let scene = |day: &str| {
        let scene = meeting(day, &[("Date", "05/01/2021"), ("État", "réalisé")]);
        scene.with("mail.kinds = { rdv-relance = \"review\" }")
    };
    let mut ledger = Ledger::default().with_finding("RDV02", Role::Supports, 0);
    ledger.night(scene("2021-01-19"));
    let both = [Kind::MeetingGap; 2];
    for days in [6, 7, 14] {
        let day = days_after("2021-01-19", days);
        assert_eq!(ledger.stand(&scene(&day)), both, "{day}");
        assert_eq!(lines(&ledger.night(scene(&day))), [""; 0], "{day}");
    }
    // A ledger of an earlier version has two for each: the latest stands.
    let mut older = ledger.entries.clone();
    for entry in &mut older {
        entry.key = "acc01|2021-01-12".to_owned();
    }
    ledger.entries.splice(0..0, older);
    assert_eq!(ledger.stand(&scene("2021-01-20")), both);
    assert_eq!(ledger.settle(&scene("2021-01-20")), 2);
    // The week is counted from the day on which it left.
    for entry in &mut ledger.entries[2..] {
        entry.state = State::Accepted;
        entry.accepted_on = "2021-01-23".parse().ok();
    }
    assert_eq!(lines(&ledger.night(scene("2021-01-29"))), [""; 0]);
    assert_eq!(lines(&ledger.night(scene("2021-01-30"))).len(), 2);
}
