//! References from one row to another, and those that lead nowhere (DON05). A value whose reference
//! leads nowhere has a finding, so the checks that need it are not made.

use crate::model::column::Column;
use crate::model::meeting::Meeting;
use crate::model::member::Member;
use crate::model::resource_person::{PersonKind, ResourcePerson};
use crate::model::support::Support;
use crate::model::workshop::Workshop;
use crate::model::{
    Cell, Name, Role, Row, RowRef, Season, Table, committee_mark, evaluation, meeting, proximity,
    registration, resource_person, support, workshop,
};

use super::membership;

/// A name that leads nowhere.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// The name as typed.
    pub name: &'a Name,
    /// The column that holds it.
    pub column: Column,
    /// The sheet in which it is looked up.
    pub role: Role,
}

/// A row with at least one of them.
#[derive(Debug)]
pub struct RowWithUnknown<'a> {
    /// The row.
    pub row: RowRef,
    /// In the order of the columns.
    pub unknown: Vec<Reference<'a>>,
}

/// Every row that refers to what doesn't exist, by role, then row.
pub fn rows_with_unknown(season: &Season) -> Vec<RowWithUnknown<'_>> {
    let tables = &season.tables;
    let mut found = Vec::new();
    collect(tables.committee_marks.as_ref(), &mut found, |row| {
        let structure = row
            .structure
            .value()
            .filter(|name| season.index.applications_of(name.key).is_empty());
        one(structure, committee_mark::STRUCTURE, Role::Applications)
    });
    collect(tables.resource_persons.as_ref(), &mut found, |row| {
        one(
            unlisted_home(season, row),
            resource_person::STRUCTURE,
            Role::Members,
        )
    });
    collect(tables.proximities.as_ref(), &mut found, |row| {
        let a = row
            .structure_a
            .value()
            .filter(|name| !is_known_structure(season, name));
        let b = row
            .structure_b
            .value()
            .filter(|name| !is_known_structure(season, name));
        let mut unknown = one(a, proximity::STRUCTURE_A, Role::Members);
        unknown.extend(one(b, proximity::STRUCTURE_B, Role::Members));
        unknown
    });
    collect(tables.supports.as_ref(), &mut found, |row| {
        one(
            unlisted_structure(season, row),
            support::STRUCTURE,
            Role::Members,
        )
    });
    collect(tables.meetings.as_ref(), &mut found, |row| {
        let reference = row
            .support
            .value()
            .filter(|name| season.index.support(name.key).is_none());
        let mut unknown = one(reference, meeting::SUPPORT, Role::Supports);
        unknown.extend(unknown_persons(season, row.persons(), meeting::PERSONS));
        unknown
    });
    collect(tables.workshops.as_ref(), &mut found, |row| {
        unknown_persons(season, row.leaders(), workshop::LEADERS)
    });
    collect(tables.registrations.as_ref(), &mut found, |row| {
        let reference = row
            .workshop
            .value()
            .filter(|name| season.index.workshop(name.key).is_none());
        one(reference, registration::WORKSHOP, Role::Workshops)
    });
    collect(tables.evaluations.as_ref(), &mut found, |row| {
        let reference = row
            .support
            .value()
            .filter(|name| season.index.support(name.key).is_none());
        one(reference, evaluation::SUPPORT, Role::Supports)
    });
    found
}

fn collect<'a, T: Row>(
    table: Option<&'a Table<T>>,
    found: &mut Vec<RowWithUnknown<'a>>,
    unknown: impl Fn(&'a T) -> Vec<Reference<'a>>,
) {
    for (index, row) in table.into_iter().flat_map(Table::all) {
        let unknown = unknown(row);
        if !unknown.is_empty() {
            let row = RowRef {
                role: T::ROLE,
                index,
            };
            found.push(RowWithUnknown { row, unknown });
        }
    }
}

fn one(name: Option<&Name>, column: Column, role: Role) -> Vec<Reference<'_>> {
    name.map(|name| Reference { name, column, role })
        .into_iter()
        .collect()
}

fn unknown_persons<'a>(season: &Season, names: &'a [Name], column: Column) -> Vec<Reference<'a>> {
    names
        .iter()
        .filter(|name| season.index.person(name.key).is_none())
        .map(|name| Reference {
            name,
            column,
            role: Role::ResourcePersons,
        })
        .collect()
}

/// The structure of a support that is not in Adhérents.
pub fn unlisted_structure<'a>(season: &Season, support: &'a Support) -> Option<&'a Name> {
    support
        .structure
        .value()
        .filter(|name| !membership::is_listed(season, name.key))
}

/// The structure of a support, when it stands in Adhérents.
pub fn listed_structure<'a>(season: &Season, support: &'a Support) -> Option<&'a Name> {
    support
        .structure
        .value()
        .filter(|name| membership::is_listed(season, name.key))
}

/// The structure of a resource person of type membre that is not in Adhérents.
pub fn unlisted_home<'a>(season: &Season, person: &'a ResourcePerson) -> Option<&'a Name> {
    if !is_member_kind(person) {
        return None;
    }
    person
        .structure
        .value()
        .filter(|name| !membership::is_listed(season, name.key))
}

/// Whether the resource person is of type membre; an empty cell is membre.
pub fn is_member_kind(person: &ResourcePerson) -> bool {
    matches!(person.kind, Cell::Empty | Cell::Is(PersonKind::Member))
}

/// A structure of Proximités stands in Adhérents, or is a resource person's; where Personnes
/// ressources is absent it may be one's.
fn is_known_structure(season: &Season, name: &Name) -> bool {
    season.tables.resource_persons.is_none() || season.index.is_structure(name.key)
}

/// The support that a meeting refers to, with its row.
pub fn support_of<'a>(season: &'a Season, meeting: &Meeting) -> Option<(u32, &'a Support)> {
    let index = season.index.support(meeting.support.value()?.key)?;
    Some((index, season.tables.supports.as_ref()?.get(index)?))
}

/// The workshop that a reference leads to, with its row.
pub fn workshop_named<'a>(
    season: &'a Season,
    reference: &Cell<Name>,
) -> Option<(u32, &'a Workshop)> {
    let index = season.index.workshop(reference.value()?.key)?;
    Some((index, season.tables.workshops.as_ref()?.get(index)?))
}

/// The resource persons among these names that exist, with their rows.
pub fn persons_named<'a>(
    season: &'a Season,
    names: &'a [Name],
) -> impl Iterator<Item = (u32, &'a ResourcePerson)> {
    let table = season.tables.resource_persons.as_ref();
    names.iter().filter_map(move |name| {
        let index = season.index.person(name.key)?;
        Some((index, table?.get(index)?))
    })
}

/// Whether all of these names are resource persons.
pub fn all_known(season: &Season, names: &[Name]) -> bool {
    names
        .iter()
        .all(|name| season.index.person(name.key).is_some())
}

/// The member row at an index.
pub fn member(season: &Season, index: u32) -> Option<&Member> {
    season.tables.members.as_ref()?.get(index)
}
