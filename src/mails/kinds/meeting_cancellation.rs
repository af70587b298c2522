//! `rdv-annulation`: a told meeting, on or after D, is now annulé, or its row is gone and it was not
//! moved; to whoever was told (programme.md §6). A row that is gone may be an accident: it awaits
//! approval, and so does what would go to an address that is nobody's of the meeting any more. Who
//! still meets on that half-day, with other persons, gets none.

use serde::Serialize;

use crate::mails::calendar::{Subject, Wish};
use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::kind::Kind;
use crate::mails::meetings::{Meetings, Seen, ToldTo, takes_part};
use crate::mails::told::{MeetingTold, kept};
use crate::mails::words::MeetingWords;
use crate::model::Row;
use crate::model::cell::Cell;
use crate::model::event_state::EventState;
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
struct Context {
    /// As it was told.
    meeting: MeetingWords,
    to_beneficiary: bool,
    /// The support meets all the same, without her.
    goes_on: bool,
}

pub(super) fn due(desk: &mut Desk, meetings: &Meetings) {
    for (identity, told_to) in meetings.told() {
        let cancelled = meetings.row(identity).filter(|seen| {
            seen.meeting.state == Cell::Is(EventState::Cancelled)
                && seen.told.date >= desk.night.today
        });
        if let Some(seen) = cancelled {
            for to in told_to {
                tell(desk, meetings, to, Some(seen));
            }
        }
    }
    for identity in meetings.vanished() {
        for to in meetings.told_to(identity) {
            tell(desk, meetings, to, None);
        }
    }
}

/// `seen` is the cancelled row; none where it is gone.
fn tell(desk: &mut Desk, meetings: &Meetings, to: &ToldTo, seen: Option<&Seen>) {
    if meetings.goes_on_for(desk.night, &to.told, &to.address) {
        return;
    }
    let identity = to.told.identity();
    let participant = seen.and_then(|seen| takes_part(desk.night, seen.meeting, &to.address));
    let mut rows = Vec::new();
    rows.extend(seen.map(|seen| seen.row));
    rows.extend(participant.as_ref().map(|one| one.row));
    let past = desk
        .past
        .meetings
        .get(&(identity.clone(), to.address.clone()));
    let ended = past.map_or(0, |meeting| meeting.ended);
    let goes_on = meetings.in_place_of(&to.told).next().is_some();
    let told = MeetingTold {
        from: None,
        joins: None,
        origin: Some(desk.past.origin(&identity, &to.address)),
        ..to.told.clone()
    };
    let letter = Letter {
        kind: Kind::MeetingCancellation,
        key: desk
            .past
            .key(Kind::MeetingCancellation, &identity, &to.address, ended),
        to: participant.as_ref().map_or_else(
            || Recipient {
                name: told.name.clone(),
                address: to.address.clone(),
            },
            |one| one.to.clone(),
        ),
        rows: &rows,
        announces: None,
        by_absence: participant.is_none(),
        why: why(&told, seen, participant.is_some(), goes_on),
        context: Context {
            meeting: MeetingWords::of(&told, desk.night.settings),
            to_beneficiary: told.to_beneficiary,
            goes_on,
        },
        told: kept(&told),
    };
    desk.invite(letter, Subject::Meeting(&told), Wish::IsOff);
}

fn why(told: &MeetingTold, seen: Option<&Seen>, takes_part: bool, goes_on: bool) -> String {
    let cause = match seen {
        Some(seen) if takes_part => format!("est annulé (ligne « {} »)", seen.meeting.head().key),
        Some(seen) => format!(
            "est annulé (ligne « {} »), et cette adresse n’est plus celle d’une personne du rendez-vous : à vérifier",
            seen.meeting.head().key
        ),
        None if goes_on => {
            "a lieu avec d’autres personnes : à vérifier, avant d’écrire à qui n’y participe plus"
                .to_owned()
        }
        None => {
            "n’a plus de ligne : à vérifier, une ligne peut disparaître par accident".to_owned()
        }
    };
    format!(
        "Le rendez-vous annoncé à {} le {} ({}) {cause}.",
        told.name,
        short_date(told.date),
        told.half_day
    )
}
