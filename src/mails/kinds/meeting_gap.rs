//! `rdv-relance`: a support without a meeting for too long (RDV02), to the beneficiary and to the
//! resource persons of its last meeting, at most every `reminders.gap_repeat_days` (programme.md
//! §6). The days are counted by address: somebody new is told at once.

use serde::Serialize;

use crate::facts::hours;
use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::history::State;
use crate::mails::kind::Kind;
use crate::mails::meetings::Meetings;
use crate::mails::told::{SupportTold, kept, read};
use crate::mails::words::enumeration;
use crate::model::fold::fold_name;
use crate::model::support::Support;
use crate::model::time::{long_date, short_date};
use crate::model::{Role, RowRef};

#[derive(Debug, Serialize)]
struct Context {
    beneficiary: String,
    structure: String,
    /// `mardi 12 janvier 2021`; empty where nobody has met yet.
    last_meeting: String,
    /// Whom to agree with: the resource persons for the beneficiary, the beneficiary for them; empty
    /// where nobody has met yet.
    others: String,
    max_gap_days: u32,
    to_beneficiary: bool,
}

pub(super) fn due(desk: &mut Desk, meetings: Option<&Meetings>) {
    let Some(supports) = &desk.night.season.tables.supports else {
        return;
    };
    for row in desk.rows_with("RDV02") {
        if let Some(support) = supports.get(row.index) {
            remind(desk, meetings, row, support);
        }
    }
}

fn remind(desk: &mut Desk, meetings: Option<&Meetings>, row: RowRef, support: &Support) {
    let night = desk.night;
    let (Some(reference), Some(beneficiary)) =
        (support.reference.value(), support.beneficiary.value())
    else {
        return;
    };
    // Its row may be gone by accident: nobody who holds an invitation reads that no meeting is
    // planned, as long as the coordinator hasn't had it taken back.
    let support_key = fold_name(&reference.text);
    if meetings.is_some_and(|meetings| meetings.has_lost_one(&support_key)) {
        return;
    }
    let last = hours::meetings(night.season, row.index)
        .filter(|(_, meeting)| meeting.when().is_some())
        .last();
    let last_day = last.and_then(|(_, meeting)| meeting.date.get());
    let mut to = Vec::new();
    if let Some(email) = support.email.value() {
        to.push((&beneficiary.text, &email.text, row));
    }
    let persons = last.map_or(&[][..], |(_, meeting)| meeting.persons());
    for (index, person) in crate::facts::references::persons_named(night.season, persons) {
        if let (Some(name), Some(email)) = (person.name.value(), person.email.value()) {
            let role = Role::ResourcePersons;
            to.push((&name.text, &email.text, RowRef { role, index }));
        }
    }
    let told = SupportTold {
        support: support_key,
    };
    let base = format!("{}|{}", told.support, night.today);
    for (name, address, own) in to {
        if is_too_soon(desk, &told.support, address) {
            continue;
        }
        desk.post(Letter {
            kind: Kind::MeetingGap,
            key: desk.past.key(Kind::MeetingGap, &base, address, 0),
            to: Recipient {
                name: name.to_string(),
                address: address.to_string(),
            },
            rows: &[row, own],
            announces: None,
            by_absence: false,
            why: match last_day {
                Some(day) => format!(
                    "L’accompagnement {} n’a plus de rendez-vous depuis le {} (RDV02).",
                    reference.text,
                    short_date(day)
                ),
                None => format!(
                    "L’accompagnement {} n’a pas encore de rendez-vous (RDV02).",
                    reference.text
                ),
            },
            told: kept(&told),
            context: Context {
                beneficiary: beneficiary.text.to_string(),
                structure: support
                    .structure
                    .value()
                    .map_or_else(String::new, |name| name.text.to_string()),
                last_meeting: last_day.map(long_date).unwrap_or_default(),
                others: if own == row {
                    enumeration(persons.iter().map(|name| &*name.text))
                } else {
                    beneficiary.text.to_string()
                },
                max_gap_days: night.settings.supports.max_gap_days,
                to_beneficiary: own == row,
            },
        });
    }
}

/// Written to that address about that support less than `gap_repeat_days` ago, or about to: an
/// e-mail that still waits is enough, however long it does.
fn is_too_soon(desk: &Desk, support: &str, address: &str) -> bool {
    let gap = i64::from(desk.night.settings.reminders.gap_repeat_days);
    desk.sent(Kind::MeetingGap, address).any(|entry| {
        let written_on = entry.accepted_on.unwrap_or(entry.queued_on);
        let age = desk.night.today.signed_duration_since(written_on);
        entry.state != State::Obsolete
            && (entry.waits() || age.num_days() < gap)
            && read::<SupportTold>(&entry.told).is_some_and(|told| told.support == support)
    })
}
