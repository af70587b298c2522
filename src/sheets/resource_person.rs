//! Personnes ressources: a row to a resource person.

use super::row::Range;
use super::row::RowReader;
use crate::model::resource_person::{
    EMAIL, HOURS_AVAILABLE, KIND, NAME, ResourcePerson, SPECIALITIES, STRUCTURE,
};

/// Reads a row of Personnes ressources.
pub fn read(row: &mut RowReader) -> ResourcePerson {
    let name = row.name(NAME);
    let structure = row.name(STRUCTURE);
    let email = row.email(EMAIL);
    let specialities = row.axes(SPECIALITIES);
    let kind = row.choice(KIND, &row.vocabulary().person_kinds);
    let hours_available = row.hours(HOURS_AVAILABLE, Range::NotNegative);
    ResourcePerson {
        head: row.head(),
        name,
        structure,
        email,
        specialities,
        kind,
        hours_available,
    }
}
