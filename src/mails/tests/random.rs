//! Random nights: rows come, go, move and are cancelled; messages wait, are put off, become
//! obsolete. Whatever happens, nothing is written twice, nobody gets another's e-mail, and in the
//! end everybody knows what holds.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::decide::SeatState;
use crate::mails::history::Aside;
use crate::mails::past::{Outcome, Past};
use crate::mails::scenario::{Ledger, TEMPLATES, days_after, turn};
use crate::mails::{Entry, State};
use crate::model::Role;
use crate::rules::scene::Scene;

/// How a row stands on a night.
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Debug, Clone, Copy)]
struct RowState {
    there: bool,
    cancelled: bool,
    elsewhere: bool,
    moved: bool,
}

/// What happens to messages after a night.
#[derive(Debug, Clone, Copy)]
enum Then {
    Nothing,
    Approved,
    /// The coordinator says no to what takes something back or changes it.
    Rejected,
    /// A server asked to try tonight's later.
    Deferred,
    /// It took what it had deferred.
    Left,
}

#[derive(Debug, Clone)]
struct Night {
    registrations: [RowState; 3],
    meetings: [RowState; 2],
    workshop: RowState,
    places: u8,
    /// The rows stand in the other order.
    reversed: bool,
    then: Then,
}

fn row() -> impl Strategy<Value = RowState> {
    let mostly = || prop::bool::weighted(0.8);
    let rarely = || prop::bool::weighted(0.2);
    (mostly(), rarely(), rarely(), rarely()).prop_map(|(there, cancelled, elsewhere, moved)| {
        RowState {
            there,
            cancelled,
            elsewhere,
            moved,
        }
    })
}

fn night() -> impl Strategy<Value = Night> {
    let then = prop_oneof![
        4 => Just(Then::Nothing),
        4 => Just(Then::Approved),
        2 => Just(Then::Rejected),
        1 => Just(Then::Deferred),
        1 => Just(Then::Left),
    ];
    (
        [row(), row(), row()],
        [row(), row()],
        row(),
        1..4u8,
        any::<bool>(),
        then,
    )
        .prop_map(
            |(registrations, meetings, workshop, places, reversed, then)| Night {
                registrations,
                meetings,
                workshop,
                places,
                reversed,
                then,
            },
        )
}

fn state(row: RowState, cancelled: &'static str) -> &'static str {
    if row.cancelled { cancelled } else { "" }
}

fn place(row: RowState) -> &'static str {
    if row.elsewhere {
        "Salle Nord"
    } else {
        "MJC Roguet"
    }
}

fn scene(night: &Night, day: &str) -> Scene {
    let places = night.places.to_string();
    let workshop = [
        ("Places", places.as_str()),
        ("Lieu", place(night.workshop)),
        ("État", state(night.workshop, "annulé")),
        (
            "Date",
            if night.workshop.moved {
                "25/02/2021"
            } else {
                "18/02/2021"
            },
        ),
    ];
    let mut scene = Scene::new()
        .on(day)
        .member(&[])
        .person(&[])
        .support(&[])
        .workshop(&workshop)
        .empty(Role::Registrations)
        .empty(Role::Meetings);
    let mut numbers: Vec<usize> = (0..3).collect();
    if night.reversed {
        numbers.reverse();
    }
    for number in numbers {
        let row = night.registrations[number];
        if row.there {
            let (name, email) = (format!("P{number}"), format!("p{number}@example.org"));
            let at = format!("04/01/2021 09:0{number}");
            scene = scene.registration(&[
                ("Inscrit le", at.as_str()),
                ("Nom", name.as_str()),
                ("Email", email.as_str()),
                ("État", state(row, "annulée")),
            ]);
        }
    }
    for (row, days) in night
        .meetings
        .iter()
        .zip([["15/02/2021", "16/02/2021"], ["22/02/2021", "23/02/2021"]])
    {
        if row.there {
            scene = scene.meeting(&[
                ("Date", days[usize::from(row.moved)]),
                ("Lieu", place(*row)),
                ("État", state(*row, "annulé")),
            ]);
        }
    }
    scene
}

/// Nothing twice, nothing to the wrong person, and every letter can be written.
fn sound(ledger: &Ledger, night: &Night, day: &str) {
    let made = ledger.look(scene(night, day));
    let mut keys: BTreeSet<_> = ledger
        .entries
        .iter()
        .map(|entry| (entry.kind, entry.key.clone(), entry.address.clone()))
        .collect();
    for settled in &made.due.settled {
        let key = (settled.kind, settled.key.clone(), settled.address.clone());
        assert!(keys.insert(key), "{settled:?}");
    }
    for draft in &made.due.drafts {
        let address = draft.to.address.to_lowercase();
        assert!(
            keys.insert((draft.kind, draft.key.clone(), address.clone())),
            "{draft:?}"
        );
        let name = match address.as_str() {
            "lou@nord.example.org" => "Lou Garcia".to_owned(),
            "anna@sud.example.org" => "Anna Roux".to_owned(),
            other => other.replace("@example.org", "").to_uppercase(),
        };
        assert_eq!(draft.to.name, name);
        let rendered = TEMPLATES.render(draft, &made.season).unwrap();
        assert!(rendered.text.starts_with(&format!("Bonjour {name},")));
    }
}

