//! Random nights of meetings: rows come, go, move and are cancelled, persons are added and taken
//! off, an address is corrected and corrected back, and she says yes to some of what awaits it.
//! Nobody hears by herself of what only an absence suggests, nobody reads that a meeting of hers
//! doesn't take place when it does, and in the end everybody knows what holds.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::mails::history::Aside;
use crate::mails::past::Past;
use crate::mails::scenario::{Ledger, days_after};
use crate::mails::{Draft, Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

const ANNA: &str = "anna@sud.example.org";
const PAUL: &str = "paul@example.org";
/// Lou's address, and the same once it was corrected.
const LOU: [&str; 2] = ["lou@nord.example.org", "lou.garcia@nord.example.org"];

/// How a row stands on a night.
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Debug, Clone, Copy)]
struct RowState {
    there: bool,
    cancelled: bool,
    elsewhere: bool,
    moved: bool,
    /// Paul leads it with Anna.
    with_paul: bool,
}

/// What becomes of what awaits approval after a night.
#[derive(Debug, Clone, Copy)]
enum Then {
    Nothing,
    Approved,
    /// To those of that number alone.
    ApprovedTo(usize),
}

#[derive(Debug, Clone)]
struct Night {
    rows: [RowState; 2],
    corrected: bool,
    then: Then,
}

/// The days of each row, before and after a move.
const DAYS: [[&str; 2]; 2] = [["2021-02-15", "2021-02-16"], ["2021-02-22", "2021-02-23"]];

impl Night {
    fn lou(&self) -> &'static str {
        LOU[usize::from(self.corrected)]
    }

    /// The planned meetings: identity, day, and who takes part.
    fn planned(&self) -> Vec<(String, &'static str, Vec<&'static str>)> {
        let rows = self.rows.iter().zip(DAYS);
        rows.filter(|(row, _)| row.there && !row.cancelled)
            .map(|(row, days)| {
                let day = days[usize::from(row.moved)];
                let (persons, paul) = if row.with_paul {
                    ("annaroux+paulvidal", Some(PAUL))
                } else {
                    ("annaroux", None)
                };
                let people = [self.lou(), ANNA].into_iter().chain(paul);
                let identity = format!("acc01|{persons}|{day}|matin");
                (identity, day, people.collect())
            })
            .collect()
    }

    fn scene(&self, day: &str) -> Scene {
        let scene = Scene::new()
            .on(day)
            .member(&[])
            .person(&[])
            .person(&[("Nom", "Paul Vidal"), ("Email", PAUL)])
            .support(&[("Email", self.lou())])
            .empty(Role::Meetings);
        let rows = self.rows.iter().zip(DAYS);
        rows.filter(|(row, _)| row.there)
            .fold(scene, |scene, (row, days)| {
                let names = if row.with_paul {
                    "Paul Vidal ; Anna Roux"
                } else {
                    "Anna Roux"
                };
                scene.meeting(&[
                    ("Personne ressource", names),
                    ("Date", days[usize::from(row.moved)]),
                    (
                        "Lieu",
                        if row.elsewhere {
                            "Salle Nord"
                        } else {
                            "MJC Roguet"
                        },
                    ),
                    ("État", if row.cancelled { "annulé" } else { "" }),
                ])
            })
    }
}

fn row() -> impl Strategy<Value = RowState> {
    let mostly = || prop::bool::weighted(0.8);
    let rarely = || prop::bool::weighted(0.25);
    (mostly(), rarely(), rarely(), rarely(), rarely()).prop_map(
        |(there, cancelled, elsewhere, moved, with_paul)| RowState {
            there,
            cancelled,
            elsewhere,
            moved,
            with_paul,
        },
    )
}

fn night() -> impl Strategy<Value = Night> {
    let then = prop_oneof![
        3 => Just(Then::Nothing),
        2 => Just(Then::Approved),
        3 => (0_usize..4).prop_map(Then::ApprovedTo),
    ];
    ([row(), row()], prop::bool::weighted(0.3), then).prop_map(|(rows, corrected, then)| Night {
        rows,
        corrected,
        then,
    })
}

