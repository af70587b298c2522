//! `adhesion-echeance`: a membership valid on D ends within `reminders.membership_days`, no later
//! one is paid, and its structure takes part in the programme: a support that isn't over, a seat at
//! a workshop to come, or a resource person of type membre; to the référent (programme.md §6).

use chrono::NaiveDate;
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::decide::SeatState;
use crate::facts::membership::{self, Known};
use crate::facts::references::{is_member_kind, workshop_named};
use crate::mails::desk::{Desk, Letter};
use crate::mails::draft::Recipient;
use crate::mails::kind::Kind;
use crate::mails::told::{MembershipTold, kept};
use crate::mails::words::euros;
use crate::model::fold::fold_name;
use crate::model::member::{Level, Member};
use crate::model::support::Support;
use crate::model::time::{long_date, short_date};
use crate::model::{Key, Role, RowRef, Table};

#[derive(Debug, Serialize)]
struct Context {
    structure: String,
    /// The last day.
    ends: String,
    /// `membre actif` or `membre coopérant`
    level: String,
    /// `300 €`: what that level costs a year, at least.
    fee: String,
}

pub(super) fn due(desk: &mut Desk) {
    let taking_part = structures_in_the_programme(desk);
    let tables = &desk.night.season.tables;
    for (index, member) in tables.members.iter().flat_map(Table::standing) {
        let structure = member.structure.value();
        if structure.is_some_and(|name| taking_part.contains(&name.key)) {
            remind(desk, index, member);
        }
    }
}

fn remind(desk: &mut Desk, index: u32, member: &Member) -> Option<()> {
    let night = desk.night;
    let (structure, contact) = (member.structure.value()?, member.contact.value()?);
    let (level, ends_on) = (member.level.get()?, member.ends_on().get()?);
    let left = ends_on.signed_duration_since(night.today).num_days();
    let is_soon = left <= i64::from(night.settings.reminders.membership_days);
    let is_valid =
        membership::row_valid_on(member, night.settings, night.today, Level::Cooperating);
    if !is_soon || is_valid != Known::Yes || is_renewed(desk, structure.key, index, ends_on) {
        return None;
    }
    let told = MembershipTold {
        structure: fold_name(&structure.text),
        ends_on,
    };
    let address = member.email.value()?.text.to_string();
    let base = format!("{}|{ends_on}", told.structure);
    let role = Role::Members;
    desk.post(Letter {
        kind: Kind::MembershipEnding,
        key: desk.past.key(Kind::MembershipEnding, &base, &address, 0),
        to: Recipient {
            name: contact.text.to_string(),
            address,
        },
        rows: &[RowRef { role, index }],
        announces: None,
        by_absence: false,
        why: format!(
            "L’adhésion « {} » prend fin le {}, et aucune autre n’est payée.",
            structure.text,
            short_date(ends_on)
        ),
        told: kept(&told),
        context: Context {
            structure: structure.text.to_string(),
            ends: long_date(ends_on),
            level: match level {
                Level::Active => "membre actif",
                Level::Cooperating => "membre coopérant",
            }
            .to_owned(),
            fee: euros(membership::fee_of(level, night.settings)),
        },
    });
    Some(())
}

/// A later membership is paid; one whose dates can't be read may be. Whoever renews before the end
/// has two rows that overlap, and the later one has DON04: she has paid all the same.
fn is_renewed(desk: &Desk, structure: Key, this: u32, ends_on: NaiveDate) -> bool {
    let rows = desk.night.season.tables.members.iter().flat_map(Table::all);
    rows.filter(|(index, _)| *index != this).any(|(_, row)| {
        let is_theirs = row
            .structure
            .value()
            .is_some_and(|name| name.key == structure);
        let ends_later = row.ends_on().get().is_none_or(|end| end > ends_on);
        is_theirs && !row.paid_on.is_empty() && ends_later
    })
}

fn structures_in_the_programme(desk: &Desk) -> FxHashSet<Key> {
    let night = desk.night;
    let tables = &night.season.tables;
    let supports = tables.supports.iter().flat_map(Table::standing);
    let mut found: FxHashSet<Key> = supports
        .map(|(_, support)| support)
        .filter(|support| Support::is_open(support))
        .filter_map(|support| support.structure.value().map(|name| name.key))
        .collect();
    let persons = tables.resource_persons.iter().flat_map(Table::standing);
    found.extend(
        persons
            .filter(|(_, person)| is_member_kind(person))
            .filter_map(|(_, person)| person.structure.value().map(|name| name.key)),
    );
    for (index, row) in tables.registrations.iter().flat_map(Table::standing) {
        if desk.decisions.seats.of(index).state != SeatState::Confirmed {
            continue;
        }
        let workshop = workshop_named(night.season, &row.workshop);
        let day = workshop.and_then(|(_, workshop)| workshop.date.get());
        let is_to_come = day.is_none_or(|day| day >= night.today);
        found.extend(
            row.structure
                .value()
                .filter(|_| is_to_come)
                .map(|name| name.key),
        );
    }
    found
}
