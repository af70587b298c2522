//! Each kind of message that waits (for her yes, for its turn, for the server), and what makes it
//! stand or fall: the workbooks change, days go by.

use crate::mails::scenario::{Ledger, lines};
use crate::mails::{Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

/// What the first night wrote of a kind.
struct Waiting {
    kind: Kind,
    ledger: Ledger,
}

impl Waiting {
    fn after(kind: Kind, first: Scene) -> Self {
        let mut ledger = Ledger::default();
        ledger.night(first);
        assert!(ledger.entries.iter().any(|entry| entry.kind == kind));
        Self { kind, ledger }
    }

    /// How many of them stand then, in whatever way they wait.
    fn stand(&mut self, then: &Scene) -> usize {
        let found = [State::AwaitingApproval, State::Planned, State::Deferred].map(|state| {
            let entries = self.ledger.entries.iter_mut();
            for entry in entries.filter(|entry| entry.kind == self.kind) {
                entry.state = state;
            }
            let mut stand = self.ledger.stand(then);
            stand.retain(|kind| *kind == self.kind);
            stand.len()
        });
        assert_eq!(found, [found[0]; 3]);
        found[0]
    }
}

/// The structure's registration number is missing: ELI01, and ELI09 on what refers to it.
const UNREGISTERED: [(&str, &str); 1] = [("Immatriculation", "")];
const CORRECTED: (&str, &str) = ("Email", "lou@garcia.example.org");

#[test]
fn a_decision() {
    let scene = |day: &str, member: &[(&str, &str)], cells: &[(&str, &str)]| {
        let mut all = vec![("Décision", "retenue")];
        all.extend_from_slice(cells);
        Scene::new().on(day).member(member).application(&all)
    };
    let first = scene("2021-01-05", &[], &[]);
    let mut waiting = Waiting::after(Kind::ApplicationDecision, first);
    let mut stands = |scene: Scene| waiting.stand(&scene) == 1;
    assert!(stands(scene("2021-01-06", &[], &[])));
    assert!(stands(scene("2021-02-16", &[], &[])), "60 days after");
    assert!(!stands(scene("2021-02-17", &[], &[])), "61 days after");
    assert!(!stands(scene("2021-01-06", &UNREGISTERED, &[])));
    assert!(!stands(scene("2021-01-06", &[], &[CORRECTED])));
    assert!(!stands(scene(
        "2021-01-06",
        &[],
        &[("Décision", "refusée")]
    )));
    assert!(!stands(scene("2021-01-06", &[], &[("Décision", "")])));
    let off = "mail.kinds = { candidature-decision = \"off\" }";
    assert!(!stands(scene("2021-01-06", &[], &[]).with(off)));
    assert!(!stands(gone("2021-01-06")));
}

/// Nobody applies any more.
fn gone(day: &str) -> Scene {
    Scene::new().on(day).member(&[]).empty(Role::Applications)
}

#[test]
fn a_question_about_what_is_missing() {
    let scene =
        |day: &str, cells: &[(&str, &str)]| Scene::new().on(day).member(&[]).application(cells);
    let gap = ("Besoins", "");
    let first = scene("2020-12-02", &[gap]);
    let mut waiting = Waiting::after(Kind::ApplicationIncomplete, first);
    let mut stands = |scene: Scene| waiting.stand(&scene) == 1;
    assert!(stands(scene("2020-12-18", &[gap])));
    assert!(!stands(scene("2020-12-19", &[gap])), "after the deadline");
    assert!(!stands(scene("2020-12-03", &[])), "nothing is missing");
    let other = [("Motivations", "")];
    assert!(!stands(scene("2020-12-03", &other)), "something else is");
    let more = [gap, ("Motivations", "")];
    assert!(!stands(scene("2020-12-03", &more)), "something more is");
    assert!(!stands(scene("2020-12-03", &[gap, CORRECTED])));
    assert!(!stands(gone("2020-12-03")));
}

#[test]
fn an_acknowledgement() {
    let scene =
        |day: &str, cells: &[(&str, &str)]| Scene::new().on(day).member(&[]).application(cells);
    let first = scene("2020-12-02", &[]);
    let mut waiting = Waiting::after(Kind::ApplicationReceived, first);
    let mut stands = |scene: Scene| waiting.stand(&scene) == 1;
    assert!(stands(scene("2020-12-08", &[])));
    assert!(!stands(scene("2020-12-09", &[])), "eight days after");
    assert!(!stands(scene("2020-12-03", &[CORRECTED])));
    assert!(!stands(gone("2020-12-03")));
}

#[test]
fn an_interview() {
    let scene = |day: &str, member: &[(&str, &str)], cells: &[(&str, &str)]| {
        let mut all = vec![("Entretien le", "20/01/2021 14:00")];
        all.extend_from_slice(cells);
        Scene::new().on(day).member(member).support(&all)
    };
    let first = scene("2021-01-12", &[], &[]);
    let mut waiting = Waiting::after(Kind::InterviewConfirmation, first);
    let mut stands = |scene: Scene| waiting.stand(&scene) == 1;
    assert!(stands(scene("2021-01-20", &[], &[])));
    assert!(!stands(scene("2021-01-21", &[], &[])));
    assert!(!stands(scene("2021-01-13", &UNREGISTERED, &[])));
    assert!(!stands(scene("2021-01-13", &[], &[CORRECTED])));
    let later = [("Entretien le", "20/01/2021 15:00")];
    assert!(!stands(scene("2021-01-13", &[], &later)));
    assert!(!stands(scene(
        "2021-01-13",
        &[],
        &[("Statut", "abandonné")]
    )));
}

#[test]
fn a_meeting_s_confirmation() {
    let scene = |member: &[(&str, &str)], person: &[(&str, &str)], support: &[(&str, &str)]| {
        let scene = Scene::new().on("2021-01-12").member(member);
        let scene = scene.person(person).support(support);
        scene.meeting(&[("Date", "15/02/2021")])
    };
    let mut waiting = Waiting::after(Kind::MeetingConfirmation, scene(&[], &[], &[]));
    assert_eq!(waiting.stand(&scene(&[], &[], &[])), 2);
    let unregistered = scene(&UNREGISTERED, &[], &[]);
    assert_eq!(waiting.stand(&unregistered), 0, "ELI09");
    // ELI05: her structure's membership has lapsed.
    let lapsed = [("Type", "membre"), ("Structure", "Atelier Sud")];
    let member = [("Structure", "Atelier Sud"), ("Payée le", "10/11/2019")];
    let lapsed = scene(&[], &lapsed, &[]).member(&member);
    assert_eq!(waiting.stand(&lapsed), 1, "Lou's stands");
    assert_eq!(waiting.stand(&scene(&[], &[], &[CORRECTED])), 1, "Anna's");
    assert_eq!(waiting.stand(&scene(&[], &[CORRECTED], &[])), 1, "Lou's");
}

#[test]
fn a_correction_of_an_address_is_heeded_once() {
    let scene = |cells: &[(&str, &str)]| {
        let scene = Scene::new().on("2021-01-12").member(&[]).person(&[]);
        let scene = scene.support(cells);
        scene.meeting(&[("Date", "15/02/2021")])
    };
    let mut ledger = Ledger::default();
    ledger.night(scene(&[]));
    ledger.turn(State::Accepted, State::Deferred);
    let corrected = scene(&[CORRECTED]);
    assert_eq!(ledger.settle(&corrected), 1);
    let due = ledger.night(corrected.clone());
    assert_eq!(lines(&due), ["rdv-confirmation lou@garcia.example.org"]);
    // And back again.
    assert_eq!(ledger.settle(&scene(&[])), 0, "it was accepted");
    let due = ledger.night(scene(&[]));
    assert_eq!(lines(&due), ["rdv-confirmation lou@nord.example.org"]);
    assert_eq!(due.drafts[0].key, "acc01|annaroux|2021-02-15|matin|#2");
}

#[test]
fn the_end_of_a_membership() {
    let scene = |day: &str, paid: Option<&str>, email: &str| {
        let ends = [("Valable jusqu'au", "05/02/2021"), ("Email", email)];
        let scene = Scene::new().on(day).member(&ends).support(&[]);
        match paid {
            Some(day) => scene.member(&[("Payée le", day), ("Valable jusqu'au", "05/02/2022")]),
            None => scene,
        }
    };
    let lou = "lou@nord.example.org";
    let first = scene("2021-01-10", None, lou);
    let mut waiting = Waiting::after(Kind::MembershipEnding, first);
    let mut stands = |scene: Scene| waiting.stand(&scene) == 1;
    assert!(stands(scene("2021-02-05", None, lou)));
    assert!(!stands(scene("2021-02-06", None, lou)));
    assert!(
        !stands(scene("2021-01-11", Some("06/02/2021"), lou)),
        "paid"
    );
    assert!(!stands(scene("2021-01-11", None, CORRECTED.1)));
}

#[test]
fn an_invitation_to_evaluate() {
    let scene = |day: &str, cells: &[(&str, &str)]| {
        let mut all = vec![("Statut", "terminé")];
        all.extend_from_slice(cells);
        let scene = Scene::new().on(day).member(&[]).person(&[]).support(&all);
        let held = [("Date", "11/01/2021"), ("État", "réalisé")];
        scene.meeting(&held).empty(Role::Evaluations)
    };
    let first = scene("2021-01-12", &[]);
    let mut waiting = Waiting::after(Kind::EvaluationInvitation, first);
    let mut stands = |scene: Scene| waiting.stand(&scene) == 1;
    assert!(
        stands(scene("2021-02-10", &[])),
        "30 days after the last meeting"
    );
    assert!(!stands(scene("2021-02-11", &[])));
    assert!(!stands(scene("2021-01-13", &[("Statut", "en cours")])));
    assert!(!stands(scene("2021-01-13", &[CORRECTED])));
    assert!(!stands(scene("2021-01-13", &[]).evaluation(&[])));
}

#[test]
fn the_second_invitation_is_counted_from_the_day_on_which_the_first_one_left() {
    let scene = |day: &str| {
        let scene = Scene::new().on(day).member(&[]).person(&[]);
        let scene = scene.support(&[("Statut", "terminé")]);
        let held = [("Date", "11/01/2021"), ("État", "réalisé")];
        scene.meeting(&held).empty(Role::Evaluations)
    };
    let mut ledger = Ledger::default();
    ledger.night(scene("2021-01-12"));
    ledger.turn_last(State::Deferred);
    assert_eq!(ledger.settle(&scene("2021-01-19")), 0);
    assert_eq!(lines(&ledger.night(scene("2021-01-19"))), [""; 0]);
    ledger.turn_last(State::Accepted);
    ledger.entries[0].accepted_on = "2021-01-19".parse().ok();
    assert_eq!(lines(&ledger.night(scene("2021-01-25"))), [""; 0]);
    assert_eq!(lines(&ledger.night(scene("2021-01-26"))).len(), 1);
}

#[test]
fn a_leader_s_reminder() {
    let scene = |day: &str, leaders: &str| {
        let scene = Scene::new().on(day).person(&[]);
        let paul = [("Nom", "Paul Vidal"), ("Email", "paul@example.org")];
        let leaders = [("Animateurs", leaders)];
        scene
            .person(&paul)
            .workshop(&leaders)
            .empty(Role::Registrations)
    };
    let first = scene("2021-01-21", "Anna Roux");
    let mut waiting = Waiting::after(Kind::WorkshopReminder, first);
    let mut stands = |scene: Scene| waiting.stand(&scene) == 1;
    assert!(stands(scene("2021-01-21", "Anna Roux")));
    assert!(!stands(scene("2021-01-21", "Paul Vidal")));
    assert!(
        !stands(scene("2021-01-22", "Anna Roux")),
        "six days are left"
    );
}

/// ACC-01's meeting on 15 February, AT-01 on 28 January.
fn both(day: &str) -> Scene {
    Scene::new()
        .on(day)
        .member(&[])
        .person(&[])
        .support(&[])
        .meeting(&[("Date", "15/02/2021")])
        .workshop(&[])
        .registration(&[])
}

/// Those who are reminded of what was confirmed to them, the workshop's leader aside.
fn reminders(ledger: &mut Ledger, day: &str) -> Vec<String> {
    ledger.settle(&both(day));
    let mut lines = lines(&ledger.night(both(day)));
    lines.retain(|line| {
        let leader = day < "2021-02" && line.contains("anna");
        line.contains("-rappel") && !leader && !line.starts_with("paiement")
    });
    lines
}

#[test]
fn no_reminder_follows_a_confirmation_that_left_when_it_fell_due() {
    for state in [State::Planned, State::Deferred] {
        for (due, next) in [("2021-01-21", "2021-01-22"), ("2021-02-13", "2021-02-14")] {
            let mut ledger = Ledger::default();
            ledger.night(both("2021-01-12"));
            // It was approved, or put off, until the very night.
            ledger.turn(State::Accepted, state);
            assert_eq!(reminders(&mut ledger, due), [""; 0], "{state:?}");
            ledger.turn(state, State::Accepted);
            assert_eq!(reminders(&mut ledger, next), [""; 0], "{state:?} {next}");
        }
    }
}

#[test]
fn a_reminder_follows_a_confirmation_that_left_before_it_fell_due() {
    let camille = "atelier-rappel camille@example.org";
    let meet = [
        "rdv-rappel anna@sud.example.org",
        "rdv-rappel lou@nord.example.org",
    ];
    for (left, due, wanted) in [
        ("2021-01-20", "2021-01-21", &[camille][..]),
        ("2021-02-12", "2021-02-13", &meet[..]),
    ] {
        let mut ledger = Ledger::default();
        ledger.night(both("2021-01-12"));
        ledger.turn(State::Accepted, State::Planned);
        assert_eq!(reminders(&mut ledger, left), [""; 0]);
        ledger.turn(State::Planned, State::Accepted);
        assert_eq!(reminders(&mut ledger, due), wanted);
    }
}

#[test]
fn the_nearer_reminder_follows_a_confirmation_that_left_with_the_first_one() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-12"));
    // It awaited her yes when the first one fell due, and left before the workshop came near.
    ledger.turn(State::Accepted, State::AwaitingApproval);
    assert_eq!(reminders(&mut ledger, "2021-01-21"), [""; 0]);
    ledger.turn(State::AwaitingApproval, State::Planned);
    assert_eq!(reminders(&mut ledger, "2021-01-24"), [""; 0]);
    ledger.turn(State::Planned, State::Accepted);
    assert_eq!(reminders(&mut ledger, "2021-01-25"), [""; 0]);
    assert_eq!(
        reminders(&mut ledger, "2021-01-27"),
        ["atelier-rappel camille@example.org"]
    );
}

#[test]
fn no_reminder_follows_a_change_that_left_when_it_fell_due() {
    let elsewhere = |day: &str| {
        let workshop = [("Lieu", "Salle Nord"), ("Animateurs", "")];
        Scene::new().on(day).workshop(&workshop).registration(&[])
    };
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-12"));
    ledger.night(elsewhere("2021-01-20"));
    ledger.turn_last(State::Deferred);
    for day in ["2021-01-21", "2021-01-22"] {
        assert_eq!(ledger.settle(&elsewhere(day)), 0, "{day}");
        assert_eq!(lines(&ledger.night(elsewhere(day))), [""; 0], "{day}");
        ledger.turn(State::Deferred, State::Accepted);
    }
}
