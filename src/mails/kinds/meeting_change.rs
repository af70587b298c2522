//! `rdv-modification`: a told meeting, on or after D, has a new place; or its row is gone and the
//! same support and persons have a new row (programme.md §6). A move is only suggested by an
//! absence, so that it awaits approval, and so does a new place for an address that is nobody's of
//! the meeting any more. A place that was taken away is no new place.

use serde::Serialize;

use crate::mails::calendar::{Subject, Wish};
use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::kind::Kind;
use crate::mails::meetings::{Meetings, Seen, ToldTo, rows_of, takes_part};
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
    let participant = takes_part(desk.night, seen.meeting, &to.address);
    let told = MeetingTold {
        name: to.told.name.clone(),
        to_beneficiary: to.told.to_beneficiary,
        from: is_moved.then(|| to.told.identity()),
        origin: Some(desk.past.origin(&to.told.identity(), &to.address)),
        ..seen.told.clone()
    };
    let why = why(to, &told, participant.is_some());
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
        by_absence: is_moved || participant.is_none(),
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

fn why(to: &ToldTo, told: &MeetingTold, takes_part: bool) -> String {
    let (before, now) = (short_date(to.told.date), short_date(told.date));
    let doubt = if takes_part {
        ""
    } else {
        " Cette adresse n’est plus celle d’une personne du rendez-vous : à vérifier."
    };
    if told.from.is_some() {
        let (half_before, half_now) = (&to.told.half_day, &told.half_day);
        return format!(
            "Le rendez-vous annoncé le {before} ({half_before}) n’a plus de ligne ; une nouvelle ligne du même accompagnement, avec les mêmes personnes, est prévue le {now} ({half_now}).{doubt}"
        );
    }
    if to.told.place.is_empty() {
        return format!("Le lieu du rendez-vous du {now}, annoncé sans lieu, est connu.{doubt}");
    }
    format!("Le lieu du rendez-vous du {now} n’est plus celui qui a été annoncé.{doubt}")
}