/// What awaits approval and no longer holds becomes obsolete, then what the night sends is kept; a
/// second run sends nothing.
fn play(ledger: &mut Ledger, night: &Night, day: &str) {
    forget_what_no_longer_holds(ledger, night, day);
    let known: BTreeSet<_> = ledger.entries.iter().map(key_of).collect();
    let due = ledger.night(night.scene(day));
    for draft in &due.drafts {
        let key = (draft.kind, draft.key.clone(), draft.to.address.clone());
        assert!(!known.contains(&key), "twice: {draft:?}");
        look_at(draft, night);
    }
    let again = ledger.look(night.scene(day)).due;
    assert_eq!(again.drafts, [], "a second run of one night");
}

fn key_of(entry: &crate::mails::Entry) -> (Kind, String, String) {
    (entry.kind, entry.key.clone(), entry.address.clone())
}

/// Who is written to by herself is of the meeting; and what is said to be off is.
fn look_at(draft: &Draft, night: &Night) {
    let address = draft.to.address.as_str();
    let is_auto = draft.mode == crate::config::Mode::Auto;
    let stands = [night.lou(), ANNA, PAUL].contains(&address);
    assert!(
        !is_auto || stands,
        "by itself, to an old address: {draft:?}"
    );
    let day = draft.told["date"].as_str().unwrap();
    let meets = |people: &[&str]| people.contains(&address);
    let planned = night.planned();
    let mut that_day = planned.iter().filter(|(_, when, _)| *when == day);
    if draft.kind == Kind::MeetingCancellation {
        let takes_place = that_day.any(|(.., people)| meets(people));
        assert!(!takes_place, "it takes place: {draft:?}");
    } else if is_auto {
        assert!(that_day.any(|(.., people)| meets(people)), "{draft:?}");
    }
    let is_move = draft.context["is_moved"] == true || draft.told.get("joins").is_some();
    assert!(!is_auto || !is_move, "a move by itself: {draft:?}");
}

fn forget_what_no_longer_holds(ledger: &mut Ledger, night: &Night, day: &str) {
    let standing = ledger.standing(&night.scene(day));
    for (entry, (_, still_due)) in ledger.entries.iter_mut().zip(standing) {
        if entry.state == State::AwaitingApproval && !still_due {
            entry.state = State::Obsolete;
        }
    }
}

fn approve(ledger: &mut Ledger, then: Then) {
    let people = [LOU[0], LOU[1], ANNA, PAUL];
    let waiting = ledger.entries.iter_mut();
    for entry in waiting.filter(|entry| entry.state == State::AwaitingApproval) {
        let is_yes = match then {
            Then::Nothing => false,
            Then::Approved => true,
            Then::ApprovedTo(number) => entry.address == people[number],
        };
        if is_yes {
            entry.state = State::Accepted;
            entry.accepted_on = Some(entry.queued_on);
        }
    }
}

/// Each participant expects the meetings that take place, and nobody expects another.
fn everybody_knows(ledger: &Ledger, last: &Night) {
    let past = Past::without(&ledger.history(), Aside::Nothing);
    let planned = last.planned();
    for address in [LOU[0], LOU[1], ANNA, PAUL] {
        let meetings = past.meetings.iter();
        let expected: BTreeSet<&String> = meetings
            .filter(|((_, to), meeting)| to == address && meeting.told.is_some())
            .map(|((identity, _), _)| identity)
            .collect();
        let all: BTreeSet<&String> = planned.iter().map(|(identity, ..)| identity).collect();
        let hers = planned
            .iter()
            .filter(|(.., people)| people.contains(&address));
        let hers: BTreeSet<&String> = hers.map(|(identity, ..)| identity).collect();
        if address == last.lou() || !LOU.contains(&address) {
            assert_eq!(expected, hers, "what {address} expects");
        } else {
            assert!(
                expected.is_subset(&all),
                "what {address} expects: {expected:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn nobody_is_told_of_a_move_or_an_absence_unasked(nights in prop::collection::vec(night(), 1..10)) {
        let mut ledger = Ledger::default();
        let mut day = String::new();
        for (number, night) in (0u64..).zip(&nights) {
            day = days_after("2021-01-12", number);
            play(&mut ledger, night, &day);
            approve(&mut ledger, night.then);
        }
        let last = nights.last().unwrap();
        for number in 1..5 {
            play(&mut ledger, last, &days_after(&day, number));
            approve(&mut ledger, Then::Approved);
        }
        everybody_knows(&ledger, last);
    }
}
