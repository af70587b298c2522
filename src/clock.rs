//! The only file that reads the clock.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
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
    fn the_spring_night_has_its_instant_too() {
        let day = NaiveDate::from_ymd_opt(2021, 3, 28).unwrap();
        let now = Now::new(chrono_tz::Europe::Paris, Some(day));
        assert_eq!(now.instant.to_rfc3339(), "2021-03-28T04:30:00+02:00");
    }
}
