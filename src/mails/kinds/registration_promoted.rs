//! `inscription-promue`: a registration that was told to wait has a seat (INS07), instead of a
//! second confirmation (programme.md §6).

use super::registration_confirmed::tell_of_seat;
use crate::mails::desk::Desk;
use crate::mails::doubts::Doubts;
use crate::mails::kind::Kind;
use crate::mails::past::Outcome;
use crate::mails::registrations::{Now, Registrations};
use crate::model::time::short_date;

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    let doubts = Doubts::of(desk, registrations);
    for case in &registrations.cases {
        let last = case.last(desk);
        let came_free = last == Some(Outcome::Waits) || (last.is_none() && case.seat.promoted);
        if case.now != Now::Seat || !came_free {
            continue;
        }
        let Some(workshop) = case.upcoming(desk.night) else {
            continue;
        };
        let why = format!(
            "attendait une place à l’atelier {} du {}, et une place s’est libérée",
            workshop.reference,
            short_date(workshop.date)
        );
        let kind = Kind::RegistrationPromoted;
        tell_of_seat(desk, &doubts, case, workshop, kind, &why);
    }
}
