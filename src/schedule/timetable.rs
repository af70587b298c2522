//! A cron line in a time zone, one run a local date at most.

use std::str::FromStr;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::config::Settings;

/// Why a cron line can't be used. Settings that were read hold none of these.
#[derive(Debug, thiserror::Error)]
#[error("{line:?} is not a cron line: {source}")]
pub struct LineError {
    line: String,
    #[source]
    source: cron::error::Error,
}

/// When the runs of a programme folder fall due.
#[derive(Debug, Clone)]
pub struct Timetable {
    line: cron::Schedule,
    zone: Tz,
}

/// Dates in a row that have no due instant although the line names them: a time zone skips one date
/// at most (Samoa, 30 December 2011).
const SKIPPED_DATES: usize = 8;

/// The longest piece of local time that a time zone skips is a day.
const LONGEST_GAP_MINUTES: i64 = 24 * 60;

impl Timetable {
    /// The runs that a cron line (seconds first) names in a time zone.
    ///
    /// # Errors
    /// It is not a cron line.
    pub fn new(line: &str, zone: Tz) -> Result<Self, LineError> {
        let parsed = cron::Schedule::from_str(line).map_err(|source| LineError {
            line: line.to_owned(),
            source,
        })?;
        Ok(Self { line: parsed, zone })
    }

    /// The runs that the settings ask for: `schedule.cron` in `programme.timezone`.
    ///
    /// # Errors
    /// See [`Timetable::new`].
    pub fn of(settings: &Settings) -> Result<Self, LineError> {
        Self::new(&settings.schedule.cron, settings.programme.timezone)
    }

    /// The time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The instant at which the next run falls due, or fell due where it was missed: who sees that
    /// it is over runs at once, and several missed dates make one run. None where the line names no
    /// further date.
    ///
    /// `last` is the last local date, up to today's, that had its run. A later one counts as none:
    /// a clock was wrong, and what it did then must not take a night away. Without any, the latest
    /// date that the line names was missed: a folder that was never run is due.
    #[must_use]
    pub fn next_run(&self, last: Option<NaiveDate>, now: DateTime<Utc>) -> Option<DateTime<Tz>> {
        let today = now.with_timezone(&self.zone).date_naive();
        match last.filter(|last| *last <= today) {
            Some(last) => self.first_after(last),
            None => self
                .latest_until(now)
                .or_else(|| self.first_after(today.pred_opt()?)),
        }
    }

    /// How many times the line names on a date, at most two being counted: only the first is run.
    #[must_use]
    pub fn has_several_times(&self, day: NaiveDate) -> bool {
        let Some(before) = end_of(day.pred_opt()) else {
            return false;
        };
        let of_day = |fire: &DateTime<Utc>| fire.date_naive() == day;
        self.line.after(&before).take(2).filter(of_day).count() == 2
    }

    /// The first due instant of a date after `day`.
    fn first_after(&self, day: NaiveDate) -> Option<DateTime<Tz>> {
        let mut day = day;
        for _ in 0..SKIPPED_DATES {
            // The line is read in UTC as if that were local time: there, every time exists once.
            let fire = self.line.after(&end_of(Some(day))?).next()?.naive_utc();
            match self.instant(fire) {
                Some(due) => return Some(due),
                None => day = fire.date(),
            }
        }
        None
    }

    /// The due instant of the latest date that is not after `now`.
    fn latest_until(&self, now: DateTime<Utc>) -> Option<DateTime<Tz>> {
        let local = now.with_timezone(&self.zone).date_naive();
        let mut before = local.succ_opt()?;
        for _ in 0..SKIPPED_DATES {
            let start = before.and_hms_opt(0, 0, 0)?.and_utc();
            let day = self.line.after(&start).next_back()?.date_naive();
            let first = self.line.after(&end_of(day.pred_opt())?).next()?;
            match self.instant(first.naive_utc()) {
                Some(due) if due <= now => return Some(due),
                _ => before = day,
            }
        }
        None
    }

    /// The instant of a local time: the earlier one where it comes twice. Where it is skipped, the
    /// moment after the gap, or before it if the gap ends in another date; none where the whole date
    /// is skipped.
    fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Tz>> {
        match self.zone.from_local_datetime(&local) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant),
            LocalResult::None => self
                .beside_gap(local, 1)
                .or_else(|| self.beside_gap(local, -1)),
        }
    }

    fn beside_gap(&self, local: NaiveDateTime, step: i64) -> Option<DateTime<Tz>> {
        (1..=LONGEST_GAP_MINUTES)
            .map(|minutes| local + TimeDelta::minutes(step * minutes))
            .take_while(|moment| moment.date() == local.date())
            .find_map(|moment| self.zone.from_local_datetime(&moment).earliest())
    }
}

/// The last second of a date, in UTC.
fn end_of(day: Option<NaiveDate>) -> Option<DateTime<Utc>> {
    Some(day?.and_hms_opt(23, 59, 59)?.and_utc())
}

#[cfg(test)]
mod tests;
