//! What an e-mail told, as the ledger keeps it and as later nights read it.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::fold::fold_name;
use crate::model::time::Slot;

/// What was told about a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MeetingTold {
    /// The support's reference, folded.
    pub support: String,
    /// The resource persons, folded, in order.
    pub persons: Vec<String>,
    /// The day.
    pub date: NaiveDate,
    /// `matin` or `après-midi`.
    pub half_day: String,
    /// Where; empty: to be told.
    pub place: String,
    /// Her name, for the day when her row is gone.
    pub name: String,
    /// She is the beneficiary; else a resource person.
    #[serde(default)]
    pub to_beneficiary: bool,
    /// The beneficiary's name, likewise.
    pub beneficiary: String,
    /// The resource persons' names, likewise.
    pub persons_shown: Vec<String>,
    /// The identity of the meeting that this one replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The identity of the meeting whose row is gone and that this one seems to replace, told to
    /// somebody who never heard of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<String>,
    /// The identity under which the meeting was first told to this address, however often it was
    /// moved since; with the number of the occasion where another meeting had it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl MeetingTold {
    /// Support and persons: what a moved meeting keeps.
    pub fn pair(&self) -> String {
        format!("{}|{}", self.support, self.persons.join("+"))
    }

    /// What a meeting is known by: its key of programme.md §3.
    pub fn identity(&self) -> String {
        format!("{}|{}|{}", self.pair(), self.date, self.half_day)
    }

    /// On the same half-day.
    pub fn is_at_time_of(&self, other: &Self) -> bool {
        (self.date, &self.half_day) == (other.date, &other.half_day)
    }

    /// What the meeting stays known by when it is moved. Ledgers of earlier versions have no
    /// origin: there a move leads one step back.
    pub fn thing(&self) -> String {
        let known = self.origin.as_ref().or(self.from.as_ref());
        known.map_or_else(|| self.identity(), Clone::clone)
    }

    /// The identity and the place.
    pub fn values(&self) -> String {
        format!("{}|{}", self.identity(), fold_name(&self.place))
    }

    /// Whether the place is another one. A place that was taken away is no new place.
    pub fn has_new_place(&self, now: &Self) -> bool {
        is_new_place(&self.place, &now.place)
    }
}

fn is_new_place(told: &str, now: &str) -> bool {
    !now.is_empty() && fold_name(told) != fold_name(now)
}

/// What was told about a workshop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WorkshopTold {
    /// The reference as typed.
    pub reference: String,
    /// The title.
    pub title: String,
    /// The day.
    pub date: NaiveDate,
    /// `matin`, `après-midi` or `journée`.
    pub slot: String,
    /// When it starts, as typed or by the settings.
    pub starts: NaiveTime,
    /// When it ends; none where the typed start is after the settings' end.
    pub ends: Option<NaiveTime>,
    /// Where; empty: to be told.
    pub place: String,
}

impl WorkshopTold {
    /// The values whose change is told (programme.md §6, `atelier-modification`).
    pub fn values(&self) -> String {
        let ends = self.ends.map(|at| at.to_string()).unwrap_or_default();
        format!(
            "{}|{}|{}-{ends}|{}",
            self.date,
            fold_name(&self.slot),
            self.starts,
            fold_name(&self.place)
        )
    }

    /// How many half-days it takes; one where its word is none of today's.
    pub fn half_days(&self) -> u32 {
        Slot::words().get(&self.slot).map_or(1, Slot::half_days)
    }

    /// Whether the day, half-day, hours or place are others.
    pub fn differs_from(&self, now: &Self) -> bool {
        let same_time = (self.date, &self.slot, self.starts, self.ends)
            == (now.date, &now.slot, now.starts, now.ends);
        !same_time || self.has_new_place(now)
    }

    /// Whether the place is another one. A place that was taken away is no new place.
    pub fn has_new_place(&self, now: &Self) -> bool {
        is_new_place(&self.place, &now.place)
    }
}

/// What was told about a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SeatLetterTold {
    /// `Registration::identity`.
    pub registration: String,
    /// Her name, for the day when her row is gone.
    pub name: String,
    /// The workshop as it was then.
    pub workshop: WorkshopTold,
}

/// What was told about an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InterviewTold {
    /// The support's reference, folded.
    pub support: String,
    /// When.
    pub at: NaiveDateTime,
}

/// What was told about an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DecisionTold {
    /// Structure and address.
    pub application: String,
    /// `retenue`, `liste d’attente` or `refusée`.
    pub decision: String,
}

/// What was told to or about a support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SupportTold {
    /// The support's reference, folded.
    pub support: String,
}

/// What a reminder before a workshop told its leader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LeaderTold {
    /// The resource person, folded.
    pub leader: String,
    /// The workshop as it was then.
    pub workshop: WorkshopTold,
}

/// What was told about a membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MembershipTold {
    /// The structure, folded.
    pub structure: String,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// As the ledger keeps it.
pub(super) fn kept<T: Serialize>(told: &T) -> Value {
    // These structures have nothing that JSON can't hold: text keys, no maps.
    serde_json::to_value(told).unwrap_or_default()
}

/// As it was kept; nothing where a person was forgotten or the ledger is of another version.
pub(super) fn read<T: for<'a> Deserialize<'a>>(told: &Value) -> Option<T> {
    T::deserialize(told).ok()
}
