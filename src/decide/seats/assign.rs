//! Who gets a seat, workshop by workshop.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Seat, SeatReason, SeatState, Seats, WorkshopSeats, places};
use crate::facts::Night;
use crate::facts::SeatTold;
use crate::facts::membership::{self, Known};
use crate::facts::references;
use crate::findings::FindingsOfRole;
use crate::model::email::Email;
use crate::model::fold::fold_name;
use crate::model::member::Level;
use crate::model::registration::{Registration, RegistrationState};
use crate::model::workshop::Workshop;
use crate::model::{Cell, Row, Table};

/// Gives seats, workshop by workshop.
pub fn assign(night: &Night, marks: &FindingsOfRole, late_is_blocking: bool) -> Seats {
    let tables = &night.season.tables;
    let (Some(workshops), Some(registrations)) = (&tables.workshops, &tables.registrations) else {
        return Seats::default();
    };
    let mut seats = Seats {
        registrations: Vec::with_capacity(registrations.len()),
        workshops: Vec::with_capacity(workshops.len()),
    };
    let mut groups: Vec<Vec<u32>> = vec![Vec::new(); workshops.len()];
    for (index, row) in registrations.all() {
        let workshop = row
            .workshop
            .value()
            .and_then(|name| night.season.index.workshop(name.key));
        let of = workshop.and_then(|workshop| workshops.get(workshop));
        seats.registrations.push(before_its_turn(night, row, of));
        let group = workshop.and_then(|workshop| groups.get_mut(workshop as usize));
        if let Some(group) = group.filter(|_| row.counts()) {
            group.push(index);
        }
    }
    for ((_, workshop), group) in workshops.all().zip(groups) {
        let mut hall = Hall {
            night,
            workshop,
            registrations,
            marks,
            late_is_blocking,
            seats: &mut seats.registrations,
        };
        let decided = hall.fill(group);
        seats.workshops.push(decided);
    }
    seats
}

/// What is known of a registration before its turn: what it would owe, and whether it was cancelled.
fn before_its_turn(night: &Night, row: &Registration, workshop: Option<&Workshop>) -> Seat {
    let valid = row.structure.value().map(|structure| {
        let day = workshop
            .and_then(|workshop| workshop.date.get())
            .unwrap_or(night.today);
        let (season, settings) = (night.season, night.settings);
        membership::valid_on(season, settings, structure.key, day, Level::Cooperating)
    });
    // Today stands in for a day that can't be read, but nothing is said on its account.
    let day_is_unknown = workshop.is_some_and(|workshop| workshop.date.is_bad());
    let member = match valid {
        None => Known::No,
        Some(_) if day_is_unknown => Known::Unknown,
        Some(valid) => valid,
    };
    let (state, reason) = if row.state == Cell::Is(RegistrationState::Cancelled) {
        (SeatState::Cancelled, SeatReason::Cancelled)
    } else if row.counts() && workshop.is_some_and(Workshop::is_cancelled) {
        (SeatState::Cancelled, SeatReason::WorkshopCancelled)
    } else {
        (SeatState::Excluded, SeatReason::Blocked)
    };
    Seat {
        state,
        reason,
        due: due(night, valid == Some(Known::Yes), workshop),
        member,
        ..Seat::default()
    }
}

/// The fee: nothing for a member structure, else the non-member fee a half-day (journée: two).
fn due(night: &Night, is_member: bool, workshop: Option<&Workshop>) -> f64 {
    if is_member {
        return 0.0;
    }
    let half_days = match workshop.map(|workshop| workshop.slot) {
        Some(Cell::Is(slot)) => slot.half_days(),
        _ => 1,
    };
    f64::from(half_days) * night.settings.workshops.non_member_fee
}

/// One workshop, and those who registered for it.
struct Hall<'a, 'seats> {
    night: &'a Night<'a>,
    workshop: &'a Workshop,
    registrations: &'a Table<Registration>,
    marks: &'a FindingsOfRole,
    late_is_blocking: bool,
    seats: &'seats mut [Seat],
}

