//! Workshops that move, are cancelled, or take place after all.

use super::registrations::{both, camille, paul, workshop};
use crate::mails::scenario::{Ledger, lines};
use crate::rules::scene::Scene;

#[test]
fn a_change_is_told_once_to_those_who_were_told() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let moved = |day, place| {
        let cells = [("Date", "29/01/2021"), ("Lieu", place)];
        paul(camille(workshop(day, &cells)))
    };
    let due = ledger.night(moved("2021-01-07", "MJC Roguet"));
    assert_eq!(
        lines(&due),
        [
            "atelier-modification camille@example.org",
            "atelier-modification paul@example.org"
        ]
    );
    assert_eq!(due.drafts[0].context["is_moved"], true);
    assert_eq!(due.drafts[0].context["has_new_place"], false);
    assert_eq!(due.drafts[1].context["is_waiting"], true);
    // The same place typed otherwise, or taken away, is no news.
    assert_eq!(
        lines(&ledger.night(moved("2021-01-08", "mjc  ROGUET"))),
        [""; 0]
    );
    assert_eq!(lines(&ledger.night(moved("2021-01-09", ""))), [""; 0]);
    let place = ledger.night(moved("2021-01-10", "Salle Nord"));
    assert_eq!(place.drafts.len(), 2);
    assert_eq!(place.drafts[0].context["is_moved"], false);
    // There and back again: each change is news.
    for day in ["2021-01-11", "2021-01-13"] {
        assert_eq!(ledger.night(both(day)).drafts.len(), 2, "{day}");
        let next = ledger.night(moved("2021-01-12", "Salle Nord"));
        assert_eq!(next.drafts.len(), 2);
    }
    assert_eq!(
        lines(&ledger.night(moved("2021-01-14", "Salle Nord"))),
        [""; 0]
    );
}

#[test]
fn a_workshop_moved_into_the_past_or_that_loses_its_day_is_not_told() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    for date in ["05/01/2021", ""] {
        let scene = camille(workshop("2021-01-07", &[("Date", date)]));
        assert_eq!(lines(&ledger.night(scene)), [""; 0], "{date}");
    }
}

#[test]
fn a_promotion_tells_the_new_date_itself() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let scene = workshop("2021-01-07", &[("Date", "29/01/2021"), ("Places", "2")]);
    assert_eq!(
        lines(&ledger.night(paul(camille(scene)))),
        [
            "inscription-promue paul@example.org",
            "atelier-modification camille@example.org"
        ]
    );
}

#[test]
fn a_cancelled_workshop_is_told_once_and_not_as_a_registration() {
    let mut ledger = Ledger::default();
    ledger.night(both("2021-01-06"));
    let cancelled = |day| {
        let scene = workshop(day, &[("État", "annulé")]);
        paul(scene.registration(&[("État", "annulée")]))
    };
    assert_eq!(
        lines(&ledger.night(cancelled("2021-01-07"))),
        [
            "atelier-annulation camille@example.org",
            "atelier-annulation paul@example.org"
        ]
    );
    assert_eq!(lines(&ledger.night(cancelled("2021-01-08"))), [""; 0]);
}

#[test]
fn a_cancelled_workshop_of_the_past_and_people_never_told_are_left_alone() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    let cancelled = |day| both_cancelled(day);
    assert_eq!(lines(&ledger.look(cancelled("2021-01-29")).due), [""; 0]);
    assert_eq!(
        lines(&ledger.look(cancelled("2021-01-28")).due),
        ["atelier-annulation camille@example.org"]
    );
}

fn both_cancelled(day: &str) -> Scene {
    paul(camille(workshop(day, &[("État", "annulé")])))
}

#[test]
fn a_workshop_that_takes_place_after_all_is_confirmed_again() {
    let mut ledger = Ledger::default();
    ledger.night(camille(workshop("2021-01-06", &[])));
    ledger.night(camille(workshop("2021-01-07", &[("État", "annulé")])));
    assert_eq!(
        lines(&ledger.night(camille(workshop("2021-01-08", &[])))),
        ["inscription-confirmee camille@example.org"]
    );
}
