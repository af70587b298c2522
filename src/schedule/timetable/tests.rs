use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::Timetable;

/// Zones with every kind of clock change: at night, at midnight, by half an hour, by two hours,
/// forth over a date's end, a date that never was, and none at all.
const ZONES: [Tz; 12] = [
    Tz::Europe__Paris,
    Tz::America__St_Johns,
    Tz::America__Sao_Paulo,
    Tz::America__Nuuk,
    Tz::Africa__Cairo,
    Tz::Asia__Beirut,
    Tz::Pacific__Apia,
    Tz::Australia__Lord_Howe,
    Tz::Antarctica__Troll,
    Tz::Pacific__Chatham,
    Tz::Asia__Kathmandu,
    Tz::UTC,
];

fn paris(line: &str) -> Timetable {
    Timetable::new(line, Tz::Europe__Paris).expect("a cron line")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text)
        .expect("an instant")
        .to_utc()
}

#[track_caller]
fn next(table: &Timetable, last: Option<&str>, now: &str) -> String {
    let next = table.next_run(last.map(day), at(now));
    next.map_or_else(|| "never".to_owned(), |next| next.to_rfc3339())
}

#[test]
fn a_night_has_its_run_and_the_next_follows() {
    let table = paris("0 30 4 * * *");
    let last = Some("2021-01-11");
    let due = "2021-01-12T04:30:00+01:00";
    assert_eq!(next(&table, last, "2021-01-11T22:00:00Z"), due);
    assert_eq!(next(&table, last, "2021-01-12T03:29:59Z"), due);
    assert_eq!(next(&table, last, "2021-01-12T03:30:00Z"), due);
    let done = Some("2021-01-12");
    assert_eq!(
        next(&table, done, "2021-01-12T03:31:00Z"),
        "2021-01-13T04:30:00+01:00"
    );
}

#[test]
fn the_spring_night_is_not_skipped() {
    let table = paris("0 30 2 * * *");
    // 02:30 doesn't exist; the clock goes from 02:00 to 03:00.
    let due = "2021-03-28T03:00:00+02:00";
    assert_eq!(
        next(&table, Some("2021-03-27"), "2021-03-27T23:00:00Z"),
        due
    );
    assert_eq!(
        next(&table, Some("2021-03-28"), "2021-03-28T01:00:01Z"),
        "2021-03-29T02:30:00+02:00"
    );
}

#[test]
fn the_autumn_night_has_one_run() {
    let table = paris("0 30 2 * * *");
    // 02:30 comes twice: at 00:30 and at 01:30 UTC.
    assert_eq!(
        next(&table, Some("2021-10-30"), "2021-10-30T22:00:00Z"),
        "2021-10-31T02:30:00+02:00"
    );
    for later in ["2021-10-31T00:30:01Z", "2021-10-31T01:30:00Z"] {
        assert_eq!(
            next(&table, Some("2021-10-31"), later),
            "2021-11-01T02:30:00+01:00"
        );
    }
}

#[test]
fn missed_nights_are_one() {
    let table = paris("0 30 4 * * *");
    // Asleep from the 10th to the 14th.
    let due = next(&table, Some("2021-01-10"), "2021-01-14T08:00:00Z");
    assert_eq!(due, "2021-01-11T04:30:00+01:00");
    let after = next(&table, Some("2021-01-14"), "2021-01-14T08:00:30Z");
    assert_eq!(after, "2021-01-15T04:30:00+01:00");
}

#[test]
fn a_run_belongs_to_the_date_on_which_it_began() {
    let table = paris("0 59 23 * * *");
    // Begun on the 12th at 23:59, ended on the 13th: the 13th still has its own.
    assert_eq!(
        next(&table, Some("2021-01-12"), "2021-01-12T23:10:00Z"),
        "2021-01-13T23:59:00+01:00"
    );
}

#[test]
fn a_folder_that_was_never_run_is_due() {
    let table = paris("0 30 4 * * MON");
    // The 12th is a Tuesday.
    assert_eq!(
        next(&table, None, "2021-01-12T08:00:00Z"),
        "2021-01-11T04:30:00+01:00"
    );
    assert_eq!(
        next(&table, None, "2021-01-11T03:00:00Z"),
        "2021-01-04T04:30:00+01:00"
    );
    // And one whose line begins later is not.
    let later = paris("0 30 4 * * * 2030");
    assert_eq!(
        next(&later, None, "2021-01-12T08:00:00Z"),
        "2030-01-01T04:30:00+01:00"
    );
    assert_eq!(
        next(&later, Some("2030-12-31"), "2031-01-12T08:00:00Z"),
        "never"
    );
}

#[test]
fn a_clock_that_was_set_back_over_midnight_makes_no_second_run() {
    let table = paris("0 0 0 * * *");
    // The 13th had its run at midnight, then the clock went back to the 12th for ten seconds.
    let (before, after) = ("2021-01-12T22:59:50Z", "2021-01-12T23:00:00Z");
    assert_eq!(
        next(&table, Some("2021-01-12"), before),
        "2021-01-13T00:00:00+01:00"
    );
    assert_eq!(
        next(&table, Some("2021-01-13"), after),
        "2021-01-14T00:00:00+01:00"
    );
}

#[test]
fn a_run_in_the_far_future_came_from_a_wrong_clock() {
    let table = paris("0 30 4 * * *");
    assert_eq!(
        next(&table, Some("2099-01-01"), "2021-01-12T08:00:00Z"),
        "2021-01-12T04:30:00+01:00"
    );
}