impl<'a> Hall<'a, '_> {
    /// Decides for every registration of the group, in the order of Inscrit le, then row.
    fn fill(&mut self, mut group: Vec<u32>) -> WorkshopSeats {
        group.sort_by_key(|index| {
            let registered = self.row(*index).and_then(|row| row.registered.get());
            (registered.is_none(), registered, *index)
        });
        let candidates = self.candidates(group);
        if self.workshop.counts() {
            return self.seat(candidates);
        }
        if !self.workshop.is_cancelled() {
            for index in candidates {
                self.put(index, SeatState::Excluded, SeatReason::WorkshopUnreadable);
            }
        }
        self.nobody_seated()
    }

    fn nobody_seated(&self) -> WorkshopSeats {
        WorkshopSeats {
            places: places(self.workshop, self.night.settings.workshops.capacity),
            ..WorkshopSeats::default()
        }
    }

    /// Those among the group who may have a seat: no repetition, no leader, no blocking finding;
    /// whoever was told "confirmed" stays even when the row has since become unusable.
    fn candidates(&mut self, group: Vec<u32>) -> Vec<u32> {
        let mut seen: FxHashMap<Cow<str>, u32> = FxHashMap::default();
        let mut candidates = Vec::new();
        let mut blocked = Vec::new();
        for index in group {
            // An earlier time can't be told from a cell that can't be read (INS02).
            let comparable = self.row(index).is_some_and(|row| !row.registered.is_bad());
            let email = self.email(index).filter(|_| comparable);
            if let Some(of) = email.as_ref().and_then(|email| seen.get(email).copied()) {
                self.exclude(index, SeatReason::Duplicate { of });
            } else if self.marks.get(index).blocking {
                blocked.push(index);
            } else if self.is_late(index) && self.told(index) != Some(SeatTold::Confirmed) {
                self.exclude(index, SeatReason::TooLate);
            } else {
                seen.extend(email.map(|email| (email, index)));
                candidates.push(index);
            }
        }
        for index in blocked {
            let free = self
                .email(index)
                .is_some_and(|email| !seen.contains_key(&email));
            if free && self.told(index) == Some(SeatTold::Confirmed) {
                candidates.push(index);
            }
        }
        self.without_leaders(candidates)
    }

    fn seat(&mut self, mut candidates: Vec<u32>) -> WorkshopSeats {
        let mut result = self.nobody_seated();
        if self.night.settings.workshops.members_first {
            // Stable: within each half the order of registration stays.
            candidates.sort_by_key(|index| self.owes(*index));
        }
        let mut in_turn = Vec::new();
        for index in candidates {
            match self.promise(index) {
                Some(reason) => {
                    result.promised += 1;
                    self.confirm(index, reason);
                }
                None => in_turn.push(index),
            }
        }
        result.taken = result.promised;
        for index in in_turn {
            let told_to_wait = self.state(index) == Cell::Is(RegistrationState::Waiting);
            if !told_to_wait && result.taken < result.places {
                result.taken += 1;
                self.confirm(index, SeatReason::InOrder);
                continue;
            }
            result.waiting += 1;
            let reason = if told_to_wait {
                SeatReason::ForcedWaiting
            } else {
                SeatReason::Full
            };
            self.put(index, SeatState::Waiting, reason);
            if let Some(seat) = self.seats.get_mut(index as usize) {
                seat.position = Some(result.waiting);
            }
        }
        result
    }

    /// A seat that can't be taken away: forced by the coordinator, or told.
    fn promise(&self, index: u32) -> Option<SeatReason> {
        if self.state(index) == Cell::Is(RegistrationState::Confirmed) {
            return Some(SeatReason::Forced);
        }
        (self.told(index) == Some(SeatTold::Confirmed)).then_some(SeatReason::AlreadyTold)
    }

    fn confirm(&mut self, index: u32, reason: SeatReason) {
        let promoted = self.told(index) == Some(SeatTold::Waiting);
        self.put(index, SeatState::Confirmed, reason);
        if let Some(seat) = self.seats.get_mut(index as usize) {
            seat.promoted = promoted;
        }
    }

    /// No seat and no place in the list; in an annulé workshop every seat stays cancelled.
    fn exclude(&mut self, index: u32, reason: SeatReason) {
        let state = if self.workshop.is_cancelled() {
            SeatState::Cancelled
        } else {
            SeatState::Excluded
        };
        self.put(index, state, reason);
    }

    fn put(&mut self, index: u32, state: SeatState, reason: SeatReason) {
        if let Some(seat) = self.seats.get_mut(index as usize) {
            seat.state = state;
            seat.reason = reason;
        }
    }

    fn row(&self, index: u32) -> Option<&'a Registration> {
        self.registrations.get(index)
    }

    fn state(&self, index: u32) -> Cell<RegistrationState> {
        self.row(index).map_or(Cell::Empty, |row| row.state)
    }

    fn email(&self, index: u32) -> Option<Cow<'a, str>> {
        self.row(index)?.email.value().map(Email::key)
    }

    fn owes(&self, index: u32) -> bool {
        self.seats
            .get(index as usize)
            .is_some_and(|seat| seat.due > 0.0)
    }

    fn told(&self, index: u32) -> Option<SeatTold> {
        if self.night.told.is_empty() {
            return None;
        }
        self.night.told.seat(&self.row(index)?.identity()?)
    }

    /// Registered on a later day than the workshop's (INS04), where that keeps from a seat.
    fn is_late(&self, index: u32) -> bool {
        let registered = self.row(index).and_then(|row| row.registered.get());
        self.late_is_blocking
            && !self.workshop.is_cancelled()
            && matches!((registered, self.workshop.date.get()), (Some(at), Some(day)) if at.date() > day)
    }

    /// Leaves out those who lead the workshop, by name or by address: leaders take no seat.
    fn without_leaders(&mut self, candidates: Vec<u32>) -> Vec<u32> {
        let leaders = self.workshop.leaders();
        let names: Vec<String> = leaders
            .iter()
            .filter(|leader| self.night.season.index.person(leader.key).is_some())
            .map(|leader| fold_name(&leader.text))
            .collect();
        let emails: Vec<Cow<str>> = references::persons_named(self.night.season, leaders)
            .filter_map(|(_, person)| person.email.value().map(Email::key))
            .collect();
        let registrations = self.registrations;
        let leads = |index: u32| {
            registrations.get(index).is_some_and(|row| {
                let by_name = |name: &str| names.contains(&fold_name(name));
                row.email
                    .value()
                    .is_some_and(|email| emails.contains(&email.key()))
                    || row.name.value().is_some_and(|name| by_name(name))
            })
        };
        let (leading, others): (Vec<u32>, Vec<u32>) =
            candidates.into_iter().partition(|index| leads(*index));
        for index in leading {
            self.exclude(index, SeatReason::Leads);
            if let Some(seat) = self.seats.get_mut(index as usize) {
                seat.due = 0.0;
            }
        }
        others
    }
}
