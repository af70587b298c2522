//! Memberships: valid on a day, and the latest one of a structure (programme.md §4).

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::hours::TOLERANCE;
use crate::config::Settings;
use crate::model::member::{Level, Member};
use crate::model::{Cell, Key, Season};

/// An answer that unreadable cells may leave open: a check that needs it is then not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// A cell that would decide it has a finding of its own.
    #[default]
    Unknown,
}

impl Known {
    /// Both hold; false as soon as one is known not to.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }

    /// What a cell says; an empty one does not hold.
    fn of<T: Copy>(cell: Cell<T>, holds: impl FnOnce(T) -> bool) -> Self {
        match cell {
            Cell::Is(value) => holds(value).into(),
            Cell::Empty => Self::No,
            Cell::Bad => Self::Unknown,
        }
    }
}

impl From<bool> for Known {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// What a level costs a year, in euros.
pub fn fee_of(level: Level, settings: &Settings) -> f64 {
    match level {
        Level::Active => settings.membership.active_fee,
        Level::Cooperating => settings.membership.cooperating_fee,
    }
}

/// Whether that is what a level costs, or more: a sum that a formula gives may miss it by a trifle.
pub fn covers_fee(paid: f64, level: Level, settings: &Settings) -> bool {
    paid + TOLERANCE >= fee_of(level, settings)
}

/// Whether the structure has a membership of that level, or of one that covers it, valid on the
/// day: paid, at the level's fee or more, the day between Payée le and Valable jusqu'au, both
/// included.
pub fn valid_on(
    season: &Season,
    settings: &Settings,
    structure: Key,
    day: NaiveDate,
    level: Level,
) -> Known {
    rows(season, structure)
        .map(|(_, row)| row_valid_on(row, settings, day, level))
        .fold(Known::No, Known::or)
}

/// The same of one row.
pub fn row_valid_on(row: &Member, settings: &Settings, day: NaiveDate, level: Level) -> Known {
    let paid_enough = match row.level {
        Cell::Is(paid_level) => Known::of(row.fee, |fee| covers_fee(fee, paid_level, settings)),
        Cell::Empty | Cell::Bad => Known::Unknown,
    };
    Known::of(row.paid_on, |from| from <= day)
        .and(Known::of(row.ends_on(), |to| day <= to))
        .and(Known::of(row.level, |paid_level| paid_level >= level))
        .and(paid_enough)
}

/// The structure's latest membership, by its row in Adhérents: an unpaid row is later than any paid
/// one, then the greatest Valable jusqu'au, then the lower row. None while a date that would decide
/// it can't be read; a single row is always the latest.
pub fn latest(season: &Season, structure: Key) -> Option<u32> {
    let all: Vec<(u32, &Member)> = rows(season, structure).collect();
    if let [(only, _)] = all.as_slice() {
        return Some(*only);
    }
    if all.iter().any(|(_, row)| row.paid_on.is_bad()) {
        return None;
    }
    let (unpaid, paid): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, row)| row.paid_on.is_empty());
    let deciding = if unpaid.is_empty() { paid } else { unpaid };
    if let [(only, _)] = deciding.as_slice() {
        return Some(*only);
    }
    if deciding.iter().any(|(_, row)| row.ends_on().is_bad()) {
        return None;
    }
    deciding
        .into_iter()
        .max_by_key(|(index, row)| (row.ends_on().get(), *index))
        .map(|(index, _)| index)
}

/// The structure's memberships that end last come first: for messages.
pub fn last_end(season: &Season, structure: Key) -> Option<NaiveDate> {
    rows(season, structure)
        .filter_map(|(_, row)| row.ends_on().get())
        .min_by_key(|end| Reverse(*end))
}

/// Whether the structure stands in Adhérents.
pub fn is_listed(season: &Season, structure: Key) -> bool {
    !season.index.memberships(structure).is_empty()
}

/// The standing rows of a structure.
pub fn rows(season: &Season, structure: Key) -> impl Iterator<Item = (u32, &Member)> {
    let table = season.tables.members.as_ref();
    season
        .index
        .memberships(structure)
        .iter()
        .filter_map(move |index| Some((*index, table?.get(*index)?)))
}
