//! Days, times of day, time zones and cron lines.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime};
use chrono_tz::{TZ_VARIANTS, Tz};
use toml::de::DeValue;

use super::super::reader::Kind;
use super::super::report::{Given, Report};
use super::texts::proposal;
use crate::config::TimeRange;

/// A TOML local date from 2000 to 2099, as dates in the workbooks are (`programme.md` §2).
pub(in super::super) struct Day;

impl Kind for Day {
    type Value = NaiveDate;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<NaiveDate> {
        let day = given.value.get_ref().as_datetime().and_then(|moment| {
            if moment.time.is_some() || moment.offset.is_some() {
                return None;
            }
            let date = moment
                .date
                .filter(|date| (2000..=2099).contains(&date.year))?;
            NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
        });
        let expected = "a date from 2000 to 2099 such as 2020-11-01, without quotes or time";
        report.accept(given, &expected, day)
    }
}

/// Two times of day, `["09:30", "13:00"]`, the first before the second.
pub(in super::super) struct TimeSpan;

impl Kind for TimeSpan {
    type Value = TimeRange;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<TimeRange> {
        let texts = given.value.get_ref().as_array().map(|array| {
            array
                .iter()
                .map(|item| item.get_ref().as_str().and_then(time_of_day))
                .collect::<Vec<_>>()
        });
        let range = match texts.as_deref() {
            Some(&[Some(start), Some(end)]) if start < end => Some(TimeRange { start, end }),
            _ => None,
        };
        let expected =
            "two times of day, the first before the second, such as [\"09:30\", \"13:00\"]";
        report.accept(given, &expected, range)
    }
}

/// `09:30`: two digits, a colon, two digits.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    if text.len() != 5 {
        return None;
    }
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// A name of the IANA time zone database, as it is spelt there.
pub(in super::super) struct Zone;

impl Kind for Zone {
    type Value = Tz;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<Tz> {
        let expected = "a time zone such as \"Europe/Paris\"";
        let DeValue::String(name) = given.value.get_ref() else {
            return report.accept(given, &expected, None);
        };
        if let Ok(zone) = name.parse() {
            return Some(zone);
        }
        let found = report.found(given.value);
        let near = proposal(name, TZ_VARIANTS.iter().map(|zone| zone.name()));
        let message = format!("{} must be {expected}, found {found}{near}", given.path);
        report.problem(Some(given.line), message);
        None
    }
}

/// A cron line of six fields (seconds first) or seven (years last) that comes at least once.
pub(in super::super) struct CronLine;

impl Kind for CronLine {
    type Value = String;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<String> {
        let text = given.value.get_ref().as_str().map(str::trim);
        let line = text.filter(|text| comes(text)).map(str::to_owned);
        let expected = "a cron line of 6 or 7 fields, seconds first, such as \"0 30 4 * * *\"";
        report.accept(given, &expected, line)
    }
}

/// Whether a cron line is one and has an instant after 2000: `0 0 0 30 2 *` never comes.
fn comes(line: &str) -> bool {
    if !(6..=7).contains(&line.split_whitespace().count()) {
        return false;
    }
    let Ok(schedule) = cron::Schedule::from_str(line) else {
        return false;
    };
    let year_2000 = DateTime::from_timestamp(946_684_800, 0);
    year_2000.is_some_and(|start| schedule.after(&start).next().is_some())
}