#[test]
fn a_time_at_the_end_of_a_date_that_is_skipped_comes_before_the_gap() {
    // In Greenland the clock goes from Saturday 23:00 to Sunday 00:00.
    let table = Timetable::new("0 30 23 * * *", Tz::America__Nuuk).expect("a cron line");
    let due = next(&table, Some("2024-03-29"), "2024-03-30T12:00:00Z");
    assert_eq!(due, "2024-03-30T22:59:00-02:00");
}

#[test]
fn a_date_that_never_was_has_no_run() {
    let table = Timetable::new("0 30 4 * * *", Tz::Pacific__Apia).expect("a cron line");
    assert_eq!(
        next(&table, Some("2011-12-29"), "2011-12-29T20:00:00Z"),
        "2011-12-31T04:30:00+14:00"
    );
}

#[test]
fn several_times_a_day_are_told() {
    let twice = paris("0 30 4,16 * * MON");
    assert!(twice.has_several_times(day("2021-01-11")));
    assert!(!twice.has_several_times(day("2021-01-12")));
    assert!(!paris("0 30 4 * * *").has_several_times(day("2021-01-12")));
}

fn lines() -> impl Strategy<Value = String> {
    let days = prop_oneof![
        6 => Just("* * *"),
        1 => Just("* * MON-FRI"),
        1 => Just("1,15 * *"),
        1 => Just("29 2 *"),
        1 => Just("31 * SUN"),
    ];
    (0..60u32, 0..60u32, 0..24u32, days)
        .prop_map(|(second, minute, hour, days)| format!("{second} {minute} {hour} {days}"))
}

fn scenes() -> impl Strategy<Value = (String, Tz, NaiveDate)> {
    let zones = prop::sample::select(&ZONES[..]);
    (lines(), zones, 0..20_000u64).prop_map(|(line, zone, days)| {
        let start = NaiveDate::from_ymd_opt(1990, 1, 1).expect("a date");
        (line, zone, start + Days::new(days))
    })
}

/// Whether the line names the date, said by the crate's own `includes` for the line's one time.
fn names(table: &Timetable, line: &str, date: NaiveDate) -> bool {
    let mut fields = line.split(' ').map(|field| field.parse().unwrap_or(0));
    let mut field = || fields.next().unwrap_or(0);
    let (second, minute, hour) = (field(), field(), field());
    let time = date.and_hms_opt(hour, minute, second).expect("a time");
    table.line.includes(time.and_utc())
}

fn exists(zone: Tz, date: NaiveDate) -> bool {
    let table = Timetable::new("0 0 12 * * *", zone).expect("a cron line");
    table
        .instant(date.and_hms_opt(12, 0, 0).expect("noon"))
        .is_some()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Two years of a machine that never sleeps: each date that the line names has one run, on
    /// that date, and no other has.
    #[test]
    fn every_date_has_its_run(scene in scenes()) {
        let (line, zone, start) = scene;
        let table = Timetable::new(&line, zone).expect("a cron line");
        let mut last = start;
        let mut now = start.and_hms_opt(12, 0, 0).expect("noon").and_utc();
        let end = start + Days::new(730);
        let mut date = start.succ_opt().expect("a date");
        while let Some(due) = table.next_run(Some(last), now) {
            let ran = due.date_naive();
            prop_assert!(ran > last);
            while date < ran && date < end {
                prop_assert!(!names(&table, &line, date) || !exists(zone, date), "{date} has no run");
                date = date.succ_opt().expect("a date");
            }
            if ran >= end {
                break;
            }
            prop_assert!(names(&table, &line, ran));
            date = ran.succ_opt().expect("a date");
            last = ran;
            // A run takes up to some hours.
            now = now.max(due.to_utc()) + TimeDelta::seconds(i64::from(due.second()) * 300 + 1);
        }
    }

    /// A machine that sleeps and a clock that is set, forwards and backwards: no date has two runs,
    /// and after each step a missed run is due at once.
    #[test]
    fn no_date_has_two(
        scene in scenes(),
        steps in prop::collection::vec((-3 * 86_400..20 * 86_400i64, 0..5u8), 1..200),
    ) {
        let (line, zone, start) = scene;
        let table = Timetable::new(&line, zone).expect("a cron line");
        let mut now = start.and_hms_opt(12, 0, 0).expect("noon").and_utc();
        let mut ran: Vec<NaiveDate> = Vec::new();
        for (step, hours) in steps {
            now += TimeDelta::seconds(step);
            let today = now.with_timezone(&zone).date_naive();
            // As the ledger tells it.
            let last = ran.iter().copied().filter(|day| *day <= today).max();
            let due = table.next_run(last, now);
            if due.is_some_and(|due| due <= now) {
                prop_assert!(!ran.contains(&today), "{today} has two runs");
                ran.push(today);
                let last = Some(today);
                let later = now + TimeDelta::hours(i64::from(hours));
                let same_date = later.with_timezone(&zone).date_naive() == today;
                let due = table.next_run(last, later);
                prop_assert!(!same_date || due.is_none_or(|due| due > later));
            } else if let (Some(last), Some(due)) = (last, due) {
                // Nothing that the line names was left out meanwhile.
                let mut date = last.succ_opt().expect("a date");
                while date < today && date < due.date_naive() {
                    prop_assert!(!names(&table, &line, date) || !exists(zone, date));
                    date = date.succ_opt().expect("a date");
                }
            }
        }
    }
}
