//! Meetings as e-mails see them: which rows stand, what was told about them, which ones moved.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Night;
use crate::facts::references;
use crate::model::event_state::EventState;
use crate::model::fold::fold_name;
use crate::model::meeting::Meeting;
use crate::model::{Cell, Role, Row, RowRef};

use super::desk::Desk;
use super::draft::Recipient;
use super::kind::Kind;
use super::moves;
use super::past::Past;
use super::told::MeetingTold;

/// A meeting row that stands for its key.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub row: RowRef,
    pub meeting: &'a Meeting,
    /// What would be told of it.
    pub told: MeetingTold,
    pub identity: String,
}

impl Seen<'_> {
    /// What would be told of it to a participant.
    pub fn told_to(&self, participant: &Participant, past: &Past) -> MeetingTold {
        MeetingTold {
            name: participant.to.name.clone(),
            to_beneficiary: participant.is_beneficiary,
            origin: Some(past.origin(&self.identity, &participant.to.address)),
            ..self.told.clone()
        }
    }

    /// She knows of the meeting, where and when it takes place: a reminder of it contradicts nothing
    /// that she may believe. Where the e-mails that tell it are off, the coordinator does.
    pub fn is_known_to(&self, desk: &Desk, address: &str) -> bool {
        let key = (self.identity.clone(), address.to_lowercase());
        let Some(past) = desk.past.meetings.get(&key) else {
            return desk.is_off(Kind::MeetingConfirmation);
        };
        let told = past.told.as_ref();
        let is_elsewhere = told.is_some_and(|told| told.has_new_place(&self.told));
        let is_told = !is_elsewhere || desk.is_off(Kind::MeetingChange);
        past.belief.is_seat() && is_told && !past.is_on_its_way
    }

    /// Prévu, and its place can be read.
    pub fn is_planned(&self) -> bool {
        self.meeting.is_planned() && !self.meeting.place.is_bad()
    }

    /// Planned, on or after D.
    pub fn is_upcoming(&self, night: &Night) -> bool {
        self.is_planned() && self.told.date >= night.today
    }
}

/// Somebody who takes part in a meeting.
#[derive(Debug)]
pub(super) struct Participant {
    pub to: Recipient,
    /// The row with her address: the support for the beneficiary.
    pub row: RowRef,
    pub is_beneficiary: bool,
}

/// A meeting that was told to somebody.
#[derive(Debug, Clone)]
pub(super) struct ToldTo {
    pub address: String,
    pub told: MeetingTold,
}

/// The meetings of tonight, compared with those that were told.
#[derive(Debug)]
pub(super) struct Meetings<'a> {
    rows: BTreeMap<String, Seen<'a>>,
    told: BTreeMap<String, Vec<ToldTo>>,
    /// Told, on or after D, and their row is gone for sure.
    gone: BTreeSet<String>,
    /// Told meetings whose row is gone, each with the new row that takes its place.
    pub moves: BTreeMap<String, String>,
    /// The same, by the new row: part of those who were told may know of an earlier move.
    replaced: BTreeMap<String, Vec<String>>,
}

impl<'a> Meetings<'a> {
    /// Reads the season; none without a sheet of meetings: nothing is known then.
    pub fn of(night: &'a Night<'a>, past: &Past) -> Option<Self> {
        let table = night.season.tables.meetings.as_ref()?;
        let mut rows: BTreeMap<String, Seen<'a>> = BTreeMap::new();
        // By support, where that can be read: a season may have thousands of them.
        let mut vague: BTreeMap<Option<String>, Vec<&Meeting>> = BTreeMap::new();
        for (index, meeting) in table.all() {
            let Some(told) = told_of(night, meeting) else {
                let support = meeting.support.value();
                let support = support.map(|name| fold_name(&name.text));
                vague.entry(support).or_default().push(meeting);
                continue;
            };
            let row = RowRef {
                role: Role::Meetings,
                index,
            };
            let identity = told.identity();
            let seen = Seen {
                row,
                meeting,
                told,
                identity: identity.clone(),
            };
            // A cancelled row may stand beside a live one with its key: the live one speaks.
            let keeps = rows.get(&identity).is_some_and(|kept| {
                kept.meeting.counts() || !meeting.counts() || !table.stands(index)
            });
            if !keeps {
                rows.insert(identity, seen);
            }
        }
        let told = told_meetings(past);
        let gone = told
            .iter()
            .filter(|(identity, to)| {
                !rows.contains_key(*identity)
                    && to.iter().all(|one| {
                        one.told.date >= night.today
                            && ![None, Some(one.told.support.clone())]
                                .iter()
                                .filter_map(|support| vague.get(support))
                                .flatten()
                                .any(|row| may_be(row, &one.told))
                    })
            })
            .map(|(identity, _)| identity.clone())
            .collect();
        let mut meetings = Self {
            rows,
            told,
            gone,
            moves: BTreeMap::new(),
            replaced: BTreeMap::new(),
        };
        meetings.moves = meetings.find_moves(night, past);
        for (from, to) in &meetings.moves {
            let replaced = meetings.replaced.entry(to.clone()).or_default();
            replaced.push(from.clone());
        }
        Some(meetings)
    }

