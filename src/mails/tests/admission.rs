//! Applications, memberships, evaluations, and the guards.

use crate::config::Mode;
use crate::mails::scenario::{Ledger, days_after, lines, of};
use crate::mails::{Hold, Kind, State, hold_everything};
use crate::model::Role;
use crate::rules::scene::Scene;

/// The plain application, received on 1 December 2020.
fn application(day: &str, cells: &[(&str, &str)]) -> Scene {
    Scene::new().on(day).member(&[]).application(cells)
}

#[test]
fn an_application_is_acknowledged_within_seven_days() {
    for (day, wanted) in [
        ("2020-11-30", 0),
        ("2020-12-01", 1),
        ("2020-12-08", 1),
        ("2020-12-09", 0),
    ] {
        let due = Ledger::default().look(application(day, &[])).due;
        assert_eq!(of(&due, Kind::ApplicationReceived).len(), wanted, "{day}");
    }
    let mut ledger = Ledger::default();
    ledger.night(application("2020-12-02", &[]));
    assert_eq!(
        lines(&ledger.night(application("2020-12-03", &[]))),
        [""; 0]
    );
}

#[test]
fn only_the_application_that_counts_is_acknowledged() {
    let scene = application("2020-12-02", &[]).application(&[
        ("Horodateur", "02/12/2020 08:00"),
        ("Email", "b@example.org"),
    ]);
    let due = Ledger::default().look(scene).due;
    assert_eq!(lines(&due), ["candidature-recue b@example.org"]);
}

#[test]
fn what_is_missing_is_asked_for_up_to_the_deadline() {
    let gap = [("Besoins", "")];
    let mut ledger = Ledger::default();
    let due = ledger.night(application("2020-12-02", &gap));
    assert_eq!(
        lines(&due),
        ["candidature-incomplete lou@nord.example.org ?"]
    );
    assert_eq!(
        due.drafts[0].context["missing"][0],
        "la rubrique «\u{a0}Besoins\u{a0}» dans votre candidature"
    );
    assert_eq!(
        lines(&ledger.night(application("2020-12-03", &gap))),
        [""; 0]
    );
    for (day, wanted) in [("2020-12-18", 1), ("2020-12-19", 0)] {
        let due = Ledger::default().look(application(day, &gap)).due;
        assert_eq!(of(&due, Kind::ApplicationIncomplete).len(), wanted, "{day}");
    }
}

#[test]
fn what_the_structure_lacks_is_asked_for_and_an_unreadable_address_is_not_written_to() {
    let scene = |email| {
        Scene::new()
            .on("2020-12-10")
            .member(&[("Commune", "")])
            .application(&[("Email", email)])
    };
    let due = Ledger::default().look(scene("lou@nord.example.org")).due;
    assert_eq!(of(&due, Kind::ApplicationIncomplete).len(), 1);
    assert_eq!(
        lines(&Ledger::default().look(scene("lou@nord")).due),
        [""; 0]
    );
    let complete = application("2020-12-10", &[]);
    assert_eq!(lines(&Ledger::default().look(complete).due), [""; 0]);
}

#[test]
fn a_decision_is_shown_first_and_told_up_to_sixty_days_after_the_deadline() {
    let decided = |day: &str| application(day, &[("Décision", "retenue")]);
    for (days, wanted) in [(0, 1), (60, 1), (61, 0)] {
        let due = Ledger::default()
            .look(decided(&days_after("2020-12-18", days)))
            .due;
        assert_eq!(of(&due, Kind::ApplicationDecision).len(), wanted, "{days}");
    }
    let due = Ledger::default().look(decided("2021-01-05")).due;
    assert_eq!(lines(&due), ["candidature-decision lou@nord.example.org ?"]);
}

#[test]
fn another_decision_is_told_too_and_back_again() {
    let mut ledger = Ledger::default();
    let mut night = |day: &str, decision| {
        let count = ledger
            .night(application(day, &[("Décision", decision)]))
            .drafts
            .len();
        ledger.turn(State::AwaitingApproval, State::Accepted);
        count
    };
    assert_eq!(night("2021-01-05", "liste d'attente"), 1);
    assert_eq!(night("2021-01-06", "retenue"), 1);
    assert_eq!(night("2021-01-07", "liste d'attente"), 1);
    assert_eq!(night("2021-01-08", "liste d'attente"), 0);
    assert_eq!(night("2021-01-09", ""), 0);
}

