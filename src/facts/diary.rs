//! Who is taken on which half-day: the live meetings and workshops of each resource person (RDV03).

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::persons;
use crate::model::time::{HalfDay, Slot};
use crate::model::{Season, Table};

/// A day and one of its halves.
pub type Moment = (NaiveDate, HalfDay);

/// What resource persons have on, by person and half-day. Only looked up, never iterated.
#[derive(Debug, Default)]
pub struct Diary {
    meetings: FxHashMap<(u32, Moment), Vec<u32>>,
    workshops: FxHashMap<(u32, Moment), u32>,
}

impl Diary {
    /// The diary of every resource person. Meetings and workshops whose day or half-day can't be
    /// read are left out, as are names that stand in no row.
    #[must_use]
    pub fn of(season: &Season) -> Self {
        let mut diary = Self::default();
        for (index, meeting) in season.tables.meetings.iter().flat_map(Table::live) {
            let Some(moment) = meeting.when() else {
                continue;
            };
            for person in persons::rows_named(season, meeting.persons()) {
                let taken = diary.meetings.entry((person, moment)).or_default();
                taken.push(index);
            }
        }
        for (index, workshop) in season.tables.workshops.iter().flat_map(Table::live) {
            let Some((date, slot)) = workshop.when() else {
                continue;
            };
            for person in persons::rows_named(season, workshop.leaders()) {
                for half in halves(slot) {
                    let key = (person, (date, *half));
                    diary.workshops.entry(key).or_insert(index);
                }
            }
        }
        diary
    }

    /// The first meeting, by row, that the person has then, besides this one.
    #[must_use]
    pub fn other_meeting(&self, person: u32, moment: Moment, besides: u32) -> Option<u32> {
        let taken = self.meetings.get(&(person, moment))?;
        taken.iter().copied().find(|index| *index != besides)
    }

    /// The first workshop, by row, that the person leads then.
    #[must_use]
    pub fn workshop(&self, person: u32, moment: Moment) -> Option<u32> {
        self.workshops.get(&(person, moment)).copied()
    }
}

fn halves(slot: Slot) -> &'static [HalfDay] {
    match slot {
        Slot::Morning => &[HalfDay::Morning],
        Slot::Afternoon => &[HalfDay::Afternoon],
        Slot::Day => &[HalfDay::Morning, HalfDay::Afternoon],
    }
}
