//! Hours of meetings, by support and by resource person.

use crate::config::Settings;
use crate::model::meeting::Meeting;
use crate::model::{Season, Table};

/// Sums of hours closer than this are equal: half-days of 3.5 h add up without drift, but typed
/// hours such as 0.1 don't.
pub const TOLERANCE: f64 = 1e-9;

/// The hours of a meeting: as typed, or a half-day; none where the cell can't be read.
pub fn of_meeting(meeting: &Meeting, settings: &Settings) -> Option<f64> {
    meeting.hours.or_default(settings.supports.half_day_hours)
}

/// The live meetings of a support with a readable day, by day and half-day, with the running total
/// of their hours; a meeting whose hours can't be read adds nothing.
pub fn running_totals<'a>(
    season: &'a Season,
    settings: &'a Settings,
    support: u32,
) -> impl Iterator<Item = (u32, &'a Meeting, f64)> {
    let mut total = 0.0;
    meetings(season, support)
        .filter(|(_, meeting)| meeting.when().is_some())
        .map(move |(index, meeting)| {
            total += of_meeting(meeting, settings).unwrap_or(0.0);
            (index, meeting, total)
        })
}

/// The live meetings of a support, by day and half-day.
pub fn meetings(season: &Season, support: u32) -> impl Iterator<Item = (u32, &Meeting)> {
    let table = season.tables.meetings.as_ref();
    season
        .index
        .meetings_of(support)
        .iter()
        .filter_map(move |index| Some((*index, table?.get(*index)?)))
}

/// The hours of a support's live meetings, held or planned.
pub fn planned(season: &Season, settings: &Settings, support: u32) -> f64 {
    sum(
        meetings(season, support).map(|(_, meeting)| meeting),
        settings,
    )
}

/// The hours of a support's meetings that were held (réalisé).
pub fn held(season: &Season, settings: &Settings, support: u32) -> f64 {
    let held = meetings(season, support).map(|(_, meeting)| meeting);
    sum(held.filter(|meeting| meeting.is_held()), settings)
}

/// The hours of live meetings by resource person, indexed by the person's row: a meeting counts
/// whole for each of its persons, workshops not at all.
pub fn by_person(season: &Season, settings: &Settings) -> Vec<f64> {
    let persons = season
        .tables
        .resource_persons
        .as_ref()
        .map_or(0, Table::len);
    let mut hours = vec![0.0; persons];
    for (_, meeting) in season.tables.meetings.iter().flat_map(Table::live) {
        let Some(duration) = of_meeting(meeting, settings) else {
            continue;
        };
        let mut named: Vec<u32> = meeting
            .persons()
            .iter()
            .filter_map(|name| season.index.person(name.key))
            .collect();
        named.sort_unstable();
        named.dedup();
        for person in named {
            if let Some(total) = hours.get_mut(person as usize) {
                *total += duration;
            }
        }
    }
    hours
}

fn sum<'a>(meetings: impl Iterator<Item = &'a Meeting>, settings: &Settings) -> f64 {
    total(meetings.filter_map(|meeting| of_meeting(meeting, settings)))
}

/// Hours added up; of nothing, 0 (`Iterator::sum` gives -0, and a cell shows it).
pub fn total(hours: impl IntoIterator<Item = f64>) -> f64 {
    hours.into_iter().fold(0.0, |sum, one| sum + one)
}
