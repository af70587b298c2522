//! `rdv-confirmation`: a meeting prévu on or after D, to the beneficiary and to each resource
//! person (programme.md §6). Once a meeting, unless it was taken back since. Whoever gets a
//! `rdv-modification` for it knows already; a row that takes the place of one that is gone is told to
//! nobody without the coordinator's word, to somebody new neither.

use serde::Serialize;

use crate::mails::calendar::{Subject, Wish};
use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::meetings::{Meetings, Participant, Seen, participants, rows_of};
use crate::mails::told::{MeetingTold, kept};
use crate::mails::words::MeetingWords;
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
struct Context {
    meeting: MeetingWords,
    /// To the beneficiary; else to a resource person.
    to_beneficiary: bool,
    /// She was told of other persons on the same half-day.
    has_other_persons: bool,
    /// And of another place.
    has_new_place: bool,
}

pub(super) fn due(desk: &mut Desk, meetings: &Meetings) {
    for seen in meetings.upcoming(desk.night) {
        for participant in participants(desk.night, seen.meeting) {
            if !meetings.is_known_to(&seen.identity, &participant.to.address) {
                confirm(desk, meetings, seen, participant);
            }
        }
    }
}

fn confirm(desk: &mut Desk, meetings: &Meetings, seen: &Seen, participant: Participant) {
    let replaced = meetings.replaced_by(&seen.identity).first();
    let before = meetings.told_before(seen, &participant.to.address);
    let told = told(desk, seen, &participant, before, replaced);
    let Participant { to, row, .. } = participant;
    let address = to.address.to_lowercase();
    let past = desk.past.meetings.get(&(seen.identity.clone(), address));
    let ended = past.map_or(0, |meeting| meeting.ended);
    let letter = Letter {
        kind: Kind::MeetingConfirmation,
        key: desk.past.key(
            Kind::MeetingConfirmation,
            &seen.identity,
            &to.address,
            ended,
        ),
        why: why(&told, &to.name, before.is_some(), replaced.is_some()),
        to,
        rows: &rows_of(desk.night, seen, Some(row)),
        announces: Some(seen.identity.clone()),
        by_absence: replaced.is_some(),
        context: Context {
            meeting: MeetingWords::of(&told, desk.night.settings),
            to_beneficiary: told.to_beneficiary,
            has_other_persons: before.is_some(),
            has_new_place: before.is_some_and(|before| before.has_new_place(&told)),
        },
        told: kept(&told),
    };
    desk.invite(letter, Subject::Meeting(&told), Wish::Holds);
}

/// What it tells. A meeting that goes on with other persons is told in the place of the one before,
/// in its thread and with its entry in the calendar; keys know another meeting (programme.md §3).
fn told(
    desk: &Desk,
    seen: &Seen,
    participant: &Participant,
    before: Option<&MeetingTold>,
    replaced: Option<&String>,
) -> MeetingTold {
    let told = seen.told_to(participant, &desk.past);
    let Some(before) = before.map(MeetingTold::identity) else {
        return MeetingTold {
            joins: replaced.cloned(),
            ..told
        };
    };
    MeetingTold {
        origin: Some(desk.past.origin(&before, &participant.to.address)),
        from: Some(before),
        ..told
    }
}

fn why(told: &MeetingTold, name: &str, has_other_persons: bool, is_move: bool) -> String {
    let (day, half) = (short_date(told.date), &told.half_day);
    if has_other_persons {
        return format!(
            "Le rendez-vous du {day} ({half}) n’a plus les personnes ressources annoncées à {name}."
        );
    }
    let doubt = if is_move {
        " ; il semble en remplacer un autre, annoncé, qui n’a plus de ligne : à vérifier"
    } else {
        ""
    };
    format!(
        "Un rendez-vous est prévu le {day} ({half}), et {name} n’en a pas encore reçu la confirmation{doubt}."
    )
}
