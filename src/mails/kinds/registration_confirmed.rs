//! `inscription-confirmee`: a registration has a seat at a workshop on or after D (programme.md §6).
//! Once a registration, and again when it was cancelled in between; who was told to wait gets
//! `inscription-promue` instead.

use serde::Serialize;

use crate::mails::calendar::Wish;
use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::past::Outcome;
use crate::mails::registrations::{Case, Now, Registrations};
use crate::mails::told::{WorkshopTold, kept};
use crate::mails::words::{FeeWords, WorkshopWords};
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
struct Context {
    workshop: WorkshopWords,
    fee: FeeWords,
}

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
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
            tell_of_seat(
                desk,
                case,
                workshop,
                Kind::RegistrationConfirmed,
                false,
                &why,
            );
        }
    }
}

/// A seat, given at once or come free: the two e-mails differ by their words.
pub(super) fn tell_of_seat(
    desk: &mut Desk,
    case: &Case,
    workshop: &WorkshopTold,
    kind: Kind,
    by_absence: bool,
    why: &str,
) -> Option<()> {
    let to = case.recipient(desk)?;
    let ended = case.ended(desk, Outcome::Seat);
    let letter = Letter {
        kind,
        key: desk.past.key(kind, &case.identity, &to.address, ended),
        rows: &case.rows(),
        announces: Some(case.thing()),
        by_absence,
        why: format!("{} {why}.", to.name),
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
