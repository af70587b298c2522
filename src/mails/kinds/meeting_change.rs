//! `rdv-modification`: a told meeting, on or after D, has a new place; or its row is gone and the
//! same support and persons have a new row (programme.md §6). A move is only suggested by an
//! absence, so that it awaits approval. A place that was taken away is no new place.

use serde::Serialize;

use crate::mails::calendar::{Subject, Wish};
use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::kind::Kind;
use crate::mails::meetings::{Meetings, Seen, ToldTo, participants, rows_of};
use crate::mails::told::{MeetingTold, kept};
use crate::mails::words::MeetingWords;
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
struct Context {
    meeting: MeetingWords,
    /// As it was told before.
    before: MeetingWords,
    /// Another day or half-day; else only another place.
    is_moved: bool,
    to_beneficiary: bool,
}

pub(super) fn due(desk: &mut Desk, meetings: &Meetings) {
    for seen in meetings.upcoming(desk.night) {
        for to in meetings.told_to(&seen.identity) {
            if to.told.has_new_place(&seen.told) {
                tell(desk, seen, to);
            }
        }
    }
    for (from, to) in &meetings.moves {
        if let Some(seen) = meetings.row(to) {
            for to in meetings.told_to(from) {
                tell(desk, seen, to);
            }
        }
    }
}

fn tell(desk: &mut Desk, seen: &Seen, to: &ToldTo) {
    let is_moved = to.told.identity() != seen.identity;
    let participant = participants(desk.night, seen.meeting)
        .into_iter()
        .find(|one| one.to.address.to_lowercase() == to.address);
    let told = MeetingTold {
        name: to.told.name.clone(),
        to_beneficiary: to.told.to_beneficiary,
        from: is_moved.then(|| to.told.identity()),
        origin: Some(desk.past.origin(&to.told.identity(), &to.address)),
        ..seen.told.clone()
    };
    let why = if is_moved {
        format!(
            "Le rendez-vous annoncé le {} ({}) n’a plus de ligne ; une nouvelle ligne du même accompagnement, avec les mêmes personnes, est prévue le {} ({}).",
            short_date(to.told.date),
            to.told.half_day,
            short_date(told.date),
            told.half_day
        )
    } else {
        format!(
            "Le lieu du rendez-vous du {} n’est plus celui qui a été annoncé.",
            short_date(told.date)
        )
    };
    let row = participant.as_ref().map(|one| one.row);
    let letter = Letter {
        kind: Kind::MeetingChange,
        key: desk
            .past
            .key_of_news(Kind::MeetingChange, &told.values(), &to.address),
        to: participant.as_ref().map_or_else(
            || Recipient {
                name: to.told.name.clone(),
                address: to.address.clone(),
            },
            |one| one.to.clone(),
        ),
        rows: &rows_of(desk.night, seen, row),
        announces: Some(seen.identity.clone()),
        by_absence: is_moved,
        why,
        context: Context {
            meeting: MeetingWords::of(&told, desk.night.settings),
            before: MeetingWords::of(&to.told, desk.night.settings),
            is_moved,
            to_beneficiary: told.to_beneficiary,
        },
        told: kept(&told),
    };
    desk.invite(letter, Subject::Meeting(&told), Wish::Holds);
}
