//! Conflicts of interest in the committee (CAN06).

use crate::model::committee_mark::CommitteeMark;
use crate::model::{Key, Season, Table};

use super::membership;

/// Whether the committee member is a resource person or a référent of the very structure that is
/// marked; the mark is then left out of the means.
pub fn is_conflict(season: &Season, mark: &CommitteeMark) -> bool {
    let (Some(structure), Some(member)) = (mark.structure.value(), mark.committee_member.value())
    else {
        return false;
    };
    is_resource_person_of(season, member.key, structure.key)
        || is_contact_of(season, member.key, structure.key)
}

/// Whether the person is a resource person who comes from that structure.
pub fn is_resource_person_of(season: &Season, person: Key, structure: Key) -> bool {
    let persons = season.tables.resource_persons.as_ref();
    season
        .index
        .person(person)
        .and_then(|index| persons.and_then(|table: &Table<_>| table.get(index)))
        .and_then(|row| row.structure.value())
        .is_some_and(|name| name.key == structure)
}

fn is_contact_of(season: &Season, person: Key, structure: Key) -> bool {
    membership::rows(season, structure)
        .filter_map(|(_, row)| row.contact.value())
        .any(|contact| contact.key == person)
}