    /// Planned meetings on or after D.
    pub fn upcoming<'n>(&'n self, night: &'n Night) -> impl Iterator<Item = &'n Seen<'a>> {
        self.rows.values().filter(|seen| seen.is_upcoming(night))
    }

    /// Told meetings on or after D, with those who were told.
    pub fn told(&self) -> impl Iterator<Item = (&String, &[ToldTo])> {
        self.told.iter().map(|(key, to)| (key, to.as_slice()))
    }

    /// The row of a meeting.
    pub fn row(&self, identity: &str) -> Option<&Seen<'a>> {
        self.rows.get(identity)
    }

    /// Told, on or after D, gone, and not moved.
    pub fn vanished(&self) -> impl Iterator<Item = &String> {
        self.gone
            .iter()
            .filter(|identity| !self.moves.contains_key(*identity))
    }

    /// Whether a meeting of the support was told, on or after D, and only its row is gone.
    pub fn has_lost_one(&self, support: &str) -> bool {
        let mut vanished = self.vanished().flat_map(|identity| self.told_to(identity));
        vanished.any(|to| to.told.support == support)
    }

    /// Who was told about a meeting.
    pub fn told_to(&self, identity: &str) -> &[ToldTo] {
        self.told.get(identity).map_or(&[], Vec::as_slice)
    }

    /// Whether an address was told about the meeting, or about the one that it replaces.
    pub fn is_known_to(&self, identity: &str, address: &str) -> bool {
        let address = address.to_lowercase();
        let knows = |of: &str| self.told_to(of).iter().any(|to| to.address == address);
        knows(identity) || self.replaced_by(identity).iter().any(|from| knows(from))
    }

    /// The told meetings whose row is gone and that this one takes the place of.
    pub fn replaced_by(&self, identity: &str) -> &[String] {
        self.replaced.get(identity).map_or(&[], Vec::as_slice)
    }

    /// The planned meetings of the same support on the same half-day, with other persons: somebody
    /// was replaced or added, and it takes place.
    pub fn in_place_of(&self, told: &MeetingTold) -> impl Iterator<Item = &Seen<'a>> {
        let identity = told.identity();
        let rows = of_support(&self.rows, &told.support);
        rows.filter(move |seen| {
            let same_time = seen.told.is_at_time_of(told);
            same_time && seen.identity != identity && seen.is_planned()
        })
    }

    /// Whether the told meeting takes place for that address all the same, with other persons.
    pub fn goes_on_for(&self, night: &Night, told: &MeetingTold, address: &str) -> bool {
        self.in_place_of(told)
            .any(|seen| takes_part(night, seen.meeting, address).is_some())
    }

    /// The meeting in whose place this one stands, as it was told to that address: the support was
    /// to meet then with other persons.
    pub fn told_before(&self, seen: &Seen, address: &str) -> Option<&MeetingTold> {
        let address = address.to_lowercase();
        let told = of_support(&self.told, &seen.told.support).flatten();
        let mut told = told.filter(|to| to.address == address).map(|to| &to.told);
        told.find(|told| {
            let identity = told.identity();
            let same_time = told.is_at_time_of(&seen.told);
            same_time && identity != seen.identity && self.is_over(&identity)
        })
    }

    /// Its row is gone for sure and it was not moved, or says « annulé ».
    fn is_over(&self, identity: &str) -> bool {
        let is_vanished = self.gone.contains(identity) && !self.moves.contains_key(identity);
        let cancelled = |seen: &Seen| seen.meeting.state == Cell::Is(EventState::Cancelled);
        is_vanished || self.row(identity).is_some_and(cancelled)
    }

    /// Where the support meets at the same time with other persons, the meeting was not moved, and
    /// the row in its place is no new one.
    fn find_moves(&self, night: &Night, past: &Past) -> BTreeMap<String, String> {
        let mut going_on = BTreeSet::new();
        let mut in_place = BTreeSet::new();
        for identity in &self.gone {
            let told = self.told_to(identity).first();
            for seen in told.into_iter().flat_map(|to| self.in_place_of(&to.told)) {
                going_on.insert(identity);
                in_place.insert(&seen.identity);
            }
        }
        let gone = self.gone.iter().filter(|gone| !going_on.contains(gone));
        let planned = self.upcoming(night);
        let planned = planned.filter(|seen| !in_place.contains(&seen.identity));
        moves::find(gone, planned, &self.told, past)
    }
}

