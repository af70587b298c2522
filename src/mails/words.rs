//! What templates are given: texts that are ready to read, never null. An empty text says that
//! there is none.

use chrono::NaiveTime;
use serde::Serialize;
use serde_json::Value;

use crate::config::{Settings, TimeRange};
use crate::french::words;
use crate::model::Name;
use crate::model::time::{HalfDay, Slot, hour, long_date};

use super::draft::Recipient;
use super::message::clipped;
use super::told::{MeetingTold, WorkshopTold};

/// What every template may use.
#[derive(Debug, Serialize)]
pub(super) struct Common {
    programme: Programme,
    coordinator: Coordinator,
    to: To,
}

#[derive(Debug, Serialize)]
struct Programme {
    name: String,
    session: String,
}

#[derive(Debug, Serialize)]
struct Coordinator {
    name: String,
    email: String,
    /// A line each.
    signature: Vec<String>,
}

#[derive(Debug, Serialize)]
struct To {
    name: String,
}

impl Common {
    pub fn of(settings: &Settings, to: &Recipient) -> Self {
        // Answers go to Reply-To: the address that the e-mail names is the same one.
        let email = settings.reply_to().map(|mailbox| mailbox.email);
        let signature = settings.coordinator.signature.lines().map(str::trim);
        Self {
            programme: Programme {
                name: settings.programme.name.clone(),
                session: settings.programme.session.clone(),
            },
            coordinator: Coordinator {
                name: settings.coordinator.name.clone(),
                email: email.unwrap_or_default(),
                signature: signature
                    .filter(|line| !line.is_empty())
                    .map(str::to_owned)
                    .collect(),
            },
            to: To {
                name: to.name.clone(),
            },
        }
    }
}

/// A workshop in words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct WorkshopWords {
    reference: String,
    title: String,
    /// `jeudi 28 janvier 2021`
    date: String,
    /// `matin`
    slot: String,
    /// `de 9 h 30 à 13 h`
    hours: String,
    place: String,
    /// `Anna Roux et Paul Vidal`; empty where the workshop's row is gone.
    leaders: String,
}

impl WorkshopWords {
    pub fn of(workshop: &WorkshopTold, leaders: &[Name]) -> Self {
        Self {
            reference: workshop.reference.clone(),
            title: workshop.title.clone(),
            date: long_date(workshop.date),
            slot: workshop.slot.clone(),
            hours: hours(workshop.starts, workshop.ends),
            place: workshop.place.clone(),
            leaders: enumeration(leaders.iter().map(|name| &*name.text)),
        }
    }
}

/// A meeting in words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct MeetingWords {
    date: String,
    half_day: String,
    hours: String,
    place: String,
    /// The resource persons.
    persons: String,
    beneficiary: String,
}

impl MeetingWords {
    pub fn of(meeting: &MeetingTold, settings: &Settings) -> Self {
        let range = HalfDay::words()
            .get(&meeting.half_day)
            .map(|half| hours_of(half.into(), settings));
        Self {
            date: long_date(meeting.date),
            half_day: meeting.half_day.clone(),
            hours: range.map_or_else(String::new, |(starts, ends)| hours(starts, Some(ends))),
            place: meeting.place.clone(),
            persons: enumeration(meeting.persons_shown.iter().map(String::as_str)),
            beneficiary: meeting.beneficiary.clone(),
        }
    }
}

/// What a seat costs, in words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FeeWords {
    /// `18 €`: what is left; empty: nothing.
    pub amount: String,
    /// A part of what was due has been paid.
    pub partly_paid: bool,
    /// Nothing is due, since the structure is a member.
    pub member: bool,
    /// All that was due has been paid.
    pub settled: bool,
}

impl FeeWords {
    /// Nothing to say of a fee.
    pub fn none() -> Self {
        Self {
            amount: String::new(),
            partly_paid: false,
            member: false,
            settled: false,
        }
    }
}

/// `de 9 h 30 à 13 h`, `à partir de 18 h`
fn hours(starts: NaiveTime, ends: Option<NaiveTime>) -> String {
    match ends {
        Some(ends) => format!("de {} à {}", hour(starts), hour(ends)),
        None => format!("à partir de {}", hour(starts)),
    }
}

/// The usual hours of a part of the day.
pub(super) fn hours_of(slot: Slot, settings: &Settings) -> (NaiveTime, NaiveTime) {
    let TimeRange { start, end } = match slot {
        Slot::Morning => settings.workshops.morning,
        Slot::Afternoon => settings.workshops.afternoon,
        Slot::Day => TimeRange {
            start: settings.workshops.morning.start,
            end: settings.workshops.afternoon.end,
        },
    };
    (start, end)
}

/// `Anna Roux, Paul Vidal et Zoé Martin`
pub(super) fn enumeration<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} et {last}", others.join(", ")),
    }
}

/// `18 €`, with a no-break space.
pub(super) fn euros(value: f64) -> String {
    crate::french::typographic(&words::euros(value))
}

/// `dans 7 jours`, `demain`, `aujourd’hui`
pub(super) fn in_days(days: i64) -> String {
    match days {
        0 => "aujourd’hui".to_owned(),
        1 => "demain".to_owned(),
        days => format!("dans {days} jours"),
    }
}

/// Excel takes 32,767 characters in a cell, and a mail program cuts a message off after 100 kB: a
/// whole page pasted into a title is cut instead.
const LONGEST_TEXT: usize = 500;

pub(super) fn clip(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => *text = clipped(text, LONGEST_TEXT),
        Value::Array(items) => items.iter_mut().for_each(clip),
        Value::Object(fields) => fields.values_mut().for_each(clip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_enumerated() {
        assert_eq!(enumeration([].into_iter()), "");
        assert_eq!(enumeration(["a"].into_iter()), "a");
        assert_eq!(enumeration(["a", "b", "c"].into_iter()), "a, b et c");
    }

    #[test]
    fn hours_have_a_start_and_mostly_an_end() {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        assert_eq!(hours(at(9), Some(at(13))), "de 9\u{a0}h à 13\u{a0}h");
        assert_eq!(hours(at(18), None), "à partir de 18\u{a0}h");
    }
}
