//! Excel's serial numbers: days since 1899-12-30, the time of day as fraction.
//!
//! Excel takes 1900 for a leap year, so that serials below 61 are off by one; dates here begin
//! with the year 2000.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{DateKind, shortest};
use crate::model::time::short_date;

/// 2000-01-01 and 2099-12-31.
const FIRST_DAY: i64 = 36_526;
const LAST_DAY: i64 = 73_050;

const DAY_SECONDS: i64 = 86_400;
/// 1904-01-01 less 1899-12-31: what parts the two systems (ECMA-376 part 1, §18.17.4.1).
const DAYS_1904: f64 = 1_462.0;

/// The serial that a 1904 workbook's date has in the 1900 system. A time of day alone and a
/// duration have no system: they stay. A bare number in a date column counts in its workbook's
/// system too: it goes through here as a [`DateKind::DateTime`].
#[must_use]
pub fn from_1904(serial: f64, kind: DateKind) -> f64 {
    if kind == DateKind::Duration || serial < 1.0 {
        serial
    } else {
        serial + DAYS_1904
    }
}

/// The whole seconds of a serial, rounded: Excel's fractions are never exact.
pub(super) fn seconds(serial: f64) -> Option<i64> {
    let seconds = (serial * 86_400.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole, and far below 2^53: checked just before"
    )]
    (seconds.abs() < 1e12).then_some(seconds as i64)
}

/// The date and time of a serial from 2000 to 2099.
pub(super) fn date_time(serial: f64) -> Option<NaiveDateTime> {
    let seconds = seconds(serial)?;
    let day = seconds.div_euclid(DAY_SECONDS);
    if !(FIRST_DAY..=LAST_DAY).contains(&day) {
        return None;
    }
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
    origin.checked_add_signed(chrono::TimeDelta::try_seconds(seconds)?)
}

/// The time of day of a serial: its fraction. None for an elapsed time that isn't within a day.
pub(super) fn time_of_day(serial: f64, kind: DateKind) -> Option<NaiveTime> {
    if serial < 0.0 || (kind == DateKind::Duration && serial >= 1.0) {
        return None;
    }
    let of_day = seconds(serial)?.rem_euclid(DAY_SECONDS);
    NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(of_day).ok()?, 0)
}

/// The hours of a time or a duration; none for a date.
pub(super) fn hours(serial: f64, kind: DateKind) -> Option<f64> {
    if kind == DateKind::DateTime && !(0.0..1.0).contains(&serial) {
        return None;
    }
    seconds(serial).map(seconds_to_hours)
}

/// Seconds as hours.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub(super) fn seconds_to_hours(seconds: i64) -> f64 {
    seconds as f64 / 3_600.0
}

/// As ISO 8601 writes it: `2021-01-12`, `2021-01-12T14:30:00`, `14:30`; a duration `27:30`.
pub(super) fn iso(serial: f64, kind: DateKind) -> String {
    written(serial, kind, 'T', |moment| moment.date().to_string())
}

/// As the coordinator sees it: `12/01/2021`, `12/01/2021 14:30:00`, `14:30`.
pub(super) fn shown(serial: f64, kind: DateKind) -> String {
    written(serial, kind, ' ', |moment| short_date(moment.date()))
}

fn written(
    serial: f64,
    kind: DateKind,
    between: char,
    date: impl Fn(NaiveDateTime) -> String,
) -> String {
    let Some(total) = seconds(serial).filter(|seconds| *seconds >= 0) else {
        return shortest(serial);
    };
    if kind == DateKind::Duration || total < DAY_SECONDS {
        return clock(total);
    }
    match (date_time(serial), total % DAY_SECONDS) {
        (None, _) => shortest(serial),
        (Some(moment), 0) => date(moment),
        (Some(moment), _) => format!("{}{between}{}", date(moment), moment.format("%H:%M:%S")),
    }
}

fn clock(total: i64) -> String {
    let (hours, minutes, seconds) = (total / 3_600, total / 60 % 60, total % 60);
    if seconds == 0 {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }
}
