//! Registrations as e-mails see them: what each one has tonight, beside what was told.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::decide::{Seat, SeatReason, SeatState};
use crate::facts::Night;
use crate::facts::membership::Known;
use crate::facts::references::workshop_named;
use crate::model::event_state::EventState;
use crate::model::fold::fold_name;
use crate::model::registration::Registration;
use crate::model::workshop::Workshop;
use crate::model::{Cell, Name, Role, RowRef};

use super::calendar::Subject;
use super::desk::Desk;
use super::draft::Recipient;
use super::kind::Kind;
use super::past::{Outcome, SeatPast};
use super::told::{SeatLetterTold, WorkshopTold};
use super::vague::Vague;
use super::words::{FeeWords, WorkshopWords, euros, hours_of};

/// What a registration has tonight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Now {
    Seat,
    Waits,
    /// « annulée » in État.
    Cancelled,
    /// Its row is gone for sure.
    Gone,
    /// Its row can't be used, or whether it is there can't be known.
    Unclear,
}

/// A registration that stands in a row, was told about, or both.
#[derive(Debug)]
pub(super) struct Case<'a> {
    /// `Registration::identity`.
    pub identity: String,
    pub now: Now,
    /// The row that speaks for it.
    pub row: Option<(u32, &'a Registration)>,
    pub seat: Seat,
    pub workshop: Option<(u32, &'a Workshop)>,
    /// What would be told of the workshop tonight, where all of it can be read.
    pub details: Option<Rc<WorkshopTold>>,
}

/// Every registration, by identity.
#[derive(Debug)]
pub(super) struct Registrations<'a> {
    pub cases: Vec<Case<'a>>,
}

impl<'a> Registrations<'a> {
    /// Those about which an e-mail may be due; none without a sheet of registrations. Of the others
    /// nothing was told, and their workshop is over, or not planned: after a few months that is
    /// nearly all of them.
    pub fn that_matter(desk: &Desk<'a>) -> Option<Self> {
        let night = desk.night;
        let told = &desk.past.seats;
        let table = night.season.tables.registrations.as_ref()?;
        let mut workshops = Workshops::default();
        let mut cases: Vec<Case<'a>> = Vec::new();
        let mut vague = BTreeSet::new();
        for (index, row) in table.all() {
            let workshop = workshop_named(night.season, &row.workshop);
            let is_wanted = workshop.is_some_and(|(_, workshop)| may_come(night, workshop));
            if !is_wanted && told.is_empty() {
                continue;
            }
            let Some(identity) = row.identity() else {
                vague.insert(Vague::of(row));
                continue;
            };
            if !is_wanted && !told.contains_key(&identity) {
                continue;
            }
            let seat = desk.decisions.seats.of(index);
            cases.push(Case {
                identity,
                now: now(seat),
                row: Some((index, row)),
                seat,
                workshop,
                details: workshop.and_then(|workshop| workshops.details(night, workshop)),
            });
        }
        // Of several rows of one registration the first of the highest rank speaks for it.
        cases.sort_by(|a, b| (&a.identity, rank(a.now)).cmp(&(&b.identity, rank(b.now))));
        cases.dedup_by(|other, kept| other.identity == kept.identity);
        let is_absent = |identity: &String| {
            cases
                .binary_search_by(|case| case.identity.cmp(identity))
                .is_err()
        };
        let gone: Vec<Case> = told
            .iter()
            .filter(|(identity, _)| is_absent(identity))
            .map(|(identity, seat)| absent(night, identity, seat, &vague, &mut workshops))
            .collect();
        cases.extend(gone);
        cases.sort_by(|a, b| a.identity.cmp(&b.identity));
        Some(Self { cases })
    }
}

/// What would be told of each workshop: worked out once, for all who are registered.
#[derive(Default)]
struct Workshops {
    by_row: FxHashMap<u32, Option<Rc<WorkshopTold>>>,
}

impl Workshops {
    fn details(
        &mut self,
        night: &Night,
        (index, workshop): (u32, &Workshop),
    ) -> Option<Rc<WorkshopTold>> {
        let make = || details(night, workshop).map(Rc::new);
        self.by_row.entry(index).or_insert_with(make).clone()
    }
}

