//! Whom no e-mail reaches, or to whom one was refused: no address, one that can't be read, one that
//! the server refused; and who was told of something that has changed since. With the telephone
//! number where Adhérents has one.

mod refused;

use std::collections::BTreeMap;

use super::mails::MailDesk;
use crate::findings::{Finding, Findings};
use crate::french::typographic;
use crate::mails::Untold;
use crate::model::column::Column;
use crate::model::{
    Cell, Key, Name, Place, Role, Row, RowRef, Season, Table, application, member, registration,
    resource_person, support,
};
use crate::programme::Programme;

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Who.
    pub name: String,
    /// Her structure.
    pub structure: String,
    /// Its telephone number; empty where none is known.
    pub phone: String,
    /// The address that the server refused; empty where none can be read.
    pub address: String,
    /// Why she has to be called, in French.
    pub why: String,
    /// What is to be done about it.
    pub cause: Cause,
    /// The sheet and the row's key.
    pub about: String,
    /// The cell to correct.
    pub place: Option<(Place, Column)>,
}

/// Why somebody has to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Her address has to be corrected.
    Address,
    /// An e-mail was refused for itself.
    Message,
    /// She was told of something that has changed since, and no e-mail says so.
    Untold,
}

/// Whom to call, in the order of the findings, then those whose address or e-mail was refused.
pub(super) fn calls(programme: &Programme, findings: &Findings, desk: &MailDesk) -> Vec<Call> {
    let season = &programme.season;
    let phones = phones(season);
    let mut calls: Vec<Call> = findings
        .iter()
        .filter_map(|finding| unreadable(season, finding, &phones))
        .collect();
    calls.extend(refused::refused(season, desk, &phones));
    let untold = desk.untold.iter();
    calls.extend(untold.map(|one| changed_since(season, one, &phones)));
    calls
}

fn changed_since(season: &Season, untold: &Untold, phones: &Phones) -> Call {
    let person = untold.row.map(|row| Person::of(season, row));
    let structure = person.as_ref().and_then(|person| person.structure);
    Call {
        phone: person
            .as_ref()
            .map_or_else(String::new, |person| person.phone(phones)),
        structure: structure.map_or_else(String::new, |name| name.text.to_string()),
        name: person.map_or_else(|| untold.name.clone(), |person| person.name),
        address: untold.address.clone(),
        why: typographic(&untold.why),
        cause: Cause::Untold,
        about: typographic(&untold.about),
        place: None,
    }
}

/// A row whose address is missing or is none.
fn unreadable(season: &Season, finding: &Finding, phones: &Phones) -> Option<Call> {
    let row = finding.row()?;
    let is_about_address =
        matches!(finding.code, "DON01" | "DON03") && finding.column == email_column(row.role);
    if !is_about_address || !is_live(season, row) {
        return None;
    }
    let person = Person::of(season, row);
    Some(Call {
        phone: person.phone(phones),
        name: person.name,
        structure: person
            .structure
            .map_or_else(String::new, |name| name.text.to_string()),
        address: String::new(),
        why: finding.message.to_string(),
        cause: Cause::Address,
        about: about(season, row),
        place: finding.column.map(|column| (finding.place, column)),
    })
}

fn about(season: &Season, row: RowRef) -> String {
    let key = season.head(row).map_or("", |head| &head.key);
    format!("{} : {key}", row.role.french())
}

/// Annulé rows wait for nothing.
fn is_live(season: &Season, row: RowRef) -> bool {
    let tables = &season.tables;
    match row.role {
        Role::Registrations => tables
            .registrations
            .as_ref()
            .is_some_and(|table| table.is_live(row.index)),
        _ => true,
    }
}

fn email_column(role: Role) -> Option<Column> {
    match role {
        Role::Members => Some(member::EMAIL),
        Role::Applications => Some(application::EMAIL),
        Role::ResourcePersons => Some(resource_person::EMAIL),
        Role::Supports => Some(support::EMAIL),
        Role::Registrations => Some(registration::EMAIL),
        Role::CommitteeMarks
        | Role::Proximities
        | Role::Meetings
        | Role::Workshops
        | Role::Evaluations => None,
    }
}

type Phones = BTreeMap<Key, String>;

/// The telephone number of each structure, the lowest row's.
fn phones(season: &Season) -> Phones {
    let rows = season.tables.members.iter().flat_map(Table::all);
    rows.filter_map(|(_, row)| {
        let structure = row.structure.value()?.key;
        Some((structure, row.phone.value()?.to_string()))
    })
    .collect()
}

/// Who a row is about.
struct Person<'a> {
    name: String,
    structure: Option<&'a Name>,
}

impl<'a> Person<'a> {
    fn of(season: &'a Season, row: RowRef) -> Self {
        let tables = &season.tables;
        let (name, structure) = match row.role {
            Role::Members => Self::parts(tables.members.as_ref(), row.index, |row| {
                (name_of(&row.contact), &row.structure)
            }),
            Role::Applications => Self::parts(tables.applications.as_ref(), row.index, |row| {
                (name_of(&row.name), &row.structure)
            }),
            Role::ResourcePersons => {
                Self::parts(tables.resource_persons.as_ref(), row.index, |row| {
                    (name_of(&row.name), &row.structure)
                })
            }
            Role::Supports => Self::parts(tables.supports.as_ref(), row.index, |row| {
                (name_of(&row.beneficiary), &row.structure)
            }),
            Role::Registrations => Self::parts(tables.registrations.as_ref(), row.index, |row| {
                let name = row.name.value().map(ToString::to_string);
                (name.unwrap_or_default(), &row.structure)
            }),
            _ => (String::new(), None),
        };
        Self { name, structure }
    }

    fn parts<T: Row>(
        table: Option<&'a Table<T>>,
        index: u32,
        pick: impl FnOnce(&'a T) -> (String, &'a Cell<Name>),
    ) -> (String, Option<&'a Name>) {
        let row = table.and_then(|table| table.get(index));
        row.map_or_else(Default::default, |row| {
            let (name, structure) = pick(row);
            (name, structure.value())
        })
    }

    fn phone(&self, phones: &Phones) -> String {
        let phone = self.structure.and_then(|name| phones.get(&name.key));
        phone.cloned().unwrap_or_default()
    }
}

fn name_of(cell: &Cell<Name>) -> String {
    cell.value()
        .map_or_else(String::new, |name| name.text.to_string())
}
