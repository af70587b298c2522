//! Which registrations the INS checks look at, and with what.

use crate::decide::{Decisions, Seat, SeatReason};
use crate::facts::membership::Known;
use crate::facts::references;
use crate::french::words;
use crate::model::registration::Registration;
use crate::model::workshop::Workshop;
use crate::model::{Role, Row, RowRef, Table};
use crate::rules::Night;

/// A registration that is not annulée and repeats no earlier one, with its workshop and its seat.
pub struct Examined<'a> {
    /// Where it stands.
    pub row: RowRef,
    /// What was typed.
    pub registration: &'a Registration,
    /// The workshop that it names.
    pub workshop: &'a Workshop,
    /// What was decided.
    pub seat: Seat,
    /// The seats that its workshop may give.
    pub places: u32,
}

impl Examined<'_> {
    /// What is due, in euros; none while a cell that it depends on can't be read: the structure, its
    /// memberships, the workshop's day and half-day. Nothing is due where nothing ever would be.
    pub fn due(&self) -> Option<f64> {
        if self.registration.structure.is_bad() {
            return None;
        }
        if self.seat.reason == SeatReason::Leads || self.seat.member == Known::Yes {
            return Some(0.0);
        }
        let known = self.seat.member == Known::No && !self.workshop.slot.is_bad();
        known.then_some(self.seat.due)
    }

    /// The workshop's reference, in quotes.
    pub fn workshop_name(&self) -> String {
        words::quoted(&self.workshop.head.key)
    }
}

/// The registrations of workshops that take place: what most INS checks look at. One that repeats
/// an earlier one (INS02) has no other INS finding, nor has one of an annulé workshop (INS05).
pub fn examined<'a>(
    night: &'a Night,
    decisions: &'a Decisions,
) -> impl Iterator<Item = Examined<'a>> {
    distinct(night, decisions).filter(|examined| examined.workshop.counts())
}

/// The registrations that repeat no earlier one, whatever the state of their workshop.
pub fn distinct<'a>(
    night: &'a Night,
    decisions: &'a Decisions,
) -> impl Iterator<Item = Examined<'a>> {
    let registrations = night.season.tables.registrations.iter();
    registrations
        .flat_map(Table::live)
        .filter_map(move |(index, registration)| {
            let seat = decisions.seats.of(index);
            if seat.is_duplicate() {
                return None;
            }
            let (of, workshop) = references::workshop_named(night.season, &registration.workshop)?;
            Some(Examined {
                row: RowRef {
                    role: Role::Registrations,
                    index,
                },
                registration,
                workshop,
                seat,
                places: decisions.seats.workshop(of).places,
            })
        })
}
