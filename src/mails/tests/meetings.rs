//! Interviews, meetings, gaps.

use crate::mails::scenario::{Ledger, lines, of};
use crate::mails::{Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

/// ACC-01 with Anna Roux, Lou Garcia being the beneficiary.
fn support(day: &str) -> Scene {
    Scene::new()
        .on(day)
        .member(&[])
        .person(&[])
        .support(&[])
        .empty(Role::Meetings)
}

/// A meeting on 14 February at the MJC, unless the cells say otherwise.
fn meeting(scene: Scene, cells: &[(&str, &str)]) -> Scene {
    let mut all = vec![("Date", "15/02/2021"), ("Lieu", "MJC Roguet")];
    all.extend_from_slice(cells);
    scene.meeting(&all)
}

fn one(day: &str, cells: &[(&str, &str)]) -> Scene {
    meeting(support(day), cells)
}

fn pair(kind: &str, mark: &str) -> Vec<String> {
    ["anna@sud.example.org", "lou@nord.example.org"]
        .map(|address| format!("{kind} {address}{mark}"))
        .into()
}

#[test]
fn a_meeting_is_confirmed_once_to_each_of_its_people() {
    let mut ledger = Ledger::default();
    assert_eq!(
        lines(&ledger.night(one("2021-01-12", &[]))),
        pair("rdv-confirmation", "")
    );
    assert_eq!(lines(&ledger.night(one("2021-01-13", &[]))), [""; 0]);
}

#[test]
fn a_meeting_of_today_is_confirmed_one_of_yesterday_or_held_is_not() {
    let made = |cells: &[(&str, &str)]| Ledger::default().look(one("2021-02-15", cells)).due;
    assert_eq!(made(&[]).drafts.len(), 2);
    assert_eq!(made(&[("Date", "14/02/2021")]).drafts.len(), 0);
    assert_eq!(made(&[("État", "réalisé")]).drafts.len(), 0);
    assert_eq!(made(&[("État", "annulé")]).drafts.len(), 0);
    assert_eq!(made(&[("Ne pas écrire", "oui")]).drafts.len(), 0);
    assert_eq!(made(&[("Personne ressource", "Anna Rous")]).drafts.len(), 0);
}

#[test]
fn two_people_with_one_address_get_one_e_mail() {
    let scene = Scene::new()
        .member(&[])
        .person(&[("Email", "LOU@nord.example.org")])
        .support(&[])
        .meeting(&[("Date", "15/02/2021")]);
    let due = Ledger::default().look(scene).due;
    assert_eq!(lines(&due), ["rdv-confirmation lou@nord.example.org"]);
}

#[test]
fn a_new_place_is_told_once_and_only_when_there_is_one() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-01-12", &[("Lieu", "")]));
    assert_eq!(
        lines(&ledger.night(one("2021-01-13", &[]))),
        pair("rdv-modification", "")
    );
    assert_eq!(lines(&ledger.night(one("2021-01-14", &[]))), [""; 0]);
    assert_eq!(
        lines(&ledger.night(one("2021-01-15", &[("Lieu", "")]))),
        [""; 0]
    );
    let elsewhere = [("Lieu", "Salle Nord")];
    for (day, cells, wanted) in [
        ("2021-01-16", &elsewhere[..], 2),
        ("2021-01-17", &[][..], 2),
        ("2021-01-18", &elsewhere[..], 2),
        ("2021-01-19", &elsewhere[..], 0),
    ] {
        assert_eq!(ledger.night(one(day, cells)).drafts.len(), wanted, "{day}");
    }
}

#[test]
fn a_cancelled_meeting_is_told_once_to_who_was_told() {
    let mut ledger = Ledger::default();
    let cancelled = |day| one(day, &[("État", "annulé")]);
    assert_eq!(lines(&ledger.night(cancelled("2021-01-12"))), [""; 0]);
    ledger.night(one("2021-01-13", &[]));
    assert_eq!(
        lines(&ledger.night(cancelled("2021-01-14"))),
        pair("rdv-annulation", "")
    );
    assert_eq!(lines(&ledger.night(cancelled("2021-01-15"))), [""; 0]);
    // And it takes place after all.
    assert_eq!(
        lines(&ledger.night(one("2021-01-16", &[]))),
        pair("rdv-confirmation", "")
    );
    assert_eq!(
        lines(&ledger.night(cancelled("2021-01-17"))),
        pair("rdv-annulation", "")
    );
}

#[test]
fn a_meeting_cancelled_after_its_day_is_the_past() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-01-12", &[]));
    let cancelled = |day| one(day, &[("État", "annulé")]);
    assert_eq!(ledger.look(cancelled("2021-02-15")).due.drafts.len(), 2);
    assert_eq!(ledger.look(cancelled("2021-02-16")).due.drafts.len(), 0);
    assert_eq!(ledger.look(support("2021-02-15")).due.drafts.len(), 2);
    assert_eq!(ledger.look(support("2021-02-16")).due.drafts.len(), 0);
}