impl Case<'_> {
    /// What was told about it.
    pub fn past<'p>(&self, desk: &'p Desk) -> Option<&'p SeatPast> {
        desk.past.seats.get(&self.identity)
    }

    /// What was told last.
    pub fn last(&self, desk: &Desk) -> Option<Outcome> {
        self.past(desk)?.last
    }

    /// It is what was told last, and there is no need to tell it again.
    pub fn was_told(&self, desk: &Desk, outcome: Outcome) -> bool {
        self.past(desk).is_some_and(|past| past.was_told(outcome))
    }

    /// She knows of her seat, and of the workshop as it stands tonight: a reminder of it contradicts
    /// nothing that she may believe. Where the e-mails that tell it are off, the coordinator does.
    pub fn knows_of_seat(&self, desk: &Desk) -> bool {
        let Some(past) = self.past(desk) else {
            return desk.is_off(Kind::RegistrationConfirmed);
        };
        let told = past.workshop.as_ref();
        let is_other = told
            .zip(self.details.as_deref())
            .is_some_and(|(told, now)| told.differs_from(now));
        let is_told = !is_other || desk.is_off(Kind::WorkshopChange);
        past.belief.is_seat() && is_told && !past.is_on_its_way
    }

    /// How often the outcome was told before, each time followed by another one.
    pub fn ended(&self, desk: &Desk, outcome: Outcome) -> usize {
        self.past(desk).map_or(0, |past| past.ended(outcome))
    }

    /// The workshop is annulé.
    pub fn is_workshop_cancelled(&self) -> bool {
        self.workshop
            .is_some_and(|(_, workshop)| workshop.is_cancelled())
    }

    /// The workshop as it would be told tonight, when it is prévu, on or after D.
    pub fn upcoming(&self, night: &Night) -> Option<&WorkshopTold> {
        let (_, workshop) = self.workshop?;
        self.details
            .as_deref()
            .filter(|details| is_planned(workshop) && details.date >= night.today)
    }

    /// The workshop as it was last told, when its day as it stands now (where it can be read) is on
    /// or after D.
    pub fn still_to_come(&self, desk: &Desk) -> Option<WorkshopTold> {
        let told = self.past(desk)?.workshop.clone()?;
        let day = match self.workshop.map(|(_, workshop)| workshop.date) {
            Some(Cell::Bad) => return None,
            Some(Cell::Is(day)) => day,
            Some(Cell::Empty) | None => told.date,
        };
        (day >= desk.night.today).then_some(told)
    }

    /// The registrant: as typed, or as last told where the row is gone.
    pub fn recipient(&self, desk: &Desk) -> Option<Recipient> {
        if let Some((_, row)) = self.row {
            return Some(Recipient {
                name: row.name.value()?.to_string(),
                address: row.email.value()?.text.to_string(),
            });
        }
        let past = self.past(desk)?;
        Some(Recipient {
            name: past.name.clone(),
            address: past.address.clone(),
        })
    }

    /// The row on whose account an e-mail goes.
    pub fn rows(&self) -> Vec<RowRef> {
        let role = Role::Registrations;
        self.row
            .iter()
            .map(|(index, _)| RowRef {
                role,
                index: *index,
            })
            .collect()
    }

    /// What is kept of an e-mail about it.
    pub fn told(&self, to: &Recipient, workshop: &WorkshopTold) -> SeatLetterTold {
        SeatLetterTold {
            registration: self.identity.clone(),
            name: to.name.clone(),
            workshop: workshop.clone(),
        }
    }

    /// The workshop in words.
    pub fn in_words(&self, workshop: &WorkshopTold) -> WorkshopWords {
        let leaders: &[Name] = self.workshop.map_or(&[], |(_, now)| now.leaders());
        WorkshopWords::of(workshop, leaders)
    }

    /// The workshop as it stands in a calendar.
    pub fn subject<'w>(&'w self, workshop: &'w WorkshopTold) -> Subject<'w> {
        let leaders: &[Name] = self.workshop.map_or(&[], |(_, now)| now.leaders());
        Subject::Workshop(workshop, leaders)
    }

    /// What is left to pay, in euros.
    pub fn left_to_pay(&self) -> f64 {
        let paid = self.row.and_then(|(_, row)| row.paid.or_default(0.0));
        (self.seat.due - paid.unwrap_or(0.0)).max(0.0)
    }

    /// What the seat costs, in words. Nothing is said of a fee while a membership that would decide
    /// it can't be read.
    pub fn fee(&self) -> FeeWords {
        let is_known = self.seat.member != Known::Unknown;
        let left = self.left_to_pay();
        let due = is_known && left > crate::facts::hours::TOLERANCE;
        FeeWords {
            amount: if due { euros(left) } else { String::new() },
            partly_paid: due && left < self.seat.due,
            member: self.seat.member == Known::Yes,
            settled: is_known && !due && self.seat.due > 0.0,
        }
    }

    /// By which reminders know what was announced tonight.
    pub fn thing(&self) -> String {
        self.identity.clone()
    }
}

