//! Which application of a structure counts (CAN02).

use chrono::NaiveDateTime;

use crate::config::Settings;
use crate::model::application::Application;
use crate::model::{Key, Season, Table};

/// Whether it was received up to the deadline: the whole day counts.
pub fn is_in_time(received: NaiveDateTime, settings: &Settings) -> bool {
    received.date() <= settings.applications.deadline
}

/// Of a structure's applications, the one that counts: the latest that was received up to the
/// deadline, else the latest; at equal times the lower row. Applications whose Horodateur can't be
/// read take no part.
pub fn counting(season: &Season, settings: &Settings, structure: Key) -> Option<u32> {
    let table = season.tables.applications.as_ref()?;
    season
        .index
        .applications_of(structure)
        .iter()
        .filter_map(|index| Some((*index, table.get(*index)?.received.get()?)))
        .max_by_key(|(index, received)| (is_in_time(*received, settings), *received, *index))
        .map(|(index, _)| index)
}

/// The application that counts instead of this one.
pub fn replaced_by(
    season: &Season,
    settings: &Settings,
    index: u32,
    application: &Application,
) -> Option<u32> {
    let structure = application.structure.value()?;
    application.received.get()?;
    counting(season, settings, structure.key).filter(|counting| *counting != index)
}

/// The applications that no other one replaces.
pub fn that_count<'a>(
    season: &'a Season,
    settings: &'a Settings,
) -> impl Iterator<Item = (u32, &'a Application)> {
    season
        .tables
        .applications
        .iter()
        .flat_map(Table::standing)
        .filter(|(index, row)| replaced_by(season, settings, *index, row).is_none())
}
