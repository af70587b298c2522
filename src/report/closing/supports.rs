//! Hours by support, by axis and by resource person.

use crate::facts::hours;
use crate::model::support::Status;
use crate::model::workshop::Workshop;
use crate::model::{Season, Table};
use crate::programme::Programme;

/// A support and its hours.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportHours {
    /// Its reference.
    pub reference: String,
    /// The structure.
    pub structure: String,
    /// The beneficiary.
    pub beneficiary: String,
    /// Where it stands; none where that can't be read.
    pub status: Option<Status>,
    /// Agreed hours; none while they are not.
    pub agreed: Option<f64>,
    /// Hours of meetings that were held.
    pub held: f64,
    /// How many were.
    pub meetings: usize,
}

impl SupportHours {
    /// Where it stands, in French.
    #[must_use]
    pub fn status_word(&self) -> &'static str {
        match self.status {
            Some(Status::Diagnosis) => "diagnostic",
            Some(Status::Running) => "en cours",
            Some(Status::Finished) => "terminé",
            Some(Status::Abandoned) => "abandonné",
            None => "?",
        }
    }
}

/// What was done on an axis. A support's hours are shared equally among the axes of its plan, so
/// that the shares add up.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisShare {
    /// The axis.
    pub axis: String,
    /// Hours of meetings that were held.
    pub hours: f64,
    /// Supports that have it in their plan.
    pub supports: usize,
    /// Workshops that took place.
    pub workshops: usize,
}

/// What a resource person gave.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonHours {
    /// Her name.
    pub name: String,
    /// Her structure.
    pub structure: String,
    /// Meetings that were held.
    pub meetings: usize,
    /// Their hours.
    pub hours: f64,
    /// Workshops led that took place.
    pub workshops: usize,
}

pub(super) fn supports(programme: &Programme) -> Vec<SupportHours> {
    let (season, settings) = (&programme.season, &programme.settings);
    let table = season.tables.supports.iter().flat_map(Table::standing);
    table
        .map(|(index, row)| SupportHours {
            reference: shown(row.reference.value().map(|name| &*name.text)),
            structure: shown(row.structure.value().map(|name| &*name.text)),
            beneficiary: shown(row.beneficiary.value().map(|name| &*name.text)),
            status: row.status.get(),
            agreed: row.agreed_hours(),
            held: hours::held(season, settings, index),
            meetings: hours::meetings(season, index)
                .filter(|(_, meeting)| meeting.is_held())
                .count(),
        })
        .collect()
}

pub(super) fn axes(programme: &Programme) -> Vec<AxisShare> {
    let (season, settings) = (&programme.season, &programme.settings);
    let share = |(position, axis): (usize, &String)| {
        let mut share = AxisShare {
            axis: axis.clone(),
            hours: 0.0,
            supports: 0,
            workshops: 0,
        };
        for (index, row) in season.tables.supports.iter().flat_map(Table::standing) {
            let plan = row.axes.value().map_or(&[][..], |list| &list.items);
            if !plan.iter().any(|axis| usize::from(axis.0) == position) {
                continue;
            }
            share.supports += 1;
            let parts = u32::try_from(plan.len()).unwrap_or(u32::MAX);
            share.hours += hours::held(season, settings, index) / f64::from(parts);
        }
        share.workshops = held_workshops(season, programme)
            .filter(|row| {
                row.axis
                    .get()
                    .is_some_and(|axis| usize::from(axis.0) == position)
            })
            .count();
        share
    };
    settings.axes.iter().enumerate().map(share).collect()
}

pub(super) fn persons(programme: &Programme) -> Vec<PersonHours> {
    let (season, settings) = (&programme.season, &programme.settings);
    let table = season
        .tables
        .resource_persons
        .iter()
        .flat_map(Table::standing);
    table
        .map(|(_, row)| {
            let key = row.name.value().map(|name| name.key);
            let hers =
                |names: &[crate::model::Name]| names.iter().any(|name| Some(name.key) == key);
            let meetings = season.tables.meetings.iter().flat_map(Table::live);
            let held: Vec<f64> = meetings
                .filter(|(_, meeting)| meeting.is_held() && hers(meeting.persons()))
                .filter_map(|(_, meeting)| hours::of_meeting(meeting, settings))
                .collect();
            PersonHours {
                name: shown(row.name.value().map(|name| &*name.text)),
                structure: shown(row.structure.value().map(|name| &*name.text)),
                meetings: held.len(),
                hours: hours::total(held),
                workshops: held_workshops(season, programme)
                    .filter(|workshop| hers(workshop.leaders()))
                    .count(),
            }
        })
        .collect()
}

/// Workshops that took place: réalisé, or before today and not annulé.
pub(super) fn held_workshops<'a>(
    season: &'a Season,
    programme: &'a Programme,
) -> impl Iterator<Item = &'a Workshop> {
    let live = season.tables.workshops.iter().flat_map(Table::live);
    live.map(|(_, row)| row).filter(|row| {
        row.date
            .get()
            .is_some_and(|date| date < programme.now.today)
    })
}

pub(super) fn shown(text: Option<&str>) -> String {
    text.unwrap_or("—").to_owned()
}
