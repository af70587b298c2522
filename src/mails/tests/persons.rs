//! A meeting whose persons or addresses changed: who is still of it, and who is not any more.

use crate::config::Mode;
use crate::mails::scenario::{Cells, Ledger, lines, of};
use crate::mails::{Draft, Due, Kind, State};
use crate::model::Role;
use crate::rules::scene::Scene;

const LOU: &str = "lou@nord.example.org";
const ANNA: &str = "anna@sud.example.org";
const PAUL: &str = "paul@example.org";

/// ACC-01 of Lou Garcia, and the resource persons Anna Roux and Paul Vidal.
fn support(day: &str) -> Scene {
    people(day, LOU, ANNA)
}

fn people(day: &str, lou: &str, anna: &str) -> Scene {
    Scene::new()
        .on(day)
        .member(&[])
        .person(&[("Email", anna)])
        .person(&[("Nom", "Paul Vidal"), ("Email", PAUL)])
        .support(&[("Email", lou)])
        .empty(Role::Meetings)
}

fn meeting(scene: Scene, cells: Cells) -> Scene {
    let mut all = vec![("Date", "15/02/2021"), ("Lieu", "MJC Roguet")];
    all.extend_from_slice(cells);
    scene.meeting(&all)
}

/// The one meeting, led by these persons.
fn led_by(day: &str, names: &str) -> Scene {
    meeting(support(day), &[("Personne ressource", names)])
}

/// It was told to Lou and Anna.
fn told() -> Ledger {
    let mut ledger = Ledger::default();
    ledger.night(led_by("2021-01-12", "Anna Roux"));
    ledger
}

fn uid(draft: &Draft) -> &str {
    &draft.calendar.as_ref().unwrap().uid
}

#[test]
fn a_person_added_is_news_to_all_and_a_cancellation_to_nobody() {
    let mut ledger = told();
    let first = ledger.entries[0].clone();
    let both = |day| led_by(day, "Anna Roux ; Paul Vidal");
    let due = ledger.night(both("2021-01-13"));
    let wanted = [ANNA, LOU, PAUL].map(|to| format!("rdv-confirmation {to}"));
    assert_eq!(lines(&due), wanted);
    assert_eq!(lines(&ledger.night(both("2021-01-14"))), [""; 0]);
    // In her mail program it is the same thread, and in her calendar the same entry.
    let mut drafts = due.drafts.iter();
    let anna = drafts.find(|draft| draft.to.address == ANNA).unwrap();
    assert_eq!(anna.references, [first.message_id.unwrap()]);
    assert_eq!(uid(anna), first.told["calendar"]["uid"]);
    // And back again: only who is left out is written to with approval.
    let due = ledger.night(led_by("2021-01-15", "Anna Roux"));
    assert_eq!(
        lines(&due),
        [
            format!("rdv-confirmation {ANNA}"),
            format!("rdv-confirmation {LOU}"),
            format!("rdv-annulation {PAUL} ?"),
        ]
    );
}

#[test]
fn a_person_replaced_is_the_only_one_to_hear_that_she_is_no_longer_expected() {
    let mut ledger = told();
    let paul = |day| led_by(day, "Paul Vidal");
    let due = ledger.night(paul("2021-01-13"));
    assert_eq!(
        lines(&due),
        [
            format!("rdv-confirmation {LOU}"),
            format!("rdv-confirmation {PAUL}"),
            format!("rdv-annulation {ANNA} ?"),
        ]
    );
    let [cancellation] = of(&due, Kind::MeetingCancellation)[..] else {
        panic!("not one");
    };
    assert_eq!(cancellation.context["goes_on"], true);
    ledger.turn(State::AwaitingApproval, State::Accepted);
    assert_eq!(lines(&ledger.night(paul("2021-01-14"))), [""; 0]);
    // The meeting that takes place can be moved and cancelled like any other.
    let cancelled = |day| {
        let cells = [("Personne ressource", "Paul Vidal"), ("État", "annulé")];
        meeting(support(day), &cells)
    };
    let due = ledger.night(cancelled("2021-01-15"));
    let wanted = [LOU, PAUL].map(|to| format!("rdv-annulation {to}"));
    assert_eq!(
        lines(&due),
        wanted,
        "once, and not for the first persons too"
    );
    let due = &due.drafts[0];
    assert_eq!(due.context["goes_on"], false);
}

#[test]
fn a_cancellation_that_awaited_approval_falls_once_it_takes_place_with_others() {
    let mut ledger = told();
    ledger.night(support("2021-01-13"));
    let scene = led_by("2021-01-14", "Paul Vidal");
    // To Anna it says something else now: it takes place, without her.
    assert_eq!(ledger.settle(&scene), 2);
    let due = ledger.night(scene);
    let cancellations = due.drafts.iter();
    let mut cancellations = cancellations.filter(|one| one.kind == Kind::MeetingCancellation);
    let only = cancellations.next().expect("Anna's");
    assert_eq!((only.to.address.as_str(), only.mode), (ANNA, Mode::Review));
    assert_eq!(only.context["goes_on"], true);
    assert!(cancellations.next().is_none());
}

