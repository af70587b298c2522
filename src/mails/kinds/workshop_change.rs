//! `atelier-modification`: the workshop has a new date, half-day, time or place since it was last
//! told, to whoever has a seat or waits and was told (programme.md §6). A place or a date that was
//! taken away is no new one; whoever gets another e-mail about the seat tonight reads the new values
//! there.

use serde::Serialize;

use crate::mails::calendar::Wish;
use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::past::SeatPast;
use crate::mails::registrations::{Case, Now, Registrations};
use crate::mails::told::{WorkshopTold, kept};
use crate::mails::words::{FeeWords, WorkshopWords};
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a template asks for each by its name"
)]
struct Context {
    workshop: WorkshopWords,
    /// As it was told before.
    before: WorkshopWords,
    /// Another day, half-day or time; else only another place.
    is_moved: bool,
    has_new_place: bool,
    is_waiting: bool,
    fee: FeeWords,
    /// It takes another number of half-days, which the fee counts.
    is_longer_or_shorter: bool,
}

pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    for case in &registrations.cases {
        let takes_part = matches!(case.now, Now::Seat | Now::Waits);
        let was_told = case.past(desk).is_some_and(SeatPast::takes_part);
        if takes_part
            && was_told
            && let Some(now) = case.upcoming(desk.night)
        {
            tell(desk, case, now);
        }
    }
}

fn tell(desk: &mut Desk, case: &Case, now: &WorkshopTold) -> Option<()> {
    let before = case.past(desk)?.workshop.clone()?;
    let to = case.recipient(desk)?;
    if !before.differs_from(now) || desk.announces(&case.thing(), &to.address) {
        return None;
    }
    let kind = Kind::WorkshopChange;
    let base = format!("{}|{}", case.identity, now.values());
    let same_place = WorkshopTold {
        place: now.place.clone(),
        ..before.clone()
    };
    let letter = Letter {
        kind,
        key: desk.past.key_of_news(kind, &base, &to.address),
        rows: &case.rows(),
        announces: Some(case.thing()),
        by_absence: false,
        why: format!(
            "L’atelier {} du {} a une nouvelle date, un nouvel horaire ou un nouveau lieu depuis ce qui a été annoncé à {}.",
            now.reference,
            short_date(now.date),
            to.name
        ),
        told: kept(&case.told(&to, now)),
        context: Context {
            workshop: case.in_words(now),
            is_moved: same_place.differs_from(now),
            has_new_place: before.has_new_place(now),
            before: case.in_words(&before),
            is_waiting: case.now == Now::Waits,
            fee: case.fee(),
            is_longer_or_shorter: before.half_days() != now.half_days(),
        },
        to,
    };
    if case.now == Now::Seat {
        desk.invite(letter, case.subject(now), Wish::Holds);
    } else {
        // Who only waits has no entry in her calendar.
        desk.post(letter);
    }
    Some(())
}