/// What is known of a support's meetings: an identity begins with the support.
fn of_support<'m, T>(
    all: &'m BTreeMap<String, T>,
    support: &str,
) -> impl Iterator<Item = &'m T> + use<'m, T> {
    let prefix = format!("{support}|");
    let from = all.range(prefix.clone()..);
    from.take_while(move |(identity, _)| identity.starts_with(&prefix))
        .map(|(_, one)| one)
}

/// By day, mornings first.
pub(super) fn order(told: &MeetingTold) -> (chrono::NaiveDate, bool) {
    (told.date, told.half_day != "matin")
}

fn told_meetings(past: &Past) -> BTreeMap<String, Vec<ToldTo>> {
    let mut all: BTreeMap<String, Vec<ToldTo>> = BTreeMap::new();
    for ((identity, address), meeting) in &past.meetings {
        if let Some(told) = &meeting.told {
            all.entry(identity.clone()).or_default().push(ToldTo {
                address: address.clone(),
                told: told.clone(),
            });
        }
    }
    all
}

/// What would be told of a row; none where a part of its key can't be read.
fn told_of(night: &Night, meeting: &Meeting) -> Option<MeetingTold> {
    let (date, half_day) = meeting.when()?;
    let list = meeting.persons.value().filter(|list| !list.bad)?;
    let mut persons: Vec<String> = list
        .items
        .iter()
        .map(|name| fold_name(&name.text))
        .collect();
    persons.sort_unstable();
    persons.dedup();
    let beneficiary = references::support_of(night.season, meeting)
        .and_then(|(_, support)| support.beneficiary.value())
        .map(|name| name.text.to_string());
    Some(MeetingTold {
        support: fold_name(&meeting.support.value()?.text),
        persons,
        date,
        half_day: half_day.french().to_owned(),
        place: text(&meeting.place),
        name: String::new(),
        to_beneficiary: false,
        beneficiary: beneficiary.unwrap_or_default(),
        persons_shown: list
            .items
            .iter()
            .map(|name| name.text.to_string())
            .collect(),
        from: None,
        joins: None,
        origin: None,
    })
}

/// Whether a row of the support, or of an unreadable one, whose key can't be read as a whole may be
/// the told meeting: then its row isn't gone for sure.
fn may_be(row: &Meeting, told: &MeetingTold) -> bool {
    let same_date = row.date.get().is_none_or(|date| date == told.date);
    let half_day = row.half_day.get();
    let same_half = half_day.is_none_or(|half| half.french() == told.half_day);
    let same_persons = row
        .persons()
        .iter()
        .all(|name| told.persons.contains(&fold_name(&name.text)));
    same_date && same_half && same_persons
}

fn text(cell: &Cell<Box<str>>) -> String {
    cell.value().map_or_else(String::new, ToString::to_string)
}

/// The beneficiary and the resource persons of a meeting, with a readable address.
pub(super) fn participants(night: &Night, meeting: &Meeting) -> Vec<Participant> {
    let mut all = Vec::new();
    if let Some((index, support)) = references::support_of(night.season, meeting)
        && let (Some(name), Some(email)) = (support.beneficiary.value(), support.email.value())
    {
        let row = RowRef {
            role: Role::Supports,
            index,
        };
        all.push(participant(&name.text, &email.text, row, true));
    }
    for (index, person) in references::persons_named(night.season, meeting.persons()) {
        if let (Some(name), Some(email)) = (person.name.value(), person.email.value()) {
            let row = RowRef {
                role: Role::ResourcePersons,
                index,
            };
            all.push(participant(&name.text, &email.text, row, false));
        }
    }
    all
}

/// Who takes part in a meeting under that address.
pub(super) fn takes_part(night: &Night, meeting: &Meeting, address: &str) -> Option<Participant> {
    let mut all = participants(night, meeting).into_iter();
    all.find(|one| one.to.address.to_lowercase() == address)
}

fn participant(name: &str, address: &str, row: RowRef, is_beneficiary: bool) -> Participant {
    Participant {
        to: Recipient {
            name: name.to_owned(),
            address: address.to_owned(),
        },
        row,
        is_beneficiary,
    }
}

/// The rows that must be sound for an e-mail about a meeting to one of its participants: the
/// meeting, her own, and the support.
pub(super) fn rows_of(night: &Night, seen: &Seen, participant: Option<RowRef>) -> Vec<RowRef> {
    let support = references::support_of(night.season, seen.meeting).map(|(index, _)| RowRef {
        role: Role::Supports,
        index,
    });
    let mut rows = vec![seen.row];
    rows.extend(participant);
    rows.extend(support);
    rows
}
