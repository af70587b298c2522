//! What is about the same thing lands in one thread, and nothing else does.

use crate::mails::scenario::{Cells, Ledger, meetings};
use crate::mails::{Draft, Kind, State};
use crate::rules::scene::Scene;

const LOU: &str = "lou@nord.example.org";

fn registered(day: &str, workshop: Cells, cells: Cells) -> Scene {
    Scene::new()
        .on(day)
        .member(&[])
        .workshop(workshop)
        .registration(cells)
}

/// A night that is approved and sent as a whole: what went to an address, with its Message-ID.
fn night(ledger: &mut Ledger, address: &str, scene: Scene) -> Vec<(Draft, String)> {
    let first = ledger.entries.len();
    let drafts = ledger.night(scene).drafts;
    ledger.turn(State::AwaitingApproval, State::Accepted);
    let ids: Vec<String> = ledger.entries[first..]
        .iter()
        .filter_map(|entry| entry.message_id.clone())
        .collect();
    let of_address = |(draft, _): &(Draft, String)| draft.to.address == address;
    drafts.into_iter().zip(ids).filter(of_address).collect()
}

/// The same where exactly one went.
fn one(ledger: &mut Ledger, address: &str, scene: Scene) -> (Kind, Vec<String>, String) {
    let mut sent = night(ledger, address, scene);
    assert_eq!(sent.len(), 1, "{sent:?}");
    let (draft, id) = sent.remove(0);
    (draft.kind, draft.references, id)
}

#[test]
fn a_meeting_keeps_its_thread_whatever_becomes_of_it() {
    let mut ledger = Ledger::default();
    let moved: Cells = &[("Date", "18/02/2021")];
    let cancelled: Cells = &[("Date", "18/02/2021"), ("État", "annulé")];
    let nights: [(&str, Cells, Kind); 7] = [
        ("2021-01-12", &[], Kind::MeetingConfirmation),
        ("2021-01-13", &[("Lieu", "Salle Nord")], Kind::MeetingChange),
        ("2021-01-14", moved, Kind::MeetingChange),
        ("2021-01-15", &[], Kind::MeetingChange),
        ("2021-01-16", moved, Kind::MeetingChange),
        ("2021-02-16", moved, Kind::MeetingReminder),
        ("2021-02-17", cancelled, Kind::MeetingCancellation),
    ];
    let mut thread: Vec<String> = Vec::new();
    for (day, cells, wanted) in nights {
        let (kind, references, id) = one(&mut ledger, LOU, meetings(day, &[cells]));
        assert_eq!((kind, &references), (wanted, &thread), "{day}");
        thread.push(id);
    }
    // It takes place after all: the same meeting.
    let (kind, references, _) = one(&mut ledger, LOU, meetings("2021-02-17", &[moved]));
    assert_eq!((kind, references), (Kind::MeetingConfirmation, thread));
}

#[test]
fn a_meeting_on_a_half_day_that_another_left_is_another_thread() {
    let mut ledger = Ledger::default();
    let moved: Cells = &[("Date", "18/02/2021")];
    let (_, _, first) = one(&mut ledger, LOU, meetings("2021-01-12", &[&[]]));
    let (_, _, second) = one(&mut ledger, LOU, meetings("2021-01-13", &[moved]));
    // A new row on the old half-day, while the moved one stands.
    let (kind, references, other) = one(&mut ledger, LOU, meetings("2021-01-14", &[moved, &[]]));
    assert_eq!((kind, references), (Kind::MeetingConfirmation, vec![]));
    let elsewhere: Cells = &[("Lieu", "Salle Nord")];
    let both = |day| {
        meetings(
            day,
            &[&[("Date", "18/02/2021"), ("Lieu", "Salle Nord")], elsewhere],
        )
    };
    let sent = night(&mut ledger, LOU, both("2021-01-15"));
    let mut threads: Vec<_> = sent
        .into_iter()
        .map(|(draft, _)| draft.references)
        .collect();
    threads.sort_by_key(Vec::len);
    assert_eq!(threads, [vec![other], vec![first, second]]);
}

#[test]
fn each_person_has_a_thread_of_her_own() {
    let mut ledger = Ledger::default();
    ledger.night(meetings("2021-01-12", &[&[]]));
    let moved = ledger.night(meetings("2021-01-13", &[&[("Lieu", "Salle Nord")]]));
    let references: Vec<_> = moved.drafts.iter().map(|draft| &draft.references).collect();
    assert_eq!(references.len(), 2);
    assert_ne!(references[0], references[1]);
    assert!(references.iter().all(|ids| ids.len() == 1));
}

#[test]
fn all_that_is_said_of_a_registration_is_one_thread() {
    let camille = "camille@example.org";
    let mut ledger = Ledger::default();
    let nights: [(&str, Cells, Cells, Kind); 5] = [
        ("2021-01-12", &[], &[], Kind::RegistrationConfirmed),
        (
            "2021-01-13",
            &[("Lieu", "Salle Nord")],
            &[],
            Kind::WorkshopChange,
        ),
        (
            "2021-01-21",
            &[("Lieu", "Salle Nord")],
            &[],
            Kind::WorkshopReminder,
        ),
        (
            "2021-01-22",
            &[("Lieu", "Salle Nord")],
            &[("État", "annulée")],
            Kind::RegistrationCancelled,
        ),
        (
            "2021-01-23",
            &[("Lieu", "Salle Nord")],
            &[],
            Kind::RegistrationConfirmed,
        ),
    ];
    let mut thread: Vec<String> = Vec::new();
    for (day, workshop, cells, wanted) in nights {
        let (kind, references, id) = one(&mut ledger, camille, registered(day, workshop, cells));
        assert_eq!((kind, &references), (wanted, &thread), "{day}");
        thread.push(id);
    }
}

#[test]
fn what_was_refused_or_never_left_is_no_part_of_a_thread() {
    for state in [State::Refused, State::Obsolete, State::Rejected] {
        let mut ledger = Ledger::default();
        ledger.night(registered("2021-01-12", &[], &[]));
        ledger.turn(State::Accepted, state);
        ledger.night(registered("2021-01-13", &[("Lieu", "Salle Nord")], &[]));
        let again = ledger.look(registered("2021-01-21", &[("Lieu", "Salle Nord")], &[]));
        let references = again.due.drafts.iter().map(|draft| &draft.references);
        assert!(
            references
                .flatten()
                .all(|id| Some(id) != ledger.entries[0].message_id.as_ref())
        );
    }
}

#[test]
fn an_earlier_versions_ledger_knows_a_moved_meeting_too() {
    let mut ledger = Ledger::default();
    let moved: Cells = &[("Date", "18/02/2021")];
    let (_, _, first) = one(&mut ledger, LOU, meetings("2021-01-12", &[&[]]));
    for entry in &mut ledger.entries {
        entry.told.as_object_mut().unwrap().remove("origin");
    }
    let (_, references, second) = one(&mut ledger, LOU, meetings("2021-01-13", &[moved]));
    assert_eq!(references, [first.as_str()]);
    for entry in &mut ledger.entries {
        entry.told.as_object_mut().unwrap().remove("origin");
    }
    let (kind, references, _) = one(&mut ledger, LOU, meetings("2021-02-16", &[moved]));
    assert_eq!(kind, Kind::MeetingReminder);
    assert_eq!(references, [first, second]);
}
