//! VTIMEZONE (RFC 5545 §3.6.5): what the clocks of a time zone show around an event.
//!
//! Rules where the zone has them ("the last Sunday in March, every year"), found by looking at three
//! years of the time zone database; else every change of these years by itself.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone,
    Timelike, Utc, Weekday,
};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

use super::lines::Lines;

/// Two changes of a zone's clocks are further apart than that: Boa Vista's summer of 2000 lasted a
/// week.
const STEP: TimeDelta = TimeDelta::days(3);

/// A change of the clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    /// By the clocks as they were.
    local: NaiveDateTime,
    /// Seconds east of Greenwich, before and after.
    from: i32,
    to: i32,
    is_summer: bool,
    name: String,
}

/// What was found out already: a night has hundreds of events in one zone and a year or two.
static KNOWN: Mutex<BTreeMap<(&str, i32, i32), String>> = Mutex::new(BTreeMap::new());

/// Writes the time zone as it is in these years, and in the one before and after.
pub(super) fn write(lines: &mut Lines, zone: Tz, years: RangeInclusive<i32>) {
    let key = (zone.name(), *years.start(), *years.end());
    // Each entry is whole, whatever became of who held the lock.
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(text) = known().get(&key) {
        lines.append(text);
        return;
    }
    let mut found = Lines::default();
    find_out(&mut found, zone, years);
    let text = found.into_text();
    lines.append(&text);
    known().insert(key, text);
}

fn find_out(lines: &mut Lines, zone: Tz, years: RangeInclusive<i32>) {
    let window = (years.start() - 1)..=(years.end() + 1);
    let begin = first_instant(*window.start());
    let changes = changes(zone, begin, first_instant(*window.end() + 1));
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", zone.name());
    lines.raw("X-LIC-LOCATION", zone.name());
    if let Some(rules) = rules(&changes, &window) {
        for (change, rule) in rules {
            write_change(lines, change, Some(&rule));
        }
    } else {
        write_change(lines, &as_it_is(zone, begin), None);
        for change in &changes {
            write_change(lines, change, None);
        }
    }
    lines.raw("END", "VTIMEZONE");
}

fn write_change(lines: &mut Lines, change: &Change, rule: Option<&str>) {
    let component = if change.is_summer {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    lines.raw("BEGIN", component);
    lines.raw("DTSTART", &super::local(change.local));
    lines.raw("TZOFFSETFROM", &offset(change.from));
    lines.raw("TZOFFSETTO", &offset(change.to));
    lines.text("TZNAME", &change.name);
    if let Some(rule) = rule {
        lines.raw("RRULE", rule);
    }
    lines.raw("END", component);
}

/// `+0100`, with seconds where there are some (RFC 5545 §3.3.14).
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.abs();
    let (hours, minutes, rest) = (all / 3600, all / 60 % 60, all % 60);
    if rest == 0 {
        format!("{sign}{hours:02}{minutes:02}")
    } else {
        format!("{sign}{hours:02}{minutes:02}{rest:02}")
    }
}

/// What the time zone database calls a zone without letters of its own: `+04`, `+0545`.
fn numeric_name(seconds: i32) -> String {
    let whole = offset(seconds);
    whole
        .strip_suffix("00")
        .map_or(whole.clone(), str::to_owned)
}

/// 1 January, in UTC. Years of events lie within 2000 and 2099.
fn first_instant(year: i32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    day.and_time(NaiveTime::MIN).and_utc()
}

fn as_it_is(zone: Tz, at: DateTime<Utc>) -> Change {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    let seconds = offset.fix().local_minus_utc();
    let shift = TimeDelta::seconds(i64::from(seconds));
    Change {
        local: at.naive_utc() + shift,
        from: seconds,
        to: seconds,
        is_summer: !offset.dst_offset().is_zero(),
        name: offset
            .abbreviation()
            .map_or_else(|| numeric_name(seconds), str::to_owned),
    }
}

/// Every change of the clocks, in order.
fn changes(zone: Tz, begin: DateTime<Utc>, end: DateTime<Utc>) -> Vec<Change> {
    let mut found = Vec::new();
    let mut at = begin;
    let mut before = as_it_is(zone, at);
    while at < end {
        let next = (at + STEP).min(end);
        let after = as_it_is(zone, next);
        if shows_the_same(&before, &after) {
            at = next;
            continue;
        }
        let first = first_that_differs(zone, at, next);
        let now = as_it_is(zone, first);
        let shift = TimeDelta::seconds(i64::from(before.to));
        found.push(Change {
            local: first.naive_utc() + shift,
            from: before.to,
            ..now.clone()
        });
        (at, before) = (first, now);
    }
    found
}

fn shows_the_same(a: &Change, b: &Change) -> bool {
    (a.to, a.is_summer, &a.name) == (b.to, b.is_summer, &b.name)
}

/// The first second that shows something else than `at`; `next` does.
fn first_that_differs(zone: Tz, at: DateTime<Utc>, next: DateTime<Utc>) -> DateTime<Utc> {
    let old = as_it_is(zone, at);
    let (mut low, mut high) = (at, next);
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if shows_the_same(&old, &as_it_is(zone, middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The changes of the first year with the rule that each follows, where every year has the same
/// ones; none where a rule can't be seen.
fn rules<'c>(
    changes: &'c [Change],
    years: &RangeInclusive<i32>,
) -> Option<Vec<(&'c Change, String)>> {
    let of_year = |year: i32| {
        changes
            .iter()
            .filter(move |change| change.local.year() == year)
    };
    let first: Vec<&Change> = of_year(*years.start()).collect();
    if first.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for (position, change) in first.iter().enumerate() {
        let mut alike = vec![*change];
        for year in years.clone().skip(1) {
            if of_year(year).count() != first.len() {
                return None;
            }
            alike.push(of_year(year).nth(position)?);
        }
        found.push((*change, rule(&alike)?));
    }
    Some(found)
}

/// The rule that these changes, one a year, all follow.
fn rule(changes: &[&Change]) -> Option<String> {
    let (first, others) = changes.split_first()?;
    let key = |change: &Change| {
        let local = change.local;
        (
            (
                local.month(),
                local.weekday(),
                local.time().num_seconds_from_midnight(),
            ),
            (
                change.from,
                change.to,
                change.is_summer,
                change.name.clone(),
            ),
        )
    };
    if others.iter().any(|other| key(other) != key(first)) {
        return None;
    }
    let same = |of: fn(NaiveDate) -> i64| {
        let value = of(first.local.date());
        let agree = |other: &&Change| of(other.local.date()) == value;
        others.iter().all(agree).then_some(value)
    };
    let is_last = same(weeks_left) == Some(0);
    let nth = if is_last { -1 } else { same(week_of_month)? };
    let day = match first.local.weekday() {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    };
    let month = first.local.month();
    Some(format!("FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{day}"))
}

/// 1 for the first of its weekday in the month.
fn week_of_month(day: NaiveDate) -> i64 {
    i64::from(day.day0() / 7) + 1
}

/// 0 for the last of its weekday in the month.
fn weeks_left(day: NaiveDate) -> i64 {
    let later = |weeks: &u64| {
        let later = day.checked_add_days(Days::new(7 * weeks));
        later.is_some_and(|later| later.month() == day.month())
    };
    i64::try_from((1..5).take_while(later).count()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
