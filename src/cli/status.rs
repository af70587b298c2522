//! `status`: when each folder was last run, and whether a run is overdue; changes nothing.

use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::Args;
use serde::Serialize;

use super::folders::Summary;
use super::output::{Printer, Stdout};
use super::{Exit, Folders};
use crate::clock::Now;
use crate::config::Settings;
use crate::outbox::{Holder, Ledger, LedgerError, Run, RunLock};
use crate::programme;
use crate::schedule::Timetable;
use crate::sheets::{InputProblem, ProblemCode};

/// A run that holds the folder for longer than this hangs.
const LONGEST_RUN: TimeDelta = TimeDelta::days(1);

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    folders: Folders,
}

pub(super) fn run(args: &StatusArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders
        .each_unread(Summary::Hidden, |folder, printer, progress| {
            let read = read(folder, today);
            progress.end();
            tell(folder, read, printer)
        })
}

fn tell(
    folder: &Path,
    read: Result<(Settings, Status), Vec<InputProblem>>,
    printer: &mut Printer<Stdout>,
) -> anyhow::Result<Exit> {
    let (settings, status) = match read {
        Ok(read) => read,
        Err(problems) => {
            printer.print_problems(folder, &problems)?;
            return Ok(Exit::BadInput);
        }
    };
    let name = &settings.programme.name;
    let view = View {
        programme: name,
        folder: folder.display().to_string(),
        status: &status,
    };
    printer.print(
        |out| write(out, &format!("{name} ({})", folder.display()), &status),
        &view,
    )?;
    Ok(if status.overdue {
        Exit::Blocking
    } else {
        Exit::Done
    })
}

/// What `status --format json` prints for one folder.
#[derive(Serialize)]
struct View<'a> {
    programme: &'a str,
    folder: String,
    #[serde(flatten)]
    status: &'a Status,
}

/// How a folder's nights stand.
#[derive(Debug, Serialize)]
struct Status {
    /// The instant that this is about.
    as_of: DateTime<Tz>,
    /// The last run that was done to its end.
    last_completed_run: Option<RunView>,
    /// The last run, where it was not done to its end: under way, or cut off.
    unfinished_run: Option<RunView>,
    /// The run that holds the folder now.
    running: Option<HolderView>,
    /// When the next run falls due, or fell due.
    next_due: Option<DateTime<Tz>>,
    /// It is later than its time and the grace.
    overdue: bool,
}

#[derive(Debug, Serialize)]
struct RunView {
    day: NaiveDate,
    started: DateTime<Tz>,
    ended: Option<DateTime<Tz>>,
    counts: Option<serde_json::Value>,
}

#[derive(Debug, Serialize)]
struct HolderView {
    process: u32,
    started: DateTime<Tz>,
}

fn read(folder: &Path, today: Option<NaiveDate>) -> Result<(Settings, Status), Vec<InputProblem>> {
    let settings = programme::settings(folder)?;
    let table = Timetable::of(&settings).map_err(|error| {
        vec![InputProblem::new(
            ProblemCode::BadSettings,
            error.to_string(),
        )]
    })?;
    let now = Now::new(settings.programme.timezone, today);
    // Asked before the ledger is read: a run that ends in between is then seen in it.
    let holder = RunLock::holder(folder);
    let runs = Runs::read(folder, now.today).map_err(|error| {
        vec![InputProblem::new(
            ProblemCode::UnusableLedger,
            error.to_string(),
        )]
    })?;
    let status = Status::new(&settings, &table, now.instant, runs, holder);
    Ok((settings, status))
}

/// What the ledger knows of a folder's runs.
#[derive(Debug, Default)]
struct Runs {
    last: Option<Run>,
    completed: Option<Run>,
    last_day: Option<NaiveDate>,
}

impl Runs {
    fn read(folder: &Path, today: NaiveDate) -> Result<Self, LedgerError> {
        let Some(ledger) = Ledger::read_only(folder)? else {
            return Ok(Self::default());
        };
        Ok(Self {
            last: ledger.last_run()?,
            completed: ledger.last_completed_run()?,
            last_day: ledger.last_completed_day(today)?,
        })
    }
}

