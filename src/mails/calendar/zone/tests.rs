use chrono::MappedLocalTime;

use super::*;

fn written(zone: Tz, year: i32) -> String {
    let mut lines = Lines::default();
    write(&mut lines, zone, year..=year);
    lines.into_text()
}

#[test]
fn paris_has_its_two_rules() {
    let wanted = "BEGIN:VTIMEZONE
TZID:Europe/Paris
X-LIC-LOCATION:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:20200329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20201025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
";
    assert_eq!(written(Tz::Europe__Paris, 2021).replace('\r', ""), wanted);
}

#[test]
fn other_rules_are_seen_too() {
    for (zone, rules) in [
        (
            Tz::America__New_York,
            &["BYMONTH=3;BYDAY=2SU", "BYMONTH=11;BYDAY=1SU"][..],
        ),
        (
            Tz::Australia__Sydney,
            &["BYMONTH=4;BYDAY=1SU", "BYMONTH=10;BYDAY=1SU"],
        ),
        (Tz::Indian__Reunion, &[]),
        (Tz::Africa__Casablanca, &[]),
        (Tz::UTC, &[]),
    ] {
        let text = written(zone, 2021);
        let found: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("RRULE:FREQ=YEARLY;"))
            .collect();
        assert_eq!(found, rules, "{zone}");
    }
}

#[test]
fn a_zone_is_called_as_the_time_zone_database_calls_it() {
    for (zone, names) in [
        (Tz::Europe__Paris, &["CEST", "CET"][..]),
        (Tz::America__Martinique, &["AST"]),
        (Tz::Indian__Reunion, &["+04"]),
        (Tz::Indian__Mayotte, &["EAT"]),
        (Tz::Pacific__Marquesas, &["-0930"]),
        (Tz::Asia__Kathmandu, &["+0545"]),
        (Tz::America__Miquelon, &["-02", "-03"]),
        (Tz::UTC, &["UTC"]),
    ] {
        let text = written(zone, 2021);
        let mut found: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("TZNAME:"))
            .collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, names, "{zone}");
    }
}

#[test]
fn a_name_made_of_the_offset_is_that_of_its_own_observance() {
    for zone in [Tz::Africa__Casablanca, Tz::America__Miquelon] {
        let text = written(zone, 2021);
        let value = |block: &str, name: &str| {
            let mut lines = block.lines();
            let found = lines.find_map(|line| line.strip_prefix(name).map(str::to_owned));
            found.unwrap()
        };
        let blocks = text.split("BEGIN:");
        for block in blocks.filter(|block| block.contains("TZNAME")) {
            let offset = value(block, "TZOFFSETTO:");
            assert_eq!(value(block, "TZNAME:"), offset[..3], "{zone}: {block}");
        }
    }
}

/// An observance, as a calendar reads it.
struct Observance {
    starts: NaiveDateTime,
    to: i32,
    /// Month, which one, and weekday in iCalendar's letters.
    rule: Option<(u32, i64, String)>,
}

impl Observance {
    /// When it began, in that year and the one before.
    fn onsets(&self, year: i32) -> Vec<NaiveDateTime> {
        let Some((month, nth, weekday)) = &self.rule else {
            return vec![self.starts];
        };
        let onset = |year| {
            let mut days: Vec<NaiveDate> = (1..=31)
                .filter_map(|day| NaiveDate::from_ymd_opt(year, *month, day))
                .filter(|day| {
                    let name = day.weekday().to_string().to_uppercase();
                    name.starts_with(weekday.as_str())
                })
                .collect();
            if *nth < 0 {
                days.reverse();
            }
            let index = usize::try_from(nth.abs() - 1).unwrap();
            days[index].and_time(self.starts.time())
        };
        let mut onsets = vec![onset(year - 1), onset(year)];
        onsets.retain(|onset| *onset >= self.starts);
        onsets
    }
}

fn read(text: &str) -> Vec<Observance> {
    let blocks = text
        .split("BEGIN:")
        .filter(|block| block.starts_with("STANDARD") || block.starts_with("DAYLIGHT"));
    blocks
        .map(|block| {
            let value = |name: &str| {
                let line = block.lines().find(|line| line.starts_with(name));
                line.map(|line| line[name.len() + 1..].to_owned())
            };
            let to = value("TZOFFSETTO").unwrap();
            let number = |range| {
                to.get(range)
                    .and_then(|text: &str| text.parse::<i32>().ok())
            };
            let seconds = number(1..3).unwrap() * 3600
                + number(3..5).unwrap() * 60
                + number(5..7).unwrap_or(0);
            Observance {
                starts: NaiveDateTime::parse_from_str(&value("DTSTART").unwrap(), "%Y%m%dT%H%M%S")
                    .unwrap(),
                to: if to.starts_with('-') {
                    -seconds
                } else {
                    seconds
                },
                rule: value("RRULE").map(|rule| {
                    let (month, day) = rule
                        .strip_prefix("FREQ=YEARLY;BYMONTH=")
                        .and_then(|rest| rest.split_once(";BYDAY="))
                        .unwrap();
                    let (nth, weekday) = day.split_at(day.len() - 2);
                    (
                        month.parse().unwrap(),
                        nth.parse().unwrap(),
                        weekday.to_owned(),
                    )
                }),
            }
        })
        .collect()
}

/// What a calendar that follows the rules makes of local times is what the time zone database says,
/// in every zone there is.
#[test]
fn every_zone_reads_as_the_database_says() {
    for zone in chrono_tz::TZ_VARIANTS {
        for year in [2000, 2021, 2026] {
            let mut onsets: Vec<(NaiveDateTime, i32)> = read(&written(zone, year))
                .iter()
                .flat_map(|one| one.onsets(year).into_iter().map(|onset| (onset, one.to)))
                .collect();
            onsets.sort_unstable();
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let mut at = first.and_hms_opt(0, 30, 0).unwrap();
            while at.year() == year {
                let expected = zone.offset_from_local_datetime(&at);
                let latest = onsets.partition_point(|(onset, _)| *onset <= at);
                assert!(latest > 0, "{zone}: nothing holds at {at}");
                let (_, found) = onsets[latest - 1];
                // An hour that comes twice or never is nobody's appointment.
                if let MappedLocalTime::Single(offset) = expected {
                    assert_eq!(found, offset.fix().local_minus_utc(), "{zone} at {at}");
                }
                at += TimeDelta::hours(13);
            }
        }
    }
}