#[test]
fn a_row_that_is_gone_is_a_cancellation_to_approve() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-01-12", &[]));
    assert_eq!(
        lines(&ledger.night(support("2021-01-13"))),
        pair("rdv-annulation", " ?")
    );
    assert_eq!(lines(&ledger.night(support("2021-01-14"))), [""; 0]);
    // The row is back before she approves: nothing was told, nothing is to be confirmed again.
    assert_eq!(lines(&ledger.night(one("2021-01-15", &[]))), [""; 0]);
}

#[test]
fn a_row_whose_date_became_unreadable_is_not_gone() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-01-12", &[]));
    let broken = one("2021-01-13", &[("Date", "31/02/2021")]);
    assert_eq!(lines(&ledger.night(broken)), [""; 0]);
}

#[test]
fn a_row_gone_and_a_new_one_are_one_meeting_moved() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-01-12", &[]));
    let moved = |day| {
        one(
            day,
            &[("Date", "16/02/2021"), ("Demi-journée", "après-midi")],
        )
    };
    let due = ledger.night(moved("2021-01-13"));
    assert_eq!(lines(&due), pair("rdv-modification", " ?"));
    assert_eq!(due.drafts[0].context["is_moved"], true);
    assert_eq!(
        lines(&ledger.night(moved("2021-01-14"))),
        [""; 0],
        "no confirmation while the move awaits approval"
    );
    ledger.turn(State::AwaitingApproval, State::Accepted);
    assert_eq!(lines(&ledger.night(moved("2021-01-15"))), [""; 0]);
    // The moved meeting is now the one that was told.
    let cancelled = one(
        "2021-01-16",
        &[
            ("Date", "16/02/2021"),
            ("Demi-journée", "après-midi"),
            ("État", "annulé"),
        ],
    );
    assert_eq!(lines(&ledger.night(cancelled)), pair("rdv-annulation", ""));
}

#[test]
fn a_move_back_to_the_first_date_is_told_too() {
    let mut ledger = Ledger::default();
    let moved = |day: &str| one(day, &[("Date", "16/02/2021")]);
    ledger.night(one("2021-01-12", &[]));
    for (day, is_moved) in [(13, true), (14, false), (15, true), (16, false)] {
        let day = format!("2021-01-{day}");
        let scene = if is_moved {
            moved(&day)
        } else {
            one(&day, &[])
        };
        assert_eq!(
            lines(&ledger.night(scene)),
            pair("rdv-modification", " ?"),
            "{day}"
        );
        ledger.turn(State::AwaitingApproval, State::Accepted);
    }
}

