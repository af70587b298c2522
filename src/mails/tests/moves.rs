//! One meeting, moved: what stays undecided until the coordinator decides it, whoever is new.

use crate::mails::scenario::{Cells, Ledger, lines};
use crate::mails::{Draft, Due, Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

const LOU: &str = "lou@nord.example.org";
const ANNA: &str = "anna@sud.example.org";
const NEW_LOU: &str = "lou.garcia@nord.example.org";

/// ACC-01 with Anna Roux; the beneficiary's address as the coordinator has it.
fn support(day: &str, address: &str) -> Scene {
    Scene::new()
        .on(day)
        .member(&[])
        .person(&[])
        .support(&[("Email", address)])
        .empty(Role::Meetings)
}

fn meeting(scene: Scene, cells: Cells) -> Scene {
    let mut all = vec![("Date", "15/02/2021"), ("Lieu", "MJC Roguet")];
    all.extend_from_slice(cells);
    scene.meeting(&all)
}

const MOVED: Cells = &[("Date", "18/02/2021")];

/// A meeting that was told to Lou and to Anna.
fn told() -> Ledger {
    let mut ledger = Ledger::default();
    ledger.night(meeting(support("2021-01-12", LOU), &[]));
    ledger
}

/// The night after, with the meeting on another day and Lou's address corrected.
fn moved_and_corrected(day: &str) -> Scene {
    meeting(support(day, NEW_LOU), MOVED)
}

/// She says yes to what awaits it and goes to these addresses, no to all else.
fn approve(ledger: &mut Ledger, addresses: &[&str]) {
    let waiting = ledger.entries.iter_mut();
    for entry in waiting.filter(|entry| entry.state == State::AwaitingApproval) {
        let is_yes = addresses.contains(&entry.address.as_str());
        entry.state = if is_yes {
            State::Accepted
        } else {
            State::Rejected
        };
        entry.accepted_on = is_yes.then_some(entry.queued_on);
    }
}

fn draft<'d>(due: &'d Due, kind: Kind, address: &str) -> &'d Draft {
    let mut drafts = due.drafts.iter();
    let found = drafts.find(|draft| draft.kind == kind && draft.to.address == address);
    found.unwrap_or_else(|| panic!("no {} to {address}", kind.name()))
}

#[test]
fn a_corrected_address_learns_of_a_move_with_approval_only() {
    let mut ledger = told();
    let due = ledger.night(moved_and_corrected("2021-01-13"));
    assert_eq!(
        lines(&due),
        [
            format!("rdv-confirmation {NEW_LOU} ?"),
            format!("rdv-modification {ANNA} ?"),
            format!("rdv-modification {LOU} ?"),
        ]
    );
    let why = &draft(&due, Kind::MeetingConfirmation, NEW_LOU).why;
    assert!(why.contains("n’a plus de ligne"), "{why}");
    // Night after night without an answer nothing goes, and nothing is taken back.
    for day in 14..20 {
        let due = ledger.night(moved_and_corrected(&format!("2021-01-{day}")));
        assert_eq!(lines(&due), [""; 0], "{day}");
    }
    ledger.turn(State::AwaitingApproval, State::Accepted);
    let due = ledger.night(moved_and_corrected("2021-01-20"));
    assert_eq!(lines(&due), [""; 0], "everybody knows");
}

#[test]
fn a_move_that_somebody_new_knows_of_stays_a_move_for_the_others() {
    let mut ledger = told();
    ledger.night(moved_and_corrected("2021-01-13"));
    let waiting = ledger.entries.iter_mut();
    for entry in waiting.filter(|entry| entry.address == NEW_LOU) {
        entry.state = State::Accepted;
    }
    let due = ledger.night(moved_and_corrected("2021-01-14"));
    assert_eq!(lines(&due), [""; 0]);
    assert_eq!(
        still_due(&ledger, &moved_and_corrected("2021-01-15")),
        [true; 2]
    );
    ledger.turn(State::AwaitingApproval, State::Accepted);
    let due = ledger.night(moved_and_corrected("2021-01-15"));
    assert_eq!(lines(&due), [""; 0]);
    // And the next move is one for the three of them, Lou's first address being one.
    let again = meeting(support("2021-01-16", NEW_LOU), &[("Date", "22/02/2021")]);
    let due = ledger.night(again);
    let wanted = [ANNA, NEW_LOU, LOU].map(|to| format!("rdv-modification {to} ?"));
    assert_eq!(lines(&due), wanted);
}

