//! The clock, the time zone, and the runs.

use std::path::Path;

use chrono::{Datelike, Months};

use super::Check;
use crate::clock::Now;
use crate::config::Settings;
use crate::outbox::{Ledger, LedgerError, Run};
use crate::schedule::Timetable;

/// A clock that shows an earlier year was never set: the program is younger.
const FIRST_YEAR: i32 = 2020;

/// Dates of the workbooks end here (programme.md §2).
const LAST_YEAR: i32 = 2099;

/// A programme is over, with its evaluation, this long after its end.
const MONTHS_AFTER_THE_END: u32 = 6;

pub(super) fn look(folder: &Path, settings: &Settings, now: &Now) -> Vec<Check> {
    let last = Ledger::read_only(folder).and_then(|ledger| last_runs(ledger.as_ref()));
    let (last_run, last_day) = match last {
        Ok(last) => last,
        Err(error) => return vec![clock(settings, now, None), unreadable(&error)],
    };
    vec![
        clock(settings, now, last_run.as_ref()),
        next_run(settings, now, last_run.as_ref(), last_day.as_ref()),
    ]
}

/// The run that began last, and the one that ended last.
fn last_runs(ledger: Option<&Ledger>) -> Result<(Option<Run>, Option<Run>), LedgerError> {
    let Some(ledger) = ledger else {
        return Ok((None, None));
    };
    Ok((ledger.last_run()?, ledger.last_completed_run()?))
}

fn clock(settings: &Settings, now: &Now, last_run: Option<&Run>) -> Check {
    const TOPIC: &str = "clock";
    let zone = settings.programme.timezone;
    let shown = now.instant.format("%Y-%m-%d %H:%M");
    let set = "set the computer's date and time, and let it take them from the network";
    if !(FIRST_YEAR..=LAST_YEAR).contains(&now.today.year()) {
        return Check::repair(TOPIC, format!("the clock shows {shown} ({zone})"), set);
    }
    if let Some(run) = last_run.filter(|run| run.day > now.today) {
        let message = format!(
            "the last run is of {}, which is in the future: the clock shows {shown} ({zone}), or it was \
             wrong then; nothing is sent without approval",
            run.day
        );
        let remedy = format!("{set}; if it is right now, the next run puts it in order");
        return Check::repair(TOPIC, message, remedy);
    }
    let end = settings.programme.end();
    let over = end.checked_add_months(Months::new(MONTHS_AFTER_THE_END));
    if over.is_some_and(|over| now.today > over) {
        return Check::advice(
            TOPIC,
            format!("it is {shown} ({zone}); the programme ended on {end}"),
            "if this is a new session, give its programme.start; if it is over, end the service",
        );
    }
    Check::ok(TOPIC, format!("it is {shown} in {zone}"))
}

fn next_run(
    settings: &Settings,
    now: &Now,
    last_run: Option<&Run>,
    completed: Option<&Run>,
) -> Check {
    const TOPIC: &str = "runs";
    if completed.is_none() && last_run.is_some() {
        return Check::advice(
            TOPIC,
            "no run came to its end yet",
            "run it by hand and see what it says: `peer-culture run DIR`",
        );
    }
    let day = completed.map(|run| run.day);
    let next = Timetable::of(settings)
        .ok()
        .and_then(|table| table.next_run(day, now.instant.to_utc()));
    let next = next.map_or_else(
        || "none, as schedule.cron has it".to_owned(),
        |next| next.format("%Y-%m-%d %H:%M").to_string(),
    );
    let last = day.map_or_else(|| "never".to_owned(), |day| day.to_string());
    Check::ok(TOPIC, format!("last: {last}; next due: {next}"))
}

fn unreadable(error: &LedgerError) -> Check {
    Check::repair(
        "ledger",
        error.to_string(),
        "nothing is sent until it can be read: put back .peer-culture from a backup, or, where it \
         only belongs to somebody else, give it to the account that runs the program",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;
    use crate::outbox::Moment;

    fn now(day: &str) -> Now {
        Now::new(chrono_tz::Europe::Paris, Some(day.parse().unwrap()))
    }

    fn verdicts(folder: &Path, day: &str) -> Vec<(&'static str, Verdict)> {
        let checks = look(folder, &Settings::default(), &now(day));
        checks
            .iter()
            .map(|check| (check.topic, check.verdict))
            .collect()
    }

    #[test]
    fn clocks_that_cannot_be_right_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let expected = [("clock", Verdict::Ok), ("runs", Verdict::Ok)];
        assert_eq!(verdicts(path, "2021-01-12"), expected);
        assert_eq!(verdicts(path, "1970-01-01")[0].1, Verdict::Repair);
        assert_eq!(verdicts(path, "2022-05-01")[0].1, Verdict::Ok);
        assert_eq!(verdicts(path, "2022-05-02")[0].1, Verdict::Advice);
    }

    #[test]
    fn a_run_in_the_future_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let moment = Moment {
            now: now("2021-01-13").instant.to_utc(),
            day: "2021-01-13".parse().unwrap(),
        };
        ledger.begin_run(moment).unwrap();
        drop(ledger);
        let expected = [("clock", Verdict::Repair), ("runs", Verdict::Advice)];
        assert_eq!(verdicts(folder.path(), "2021-01-12"), expected);
        assert_eq!(verdicts(folder.path(), "2021-01-13")[0].1, Verdict::Ok);
    }
}
