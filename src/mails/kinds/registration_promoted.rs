//! `inscription-promue`: a registration that was told to wait has a seat (INS07), instead of a
//! second confirmation (programme.md §6).
//!
//! A seat that came free because a told registration's row is gone is itself only suggested by that
//! absence: the good news awaits approval like the cancellation that it depends on.

use std::collections::BTreeSet;

use super::registration_confirmed::tell_of_seat;
use crate::mails::desk::Desk;
use crate::mails::history::State;
use crate::mails::kind::Kind;
use crate::mails::past::Outcome;
use crate::mails::registrations::{Case, Now, Registrations};
use crate::model::time::short_date;

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    let uncertain = workshops_with_a_vanished_seat(desk, registrations);
    for case in &registrations.cases {
        let last = case.last(desk);
        let came_free = last == Some(Outcome::Waits) || (last.is_none() && case.seat.promoted);
        if case.now != Now::Seat || !came_free {
            continue;
        }
        let Some(workshop) = case.upcoming(desk.night) else {
            continue;
        };
        let by_absence = case
            .workshop
            .is_some_and(|(index, _)| uncertain.contains(&index));
        let why = format!(
            "attendait une place à l’atelier {} du {}, et une place s’est libérée",
            workshop.reference,
            short_date(workshop.date)
        );
        let kind = Kind::RegistrationPromoted;
        tell_of_seat(desk, case, workshop, kind, by_absence, &why);
    }
}

fn workshops_with_a_vanished_seat(desk: &Desk, registrations: &Registrations) -> BTreeSet<u32> {
    let vanished = registrations
        .cases
        .iter()
        .filter(|case| case.now == Now::Gone && case.last(desk) == Some(Outcome::Seat));
    vanished
        .filter(|case| !was_rejected(desk, case))
        .filter_map(|case| case.workshop.map(|(index, _)| index))
        .collect()
}

/// The coordinator said no to the cancellation: she knows that the row is gone.
fn was_rejected(desk: &Desk, case: &Case) -> bool {
    let Some(past) = case.past(desk) else {
        return false;
    };
    let kind = Kind::RegistrationCancelled;
    let key = desk.past.key(
        kind,
        &case.identity,
        &past.address,
        past.ended(Outcome::Cancelled),
    );
    desk.sent(kind, &past.address)
        .any(|entry| entry.key == key && entry.state == State::Rejected)
}