/// Whether what awaits approval may still leave, in the order of the ledger.
fn still_due(ledger: &Ledger, scene: &Scene) -> Vec<bool> {
    let made = ledger.standing(scene);
    let waiting = made.into_iter();
    waiting
        .filter(|(entry, _)| entry.state == State::AwaitingApproval)
        .map(|(_, still_due)| still_due)
        .collect()
}

#[test]
fn a_yes_to_one_and_a_no_to_another_leave_one_meeting() {
    for (yes, told_again) in [(LOU, ANNA), (ANNA, LOU)] {
        let mut ledger = told();
        ledger.night(meeting(support("2021-01-13", LOU), MOVED));
        approve(&mut ledger, &[yes]);
        let scene = |day, cells| meeting(support(day, LOU), cells);
        for day in ["2021-01-14", "2021-01-15"] {
            assert_eq!(lines(&ledger.night(scene(day, MOVED))), [""; 0], "{day}");
        }
        // Moved once more: for the one from the day that she knows, for the other from the first.
        let due = ledger.night(scene("2021-01-16", &[("Date", "22/02/2021")]));
        let before = |to| draft(&due, Kind::MeetingChange, to).context["before"]["date"].clone();
        assert_eq!(due.drafts.len(), 2, "{:?}", lines(&due));
        assert_eq!(before(yes), "jeudi 18 février 2021");
        assert_eq!(before(told_again), "lundi 15 février 2021");
        assert!(lines(&due).iter().all(|line| line.ends_with(" ?")));
    }
}

#[test]
fn once_the_first_day_is_past_the_new_row_is_a_meeting_of_its_own_for_all() {
    let mut ledger = told();
    ledger.night(moved_and_corrected("2021-01-13"));
    assert_eq!(
        still_due(&ledger, &moved_and_corrected("2021-02-15")),
        [true; 3]
    );
    assert_eq!(
        still_due(&ledger, &moved_and_corrected("2021-02-16")),
        [false; 3]
    );
    ledger.turn(State::AwaitingApproval, State::Obsolete);
    let due = ledger.night(moved_and_corrected("2021-02-16"));
    let wanted = [ANNA, NEW_LOU].map(|to| format!("rdv-confirmation {to}"));
    let confirmed = lines(&due).into_iter();
    let confirmed = confirmed.filter(|line| line.starts_with("rdv-confirmation"));
    assert_eq!(confirmed.collect::<Vec<_>>(), wanted);
}

#[test]
fn somebody_new_waits_for_a_move_that_was_never_drafted() {
    let off = "[mail]\nkinds = { rdv-modification = \"off\" }\n";
    let mut ledger = told();
    let scene = |day: &str| moved_and_corrected(day).with(off);
    let due = ledger.night(scene("2021-01-13"));
    assert_eq!(lines(&due), [format!("rdv-confirmation {NEW_LOU} ?")]);
    ledger.turn(State::AwaitingApproval, State::Accepted);
    assert_eq!(lines(&ledger.night(scene("2021-01-14"))), [""; 0]);
    // She turns the kind on again: it is still a move.
    let due = ledger.night(moved_and_corrected("2021-01-15"));
    let wanted = [ANNA, LOU].map(|to| format!("rdv-modification {to} ?"));
    assert_eq!(lines(&due), wanted);
}

#[test]
fn a_new_meeting_beside_a_told_one_is_confirmed_without_a_word_of_hers() {
    let mut ledger = told();
    let both = |day: &str| meeting(meeting(support(day, NEW_LOU), &[]), MOVED);
    let due = ledger.night(both("2021-01-13"));
    assert_eq!(
        lines(&due),
        [
            format!("rdv-confirmation {NEW_LOU}"),
            format!("rdv-confirmation {ANNA}"),
            format!("rdv-confirmation {NEW_LOU}"),
        ]
    );
    // Who was told of both meetings knows two: when one of them goes, it is no move.
    let one = meeting(support("2021-01-14", NEW_LOU), MOVED);
    let due = ledger.night(one);
    let wanted = [ANNA, NEW_LOU, LOU].map(|to| format!("rdv-annulation {to} ?"));
    assert_eq!(lines(&due), wanted);
}
