//! `rdv-rappel`: so many days before a meeting (`reminders.meeting_days`), to the beneficiary and to
//! each resource person (programme.md §6).

use serde::Serialize;

use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::meetings::{Meetings, participants, rows_of};
use crate::mails::reminders;
use crate::mails::told::kept;
use crate::mails::words::{MeetingWords, in_days};
use crate::model::time::short_date;

#[derive(Debug, Serialize)]
struct Context {
    meeting: MeetingWords,
    /// `demain`, `dans 2 jours`
    when: String,
    to_beneficiary: bool,
}

pub(super) fn due(desk: &mut Desk, meetings: &Meetings) {
    let night = desk.night;
    let offsets = &night.settings.reminders.meeting_days;
    for seen in meetings.upcoming(night) {
        let Some(offset) = reminders::before(seen.told.date, night.today, offsets) else {
            continue;
        };
        let left = seen.told.date.signed_duration_since(night.today).num_days();
        for participant in participants(night, seen.meeting) {
            // The e-mail that tells her first may await the coordinator's approval, or a server.
            let address = &participant.to.address;
            if !seen.is_known_to(desk, address) && !desk.announces_tonight(&seen.identity, address)
            {
                continue;
            }
            let told = seen.told_to(&participant, &desk.past);
            let base = format!("{}|J-{offset}", seen.identity);
            let key = desk
                .past
                .key(Kind::MeetingReminder, &base, &participant.to.address, 0);
            let letter = Letter {
                kind: Kind::MeetingReminder,
                key,
                rows: &rows_of(night, seen, Some(participant.row)),
                announces: None,
                by_absence: false,
                why: format!(
                    "Le rendez-vous du {} ({}) a lieu {}.",
                    short_date(told.date),
                    told.half_day,
                    in_days(left)
                ),
                context: Context {
                    meeting: MeetingWords::of(&told, night.settings),
                    when: in_days(left),
                    to_beneficiary: participant.is_beneficiary,
                },
                told: kept(&told),
                to: participant.to,
            };
            desk.remind(&seen.identity, letter);
        }
    }
}
