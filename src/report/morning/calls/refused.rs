//! Those to whom the server refused an e-mail: the address where that is what it refused, else the
//! e-mail; and the row that it is about.

use std::collections::{BTreeMap, BTreeSet};

use super::{Call, Cause, MailDesk, Person, Phones, email_column};
use crate::french::typographic;
use crate::french::words::count;
use crate::model::email::Email;
use crate::model::{Role, Row, RowRef, Season, Table};
use crate::outbox::Pending;

/// Refused e-mails whose address still stands in a sheet (one that was corrected since is nobody's
/// any more): by address and by the row that they are about.
pub(super) fn refused(season: &Season, desk: &MailDesk, phones: &Phones) -> Vec<Call> {
    if desk.refused.is_empty() {
        return Vec::new();
    }
    let wanted: BTreeSet<&str> = desk
        .refused
        .iter()
        .map(|message| message.to.address.as_str())
        .collect();
    let owners = owners(season, &wanted);
    let mut by_row: BTreeMap<(&str, Role, u32), Vec<&Pending>> = BTreeMap::new();
    for message in &desk.refused {
        let address = message.to.address.as_str();
        let rows = owners.get(address).map_or(&[][..], Vec::as_slice);
        if let Some(row) = row_of(season, message, rows) {
            let about = by_row.entry((address, row.role, row.index)).or_default();
            about.push(message);
        }
    }
    let calls = by_row
        .into_iter()
        .filter_map(|((address, role, index), messages)| {
            let is_of_address = desk.flagged.contains(address);
            call(
                season,
                phones,
                RowRef { role, index },
                &messages,
                is_of_address,
            )
        });
    calls.collect()
}

fn call(
    season: &Season,
    phones: &Phones,
    row: RowRef,
    messages: &[&Pending],
    is_of_address: bool,
) -> Option<Call> {
    let latest = messages.last()?;
    let person = Person::of(season, row);
    let number = count(messages.len(), "courriel", "courriels");
    let error = latest.last_error.as_deref().unwrap_or_default();
    let why = if is_of_address {
        format!("Adresse refusée par le serveur, pour {number} : {error}")
    } else {
        format!(
            "{number} refusé{} par le serveur, l’adresse n’est pas en cause : {error}",
            if messages.len() < 2 { "" } else { "s" }
        )
    };
    let place = season.place(row);
    let sheet = place.and_then(|place| Some((season.sheet(place.sheet)?, place.row)));
    let line = sheet.map(|(sheet, row)| format!(" ({}, ligne {row})", sheet.name));
    let about = format!(
        "{}, {}{}",
        latest.kind.french(),
        latest.subject,
        line.unwrap_or_default()
    );
    Some(Call {
        phone: person.phone(phones),
        name: person.name,
        structure: person
            .structure
            .map_or_else(String::new, |name| name.text.to_string()),
        address: latest.to.address.clone(),
        why: typographic(&why),
        cause: if is_of_address {
            Cause::Address
        } else {
            Cause::Message
        },
        about: typographic(&about),
        // Where the address is good there is nothing to correct.
        place: place.zip(email_column(row.role)).filter(|_| is_of_address),
    })
}

/// The row that a message is about, of those in which its address stands: the registration that its
/// key names, else the row that it was queued for, else the first.
fn row_of(season: &Season, message: &Pending, rows: &[RowRef]) -> Option<RowRef> {
    let is_keyed =
        |row: &&RowRef| message.kind.is_about_registration() && is_named(season, message, **row);
    let is_queued_for =
        |row: &&RowRef| message.about.is_some() && message.about == season.row_in_words(**row);
    let found = rows.iter().find(is_keyed);
    let found = found.or_else(|| rows.iter().find(is_queued_for));
    found.or(rows.first()).copied()
}

/// Whether the message's key begins with the registration's.
fn is_named(season: &Season, message: &Pending, row: RowRef) -> bool {
    let tables = &season.tables;
    if row.role != Role::Registrations {
        return false;
    }
    let registration = tables
        .registrations
        .as_ref()
        .and_then(|table| table.get(row.index));
    let identity = registration.and_then(crate::model::registration::Registration::identity);
    let rest = identity.and_then(|identity| message.key.strip_prefix(&identity).map(str::to_owned));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('|'))
}

/// The rows, by sheet, in which each of these addresses stands.
fn owners(season: &Season, wanted: &BTreeSet<&str>) -> BTreeMap<String, Vec<RowRef>> {
    let mut owners: BTreeMap<String, Vec<RowRef>> = BTreeMap::new();
    let mut note = |role: Role, index: u32, email: Option<&Email>| {
        let Some(email) = email else { return };
        let address = email.text.to_lowercase();
        if wanted.contains(address.as_str()) {
            let rows = owners.entry(address).or_default();
            rows.push(RowRef { role, index });
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
