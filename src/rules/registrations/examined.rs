//! Which registrations the INS checks look at, and with what.

use crate::decide::{Decisions, Seat, SeatReason};
use crate::facts::membership::Known;
use crate::facts::references;
use crate::model::registration::Registration;
use crate::model::time::Slot;
use crate::model::workshop::Workshop;
use crate::model::{Cell, Role, Row, RowRef, Table};
use crate::rules::{Night, words};

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
    /// The least and the most that may be due, in euros: the same but where a cell that the fee
    /// depends on can't be read.
    pub fn due(&self, night: &Night) -> (f64, f64) {
        if self.seat.reason == SeatReason::Leads {
            return (0.0, 0.0);
        }
        let (least, most) = match self.workshop.slot {
            Cell::Is(slot) => (slot.half_days(), slot.half_days()),
            Cell::Empty | Cell::Bad => (Slot::Morning.half_days(), Slot::Day.half_days()),
        };
        let fee = night.settings.workshops.non_member_fee;
        let (least, most) = (f64::from(least) * fee, f64::from(most) * fee);
        match self.seat.member {
            _ if self.registration.structure.is_bad() => (0.0, most),
            Known::Yes => (0.0, 0.0),
            Known::Unknown => (0.0, most),
            Known::No => (least, most),
        }
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
