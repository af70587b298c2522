//! The resource persons that a meeting or a workshop names, each once.

use crate::model::resource_person::ResourcePerson;
use crate::model::{Name, Season};

/// The rows in Personnes ressources of these names, ascending and each once however often it is
/// typed; names that stand in no row are left out (DON05).
#[must_use]
pub fn rows_named(season: &Season, names: &[Name]) -> Vec<u32> {
    let mut rows: Vec<u32> = names
        .iter()
        .filter_map(|name| season.index.person(name.key))
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The resource person at a row.
#[must_use]
pub fn at(season: &Season, row: u32) -> Option<&ResourcePerson> {
    season.tables.resource_persons.as_ref()?.get(row)
}

/// Her name as typed; empty where it can't be read.
#[must_use]
pub fn name(season: &Season, row: u32) -> &str {
    at(season, row)
        .and_then(|person| person.name.value())
        .map_or("", |name| &*name.text)
}
