//! Who was told what can be in doubt, or told nothing yet: what is due then, and which reminders
//! wait.

use crate::mails::scenario::{Ledger, lines, of};
use crate::mails::{Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

const CONFIRMED: &str = "inscription-confirmee camille@example.org";
const CANCELLED: &str = "inscription-annulee camille@example.org";

/// Camille's registration for AT-01 on 28 January.
fn camille(day: &str, state: &str) -> Scene {
    Scene::new()
        .on(day)
        .workshop(&[("Places", "1"), ("Lieu", "MJC Roguet")])
        .registration(&[("État", state)])
}

/// The same, with the workshop at another place.
fn elsewhere(day: &str, place: &str) -> Scene {
    let workshop = [("Places", "1"), ("Lieu", place)];
    Scene::new()
        .on(day)
        .workshop(&workshop)
        .registration(&[("État", "")])
}

/// How many of that kind are due to participants: a workshop's leader is reminded in any case.
fn due(ledger: &Ledger, scene: Scene, kind: Kind) -> usize {
    let due = ledger.look(scene).due;
    let mut all = of(&due, kind);
    all.retain(|draft| draft.context["to_leader"] != true);
    all.len()
}

/// The last e-mail was in doubt, was to go once more, and was overtaken.
fn overtake_the_last(ledger: &mut Ledger) {
    ledger.turn_last(State::Unknown);
    ledger.turn_last(State::Obsolete);
}

#[test]
fn who_may_believe_in_a_cancellation_is_told_of_the_seat_again() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    ledger.night(camille("2021-01-06", ""));
    assert_eq!(
        lines(&ledger.night(camille("2021-01-07", "annulée"))),
        [CANCELLED]
    );
    overtake_the_last(&mut ledger);
    // Three days after the first confirmation: no reminder of the fee beside the new one.
    let again = ledger.night(camille("2021-01-09", ""));
    assert_eq!(lines(&again), [CONFIRMED]);
    assert_eq!(lines(&ledger.night(camille("2021-01-10", ""))), [""; 0]);
    assert_eq!(
        lines(&ledger.night(camille("2021-01-12", ""))),
        ["paiement-rappel camille@example.org"]
    );
}

#[test]
fn who_may_not_know_of_a_cancellation_is_told_of_the_next_one() {
    let mut ledger = Ledger::default();
    ledger.night(camille("2021-01-06", ""));
    ledger.night(camille("2021-01-07", "annulée"));
    overtake_the_last(&mut ledger);
    // She had registered again, and that confirmation never left.
    assert_eq!(
        lines(&ledger.night(camille("2021-01-08", "annulée"))),
        [CANCELLED]
    );
    assert_eq!(
        lines(&ledger.night(camille("2021-01-09", "annulée"))),
        [""; 0]
    );
}

#[test]
fn a_confirmation_that_may_have_arrived_is_taken_back_and_told_again() {
    let mut ledger = Ledger::default();
    ledger.night(camille("2021-01-06", ""));
    overtake_the_last(&mut ledger);
    let cancelled = ledger.look(camille("2021-01-07", "annulée")).due;
    assert_eq!(lines(&cancelled), [CANCELLED]);
    assert_eq!(lines(&ledger.night(camille("2021-01-07", ""))), [CONFIRMED]);
    assert_eq!(lines(&ledger.night(camille("2021-01-08", ""))), [""; 0]);
}

#[test]
fn who_may_believe_in_another_place_is_told_of_the_first_one_again() {
    let mut ledger = Ledger::default();
    ledger.night(elsewhere("2021-01-06", "MJC Roguet"));
    ledger.night(elsewhere("2021-01-07", "Salle Nord"));
    overtake_the_last(&mut ledger);
    let back = ledger.night(elsewhere("2021-01-08", "MJC Roguet"));
    assert_eq!(lines(&back), ["atelier-modification camille@example.org"]);
}

#[test]
fn nobody_is_reminded_of_a_seat_that_was_never_told() {
    let mut ledger = Ledger::default();
    ledger.night(camille("2021-01-06", ""));
    let reminders =
        |ledger: &Ledger| due(ledger, camille("2021-01-21", ""), Kind::WorkshopReminder);
    assert_eq!(reminders(&ledger), 1);
    ledger.turn(State::Accepted, State::AwaitingApproval);
    assert_eq!(reminders(&ledger), 0, "it awaits the coordinator's yes");
    ledger.turn(State::AwaitingApproval, State::Refused);
    assert_eq!(reminders(&ledger), 0, "it never arrived");
    ledger.turn(State::Refused, State::Unknown);
    assert_eq!(reminders(&ledger), 1, "nothing else may be believed");
    // The coordinator tells people herself.
    let off = camille("2021-01-21", "").with("mail.kinds = { inscription-confirmee = \"off\" }");
    assert_eq!(due(&Ledger::default(), off, Kind::WorkshopReminder), 1);
}

#[test]
fn nobody_is_reminded_of_a_workshop_elsewhere_than_was_told() {
    let mut ledger = Ledger::default().with_finding("INS03", Role::Registrations, 0);
    ledger.night(elsewhere("2021-01-06", "MJC Roguet"));
    ledger.night(elsewhere("2021-01-07", "Salle Nord"));
    for (state, reminders) in [
        (State::AwaitingApproval, 0),
        (State::Deferred, 0),
        (State::Accepted, 1),
    ] {
        ledger.turn_last(state);
        for (kind, day) in [
            (Kind::WorkshopReminder, "2021-01-21"),
            (Kind::PaymentReminder, "2021-01-13"),
        ] {
            let found = due(&ledger, elsewhere(day, "Salle Nord"), kind);
            assert_eq!(found, reminders, "{state:?}, {kind:?}");
        }
    }
}

/// Lou Garcia's meeting with Anna Roux on 15 February.
fn meeting(day: &str, state: &str) -> Scene {
    Scene::new()
        .on(day)
        .member(&[])
        .person(&[])
        .support(&[])
        .meeting(&[("Date", "15/02/2021"), ("État", state)])
}

#[test]
fn nobody_is_reminded_of_a_meeting_that_was_never_told_or_may_be_off() {
    let mut ledger = Ledger::default();
    ledger.night(meeting("2021-01-12", ""));
    let reminders = |ledger: &Ledger| due(ledger, meeting("2021-02-13", ""), Kind::MeetingReminder);
    assert_eq!(reminders(&ledger), 2);
    for state in [State::AwaitingApproval, State::Refused, State::Deferred] {
        ledger.turn(ledger.entries[0].state, state);
        assert_eq!(reminders(&ledger), 0, "{state:?}");
    }
    ledger.turn(State::Deferred, State::Accepted);
    ledger.night(meeting("2021-01-13", "annulé"));
    overtake_the_last(&mut ledger);
    let again = ledger.night(meeting("2021-01-14", ""));
    assert_eq!(of(&again, Kind::MeetingConfirmation).len(), 2);
    ledger.turn_last(State::Refused);
    assert_eq!(
        reminders(&ledger),
        1,
        "one of them may believe that it is off"
    );
}
