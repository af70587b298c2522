//! Which application of a structure counts (CAN02).

use chrono::NaiveDateTime;

use super::memo::Memo;
use crate::config::Settings;
use crate::model::{Key, Season, Table};

/// Whether it was received up to the deadline: the whole day counts.
pub fn is_in_time(received: NaiveDateTime, settings: &Settings) -> bool {
    received.date() <= settings.applications.deadline
}

/// Of a structure's applications, the one that counts: the latest that was received up to the
/// deadline, else the latest; at equal times the lower row. Applications whose Horodateur can't be
/// read take no part.
fn counting(season: &Season, settings: &Settings, structure: Key) -> Option<u32> {
    let table = season.tables.applications.as_ref()?;
    season
        .index
        .applications_of(structure)
        .iter()
        .filter_map(|index| Some((*index, table.get(*index)?.received.get()?)))
        .max_by_key(|(index, received)| (is_in_time(*received, settings), *received, *index))
        .map(|(index, _)| index)
}

/// For each row of Candidatures, the application of its structure that counts instead of it.
pub fn replacements(season: &Season, settings: &Settings) -> Vec<Option<u32>> {
    let mut memo = Memo::default();
    season
        .tables
        .applications
        .iter()
        .flat_map(Table::all)
        .map(|(index, application)| {
            let structure = application.structure.value()?.key;
            // Without a readable Horodateur the applications can't be compared.
            application.received.get()?;
            memo.get(structure, || counting(season, settings, structure))
                .filter(|counting| *counting != index)
        })
        .collect()
}
