//! The kinds of e-mail that carry a calendar part.

use std::collections::BTreeMap;

use super::{CAMILLE, LOU, ics, registered, sent, settings};
use crate::mails::scenario::{Cells, Ledger, meetings};
use crate::mails::{Draft, Kind};
use crate::rules::scene::Scene;

/// The kinds of programme.md §6 with a calendar part, as they leave.
#[test]
fn every_kind_with_an_entry() {
    let mut found: BTreeMap<Kind, String> = BTreeMap::new();
    let mut keep = |drafts: Vec<Draft>| {
        for draft in drafts {
            assert_eq!(draft.calendar.is_some(), has_entry(draft.kind), "{draft:?}");
            if draft.calendar.is_some() {
                found
                    .entry(draft.kind)
                    .or_insert_with(|| ics(&draft, &settings()));
            }
        }
    };
    let interview = Scene::new().on("2020-12-28").member(&[]).support(&[
        ("Entretien le", "05/01/2021 14:30"),
        ("Statut", "diagnostic"),
    ]);
    keep(sent(&mut Ledger::default(), LOU, interview));
    let mut ledger = Ledger::default();
    let moved: Cells = &[("Date", "18/02/2021")];
    let cancelled: Cells = &[("Date", "18/02/2021"), ("État", "annulé")];
    keep(sent(&mut ledger, LOU, meetings("2021-01-12", &[&[]])));
    keep(sent(&mut ledger, LOU, meetings("2021-01-13", &[moved])));
    keep(sent(&mut ledger, LOU, meetings("2021-02-16", &[moved])));
    keep(sent(&mut ledger, LOU, meetings("2021-02-17", &[cancelled])));
    let mut ledger = Ledger::default();
    let moved: Cells = &[("Date", "29/01/2021")];
    keep(sent(
        &mut ledger,
        CAMILLE,
        registered("2021-01-12", &[], &[]),
    ));
    keep(sent(
        &mut ledger,
        CAMILLE,
        registered("2021-01-13", moved, &[]),
    ));
    keep(sent(
        &mut ledger,
        CAMILLE,
        registered("2021-01-28", moved, &[]),
    ));
    keep(sent(
        &mut ledger,
        CAMILLE,
        registered("2021-01-28", moved, &[("État", "annulée")]),
    ));
    let mut ledger = Ledger::default();
    let waits: Cells = &[("État", "liste d'attente")];
    keep(sent(
        &mut ledger,
        CAMILLE,
        registered("2021-01-12", &[], waits),
    ));
    keep(sent(
        &mut ledger,
        CAMILLE,
        registered("2021-01-13", &[], &[]),
    ));
    keep(sent(
        &mut ledger,
        CAMILLE,
        registered("2021-01-14", &[("État", "annulé")], &[]),
    ));
    let wanted: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| has_entry(*kind))
        .collect();
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), wanted);
    for (kind, text) in found {
        insta::assert_snapshot!(kind.name(), text.replace("\r\n", "\n"));
    }
}

/// The column `.ics` of programme.md §6.
fn has_entry(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::InterviewConfirmation
            | Kind::MeetingConfirmation
            | Kind::MeetingChange
            | Kind::MeetingCancellation
            | Kind::RegistrationConfirmed
            | Kind::RegistrationPromoted
            | Kind::RegistrationCancelled
            | Kind::WorkshopChange
            | Kind::WorkshopCancellation
    )
}
