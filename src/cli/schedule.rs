//! `schedule`: every night by itself, as a service.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use clap::Args;
use tracing::{error, info, info_span, warn};

use super::Exit;
use super::folders::distinct;
use crate::cancel::Cancel;
use crate::clock;
use crate::config::FILE_NAME;
use crate::night::{self, Stopped, Why};
use crate::programme;
use crate::progress::Progress;
use crate::report::Form;
use crate::schedule::{Attempt, Nights, Timetable, World, watch};

#[derive(Debug, Args)]
pub(super) struct ScheduleArgs {
    /// Programme folders.
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
}

pub(super) fn run(args: &ScheduleArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    if today.is_some() {
        eprintln!("error: schedule follows the clock and takes no --today; use run");
        return Ok(Exit::BadInput);
    }
    let cancel = Cancel::new();
    cancel.on_signals()?;
    let folders = distinct(&args.dirs);
    info!(folders = folders.len(), "the service begins");
    std::thread::scope(|scope| {
        for folder in folders {
            let cancel = cancel.clone();
            scope.spawn(move || {
                let _folder = info_span!("schedule", ?folder).entered();
                let mut nights = FolderNights::new(folder, cancel.clone());
                watch(&mut nights, &Wall(cancel));
            });
        }
    });
    info!("the service ends");
    Ok(Exit::Done)
}

/// The world as it is.
struct Wall(Cancel);

impl World for Wall {
    fn now(&self) -> DateTime<Utc> {
        clock::instant()
    }

    fn wait(&self, at_most: Duration) -> bool {
        self.0.wait(at_most)
    }
}

/// The nights of one folder, as its settings and its ledger have them.
struct FolderNights<'f> {
    folder: &'f Path,
    cancel: Cancel,
    /// As the settings were when they could last be read.
    table: Option<Timetable>,
    /// The settings file as it was then: when it changes, it is read again.
    read: Option<Stamp>,
    /// The last date that had its run, as of a date.
    last: Option<(NaiveDate, Option<NaiveDate>)>,
}

/// What tells that a file was changed; none where there is none.
type Stamp = Option<(u64, SystemTime)>;

impl<'f> FolderNights<'f> {
    fn new(folder: &'f Path, cancel: Cancel) -> Self {
        Self {
            folder,
            cancel,
            table: None,
            read: None,
            last: None,
        }
    }

    fn read_settings(&mut self) {
        let file = fs::metadata(self.folder.join(FILE_NAME));
        let stamp: Stamp = file
            .ok()
            .and_then(|file| Some((file.len(), file.modified().ok()?)));
        // What could not be read may be readable now: a share that was not there yet.
        if self.table.is_some() && self.read == Some(stamp) {
            return;
        }
        let is_news = self.read != Some(stamp);
        self.read = Some(stamp);
        let problems = match programme::settings(self.folder) {
            Ok(settings) => match Timetable::of(&settings) {
                Ok(table) => {
                    info!(cron = ?settings.schedule.cron, timezone = %table.zone(), "settings are read");
                    self.table = Some(table);
                    return;
                }
                Err(error) => vec![error.to_string()],
            },
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        };
        if is_news {
            for problem in problems {
                error!(
                    ?problem,
                    "the settings can't be used; those before stay in force"
                );
            }
        }
    }

    /// The last date, up to today, that had its run. A ledger that can't be read tells none: the run
    /// that follows says what is wrong with it.
    fn last_day(&mut self, today: NaiveDate) -> Option<NaiveDate> {
        let known = self.last.filter(|(as_of, _)| *as_of == today);
        let (_, last) = known.unwrap_or_else(|| {
            let last = night::last_completed_day(self.folder, today).unwrap_or_else(|error| {
                warn!(error = ?error.to_string(), "the ledger can't be read");
                None
            });
            (today, last)
        });
        self.last = Some((today, last));
        last
    }
}

impl Nights for FolderNights<'_> {
    fn due(&mut self, now: DateTime<Utc>) -> Option<DateTime<Tz>> {
        self.read_settings();
        let table = self.table.clone()?;
        let today = now.with_timezone(&table.zone()).date_naive();
        let due = table.next_run(self.last_day(today), now)?;
        if due > now {
            return Some(due);
        }
        // Somebody may have run it by hand meanwhile.
        self.last = None;
        table.next_run(self.last_day(today), now)
    }

    fn run(&mut self) -> Attempt {
        self.last = None;
        let progress = Progress::none();
        // A fault of the program in this folder must not end the nights of the others.
        let night = catch_unwind(AssertUnwindSafe(|| {
            night::run(self.folder, None, Form::Nothing, &progress, &self.cancel)
        }));
        match night {
            Ok(Ok(_)) => Attempt::Done,
            Ok(Err(stopped)) => {
                tell(&stopped);
                Attempt::Failed
            }
            Err(_) => {
                error!("the night ended in an internal error");
                Attempt::Failed
            }
        }
    }
}

fn tell(stopped: &Stopped) {
    for problem in &stopped.problems {
        let problem = problem.to_string();
        match stopped.why {
            Why::BadInput => error!(?problem, "nothing was written or sent; it is tried again"),
            Why::CutShort => error!(?problem, "the night was cut short; it is taken up again"),
            Why::Held | Why::Cancelled => warn!(?problem, "the night is not done yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Ledger;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn due(nights: &mut FolderNights<'_>, now: &str) -> Option<String> {
        nights.due(at(now)).map(|due| due.to_rfc3339())
    }

    #[test]
    fn settings_are_read_anew_and_those_before_stand_where_they_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| fs::write(folder.path().join(FILE_NAME), text).unwrap();
        write("schedule.cron = \"0 0 5 * * *\"\n");
        let mut nights = FolderNights::new(folder.path(), Cancel::new());
        let now = "2021-01-12T12:00:00Z";
        let five = Some("2021-01-12T05:00:00+01:00".to_owned());
        assert_eq!(due(&mut nights, now), five);
        write("schedule.cron = \"every night\"\n");
        assert_eq!(due(&mut nights, now), five);
        write("schedule.cron = \"0 0 23 * * *\" # later\n");
        assert_eq!(
            due(&mut nights, now),
            Some("2021-01-11T23:00:00+01:00".to_owned())
        );
    }

    #[test]
    fn a_run_by_hand_is_a_run() {
        let folder = tempfile::tempdir().unwrap();
        let mut nights = FolderNights::new(folder.path(), Cancel::new());
        assert_eq!(
            due(&mut nights, "2021-01-12T12:00:00Z").unwrap(),
            "2021-01-12T04:30:00+01:00"
        );
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let moment = crate::outbox::Moment {
            now: at("2021-01-12T12:00:10Z"),
            day: "2021-01-12".parse().unwrap(),
        };
        let run = ledger.begin_run(moment).unwrap();
        ledger.end_run(run, moment, &serde_json::json!({})).unwrap();
        drop(ledger);
        assert_eq!(
            due(&mut nights, "2021-01-12T12:00:30Z").unwrap(),
            "2021-01-13T04:30:00+01:00"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let later = folder.path().join("share");
        let mut nights = FolderNights::new(&later, Cancel::new());
        assert_eq!(due(&mut nights, "2021-01-12T12:00:00Z"), None);
        fs::create_dir(&later).unwrap();
        assert!(due(&mut nights, "2021-01-12T12:00:00Z").is_some());
    }
}
