//! How many messages a minute, over all connections.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// When the next message may be begun: evenly, so that no minute ever has more than its number.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Zero: no limit.
    between: TimeDelta,
    next: Option<DateTime<Utc>>,
}

impl Pace {
    /// So many a minute; 0: no limit.
    #[must_use]
    pub fn per_minute(messages: u32) -> Self {
        let minute = TimeDelta::minutes(1);
        let number = i32::try_from(messages).unwrap_or(i32::MAX);
        Self {
            between: minute.checked_div(number).unwrap_or_default(),
            next: None,
        }
    }

    /// An earlier run began one then: the minute goes on.
    pub fn go_on_from(&mut self, last: DateTime<Utc>) {
        self.next.get_or_insert(last + self.between);
    }

    /// Whether there is no limit.
    pub(super) fn is_free(&self) -> bool {
        self.between.is_zero()
    }

    /// How long to wait before the next message; zero: it may begin.
    pub(super) fn wait(&self, now: DateTime<Utc>) -> Duration {
        let wait = self.next.map_or(TimeDelta::zero(), |next| next - now);
        // A clock that was set back must not stop everything.
        wait.min(self.between).to_std().unwrap_or_default()
    }

    /// One begins.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) {
        self.next = Some(now + self.between);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta};

    use super::Pace;

    #[test]
    fn messages_are_spread_over_the_minute() {
        let now = DateTime::from_timestamp(1_610_422_200, 0).expect("an instant");
        let mut pace = Pace::per_minute(30);
        assert_eq!(pace.wait(now), Duration::ZERO);
        pace.begin(now);
        assert_eq!(pace.wait(now), Duration::from_secs(2));
        assert_eq!(
            pace.wait(now + TimeDelta::seconds(1)),
            Duration::from_secs(1)
        );
        assert_eq!(pace.wait(now + TimeDelta::seconds(9)), Duration::ZERO);
        // The time that nobody used is not made up for.
        pace.begin(now + TimeDelta::seconds(9));
        assert_eq!(
            pace.wait(now + TimeDelta::seconds(9)),
            Duration::from_secs(2)
        );
        assert_eq!(pace.wait(now - TimeDelta::days(1)), Duration::from_secs(2));
        let mut later = Pace::per_minute(30);
        later.go_on_from(now - TimeDelta::seconds(1));
        assert_eq!(later.wait(now), Duration::from_secs(1));
        let mut much_later = Pace::per_minute(30);
        much_later.go_on_from(now - TimeDelta::days(1));
        assert_eq!(much_later.wait(now), Duration::ZERO);
        let mut free = Pace::per_minute(0);
        free.go_on_from(now);
        free.begin(now);
        assert_eq!(free.wait(now), Duration::ZERO);
    }
}
