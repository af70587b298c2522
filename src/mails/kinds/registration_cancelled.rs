//! `inscription-annulee`: told of a seat or a place in the list, and now annulée or its row is gone;
//! workshop on or after D (programme.md §6). A row that is gone may be an accident: it awaits
//! approval. Where the workshop itself is annulé, `atelier-annulation` says it.

use serde::Serialize;

use crate::mails::calendar::Wish;
use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::past::{Outcome, SeatPast};
use crate::mails::registrations::{Case, Now, Registrations};
use crate::mails::told::kept;
use crate::mails::words::WorkshopWords;
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
struct Context {
    workshop: WorkshopWords,
    /// She was waiting; else she had a seat.
    was_waiting: bool,
}

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    for case in &registrations.cases {
        let is_over = matches!(case.now, Now::Cancelled | Now::Gone);
        let was_told = case.past(desk).is_some_and(SeatPast::takes_part);
        if is_over && was_told && !case.is_workshop_cancelled() {
            tell(desk, case);
        }
    }
}

fn tell(desk: &mut Desk, case: &Case) -> Option<()> {
    let workshop = case.still_to_come(desk)?;
    let to = case.recipient(desk)?;
    let kind = Kind::RegistrationCancelled;
    let ended = case.ended(desk, Outcome::Cancelled);
    let reason = if case.now == Now::Gone {
        "n’a plus de ligne : à vérifier, une ligne peut disparaître par accident"
    } else {
        "est annulée"
    };
    let letter = Letter {
        kind,
        key: desk.past.key(kind, &case.identity, &to.address, ended),
        rows: &case.rows(),
        announces: None,
        by_absence: case.now == Now::Gone,
        why: format!(
            "{} : l’inscription à l’atelier {} du {} {reason}.",
            to.name,
            workshop.reference,
            short_date(workshop.date)
        ),
        told: kept(&case.told(&to, &workshop)),
        context: Context {
            workshop: case.in_words(&workshop),
            was_waiting: case.last(desk) == Some(Outcome::Waits),
        },
        to,
    };
    desk.invite(letter, case.subject(&workshop), Wish::IsOff);
    Some(())
}