#[test]
fn a_row_cancelled_beside_its_successor_cancels_nothing_for_who_is_in_both() {
    let mut ledger = told();
    let beside = |day, names| {
        let old = meeting(support(day), &[("État", "annulé")]);
        meeting(old, &[("Personne ressource", names)])
    };
    let due = ledger.night(beside("2021-01-13", "Paul Vidal"));
    assert_eq!(
        lines(&due),
        [
            format!("rdv-confirmation {LOU}"),
            format!("rdv-confirmation {PAUL}"),
            format!("rdv-annulation {ANNA}"),
        ]
    );
}

#[test]
fn a_meeting_that_goes_on_was_not_moved_to_a_new_row_of_its_first_persons() {
    let mut ledger = told();
    let other = [("Date", "22/02/2021")];
    let both = |day| meeting(led_by(day, "Paul Vidal"), &other);
    let due = ledger.night(both("2021-01-13"));
    assert_eq!(
        lines(&due),
        [
            format!("rdv-confirmation {ANNA}"),
            format!("rdv-confirmation {LOU}"),
            format!("rdv-confirmation {LOU}"),
            format!("rdv-confirmation {PAUL}"),
            format!("rdv-annulation {ANNA} ?"),
        ]
    );
    ledger.turn(State::AwaitingApproval, State::Accepted);
    assert_eq!(lines(&ledger.night(both("2021-01-14"))), [""; 0]);
    // Lou expects two meetings, and not the first one beside them.
    let due = ledger.night(support("2021-01-15"));
    let to_lou = lines(&due).into_iter().filter(|line| line.contains(LOU));
    assert_eq!(to_lou.count(), 2);
}

#[test]
fn on_another_half_day_or_for_another_support_other_persons_are_another_meeting() {
    for cells in [
        &[("Demi-journée", "après-midi")][..],
        &[("Date", "16/02/2021")],
        &[("Accompagnement", "ACC-02")],
        &[("État", "annulé")],
    ] {
        let mut ledger = told();
        let mut all = vec![("Personne ressource", "Paul Vidal")];
        all.extend_from_slice(cells);
        let other = [("Référence", "ACC-02"), ("Email", LOU)];
        let scene = meeting(support("2021-01-13").support(&other), &all);
        let due = ledger.night(scene);
        let cancelled: Vec<String> = lines(&due)
            .into_iter()
            .filter(|line| line.starts_with("rdv-annulation"))
            .collect();
        let wanted = [ANNA, LOU].map(|to| format!("rdv-annulation {to} ?"));
        assert_eq!(cancelled, wanted, "{cells:?}");
    }
}

/// Lou's address was a stranger's, and Anna's is another since.
fn corrected(day: &str, cells: Cells) -> Scene {
    let scene = people(day, "lou.garcia@example.org", "anna.roux@example.org");
    meeting(scene, cells)
}

/// Kind, address and mark of each, the new addresses first.
fn sorted(due: &Due) -> Vec<String> {
    let mut all = lines(due);
    all.sort_by_key(|line| (line.ends_with('?'), line.clone()));
    all
}

#[test]
fn an_address_that_was_corrected_hears_of_a_change_with_approval_only() {
    let mut ledger = told();
    let new = ["anna.roux@example.org", "lou.garcia@example.org"];
    let due = ledger.night(corrected("2021-01-13", &[]));
    assert_eq!(
        lines(&due),
        new.map(|to| format!("rdv-confirmation {to}")),
        "nothing to the old ones"
    );
    let elsewhere = [("Lieu", "Salle Nord")];
    for (day, kind, cells) in [
        ("2021-01-14", "rdv-modification", &elsewhere[..]),
        ("2021-01-15", "rdv-annulation", &[("État", "annulé")]),
    ] {
        let due = ledger.night(corrected(day, cells));
        let [anna, lou] = new.map(|to| format!("{kind} {to}"));
        let old = [ANNA, LOU].map(|to| format!("{kind} {to} ?"));
        let [old_anna, old_lou] = old;
        assert_eq!(sorted(&due), [anna, lou, old_anna, old_lou]);
        for draft in due.drafts {
            let is_old = [ANNA, LOU].contains(&draft.to.address.as_str());
            let is_said =
                draft.why.contains("cette adresse") || draft.why.contains("Cette adresse");
            assert_eq!(is_said, is_old, "{}", draft.why);
        }
    }
}

#[test]
fn an_address_that_is_unreadable_for_now_hears_of_a_cancellation_with_approval_only() {
    let mut ledger = told();
    let scene = people("2021-01-13", "lou(at)nord", ANNA);
    let due = ledger.night(meeting(scene, &[("État", "annulé")]));
    assert_eq!(
        lines(&due),
        [
            format!("rdv-annulation {ANNA}"),
            format!("rdv-annulation {LOU} ?"),
        ]
    );
}

#[test]
fn an_address_typed_in_capitals_is_the_same() {
    let mut ledger = told();
    let scene = people("2021-01-13", "LOU@nord.example.org", ANNA);
    let due = ledger.night(meeting(scene, &[("Lieu", "Salle Nord")]));
    assert!(lines(&due).iter().all(|line| !line.ends_with('?')));
    assert_eq!(due.drafts.len(), 2);
}