fn live(ledger: &mut Ledger, nights: &[Night]) -> String {
    let mut day = "2021-01-12".to_owned();
    for (number, night) in (0u64..).zip(nights) {
        day = days_after("2021-01-12", number);
        ledger.settle(&scene(night, &day));
        sound(ledger, night, &day);
        let before = ledger.entries.len();
        ledger.night(scene(night, &day));
        assert_eq!(ledger.settle(&scene(night, &day)), 0, "tonight's stand");
        let again = ledger.look(scene(night, &day)).due;
        assert_eq!(again.drafts, [], "a second run of one night");
        assert_eq!(again.settled, []);
        let accepted = |entry: &&mut Entry| entry.state == State::Accepted;
        match night.then {
            Then::Nothing => {}
            Then::Approved => ledger.turn(State::AwaitingApproval, State::Accepted),
            Then::Rejected => {
                let waits = |entry: &&mut Entry| entry.state == State::AwaitingApproval;
                let waiting = ledger.entries.iter_mut().filter(waits);
                waiting
                    .filter(|entry| entry.kind.takes_back())
                    .for_each(|entry| turn(entry, State::Rejected));
            }
            Then::Deferred => {
                let tonight = ledger.entries[before..].iter_mut();
                tonight
                    .filter(accepted)
                    .for_each(|entry| turn(entry, State::Deferred));
            }
            Then::Left => ledger.turn(State::Deferred, State::Accepted),
        }
    }
    day
}

/// Nights on which all of it stands, first as it was and then moved: what she said no to is undone,
/// whatever it was.
fn undo(ledger: &mut Ledger, last: &Night, day: &str) -> String {
    let mut today = day.to_owned();
    for moved in [false, true] {
        let calm = RowState {
            there: true,
            cancelled: false,
            elsewhere: false,
            moved,
        };
        let night = Night {
            registrations: [calm; 3],
            meetings: [calm; 2],
            workshop: calm,
            ..last.clone()
        };
        today = settle(ledger, &night, &today);
    }
    today
}

/// Goes on with the last night's rows, every message approved or taken that still holds, until all
/// is quiet.
fn settle(ledger: &mut Ledger, last: &Night, day: &str) -> String {
    let mut today = day.to_owned();
    for _ in 0..4 {
        today = days_after(&today, 1);
        ledger.settle(&scene(last, &today));
        ledger.turn(State::AwaitingApproval, State::Accepted);
        ledger.turn(State::Deferred, State::Accepted);
        sound(ledger, last, &today);
        ledger.night(scene(last, &today));
    }
    assert_eq!(ledger.look(scene(last, &today)).due.drafts, []);
    today
}

fn everybody_knows(ledger: &Ledger, last: &Night, day: &str) {
    let made = ledger.look(scene(last, day));
    let past = Past::without(&ledger.history(), Aside::Nothing);
    let table = made.season.tables.registrations.as_ref().unwrap();
    for (index, row) in table.all() {
        let told = past.seats.get(&row.identity().unwrap());
        let told = told.and_then(|seat| seat.last);
        match made.decisions.seats.of(index).state {
            SeatState::Confirmed => assert_eq!(told, Some(Outcome::Seat)),
            SeatState::Waiting => assert_eq!(told, Some(Outcome::Waits)),
            SeatState::Cancelled => {
                assert!(matches!(told, None | Some(Outcome::Cancelled)), "{told:?}");
            }
            SeatState::Excluded => {}
        }
    }
    let rows = made.season.tables.registrations.as_ref().unwrap();
    let there: BTreeSet<String> = rows.all().filter_map(|(_, row)| row.identity()).collect();
    for (identity, seat) in &past.seats {
        assert!(
            there.contains(identity) || !seat.takes_part(),
            "{identity} still expects a seat"
        );
    }
    let planned: BTreeSet<String> = last
        .meetings
        .iter()
        .zip([["2021-02-15", "2021-02-16"], ["2021-02-22", "2021-02-23"]])
        .filter(|(row, _)| row.there && !row.cancelled)
        .map(|(row, days)| format!("acc01|annaroux|{}|matin", days[usize::from(row.moved)]))
        .collect();
    for address in ["lou@nord.example.org", "anna@sud.example.org"] {
        let expected: BTreeSet<String> = past
            .meetings
            .iter()
            .filter(|((_, to), meeting)| to == address && meeting.told.is_some())
            .map(|((identity, _), _)| identity.clone())
            .collect();
        assert_eq!(expected, planned, "what {address} expects");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nothing_twice_nothing_lost_nobody_else(nights in prop::collection::vec(night(), 1..10)) {
        let mut ledger = Ledger::default();
        let day = live(&mut ledger, &nights);
        let last = nights.last().unwrap();
        let today = undo(&mut ledger, last, &day);
        let today = settle(&mut ledger, last, &today);
        everybody_knows(&ledger, last, &today);
    }
}
