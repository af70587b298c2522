//! Whom no e-mail reaches: no address, one that can't be read, one that the server refused. With
//! the telephone number where Adhérents has one.

use std::collections::{BTreeMap, BTreeSet};

use super::mails::MailDesk;
use crate::findings::{Finding, Findings};
use crate::french::typographic;
use crate::french::words::count;
use crate::model::column::Column;
use crate::model::{
    Cell, Key, Name, Place, Role, Row, RowRef, Season, Table, application, member, registration,
    resource_person, support,
};
use crate::outbox::Pending;
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
    /// The sheet and the row's key.
    pub about: String,
    /// The cell to correct.
    pub place: Option<(Place, Column)>,
}

/// Whom to call, in the order of the findings, then those whose address was refused.
pub(super) fn calls(programme: &Programme, findings: &Findings, desk: &MailDesk) -> Vec<Call> {
    let season = &programme.season;
    let phones = phones(season);
    let mut calls: Vec<Call> = findings
        .iter()
        .filter_map(|finding| unreadable(season, finding, &phones))
        .collect();
    calls.extend(refused(season, desk, &phones));
    calls
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

/// Addresses that the server refused and that still stand in a sheet: one that was corrected since
/// is nobody's any more.
fn refused(season: &Season, desk: &MailDesk, phones: &Phones) -> Vec<Call> {
    if desk.refused.is_empty() {
        return Vec::new();
    }
    let mut by_address: BTreeMap<&str, Vec<&Pending>> = BTreeMap::new();
    for message in &desk.refused {
        let messages = by_address.entry(message.to.address.as_str()).or_default();
        messages.push(message);
    }
    let wanted: BTreeSet<&str> = by_address.keys().copied().collect();
    let owners = owners(season, &wanted);
    by_address
        .into_iter()
        .filter_map(|(address, messages)| {
            let row = *owners.get(address)?;
            let person = Person::of(season, row);
            let latest = messages.last()?;
            let error = latest.last_error.as_deref().unwrap_or_default();
            let why = format!(
                "Adresse refusée par le serveur, pour {} : {error}",
                count(messages.len(), "courriel", "courriels")
            );
            Some(Call {
                phone: person.phone(phones),
                name: person.name,
                structure: person
                    .structure
                    .map_or_else(String::new, |name| name.text.to_string()),
                address: address.to_owned(),
                why: typographic(&why),
                about: format!("{}, {}", latest.kind.french(), latest.subject),
                place: season.place(row).zip(email_column(row.role)),
            })
        })
        .collect()
}

/// The first row, by sheet, in which each of these addresses stands.
fn owners(season: &Season, wanted: &BTreeSet<&str>) -> BTreeMap<String, RowRef> {
    let mut owners = BTreeMap::new();
    let mut note = |role: Role, index: u32, email: Option<&crate::model::email::Email>| {
        let Some(email) = email else { return };
        let address = email.text.to_lowercase();
        if wanted.contains(address.as_str()) {
            owners.entry(address).or_insert(RowRef { role, index });
        }
    };
    let tables = &season.tables;
    each(tables.registrations.as_ref(), |index, row| {
        note(Role::Registrations, index, row.email.value());
    });
    each(tables.supports.as_ref(), |index, row| {
        note(Role::Supports, index, row.email.value());
    });
    each(tables.applications.as_ref(), |index, row| {
        note(Role::Applications, index, row.email.value());
    });
    each(tables.resource_persons.as_ref(), |index, row| {
        note(Role::ResourcePersons, index, row.email.value());
    });
    each(tables.members.as_ref(), |index, row| {
        note(Role::Members, index, row.email.value());
    });
    owners
}

fn each<T: Row>(table: Option<&Table<T>>, mut visit: impl FnMut(u32, &T)) {
    for (index, row) in table.into_iter().flat_map(Table::standing) {
        visit(index, row);
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
