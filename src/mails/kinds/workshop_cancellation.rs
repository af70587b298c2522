//! `atelier-annulation`: the workshop is now annulé, to whoever was told of a seat or a place in the
//! list (programme.md §6); also to those whose own row is cancelled or gone since and who were not
//! told that.

use serde::Serialize;

use crate::mails::calendar::Wish;
use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::past::{Outcome, SeatPast};
use crate::mails::registrations::{Case, Registrations};
use crate::mails::told::kept;
use crate::mails::words::WorkshopWords;
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
struct Context {
    workshop: WorkshopWords,
    was_waiting: bool,
    /// Something was paid.
    has_paid: bool,
}

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    for case in &registrations.cases {
        let was_told = case.past(desk).is_some_and(SeatPast::takes_part);
        if was_told && case.is_workshop_cancelled() {
            tell(desk, case);
        }
    }
}

fn tell(desk: &mut Desk, case: &Case) -> Option<()> {
    let workshop = case.still_to_come(desk)?;
    let to = case.recipient(desk)?;
    let kind = Kind::WorkshopCancellation;
    let ended = case.ended(desk, Outcome::Cancelled);
    let paid = case.row.and_then(|(_, row)| row.paid.get());
    let letter = Letter {
        kind,
        key: desk.past.key(kind, &case.identity, &to.address, ended),
        rows: &case.rows(),
        announces: None,
        by_absence: false,
        why: format!(
            "L’atelier {} du {} est annulé, et {} comptait y participer.",
            workshop.reference,
            short_date(workshop.date),
            to.name
        ),
        told: kept(&case.told(&to, &workshop)),
        context: Context {
            workshop: case.in_words(&workshop),
            was_waiting: case.last(desk) == Some(Outcome::Waits),
            has_paid: paid.is_some_and(|paid| paid > 0.0),
        },
        to,
    };
    desk.invite(letter, case.subject(&workshop), Wish::IsOff);
    Some(())
}