#[test]
fn a_membership_that_ends_is_told_thirty_days_before_to_who_takes_part() {
    // The plain membership ends on 9 November 2021.
    let takes_part = |day: &str| Scene::new().on(day).member(&[]).support(&[]);
    let count = |scene: Scene| of(&Ledger::default().look(scene).due, Kind::MembershipEnding).len();
    assert_eq!(count(takes_part("2021-10-09")), 0);
    assert_eq!(count(takes_part("2021-10-10")), 1);
    assert_eq!(count(takes_part("2021-11-09")), 1);
    assert_eq!(count(takes_part("2021-11-10")), 0);
    let day = "2021-10-20";
    assert_eq!(count(Scene::new().on(day).member(&[])), 0);
    let renewed = takes_part(day).member(&[("Payée le", "10/11/2021"), ("Cotisation", "300")]);
    assert_eq!(count(renewed), 0);
    // Renewed before the end: the two overlap, which is a finding, and paid it is.
    let early = takes_part(day).member(&[("Payée le", "20/10/2021"), ("Cotisation", "300")]);
    assert_eq!(count(early), 0);
    let over = Scene::new()
        .on(day)
        .member(&[])
        .support(&[("Statut", "abandonné")]);
    assert_eq!(count(over), 0);
    let helps = Scene::new()
        .on(day)
        .member(&[])
        .person(&[("Structure", "Atelier Nord"), ("Type", "membre")]);
    assert_eq!(count(helps), 1);
    let seat = |date| {
        Scene::new()
            .on(day)
            .member(&[])
            .workshop(&[("Date", date)])
            .registration(&[("Structure", "Atelier Nord")])
    };
    assert_eq!(count(seat("28/10/2021")), 1);
    assert_eq!(count(seat("28/01/2021")), 0);
    let mut ledger = Ledger::default();
    ledger.night(takes_part(day));
    assert_eq!(lines(&ledger.night(takes_part("2021-10-21"))), [""; 0]);
}

#[test]
fn an_evaluation_is_asked_for_three_times() {
    let scene = |day: &str| {
        Scene::new()
            .on(day)
            .member(&[])
            .support(&[("Statut", "terminé")])
            .meeting(&[("État", "réalisé")])
            .empty(Role::Evaluations)
    };
    let mut ledger = Ledger::default();
    let told: Vec<u64> = (0..60)
        .filter(|days| {
            let due = ledger.night(scene(&days_after("2021-02-10", *days)));
            !of(&due, Kind::EvaluationInvitation).is_empty()
        })
        .collect();
    assert_eq!(told, [0, 7, 14]);
    for (day, wanted) in [("2021-02-13", 1), ("2021-02-14", 0)] {
        let due = Ledger::default().look(scene(day)).due;
        assert_eq!(of(&due, Kind::EvaluationInvitation).len(), wanted, "{day}");
    }
    let answered = scene("2021-02-10").evaluation(&[]);
    let due = Ledger::default().look(answered).due;
    assert!(of(&due, Kind::EvaluationInvitation).is_empty());
}

/// `count` people who registered for AT-01.
fn crowd(day: &str, count: usize, workshop: &[(&str, &str)]) -> Scene {
    let mut cells = vec![("Places", "12")];
    cells.extend_from_slice(workshop);
    let mut scene = Scene::new().on(day).workshop(&cells);
    for number in 0..count {
        let email = format!("p{number:02}@example.org");
        scene = scene.registration(&[("Email", email.as_str())]);
    }
    scene
}

#[test]
fn a_night_with_too_many_e_mails_waits_as_a_whole() {
    let limited = |count| crowd("2021-01-06", count, &[]).with("mail.max_per_run = 10");
    let ten = Ledger::default().look(limited(10)).due;
    assert_eq!(ten.guard, None);
    assert!(ten.drafts.iter().all(|draft| draft.mode == Mode::Auto));
    let eleven = Ledger::default().look(limited(11)).due;
    assert!(eleven.guard.unwrap().starts_with("11 courriels"));
    assert!(eleven.drafts.iter().all(|draft| draft.mode == Mode::Review));
}

#[test]
fn a_night_that_takes_back_from_too_many_waits_as_a_whole() {
    let cancelled = [("État", "annulé")];
    for (count, is_held) in [(5, false), (6, true)] {
        let mut ledger = Ledger::default();
        ledger.night(crowd("2021-01-06", count, &[]));
        let due = ledger.night(crowd("2021-01-07", count, &cancelled));
        assert_eq!(due.drafts.len(), count);
        assert_eq!(due.guard.is_some(), is_held, "{count}");
    }
    // A fifth of those told and no more: 6 of 30.
    for (others, is_held) in [(24, false), (23, true)] {
        let mut ledger = Ledger::default();
        ledger.night(crowd("2021-01-06", 6, &[]));
        let sample = ledger.entries[0].clone();
        for number in 0..others {
            let mut entry = sample.clone();
            entry.kind = Kind::ApplicationReceived;
            entry.address = format!("other{number}@example.org");
            ledger.entries.push(entry);
        }
        // The coordinator and her digest are not counted.
        let mut digest = sample.clone();
        digest.kind = Kind::Digest;
        digest.address = "ines@peer.example.org".to_owned();
        ledger.entries.push(digest);
        let due = ledger.look(crowd("2021-01-07", 6, &cancelled)).due;
        assert_eq!(due.guard.is_some(), is_held, "{others}");
    }
}

#[test]
fn a_lost_state_holds_everything_and_says_why() {
    let mut due = Ledger::default().look(crowd("2021-01-06", 2, &[])).due;
    let hold = Hold {
        reason: "Le registre est perdu !".to_owned(),
        short: "registre perdu".to_owned(),
    };
    hold_everything(&mut due, &hold);
    // The guard that says most stands, and each e-mail says once why it waits.
    hold_everything(&mut due, &hold);
    assert!(
        due.drafts
            .iter()
            .all(|draft| draft.why.ends_with(". Retenu\u{a0}: registre perdu."))
    );
    assert_eq!(due.drafts[0].why.matches("Retenu").count(), 1);
    assert_eq!(due.guard.as_deref(), Some("Le registre est perdu\u{202f}!"));
    assert!(due.drafts.iter().all(|draft| draft.mode == Mode::Review));
}
