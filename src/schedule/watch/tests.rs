use std::cell::{Cell, RefCell};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Attempt, Nights, World, watch};
use crate::schedule::Timetable;

const ZONE: Tz = Tz::Europe__Paris;

/// A clock that the waits move, and that may jump: asleep, or set.
struct Sky {
    now: Cell<DateTime<Utc>>,
    end: DateTime<Utc>,
    /// Once it is past the first instant, the clock shows the second.
    jumps: RefCell<Vec<(DateTime<Utc>, DateTime<Utc>)>>,
}

impl Sky {
    fn over(start: &str, end: &str, jumps: &[(&str, &str)]) -> Self {
        let mut jumps: Vec<_> = jumps.iter().map(|(from, to)| (at(from), at(to))).collect();
        jumps.reverse();
        Self {
            now: Cell::new(at(start)),
            end: at(end),
            jumps: RefCell::new(jumps),
        }
    }

    fn pass(&self, time: TimeDelta) {
        let mut now = self.now.get() + time;
        let mut jumps = self.jumps.borrow_mut();
        if let Some((_, to)) = jumps.pop_if(|(from, _)| now >= *from) {
            now = to;
        }
        self.now.set(now);
    }
}

impl World for Sky {
    fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }

    fn wait(&self, at_most: Duration) -> bool {
        assert!(
            at_most <= Duration::from_secs(30),
            "a sleep must be noticed soon"
        );
        self.pass(TimeDelta::from_std(at_most).expect("short"));
        self.jumps.borrow().is_empty() && self.now.get() >= self.end
    }
}

/// A folder of which only the dates of its runs matter.
struct Dates<'a> {
    sky: &'a Sky,
    table: Timetable,
    /// Every attempt, as local time; those that were done.
    attempts: Vec<String>,
    done: Vec<NaiveDate>,
    /// Attempts fail until then.
    broken_until: DateTime<Utc>,
    takes: TimeDelta,
    /// What was worked out last, and when: a year has a million polls.
    known: Option<(DateTime<Utc>, DateTime<Tz>)>,
}

impl<'a> Dates<'a> {
    fn new(sky: &'a Sky, line: &str, last: &str) -> Self {
        Self {
            sky,
            table: Timetable::new(line, ZONE).expect("a cron line"),
            attempts: Vec::new(),
            done: vec![last.parse().expect("a date")],
            broken_until: DateTime::<Utc>::MIN_UTC,
            takes: TimeDelta::minutes(2),
            known: None,
        }
    }
}

impl Nights for Dates<'_> {
    fn due(&mut self, now: DateTime<Utc>) -> Option<DateTime<Tz>> {
        if let Some((since, due)) = self.known
            && (since..due.to_utc()).contains(&now)
        {
            return Some(due);
        }
        let today = now.with_timezone(&ZONE).date_naive();
        let last = self.done.iter().copied().filter(|day| *day <= today).max();
        let due = self.table.next_run(last, now)?;
        self.known = Some((now, due));
        Some(due)
    }

    fn run(&mut self) -> Attempt {
        let began = self.sky.now().with_timezone(&ZONE);
        self.attempts.push(began.format("%m-%d %H:%M").to_string());
        self.sky.pass(self.takes);
        if self.sky.now() < self.broken_until {
            return Attempt::Failed;
        }
        self.done.push(began.date_naive());
        Attempt::Done
    }
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text)
        .expect("an instant")
        .to_utc()
}

#[test]
fn a_year_of_nights_has_one_run_each() {
    let sky = Sky::over("2021-01-01T12:00:00Z", "2022-01-01T12:00:00Z", &[]);
    let mut dates = Dates::new(&sky, "0 30 2 * * *", "2021-01-01");
    watch(&mut dates, &sky);
    assert_eq!(dates.attempts.len(), 365);
    let mut days = dates.done.clone();
    days.dedup();
    assert_eq!(days.len(), 366);
    let odd: Vec<&String> = dates
        .attempts
        .iter()
        .filter(|attempt| !attempt.ends_with("02:30"))
        .collect();
    assert_eq!(odd, ["03-28 03:00"]);
}

