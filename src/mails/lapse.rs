//! Where her no ends: what it was about is undone. She said no to a cancellation since the row had
//! gone by accident, and has put it back; when that meeting is really cancelled later, it is another
//! occasion, and she is asked about it ([`Anew::refuse`](super::anew::Anew::refuse)): what she refused
//! once never leaves by itself.
//!
//! Only what can be read for sure ends a no: that the row is there and not annulé, that the date or the
//! place is another. A sheet that is missing and a state or a date that can't be read say nothing of
//! it: else she would be asked the same every few nights.

use std::collections::BTreeMap;

use crate::model::event_state::EventState;
use crate::model::{Cell, Table};

use super::desk::Desk;
use super::history::{Entry, History, State};
use super::kind::Kind;
use super::kinds::identity;
use super::meetings::{Meetings, Seen};
use super::registrations::{Case, Now, Registrations, is_planned};
use super::told::{DecisionTold, MeetingTold, SeatLetterTold, read};
use super::wording::is_about_a_row_that_is_gone;

/// Whether she said no to anything that her sheets can undo.
pub(super) fn is_any_rejected(history: &History) -> bool {
    rejected(history).next().is_some()
}

fn rejected(history: &History) -> impl Iterator<Item = &Entry> {
    let entries = history.entries().iter();
    entries.filter(|entry| entry.state == State::Rejected && can_lapse(entry.kind))
}

/// The messages that she said no to and that what stands in her sheets tonight makes void.
pub(super) fn of<'h>(desk: &Desk, history: &'h History) -> Vec<&'h Entry> {
    let meetings = Meetings::of(desk.night, &desk.past);
    let registrations = Registrations::that_matter(desk);
    let cases = registrations.iter().flat_map(|all| &all.cases);
    let cases: BTreeMap<&str, &Case> = cases.map(|case| (&*case.identity, case)).collect();
    let is_over = |entry: &&Entry| {
        let over = match entry.kind {
            Kind::ApplicationDecision => is_decided_otherwise(desk, entry),
            Kind::MeetingCancellation | Kind::MeetingChange => {
                meetings.as_ref().and_then(|all| is_met(entry, all))
            }
            _ => is_registered(entry, &cases),
        };
        over == Some(true)
    };
    rejected(history).filter(is_over).collect()
}

/// Those that take something back or change it, and decisions: what she refuses of the others stays
/// refused.
fn can_lapse(kind: Kind) -> bool {
    kind.takes_back() || kind == Kind::ApplicationDecision
}

/// The committee has decided something else meanwhile, or nothing for now.
fn is_decided_otherwise(desk: &Desk, entry: &Entry) -> Option<bool> {
    let told = read::<DecisionTold>(&entry.told)?;
    let table = desk.night.season.tables.applications.as_ref()?;
    let rows = Table::standing(table).map(|(_, application)| application);
    let hers = rows.filter(|now| identity(now).as_ref() == Some(&told.application));
    let mut decided = hers.map(|now| match now.decision {
        Cell::Empty => Some(true),
        Cell::Is(decision) => Some(decision.french() != told.decision),
        Cell::Bad => None,
    });
    // She may have applied twice.
    let first = decided.next()?;
    decided.fold(first, |all, one| Some(all? && one?))
}

/// The meeting takes place as it was told; or has a row again, where its absence was the reason; or
/// has yet another place.
fn is_met(entry: &Entry, meetings: &Meetings) -> Option<bool> {
    let told = read::<MeetingTold>(&entry.told)?;
    if entry.kind == Kind::MeetingCancellation {
        let row = meetings.row(&told.identity())?;
        let is_back = is_about_a_row_that_is_gone(&entry.told) && is_cancelled(row);
        return Some(row.is_planned() || is_back);
    }
    if let Some(from) = &told.from {
        return Some(meetings.row(from)?.is_planned());
    }
    let row = meetings.row(&told.identity())?;
    Some(row.is_planned() && told.has_new_place(&row.told))
}

fn is_cancelled(row: &Seen) -> bool {
    row.meeting.state == Cell::Is(EventState::Cancelled)
}

/// The seat or the place in the list is there again; or the row is, where its absence was the reason;
/// or the workshop takes place, or at yet another time or place.
fn is_registered(entry: &Entry, cases: &BTreeMap<&str, &Case>) -> Option<bool> {
    let told = read::<SeatLetterTold>(&entry.told)?;
    let case = cases.get(&*told.registration)?;
    match entry.kind {
        Kind::RegistrationCancelled => {
            let was_gone = is_about_a_row_that_is_gone(&entry.told);
            let takes_part = matches!(case.now, Now::Seat | Now::Waits);
            Some(takes_part || (was_gone && case.now == Now::Cancelled))
        }
        Kind::WorkshopCancellation => {
            let (_, workshop) = case.workshop?;
            Some(is_planned(workshop))
        }
        _ => Some(case.details.as_deref()?.values() != told.workshop.values()),
    }
}
