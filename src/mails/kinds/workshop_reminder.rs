//! `atelier-rappel`: so many days before a workshop (`reminders.workshop_days`), to who has a seat
//! and to the workshop's leaders (programme.md §6). Only the nearest one that has fallen due; none
//! on the night of the confirmation.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::decide::WorkshopSeats;
use crate::facts::references::persons_named;
use crate::french::words::count;
use crate::mails::desk::{Desk, Letter, Posted};
use crate::mails::draft::Recipient;
use crate::mails::history::State;
use crate::mails::kind::Kind;
use crate::mails::past::base_of;
use crate::mails::registrations::{Case, Now, Registrations, planned_details};
use crate::mails::reminders;
use crate::mails::told::{LeaderTold, WorkshopTold, kept, read};
use crate::mails::words::{FeeWords, WorkshopWords, in_days};
use crate::model::fold::fold_name;
use crate::model::time::short_date;
use crate::model::workshop::Workshop;
use crate::model::{Role, RowRef, Table};

#[derive(Debug, Serialize)]
struct Context {
    workshop: WorkshopWords,
    /// `demain`, `dans 7 jours`
    when: String,
    /// To somebody who leads it; else to somebody who has a seat.
    to_leader: bool,
    fee: FeeWords,
    /// `11 personnes inscrites`, for leaders; empty for others.
    seats: String,
}

/// To who has a seat.
pub(super) fn due(desk: &mut Desk, registrations: &Registrations) {
    for case in &registrations.cases {
        if case.now == Now::Seat
            && let Some(workshop) = case.upcoming(desk.night)
        {
            remind(desk, case, workshop);
        }
    }
}

fn remind(desk: &mut Desk, case: &Case, workshop: &WorkshopTold) -> Option<()> {
    let (offset, left) = nearest(desk, workshop)?;
    let to = case.recipient(desk)?;
    // The e-mail that tells her first may await the coordinator's approval, or a server that takes it.
    if !case.knows_of_seat(desk) && !desk.announces_tonight(&case.thing(), &to.address) {
        return None;
    }
    let base = format!("{}|J-{offset}", case.identity);
    let letter = Letter {
        kind: Kind::WorkshopReminder,
        key: desk.past.key(Kind::WorkshopReminder, &base, &to.address, 0),
        rows: &case.rows(),
        announces: None,
        by_absence: false,
        why: why(workshop, left),
        told: kept(&case.told(&to, workshop)),
        context: Context {
            workshop: case.in_words(workshop),
            when: in_days(left),
            to_leader: false,
            fee: case.fee(),
            seats: String::new(),
        },
        to,
    };
    desk.remind(&case.thing(), letter);
    Some(())
}

/// To the leaders: by workshop and person, and once to those who share an address.
pub(super) fn due_to_leaders(desk: &mut Desk) {
    let tables = &desk.night.season.tables;
    for (index, workshop) in tables.workshops.iter().flat_map(Table::live) {
        remind_leaders(desk, index, workshop);
    }
}

fn remind_leaders(desk: &mut Desk, index: u32, row: &Workshop) -> Option<()> {
    let night = desk.night;
    let workshop = planned_details(night, row)?;
    let (offset, left) = nearest(desk, &workshop)?;
    let mut reminded = BTreeSet::new();
    let WorkshopSeats { taken, .. } = desk.decisions.seats.workshop(index);
    for (person, leader) in persons_named(night.season, row.leaders()) {
        let (Some(name), Some(email)) = (leader.name.value(), leader.email.value()) else {
            continue;
        };
        let told = LeaderTold {
            leader: fold_name(&name.text),
            workshop: workshop.clone(),
        };
        if reminded.contains(&email.text.to_lowercase())
            || is_reminded(desk, &workshop, offset, &email.text)
        {
            continue;
        }
        let reference = fold_name(&workshop.reference);
        let base = format!("{reference}|{}|J-{offset}", told.leader);
        let rows = [
            RowRef {
                role: Role::Workshops,
                index,
            },
            RowRef {
                role: Role::ResourcePersons,
                index: person,
            },
        ];
        let posted = desk.post(Letter {
            kind: Kind::WorkshopReminder,
            key: desk.past.key(Kind::WorkshopReminder, &base, &email.text, 0),
            to: Recipient {
                name: name.text.to_string(),
                address: email.text.to_string(),
            },
            rows: &rows,
            announces: None,
            by_absence: false,
            why: why(&workshop, left),
            told: kept(&told),
            context: Context {
                workshop: WorkshopWords::of(&workshop, row.leaders()),
                when: in_days(left),
                to_leader: true,
                fee: FeeWords::none(),
                seats: seats(taken),
            },
        });
        if posted != Posted::Held {
            reminded.insert(email.text.to_lowercase());
        }
    }
    Some(())
}

/// What a leader reads after « À ce jour ».
fn seats(taken: u32) -> String {
    match taken {
        0 => "aucune inscription".to_owned(),
        taken => count(taken as usize, "personne inscrite", "personnes inscrites"),
    }
}

/// A leader with that address was reminded of the workshop before, or will be.
fn is_reminded(desk: &Desk, workshop: &WorkshopTold, offset: u32, address: &str) -> bool {
    let reference = fold_name(&workshop.reference);
    let end = format!("|J-{offset}");
    desk.sent(Kind::WorkshopReminder, address).any(|entry| {
        let is_this_one = entry.state != State::Obsolete && base_of(&entry.key).ends_with(&end);
        let told = read::<LeaderTold>(&entry.told).filter(|_| is_this_one);
        told.is_some_and(|told| fold_name(&told.workshop.reference) == reference)
    })
}

/// The nearest reminder that has fallen due, and the days that are left.
fn nearest(desk: &Desk, workshop: &WorkshopTold) -> Option<(u32, i64)> {
    let night = desk.night;
    let offsets = &night.settings.reminders.workshop_days;
    let offset = reminders::before(workshop.date, night.today, offsets)?;
    let left = workshop.date.signed_duration_since(night.today).num_days();
    Some((offset, left))
}

fn why(workshop: &WorkshopTold, left: i64) -> String {
    format!(
        "L’atelier {} du {} a lieu {}.",
        workshop.reference,
        short_date(workshop.date),
        in_days(left)
    )
}
