//! Seats that may still be somebody else's: whoever was told of one keeps it until the coordinator
//! writes « annulée » (programme.md §4, Seats), and a row that is gone, or that can't be read for
//! now, says nothing of the kind. What such a row alone makes free is told with approval only.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::history::State;
use super::kind::Kind;
use super::past::Outcome;
use super::registrations::{Case, Now, Registrations};
use crate::decide::SeatReason;
use crate::model::fold::fold_name;

/// How many told seats of each workshop have no row that can be used.
#[derive(Debug)]
pub(super) struct Doubts {
    by_workshop: BTreeMap<u32, u32>,
}

impl Doubts {
    pub fn of(desk: &Desk, registrations: &Registrations) -> Self {
        let cases = registrations.cases.iter();
        let doubted: Vec<&Case> = cases.filter(|case| is_in_doubt(desk, case)).collect();
        let mut by_workshop: BTreeMap<u32, u32> = BTreeMap::new();
        if doubted.is_empty() {
            return Self { by_workshop };
        }
        let seated = seated(registrations);
        for case in doubted {
            let (Some((index, _)), Some(past)) = (case.workshop, case.past(desk)) else {
                continue;
            };
            // Her address was corrected: she has her seat.
            if !seated.contains(&(index, fold_name(&past.name))) {
                *by_workshop.entry(index).or_default() += 1;
            }
        }
        Self { by_workshop }
    }

    /// Whether the seat is free only as long as those rows stay as they are. One that the
    /// coordinator gave by « confirmée » depends on nobody.
    pub fn are_about(&self, desk: &Desk, case: &Case) -> bool {
        let Some((index, _)) = case.workshop else {
            return false;
        };
        let doubtful = self.by_workshop.get(&index).copied().unwrap_or(0);
        let seats = desk.decisions.seats.workshop(index);
        let is_in_turn = case.seat.reason == SeatReason::InOrder;
        is_in_turn && doubtful > 0 && seats.taken.saturating_add(doubtful) > seats.places
    }
}

/// Who has a seat in which workshop, by name.
fn seated(registrations: &Registrations) -> BTreeSet<(u32, String)> {
    let cases = registrations.cases.iter();
    let seated = cases.filter(|case| case.now == Now::Seat);
    seated
        .filter_map(|case| {
            let (workshop, _) = case.workshop?;
            let (_, row) = case.row?;
            Some((workshop, fold_name(row.name.value()?)))
        })
        .collect()
}

/// Told of a seat, and the row is gone, or doesn't say enough to give it to her or to somebody else.
fn is_in_doubt(desk: &Desk, case: &Case) -> bool {
    let is_lost = match case.now {
        Now::Gone => !was_rejected(desk, case),
        Now::Unclear => case.seat.reason == SeatReason::Blocked,
        Now::Seat | Now::Waits | Now::Cancelled => false,
    };
    is_lost && case.last(desk) == Some(Outcome::Seat)
}

/// The coordinator said no to the cancellation: she knows that the row is gone.
fn was_rejected(desk: &Desk, case: &Case) -> bool {
    let Some(past) = case.past(desk) else {
        return false;
    };
    let kind = Kind::RegistrationCancelled;
    let key = desk.past.key(
        kind,
        &case.identity,
        &past.address,
        past.ended(Outcome::Cancelled),
    );
    desk.sent(kind, &past.address)
        .any(|entry| entry.key == key && entry.state == State::Rejected)
}