impl Status {
    fn new(
        settings: &Settings,
        table: &Timetable,
        now: DateTime<Tz>,
        runs: Runs,
        holder: Option<Holder>,
    ) -> Self {
        let zone = settings.programme.timezone;
        let utc = now.to_utc();
        let next_due = table.next_run(runs.last_day, utc);
        let grace = TimeDelta::hours(settings.schedule.grace_hours.into());
        let works = |holder: &Holder| utc.signed_duration_since(holder.started) <= LONGEST_RUN;
        let is_late = next_due.is_some_and(|due| utc.signed_duration_since(due) > grace);
        let local = |instant: DateTime<Utc>| instant.with_timezone(&zone);
        let view = |run: Run| RunView {
            day: run.day,
            started: local(run.started),
            ended: run.ended.map(local),
            counts: run.counts,
        };
        Self {
            as_of: now,
            overdue: is_late && !holder.as_ref().is_some_and(works),
            unfinished_run: runs.last.filter(|run| run.ended.is_none()).map(view),
            last_completed_run: runs.completed.map(view),
            running: holder.map(|holder| HolderView {
                process: holder.process,
                started: local(holder.started),
            }),
            next_due,
        }
    }
}

fn write(out: &mut impl Write, title: &str, status: &Status) -> io::Result<()> {
    writeln!(out, "{title}")?;
    match &status.last_completed_run {
        Some(run) => writeln!(
            out,
            "  last run done: {} ({}){}",
            run.day,
            moment(run.started),
            counts(run)
        )?,
        None => writeln!(out, "  last run done: never")?,
    }
    match (&status.running, &status.unfinished_run) {
        (Some(holder), _) => writeln!(
            out,
            "  under way:     process {}, since {}",
            holder.process,
            moment(holder.started)
        )?,
        (None, Some(run)) => writeln!(
            out,
            "  cut off:       the run of {} ({}); the next one does the rest",
            run.day,
            moment(run.started)
        )?,
        (None, None) => {}
    }
    match status.next_due {
        Some(due) => writeln!(out, "  next run due:  {}", moment(due))?,
        None => writeln!(out, "  next run due:  never, as schedule.cron has it")?,
    }
    if status.overdue {
        writeln!(
            out,
            "  OVERDUE: see that the computer was on and the service or task is set; \
             `peer-culture doctor` looks for the cause"
        )?;
    }
    Ok(())
}

fn moment(instant: DateTime<Tz>) -> String {
    instant.format("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// « : accepted 54, planned 0 »
fn counts(run: &RunView) -> String {
    let Some(serde_json::Value::Object(counts)) = &run.counts else {
        return String::new();
    };
    let counts: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{state} {count}"))
        .collect();
    if counts.is_empty() {
        return ": no e-mails".to_owned();
    }
    format!(": {}", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn status(last: Option<&str>, running_since: Option<&str>, now: &str) -> Status {
        let settings = Settings::default();
        let table = Timetable::of(&settings).unwrap();
        let runs = Runs {
            last_day: last.map(|day| day.parse().unwrap()),
            ..Runs::default()
        };
        let holder = running_since.map(|since| Holder {
            process: 7,
            started: at(since),
        });
        let now = at(now).with_timezone(&settings.programme.timezone);
        Status::new(&settings, &table, now, runs, holder)
    }

    #[test]
    fn a_run_is_overdue_after_its_grace() {
        let last = Some("2021-01-11");
        assert!(!status(last, None, "2021-01-12T06:30:00Z").overdue);
        assert!(status(last, None, "2021-01-12T06:30:01Z").overdue);
        assert!(!status(Some("2021-01-12"), None, "2021-01-12T20:00:00Z").overdue);
        assert!(status(None, None, "2021-01-12T08:00:00Z").overdue);
    }

    #[test]
    fn a_run_that_is_under_way_is_not_overdue_unless_it_hangs() {
        let last = Some("2021-01-11");
        let since = Some("2021-01-12T03:30:00Z");
        assert!(!status(last, since, "2021-01-12T20:00:00Z").overdue);
        assert!(status(last, since, "2021-01-13T03:30:01Z").overdue);
    }
}
