//! The rows that are about a person, what was decided for each, and what was found.

use super::{RowAnswer, event, participation};
use crate::facts::Night;
use crate::model::{Role, Row, RowRef, Season, Table};
use crate::person::Person;
use crate::plan::Verdict;
use crate::programme::Programme;

/// What is said of a row.
pub(super) type Said = Vec<String>;

/// What the statements are made from.
pub(super) struct Desk<'a> {
    pub night: Night<'a>,
    pub verdict: &'a Verdict,
}

impl<'a> Desk<'a> {
    pub fn season(&self) -> &'a Season {
        self.night.season
    }
}

pub(super) fn of(programme: &Programme, verdict: &Verdict, person: &Person) -> Vec<RowAnswer> {
    let told = crate::facts::Told::default();
    let desk = Desk {
        night: Night {
            season: &programme.season,
            settings: &programme.settings,
            today: programme.now.today,
            told: &told,
        },
        verdict,
    };
    let supports = supports_of(desk.season(), person);
    let mut answers = Vec::new();
    for role in Role::ALL {
        let rows = match role {
            Role::Members => members(&desk, person),
            Role::Applications => applications(&desk, person),
            Role::ResourcePersons => resource_persons(&desk, person),
            Role::Supports => each(desk.season().tables.supports.as_ref(), |index, row| {
                let is_hers = supports.contains(&index);
                is_hers.then(|| event::support(&desk, index, row))
            }),
            Role::Meetings => meetings(&desk, person, &supports),
            Role::Workshops => workshops(&desk, person),
            Role::Registrations => registrations(&desk, person),
            Role::CommitteeMarks | Role::Proximities | Role::Evaluations => Vec::new(),
        };
        answers.extend(rows.into_iter().map(|(row, said)| RowAnswer {
            row,
            said,
            findings: findings_of(verdict, row),
        }));
    }
    answers
}

fn findings_of(verdict: &Verdict, row: RowRef) -> Vec<String> {
    let of_row = verdict
        .findings
        .iter()
        .filter(|finding| finding.row() == Some(row));
    of_row
        .map(|finding| {
            format!(
                "{} ({}) {}",
                finding.code,
                finding.severity.french(),
                finding.message
            )
        })
        .collect()
}

fn each<T: Row>(
    table: Option<&Table<T>>,
    say: impl Fn(u32, &T) -> Option<Said>,
) -> Vec<(RowRef, Said)> {
    let rows = table.into_iter().flat_map(Table::all);
    rows.filter_map(|(index, row)| {
        let role = T::ROLE;
        Some((RowRef { role, index }, say(index, row)?))
    })
    .collect()
}

fn members(desk: &Desk, person: &Person) -> Vec<(RowRef, Said)> {
    each(desk.season().tables.members.as_ref(), |_, row| {
        let name = row.contact.value().map(|name| &*name.text);
        let is_hers = person.is_meant(name, &row.structure, &row.email);
        is_hers.then(|| participation::membership(desk, row))
    })
}

fn applications(desk: &Desk, person: &Person) -> Vec<(RowRef, Said)> {
    each(desk.season().tables.applications.as_ref(), |index, row| {
        let name = row.name.value().map(|name| &*name.text);
        let is_hers = person.is_meant(name, &row.structure, &row.email);
        is_hers.then(|| participation::application(desk, index, row))
    })
}

fn resource_persons(desk: &Desk, person: &Person) -> Vec<(RowRef, Said)> {
    each(
        desk.season().tables.resource_persons.as_ref(),
        |index, row| {
            let name = row.name.value().map(|name| &*name.text);
            let is_hers = person.is_meant(name, &row.structure, &row.email);
            is_hers.then(|| participation::resource_person(desk, index, row))
        },
    )
}

fn registrations(desk: &Desk, person: &Person) -> Vec<(RowRef, Said)> {
    each(desk.season().tables.registrations.as_ref(), |index, row| {
        let name = row.name.value().map(|name| &**name);
        let is_hers = person.is_meant(name, &row.structure, &row.email);
        is_hers.then(|| participation::registration(desk, index, row))
    })
}

fn supports_of(season: &Season, person: &Person) -> Vec<u32> {
    let supports = season.tables.supports.iter().flat_map(Table::all);
    supports
        .filter(|(_, row)| {
            let name = row.beneficiary.value().map(|name| &*name.text);
            person.is_meant(name, &row.structure, &row.email)
        })
        .map(|(index, _)| index)
        .collect()
}

fn meetings(desk: &Desk, person: &Person, supports: &[u32]) -> Vec<(RowRef, Said)> {
    let season = desk.season();
    each(season.tables.meetings.as_ref(), |_, row| {
        let support = row
            .support
            .value()
            .and_then(|name| season.index.support(name.key));
        let helps = row.persons().iter().any(|name| person.is_named(&name.text));
        let is_hers = helps || support.is_some_and(|support| supports.contains(&support));
        is_hers.then(|| event::meeting(row))
    })
}

fn workshops(desk: &Desk, person: &Person) -> Vec<(RowRef, Said)> {
    each(desk.season().tables.workshops.as_ref(), |index, row| {
        let leads = row.leaders().iter().any(|name| person.is_named(&name.text));
        leads.then(|| event::workshop_led(desk, index, row))
    })
}
