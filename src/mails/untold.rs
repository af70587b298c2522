//! Who was told of something that has changed since, and gets no e-mail about it: programme.md §6 has
//! none for a leader whose workshop is moved or annulé, for an interview that is no longer to take
//! place, nor for a beneficiary in whose place another meets. The coordinator is told whom to call (hazards.md: "nobody told of a change of date").

use std::collections::BTreeMap;

use crate::facts::Night;
use crate::facts::references::persons_named;
use crate::model::email::Email;
use crate::model::fold::fold_name;
use crate::model::support::{Status, Support};
use crate::model::time::{hour, short_date};
use crate::model::workshop::Workshop;
use crate::model::{Cell, Key, Role, Row, RowRef};

use super::history::{Aside, Entry, History};
use super::kind::Kind;
use super::meetings::{Meetings, takes_part};
use super::past::Past;
use super::registrations::details;
use super::told::{InterviewTold, LeaderTold, MeetingTold, read};

/// Somebody who believes what no longer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Her row, where she has one.
    pub row: Option<RowRef>,
    /// Her name as it was told, where that is known.
    pub name: String,
    /// Her address, in lower case.
    pub address: String,
    /// What she was told and what holds, in French with plain spaces.
    pub why: String,
    /// The sheet and what it is about there.
    pub about: String,
}

/// Those for whom it is still to come, by address.
#[must_use]
pub fn untold(night: &Night, history: &History) -> Vec<Untold> {
    let mut all: Vec<Untold> = leaders(night, history);
    all.extend(interviews(night, history));
    all.extend(beneficiaries(night, history));
    all.sort_by(|a, b| (&a.address, &a.about).cmp(&(&b.address, &b.about)));
    all
}

fn told(history: &History, kind: Kind) -> impl Iterator<Item = &Entry> {
    let entries = history.entries().iter();
    entries.filter(move |entry| entry.kind == kind && entry.was_told())
}

/// The latest that each was told of each workshop.
fn leaders(night: &Night, history: &History) -> Vec<Untold> {
    // By name: a corrected address is the same leader's.
    let mut latest: BTreeMap<(String, String), (&str, LeaderTold)> = BTreeMap::new();
    for entry in told(history, Kind::WorkshopReminder) {
        if let Some(told) = read::<LeaderTold>(&entry.told) {
            let reference = fold_name(&told.workshop.reference);
            latest.insert((told.leader.clone(), reference), (&entry.address, told));
        }
    }
    let to_come = latest
        .into_iter()
        .filter(|(_, (_, told))| told.workshop.date >= night.today);
    to_come
        .filter_map(|((_, reference), (address, told))| {
            let table = night.season.tables.workshops.as_ref()?;
            let found = key_of(night, &reference).and_then(|key| night.season.index.workshop(key));
            let now = match found.and_then(|index| table.get(index)) {
                None => "l’atelier n’a plus de ligne".to_owned(),
                Some(workshop) => what_became_of(night, workshop, &told, address)?,
            };
            let before = &told.workshop;
            Some(Untold {
                row: person_of(night, address),
                name: String::new(),
                address: address.to_owned(),
                why: format!(
                    "Le rappel de l’atelier lui a donné le {} ({}{}) ; {now}. Aucun courriel ne le lui dit.",
                    short_date(before.date),
                    before.slot,
                    at(&before.place)
                ),
                about: format!("Ateliers : {}", before.reference),
            })
        })
        .collect()
}

/// None where it is as it was told, or can't be read.
fn what_became_of(
    night: &Night,
    workshop: &Workshop,
    told: &LeaderTold,
    address: &str,
) -> Option<String> {
    if workshop.is_cancelled() {
        return Some("l’atelier est annulé".to_owned());
    }
    let now = details(night, workshop)?;
    if told.workshop.differs_from(&now) {
        return Some(format!(
            "il a lieu le {} ({}, {}{})",
            short_date(now.date),
            now.slot,
            hour(now.starts),
            at(&now.place)
        ));
    }
    let leaders = workshop.leaders.value()?;
    let is_named = leaders
        .items
        .iter()
        .any(|name| fold_name(&name.text) == told.leader);
    let mut named = persons_named(night.season, workshop.leaders());
    let is_one = is_named || named.any(|(_, person)| has_address(&person.email, address));
    (!is_one && !leaders.bad).then(|| "son nom n’y figure plus".to_owned())
}

