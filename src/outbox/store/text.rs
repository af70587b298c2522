//! How the ledger writes instants, days and words, and reads them again.

use std::error::Error;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::Row;
use rusqlite::types::{Type, ValueRef};
use serde_json::Value;

use crate::outbox::Moment;

/// An instant as the ledger keeps it: of one width, so that texts compare as instants do.
pub fn instant_text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A moment as the ledger keeps it.
pub struct MomentText {
    /// The instant.
    pub now: String,
    /// The local day.
    pub day: String,
}

impl From<Moment> for MomentText {
    fn from(moment: Moment) -> Self {
        Self {
            now: instant_text(moment.now),
            day: moment.day.to_string(),
        }
    }
}

/// An instant of the ledger.
pub fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    Some(instant.with_timezone(&Utc))
}

/// A day of the ledger.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

/// A value of the ledger.
pub fn parse_json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// A text of a row as what it stands for.
///
/// # Errors
/// It stands for nothing that this version knows: the ledger is damaged, and the row is not passed
/// over.
pub fn parsed<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    parse(row.get_ref(column)?.as_str()?).ok_or_else(|| {
        // Not the text itself: it may be somebody's.
        let what: Box<dyn Error + Send + Sync> = "not a value that this version knows".into();
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what)
    })
}

/// As [`parsed`], where there may be nothing.
///
/// # Errors
/// As for [`parsed`].
pub fn parsed_or_null<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => parsed(row, column, parse).map(Some),
    }
}