#[test]
fn what_was_missed_in_a_sleep_is_caught_up_at_wake_up() {
    // Asleep on four nights.
    let asleep = [("2021-01-10T20:00:00Z", "2021-01-14T08:00:00Z")];
    let sky = Sky::over("2021-01-09T12:00:00Z", "2021-01-15T12:00:00Z", &asleep);
    let mut dates = Dates::new(&sky, "0 30 4 * * *", "2021-01-09");
    watch(&mut dates, &sky);
    assert_eq!(
        dates.attempts,
        ["01-10 04:30", "01-14 09:00", "01-15 04:30"]
    );
}

#[test]
fn clocks_that_are_set_make_no_second_run() {
    let set = [
        // Back by an hour, just after the run; then back over midnight; then forth by three days.
        ("2021-01-10T03:40:00Z", "2021-01-10T02:40:00Z"),
        ("2021-01-10T23:05:00Z", "2021-01-10T22:30:00Z"),
        ("2021-01-11T12:00:00Z", "2021-01-14T12:00:00Z"),
        ("2021-01-14T12:30:00Z", "2021-01-11T12:30:00Z"),
    ];
    let sky = Sky::over("2021-01-09T12:00:00Z", "2021-01-13T12:00:00Z", &set);
    let mut dates = Dates::new(&sky, "0 30 4 * * *", "2021-01-09");
    watch(&mut dates, &sky);
    let expected = [
        "01-10 04:30",
        "01-11 04:30",
        "01-14 13:00",
        "01-12 04:30",
        "01-13 04:30",
    ];
    assert_eq!(dates.attempts, expected);
}

#[test]
fn a_run_over_midnight_leaves_the_next_date_its_own() {
    let sky = Sky::over("2021-01-09T12:00:00Z", "2021-01-12T12:00:00Z", &[]);
    let mut dates = Dates::new(&sky, "0 59 23 * * *", "2021-01-08");
    watch(&mut dates, &sky);
    assert_eq!(
        dates.attempts,
        ["01-09 23:59", "01-10 23:59", "01-11 23:59"]
    );
}

#[test]
fn a_night_that_fails_is_tried_again_ever_more_patiently() {
    let sky = Sky::over("2021-01-09T12:00:00Z", "2021-01-11T02:00:00Z", &[]);
    let mut dates = Dates::new(&sky, "0 30 4 * * *", "2021-01-09");
    dates.broken_until = at("2021-01-10T08:00:00Z");
    dates.takes = TimeDelta::seconds(30);
    watch(&mut dates, &sky);
    let first = [
        "01-10 04:30",
        "01-10 04:31",
        "01-10 04:32",
        "01-10 04:35",
        "01-10 04:39",
    ];
    assert_eq!(dates.attempts[..5], first);
    let last = dates.attempts.last().expect("attempts");
    assert!(
        ("01-10 09:00".."01-10 09:31").contains(&last.as_str()),
        "{last}"
    );
    assert!(dates.attempts.len() < 16, "{:?}", dates.attempts);
    assert_eq!(dates.done.len(), 2);
}

/// A folder whose ledger can't be read is always due.
struct Stuck(Vec<DateTime<Utc>>, DateTime<Utc>);

impl Nights for Stuck {
    fn due(&mut self, now: DateTime<Utc>) -> Option<DateTime<Tz>> {
        self.1 = now;
        Some(now.with_timezone(&ZONE))
    }

    fn run(&mut self) -> Attempt {
        self.0.push(self.1);
        Attempt::Done
    }
}

#[test]
fn a_night_that_is_done_and_due_all_the_same_is_not_done_at_once() {
    let sky = Sky::over("2021-01-09T12:00:00Z", "2021-01-09T14:00:00Z", &[]);
    let mut stuck = Stuck(Vec::new(), at("2021-01-09T12:00:00Z"));
    watch(&mut stuck, &sky);
    assert!((2..=5).contains(&stuck.0.len()), "{:?}", stuck.0);
}