fn now(seat: Seat) -> Now {
    match (seat.state, seat.reason) {
        (SeatState::Confirmed, _) => Now::Seat,
        (SeatState::Waiting, _) => Now::Waits,
        // Her own « annulée », and not the workshop's.
        (SeatState::Cancelled, SeatReason::Cancelled) => Now::Cancelled,
        _ => Now::Unclear,
    }
}

/// Which of several rows of one registration speaks for it: a seat, a place in the list, a row that
/// can't be used for now, a cancelled one.
fn rank(now: Now) -> u8 {
    match now {
        Now::Seat => 0,
        Now::Waits => 1,
        Now::Unclear => 2,
        Now::Cancelled => 3,
        Now::Gone => 4,
    }
}

/// A registration that was told about and has no row with its workshop and address.
fn absent<'a>(
    night: &'a Night<'a>,
    identity: &str,
    past: &SeatPast,
    vague: &BTreeSet<Vague>,
    workshops: &mut Workshops,
) -> Case<'a> {
    let reference = past
        .workshop
        .as_ref()
        .map(|told| fold_name(&told.reference));
    let workshop = reference.as_deref().and_then(|folded| {
        let key = night.season.names.get(folded)?;
        let index = night.season.index.workshop(key)?;
        Some((index, night.season.tables.workshops.as_ref()?.get(index)?))
    });
    let is_vague = Vague::that_may_be(past, reference.as_deref())
        .iter()
        .any(|row| vague.contains(row));
    Case {
        identity: identity.to_owned(),
        now: if is_vague { Now::Unclear } else { Now::Gone },
        row: None,
        seat: Seat::default(),
        workshop,
        details: workshop.and_then(|workshop| workshops.details(night, workshop)),
    }
}

/// It is prévu, and on or after D or without a day that can be read.
fn may_come(night: &Night, workshop: &Workshop) -> bool {
    is_planned(workshop) && workshop.date.get().is_none_or(|day| day >= night.today)
}

/// Prévu, as typed or by default.
pub(super) fn is_planned(workshop: &Workshop) -> bool {
    matches!(workshop.state, Cell::Empty | Cell::Is(EventState::Planned))
}

/// What would be told of a workshop that is prévu.
pub(super) fn planned_details(night: &Night, workshop: &Workshop) -> Option<WorkshopTold> {
    details(night, workshop).filter(|_| is_planned(workshop))
}

/// What would be told of a workshop: none while it has no day, or a part of it can't be read.
pub(super) fn details(night: &Night, workshop: &Workshop) -> Option<WorkshopTold> {
    let (date, slot) = workshop.when()?;
    let (usual_start, usual_end) = hours_of(slot, night.settings);
    let starts = workshop.starts.or_default(usual_start)?;
    let ends = match workshop.ends {
        Cell::Is(end) => Some(end),
        Cell::Empty => Some(usual_end),
        Cell::Bad => return None,
    };
    let place = match &workshop.place {
        Cell::Is(place) => place.to_string(),
        Cell::Empty => String::new(),
        Cell::Bad => return None,
    };
    Some(WorkshopTold {
        reference: workshop.reference.value()?.text.to_string(),
        title: workshop.title.value()?.to_string(),
        date,
        slot: slot.french().to_owned(),
        starts,
        ends: ends.filter(|end| *end > starts),
        place,
    })
}
