//! `why`: all that the program knows and decided about one person, and why.
//!
//! Pure, as the rules are: it looks at what was read, decided and sent, and plays the nights to
//! come on paper (`ahead`).

mod ahead;
mod event;
mod participation;
mod rows;

use chrono::NaiveDate;

use crate::mails::{Due, History, Kind, State};
use crate::model::RowRef;
use crate::model::time::short_date;
use crate::person::{self, Person, Unknown};
use crate::plan::Verdict;
use crate::programme::Programme;

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who was found: addresses, names, structures, as typed.
    pub who: Vec<String>,
    /// Her rows, in the order of the sheets of programme.md §3.
    pub rows: Vec<RowAnswer>,
    /// E-mails of earlier nights, oldest first.
    pub past: Vec<PastMail>,
    /// E-mails of this night and of the nights to come, while nothing changes; by day.
    pub ahead: Vec<ComingMail>,
    /// The last night that was played.
    pub until: NaiveDate,
}

/// A row that is about her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowAnswer {
    /// Where it stands.
    pub row: RowRef,
    /// What was decided, and why, in French.
    pub said: Vec<String>,
    /// What was found, code first, in French.
    pub findings: Vec<String>,
}

/// An e-mail of an earlier night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMail {
    /// The day of the run that queued it.
    pub day: NaiveDate,
    /// Its kind.
    pub kind: Kind,
    /// To whom.
    pub address: String,
    /// Where it stands.
    pub state: State,
    /// The day on which the server took it.
    pub accepted_on: Option<NaiveDate>,
}

/// An e-mail that is due, or will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComingMail {
    /// The night.
    pub day: NaiveDate,
    /// Its kind.
    pub kind: Kind,
    /// To whom.
    pub address: String,
    /// Why it goes, in French.
    pub why: String,
    /// It waits for the coordinator's yes.
    pub awaits_approval: bool,
}

/// What is known of the person of that address, name or structure, and what `nights` nights will
/// send her. `tonight` is what this night sends.
///
/// # Errors
/// Nobody of that name, with the names that look like it.
pub fn about(
    programme: &Programme,
    history: &History,
    verdict: &Verdict,
    tonight: &Due,
    wanted: &str,
    nights: u16,
) -> Result<Answer, Unknown> {
    let person = person::find(&programme.season, history, wanted)?;
    // What an earlier night left leaves with the next.
    let left = history.entries().iter().filter(|entry| {
        let is_left = matches!(entry.state, State::Planned | State::Deferred);
        is_left && person.has_address(&entry.address)
    });
    let mut coming: Vec<ComingMail> = left
        .map(|entry| ComingMail {
            day: programme.now.today,
            kind: entry.kind,
            address: entry.address.clone(),
            why: format!(
                "Préparé le {}, il n’est pas encore parti.",
                short_date(entry.queued_on)
            ),
            awaits_approval: false,
        })
        .collect();
    let until = ahead::play(programme, history, tonight, nights, |day, draft| {
        if person.has_address(&draft.to.address) {
            coming.push(ComingMail {
                day,
                kind: draft.kind,
                address: draft.to.address.clone(),
                why: draft.why.clone(),
                awaits_approval: draft.mode != crate::config::Mode::Auto,
            });
        }
    });
    let past = history
        .entries()
        .iter()
        .filter(|entry| entry.state != State::Settled && person.has_address(&entry.address))
        .map(|entry| PastMail {
            day: entry.queued_on,
            kind: entry.kind,
            address: entry.address.clone(),
            state: entry.state,
            accepted_on: entry.accepted_on,
        })
        .collect();
    Ok(Answer {
        rows: rows::of(programme, verdict, &person),
        who: person.shown(),
        past,
        ahead: coming,
        until,
    })
}

/// Where a person is named in the coordinator's sheets.
pub fn rows_of(programme: &Programme, verdict: &Verdict, person: &Person) -> Vec<RowRef> {
    let answers = rows::of(programme, verdict, person);
    answers.into_iter().map(|answer| answer.row).collect()
}
