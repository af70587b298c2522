//! The only file that reads the clock.

use std::io;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The hour at which a run that was given a day pretends to take place: the usual hour of the night.
const NIGHT: (u32, u32) = (4, 30);

/// When a run takes place.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The day in the programme's time zone: D of programme.md §4.
    pub today: NaiveDate,
    /// The instant, in the programme's time zone.
    pub instant: DateTime<Tz>,
}

impl Now {
    /// The present, or the night of the day that was asked for.
    pub fn new(timezone: Tz, today: Option<NaiveDate>) -> Self {
        let instant = match today {
            None => instant().with_timezone(&timezone),
            Some(day) => night_of(timezone, day),
        };
        Self {
            today: today.unwrap_or(instant.date_naive()),
            instant,
        }
    }
}

/// The present instant, for who waits for the next night.
pub fn instant() -> DateTime<Utc> {
    Utc::now()
}

/// How long ago a file's moment was; none where it lies in the future.
pub fn age(moment: SystemTime) -> Option<Duration> {
    moment.elapsed().ok()
}

fn night_of(timezone: Tz, day: NaiveDate) -> DateTime<Tz> {
    let time = NaiveTime::from_hms_opt(NIGHT.0, NIGHT.1, 0).unwrap_or_default();
    let local = day.and_time(time);
    // Where a time zone skips that hour, the same clock time in UTC serves as well.
    timezone
        .from_local_datetime(&local)
        .earliest()
        .unwrap_or_else(|| timezone.from_utc_datetime(&local))
}

/// The time as a run goes on: a run that waits for a mail server notes when things really happened,
/// and keeps its day past midnight. It never goes back, whatever somebody does to the clock.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    began: Now,
    at: Instant,
}

impl Running {
    /// From the run's own moment on.
    #[must_use]
    pub fn from(began: Now) -> Self {
        Self {
            began,
            at: Instant::now(),
        }
    }

    /// The day of the run, and the instant that it has come to.
    #[must_use]
    pub fn now(&self) -> Now {
        let passed = TimeDelta::from_std(self.at.elapsed()).unwrap_or_default();
        Now {
            today: self.began.today,
            instant: self.began.instant + passed,
        }
    }
}

/// When something must be over.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// So long from now.
    #[must_use]
    pub fn after(duration: Duration) -> Self {
        Self(Instant::now().checked_add(duration))
    }

    /// How long is left.
    ///
    /// # Errors
    /// Nothing is: the time is out.
    pub fn left(&self) -> io::Result<Duration> {
        let Some(end) = self.0 else {
            return Ok(Duration::MAX);
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(left)
    }

    /// Whether it lies in the past.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.left().is_err()
    }
}

/// How long something takes.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// From now on.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// So far.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_was_asked_for_is_the_same_instant_every_time() {
        let day = NaiveDate::from_ymd_opt(2021, 1, 12).unwrap();
        let now = Now::new(chrono_tz::Europe::Paris, Some(day));
        assert_eq!(now.today, day);
        assert_eq!(now.instant.to_rfc3339(), "2021-01-12T04:30:00+01:00");
    }

    #[test]
    fn a_run_goes_on_from_its_own_moment_and_keeps_its_day() {
        let day = NaiveDate::from_ymd_opt(2021, 1, 12).unwrap();
        let began = Now::new(chrono_tz::Europe::Paris, Some(day));
        let running = Running::from(began);
        let (first, second) = (running.now(), running.now());
        assert!(began.instant <= first.instant && first.instant <= second.instant);
        assert_eq!(second.today, day);
    }

    #[test]
    fn a_deadline_passes() {
        assert!(Deadline::after(Duration::ZERO).has_passed());
        let far = Deadline::after(Duration::from_hours(1));
        assert!(!far.has_passed());
        assert!(far.left().unwrap() > Duration::from_mins(59));
        assert!(!Deadline::after(Duration::MAX).has_passed());
    }

    #[test]
    fn the_spring_night_has_its_instant_too() {
        let day = NaiveDate::from_ymd_opt(2021, 3, 28).unwrap();
        let now = Now::new(chrono_tz::Europe::Paris, Some(day));
        assert_eq!(now.instant.to_rfc3339(), "2021-03-28T04:30:00+02:00");
    }
}
