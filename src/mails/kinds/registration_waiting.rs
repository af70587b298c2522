//! `inscription-attente`: a registration waits for a seat at a workshop on or after D (programme.md
//! §6). Once, whatever its place in the list becomes.

use serde::Serialize;

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
    /// From 1.
    position: u32,
}

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    for case in &registrations.cases {
        let is_new = case.now == Now::Waits && !case.was_told(desk, Outcome::Waits);
        if is_new && let Some(workshop) = case.upcoming(desk.night) {
            tell(desk, case, workshop);
        }
    }
}

fn tell(desk: &mut Desk, case: &Case, workshop: &WorkshopTold) -> Option<()> {
    let to = case.recipient(desk)?;
    let position = case.seat.position?;
    let kind = Kind::RegistrationWaiting;
    let ended = case.ended(desk, Outcome::Waits);
    desk.post(Letter {
        kind,
        key: desk.past.key(kind, &case.identity, &to.address, ended),
        rows: &case.rows(),
        announces: Some(case.thing()),
        by_absence: false,
        why: format!(
            "{} est sur la liste d’attente de l’atelier {} du {}, à la place {position}.",
            to.name,
            workshop.reference,
            short_date(workshop.date)
        ),
        told: kept(&case.told(&to, workshop)),
        context: Context {
            workshop: case.in_words(workshop),
            fee: case.fee(),
            position,
        },
        to,
    });
    Some(())
}
