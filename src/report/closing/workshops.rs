//! Workshops: how full they were, and who came.

use chrono::NaiveDate;

use super::supports::shown;
use crate::decide::SeatState;
use crate::model::time::Slot;
use crate::model::{Season, Table};
use crate::plan::Verdict;
use crate::programme::Programme;

/// A workshop and the people in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkshopFilling {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its day.
    pub date: Option<NaiveDate>,
    /// Morning, afternoon, the whole day.
    pub slot: Option<Slot>,
    /// Where.
    pub place: String,
    /// Who leads it.
    pub leaders: Vec<String>,
    /// Annulé.
    pub is_cancelled: bool,
    /// Seats to give.
    pub places: u32,
    /// Who has one.
    pub seated: Vec<Seated>,
    /// Who waits, in order.
    pub waiting: Vec<String>,
    /// How many came.
    pub present: usize,
}

/// Somebody who has a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// Her name.
    pub name: String,
    /// Her address in lower case: who she is.
    pub address: String,
    /// Her structure; empty without.
    pub structure: String,
    /// « oui » in Présence.
    pub came: bool,
}

pub(super) fn workshops(programme: &Programme, verdict: &Verdict) -> Vec<WorkshopFilling> {
    let season = &programme.season;
    let table = season.tables.workshops.iter().flat_map(Table::standing);
    let mut workshops: Vec<(u32, WorkshopFilling)> = table
        .map(|(index, row)| {
            let filling = WorkshopFilling {
                reference: shown(row.reference.value().map(|name| &*name.text)),
                title: shown(row.title.value().map(|title| &**title)),
                date: row.date.get(),
                slot: row.slot.get(),
                place: row
                    .place
                    .value()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                leaders: row
                    .leaders()
                    .iter()
                    .map(|name| name.text.to_string())
                    .collect(),
                is_cancelled: row.is_cancelled(),
                places: verdict.decisions.seats.workshop(index).places,
                seated: Vec::new(),
                waiting: Vec::new(),
                present: 0,
            };
            (index, filling)
        })
        .collect();
    fill(season, verdict, &mut workshops);
    workshops.sort_by_key(|(index, workshop)| (workshop.date.is_none(), workshop.date, *index));
    workshops
        .into_iter()
        .map(|(_, workshop)| workshop)
        .collect()
}

fn fill(season: &Season, verdict: &Verdict, workshops: &mut [(u32, WorkshopFilling)]) {
    let mut waiting: Vec<(u32, u32, String)> = Vec::new();
    for (index, row) in season.tables.registrations.iter().flat_map(Table::standing) {
        let seat = verdict.decisions.seats.of(index);
        let workshop = row
            .workshop
            .value()
            .and_then(|name| season.index.workshop(name.key));
        let Some(workshop) = workshop else { continue };
        let name = shown(row.name.value().map(|name| &**name));
        match seat.state {
            SeatState::Waiting => waiting.push((workshop, seat.position.unwrap_or(0), name)),
            SeatState::Confirmed => {
                let found = workshops.iter_mut().find(|(of, _)| *of == workshop);
                let Some((_, filling)) = found else { continue };
                let came = row.attended.get() == Some(true);
                filling.present += usize::from(came);
                filling.seated.push(Seated {
                    name,
                    address: row
                        .email
                        .value()
                        .map(|email| email.key().into_owned())
                        .unwrap_or_default(),
                    structure: row
                        .structure
                        .value()
                        .map(|name| name.text.to_string())
                        .unwrap_or_default(),
                    came,
                });
            }
            SeatState::Cancelled | SeatState::Excluded => {}
        }
    }
    waiting.sort();
    for (workshop, _, name) in waiting {
        if let Some((_, filling)) = workshops.iter_mut().find(|(of, _)| *of == workshop) {
            filling.waiting.push(name);
        }
    }
    for (_, filling) in workshops {
        filling.seated.sort_by(|a, b| {
            (a.name.to_lowercase(), &a.address).cmp(&(b.name.to_lowercase(), &b.address))
        });
    }
}
