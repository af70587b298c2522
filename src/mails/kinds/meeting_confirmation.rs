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

/// Why it awaits approval.
const MAY_BE_MOVED: &str =
    " ; il semble en remplacer un autre, annoncé, qui n’a plus de ligne : à vérifier";

#[derive(Debug, Serialize)]
struct Context {
    meeting: MeetingWords,
    /// To the beneficiary; else to a resource person.
    to_beneficiary: bool,
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
    let told = MeetingTold {
        joins: replaced.cloned(),
        ..seen.told_to(&participant, &desk.past)
    };
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
        why: format!(
            "Un rendez-vous est prévu le {} ({}), et {} n’en a pas encore reçu la confirmation{}.",
            short_date(told.date),
            told.half_day,
            to.name,
            if replaced.is_some() { MAY_BE_MOVED } else { "" }
        ),
        to,
        rows: &rows_of(desk.night, seen, Some(row)),
        announces: Some(seen.identity.clone()),
        by_absence: replaced.is_some(),
        context: Context {
            meeting: MeetingWords::of(&told, desk.night.settings),
            to_beneficiary: told.to_beneficiary,
        },
        told: kept(&told),
    };
    desk.invite(letter, Subject::Meeting(&told), Wish::Holds);
}