#[test]
fn moves_are_paired_in_date_order_and_stay_paired() {
    let mut ledger = Ledger::default();
    let at = |scene, date| meeting(scene, &[("Date", date)]);
    let two = at(at(support("2021-01-12"), "15/02/2021"), "22/02/2021");
    ledger.night(two);
    let one_moved = at(at(support("2021-01-13"), "22/02/2021"), "24/02/2021");
    let due = ledger.night(one_moved);
    assert_eq!(lines(&due), pair("rdv-modification", " ?"));
    // A nearer new row the next night is a new meeting: the move that awaits approval stays.
    let third = at(
        at(at(support("2021-01-14"), "22/02/2021"), "24/02/2021"),
        "17/02/2021",
    );
    let due = ledger.night(third);
    assert_eq!(lines(&due), pair("rdv-confirmation", ""));
    assert!(
        due.drafts
            .iter()
            .all(|draft| draft.key.contains("2021-02-17"))
    );

    let mut ledger = Ledger::default();
    ledger.night(at(at(support("2021-01-12"), "15/02/2021"), "22/02/2021"));
    let both = at(at(support("2021-01-13"), "25/02/2021"), "18/02/2021");
    let due = ledger.night(both);
    let moves: Vec<String> = of(&due, Kind::MeetingChange)
        .iter()
        .filter(|draft| draft.to.name == "Lou Garcia")
        .map(|draft| {
            let before = draft.context["before"]["date"].as_str().unwrap();
            format!(
                "{before} > {}",
                draft.context["meeting"]["date"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        moves,
        [
            "lundi 15 février 2021 > jeudi 18 février 2021",
            "lundi 22 février 2021 > jeudi 25 février 2021"
        ]
    );
}

#[test]
fn a_meeting_of_other_persons_is_no_move() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-01-12", &[]));
    let other = support("2021-01-13")
        .person(&[("Nom", "Paul Vidal"), ("Email", "paul@example.org")])
        .meeting(&[("Date", "16/02/2021"), ("Personne ressource", "Paul Vidal")]);
    assert_eq!(
        lines(&ledger.night(other)),
        [
            "rdv-confirmation lou@nord.example.org",
            "rdv-confirmation paul@example.org",
            "rdv-annulation anna@sud.example.org ?",
            "rdv-annulation lou@nord.example.org ?"
        ]
    );
}

#[test]
fn the_persons_of_a_meeting_are_a_set() {
    let two = |day, names| {
        support(day)
            .person(&[("Nom", "Paul Vidal"), ("Email", "paul@example.org")])
            .meeting(&[("Date", "15/02/2021"), ("Personne ressource", names)])
    };
    let mut ledger = Ledger::default();
    assert_eq!(
        ledger
            .night(two("2021-01-12", "Anna Roux; Paul Vidal"))
            .drafts
            .len(),
        3
    );
    assert_eq!(
        ledger
            .night(two("2021-01-13", "paul vidal, ANNA ROUX"))
            .drafts
            .len(),
        0
    );
}

#[test]
fn a_meeting_is_announced_two_days_before() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-01-12", &[]));
    let due = |day| lines(&ledger.look(one(day, &[])).due);
    assert_eq!(due("2021-02-12"), [""; 0]);
    assert_eq!(due("2021-02-13"), pair("rdv-rappel", ""));
    assert_eq!(
        due("2021-02-14"),
        pair("rdv-rappel", ""),
        "late, but in time"
    );
    assert_eq!(due("2021-02-15"), [""; 0]);
    ledger.night(one("2021-02-13", &[]));
    assert_eq!(lines(&ledger.look(one("2021-02-14", &[])).due), [""; 0]);
}

#[test]
fn a_meeting_fixed_the_day_before_is_confirmed_and_not_announced_again() {
    let mut ledger = Ledger::default();
    let due = ledger.night(one("2021-02-14", &[]));
    assert_eq!(lines(&due), pair("rdv-confirmation", ""));
    assert_eq!(due.settled.len(), 2);
    assert_eq!(lines(&ledger.night(one("2021-02-14", &[]))), [""; 0]);
}

#[test]
fn a_gap_is_told_at_most_every_seven_days() {
    let scene = |day: u32| {
        support(&format!("2021-02-{day:02}"))
            .meeting(&[("État", "réalisé"), ("Date", "14/01/2021")])
    };
    let mut ledger = Ledger::default();
    assert_eq!(lines(&ledger.night(scene(1))), [""; 0]);
    let mut ledger = ledger.with_finding("RDV02", Role::Supports, 0);
    let told: Vec<u32> = (1..=20)
        .filter(|day| {
            let due = ledger.night(scene(*day));
            let is_told = lines(&due) == pair("rdv-relance", "");
            assert!(is_told || due.drafts.is_empty());
            is_told
        })
        .collect();
    assert_eq!(told, [1, 8, 15]);
}

#[test]
fn nobody_who_holds_an_invitation_reads_that_no_meeting_is_planned() {
    let mut ledger = Ledger::default();
    ledger.night(one("2021-02-10", &[]));
    let mut ledger = ledger.with_finding("RDV02", Role::Supports, 0);
    // The row of the 15th is gone, perhaps by accident: she is asked.
    assert_eq!(
        lines(&ledger.night(support("2021-02-11"))),
        pair("rdv-annulation", " ?")
    );
    assert_eq!(lines(&ledger.look(support("2021-02-15")).due), [""; 0]);
    let gap = ["rdv-relance lou@nord.example.org"];
    assert_eq!(lines(&ledger.look(support("2021-02-16")).due), gap);
    ledger.turn(State::AwaitingApproval, State::Accepted);
    assert_eq!(lines(&ledger.look(support("2021-02-12")).due), gap);
}

#[test]
fn a_gap_before_any_meeting_is_told_to_the_beneficiary_alone() {
    let ledger = Ledger::default().with_finding("RDV02", Role::Supports, 0);
    let due = ledger.look(support("2021-02-01")).due;
    assert_eq!(lines(&due), ["rdv-relance lou@nord.example.org"]);
}

#[test]
fn an_interview_is_confirmed_and_told_again_when_it_moves() {
    let mut ledger = Ledger::default();
    let at = |day: &str, at: &str| {
        Scene::new()
            .on(day)
            .member(&[])
            .support(&[("Entretien le", at), ("Statut", "diagnostic")])
    };
    let confirmed = ["entretien-confirmation lou@nord.example.org"];
    let first = "20/01/2021 14:30";
    assert_eq!(lines(&ledger.night(at("2021-01-12", first))), confirmed);
    assert_eq!(lines(&ledger.night(at("2021-01-13", first))), [""; 0]);
    assert_eq!(
        lines(&ledger.look(at("2021-01-21", "20/01/2021 16:00")).due),
        [""; 0]
    );
    assert_eq!(
        lines(&ledger.look(at("2021-01-20", "20/01/2021 16:00")).due),
        confirmed
    );
    let due = ledger.look(at("2021-01-14", "20/01/2021 16:00")).due;
    assert_eq!(due.drafts[0].context["is_new_date"], false);
    assert_eq!(due.drafts[0].context["is_new_hour"], true);
    let due = ledger.night(at("2021-01-14", "21/01/2021"));
    assert_eq!(lines(&due), confirmed);
    assert_eq!(due.drafts[0].context["is_new_date"], true);
    assert_eq!(due.drafts[0].context["hour"], "");
    assert_eq!(
        lines(&ledger.night(at("2021-01-15", first))),
        confirmed,
        "back again"
    );
    assert_eq!(lines(&ledger.night(at("2021-01-16", first))), [""; 0]);
}