/// `, MJC Roguet`; nothing where the place is not known.
fn at(place: &str) -> String {
    if place.is_empty() {
        return String::new();
    }
    format!(", {place}")
}

fn has_address(cell: &Cell<Email>, address: &str) -> bool {
    let email = cell.value();
    email.is_some_and(|email| email.text.to_lowercase() == address)
}

fn interviews(night: &Night, history: &History) -> Vec<Untold> {
    let mut latest: BTreeMap<(&str, String), InterviewTold> = BTreeMap::new();
    for entry in told(history, Kind::InterviewConfirmation) {
        if let Some(told) = read::<InterviewTold>(&entry.told) {
            latest.insert((&entry.address, told.support.clone()), told);
        }
    }
    let to_come = latest
        .into_iter()
        .filter(|(_, told)| told.at.date() >= night.today);
    to_come
        .filter_map(|((address, reference), told)| {
            let table = night.season.tables.supports.as_ref()?;
            let found = key_of(night, &reference).and_then(|key| night.season.index.support(key));
            let row = found.and_then(|index| Some((index, table.get(index)?)));
            let now = match row {
                None => "l’accompagnement n’a plus de ligne",
                Some((_, support)) => without_interview(support)?,
            };
            let role = Role::Supports;
            // Another's name must not stand beside her address.
            let hers = row.filter(|(_, support)| has_address(&support.email, address));
            let shown = row.and_then(|(_, support)| support.reference.value());
            let shown = shown.map_or(reference, |name| name.text.to_string());
            Some(Untold {
                row: hers.map(|(index, _)| RowRef { role, index }),
                name: String::new(),
                address: address.to_owned(),
                why: format!(
                    "Son entretien lui a été annoncé pour le {} ; {now}. Aucun courriel ne le lui dit.",
                    short_date(told.at.date())
                ),
                about: format!("Accompagnements : {shown}"),
            })
        })
        .collect()
}

/// None where it has one, or that can't be read; another date is told by e-mail.
fn without_interview(support: &Support) -> Option<&'static str> {
    if support.status_is(&[Status::Finished, Status::Abandoned]) {
        return Some("l’accompagnement est terminé ou abandonné");
    }
    (support.interview == Cell::Empty).then_some("« Entretien le » est vide")
}

/// Those who were to meet and whose support is somebody else's now. Where only her address was
/// corrected she has her name still.
fn beneficiaries(night: &Night, history: &History) -> Vec<Untold> {
    let is_about = |entry: &&Entry| {
        matches!(
            entry.kind,
            Kind::MeetingConfirmation | Kind::MeetingChange | Kind::MeetingCancellation
        )
    };
    let entries = history.entries().iter().filter(is_about);
    let past = Past::without(&History::new(entries.cloned().collect()), Aside::Nothing);
    let Some(meetings) = Meetings::of(night, &past) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (identity, told_to) in meetings.told() {
        let Some(seen) = meetings
            .row(identity)
            .filter(|seen| seen.is_upcoming(night))
        else {
            continue;
        };
        let now = &seen.told.beneficiary;
        let is_another = |told: &MeetingTold| {
            told.to_beneficiary && !now.is_empty() && fold_name(&told.name) != fold_name(now)
        };
        let gone = told_to.iter().filter(|to| is_another(&to.told));
        let gone = gone.filter(|to| takes_part(night, seen.meeting, &to.address).is_none());
        all.extend(gone.map(|to| Untold {
            row: None,
            name: to.told.name.clone(),
            address: to.address.clone(),
            why: format!(
                "Le rendez-vous du {} ({}) lui a été confirmé ; l’accompagnement est maintenant celui de {now}. Aucun courriel ne le lui dit.",
                short_date(to.told.date),
                to.told.half_day
            ),
            about: format!("Rendez-vous : {}", seen.meeting.head().key),
        }));
    }
    all
}

fn key_of(night: &Night, folded: &str) -> Option<Key> {
    night.season.names.get(folded)
}

/// The resource person with that address.
fn person_of(night: &Night, address: &str) -> Option<RowRef> {
    let table = night.season.tables.resource_persons.as_ref()?;
    let mut rows = table.all();
    let found = rows.find(|(_, person)| has_address(&person.email, address));
    let role = Role::ResourcePersons;
    found.map(|(index, _)| RowRef { role, index })
}
