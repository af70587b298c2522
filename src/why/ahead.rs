//! The nights to come, played on paper: what each would send if nothing changed in the workbooks
//! and every e-mail that needs no approval were accepted.

use chrono::{Days, NaiveDate};

use crate::config::Mode;
use crate::facts::Night;
use crate::mails::{self, Detail, Draft, Due, Entry, History, SettledKey, State};
use crate::programme::Programme;
use crate::rules;

/// Plays this night and the `nights` that follow, and shows each e-mail with its night. Gives the
/// last night.
pub(super) fn play(
    programme: &Programme,
    history: &History,
    tonight: &Due,
    nights: u16,
    mut show: impl FnMut(NaiveDate, &Draft),
) -> NaiveDate {
    let mut entries = history.entries().to_vec();
    let mut day = programme.now.today;
    tonight.drafts.iter().for_each(|draft| show(day, draft));
    keep(&mut entries, tonight, day);
    for _ in 0..nights {
        let Some(next) = day.checked_add_days(Days::new(1)) else {
            break;
        };
        day = next;
        let due = night(programme, &History::new(entries.clone()), day);
        due.drafts.iter().for_each(|draft| show(day, draft));
        keep(&mut entries, &due, day);
    }
    day
}

fn night(programme: &Programme, history: &History, day: NaiveDate) -> Due {
    let told = history.seats();
    let night = Night {
        season: &programme.season,
        settings: &programme.settings,
        today: day,
        told: &told,
    };
    let (findings, decisions) = rules::run(&night);
    mails::due(&night, &decisions, &findings, history, Detail::Full)
}

/// What a night sent is what the next one knows.
fn keep(entries: &mut Vec<Entry>, due: &Due, day: NaiveDate) {
    entries.extend(due.drafts.iter().map(|draft| sent(draft, day)));
    entries.extend(due.settled.iter().map(|key| settled(key, day)));
}

fn sent(draft: &Draft, day: NaiveDate) -> Entry {
    let goes = draft.mode == Mode::Auto;
    Entry {
        kind: draft.kind,
        key: draft.key.clone(),
        address: draft.to.address.to_lowercase(),
        state: if goes {
            State::Accepted
        } else {
            State::AwaitingApproval
        },
        queued_on: day,
        accepted_on: goes.then_some(day),
        message_id: None,
        told: draft.told.clone(),
        may_have_arrived: false,
    }
}

fn settled(key: &SettledKey, day: NaiveDate) -> Entry {
    Entry {
        kind: key.kind,
        key: key.key.clone(),
        address: key.address.to_lowercase(),
        state: State::Settled,
        queued_on: day,
        accepted_on: None,
        message_id: None,
        told: serde_json::Value::Null,
        may_have_arrived: false,
    }
}
