//! `inscription-confirmee`: a registration has a seat at a workshop on or after D (programme.md §6).
//! Once a registration, and again when it was cancelled in between; who was told to wait gets
//! `inscription-promue` instead.

use serde::Serialize;

use crate::mails::calendar::Wish;
use crate::mails::desk::{Desk, Letter};
use crate::mails::doubts::Doubts;
use crate::mails::kind::Kind;
use crate::mails::past::Outcome;
use crate::mails::registrations::{Case, Now, Registrations};
use crate::mails::told::{WorkshopTold, kept};
use crate::mails::words::{FeeWords, WorkshopWords};
use crate::model::time::short_date;

/// Why it awaits approval.
const MAY_BE_TAKEN: &str = " ; mais la ligne de quelqu’un à qui une place a été annoncée manque ou ne peut pas être lue : à vérifier";

#[derive(Debug, Serialize)]
struct Context {
    workshop: WorkshopWords,
    fee: FeeWords,
}

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    let doubts = Doubts::of(desk, registrations);
    for case in &registrations.cases {
        let is_new = case.now == Now::Seat && !case.seat.promoted;
        let is_known =
            case.was_told(desk, Outcome::Seat) || case.last(desk) == Some(Outcome::Waits);
        if is_new
            && !is_known
            && let Some(workshop) = case.upcoming(desk.night)
        {
            let why = format!(
                "a une place à l’atelier {} du {}",
                workshop.reference,
                short_date(workshop.date)
            );
            let kind = Kind::RegistrationConfirmed;
            tell_of_seat(desk, &doubts, case, workshop, kind, &why);
        }
    }
}

/// A seat, given at once or come free: the two e-mails differ by their words. One that may still be
/// somebody else's awaits approval.
pub(super) fn tell_of_seat(
    desk: &mut Desk,
    doubts: &Doubts,
    case: &Case,
    workshop: &WorkshopTold,
    kind: Kind,
    why: &str,
) -> Option<()> {
    let to = case.recipient(desk)?;
    let ended = case.ended(desk, Outcome::Seat);
    let by_absence = doubts.are_about(desk, case);
    let doubt = if by_absence { MAY_BE_TAKEN } else { "" };
    let letter = Letter {
        kind,
        key: desk.past.key(kind, &case.identity, &to.address, ended),
        rows: &case.rows(),
        announces: Some(case.thing()),
        by_absence,
        why: format!("{} {why}{doubt}.", to.name),
        told: kept(&case.told(&to, workshop)),
        context: Context {
            workshop: case.in_words(workshop),
            fee: case.fee(),
        },
        to,
    };
    desk.invite(letter, case.subject(workshop), Wish::Holds);
    Some(())
}
