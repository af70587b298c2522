//! `forget` and `purge`: what the program keeps of a person, or has kept for long, is erased.

use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use clap::Args;
use serde::Serialize;

use super::output::{Printer, Stdout, stdout};
use super::{Exit, Folders, refuse};
use crate::apply::{self, ForgetError, Forgot, Past};
use crate::clock::Now;
use crate::outbox::Moment;
use crate::person;
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report;
use crate::sheets::{InputProblem, ProblemCode};
use crate::why;

/// hazards.md, Files: rows of the ledger leave after 12 months.
const KEPT_DAYS: u16 = 365;

#[derive(Debug, Args)]
pub(super) struct ForgetArgs {
    /// The programme folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// An e-mail address, a person's name or a structure, as in the workbooks.
    #[arg(value_name = "PERSON")]
    person: String,
    /// Do it; without, only who is meant and which rows name her is shown.
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct PurgeArgs {
    #[command(flatten)]
    folders: Folders,
    /// Erase the e-mails of runs older than this many days.
    #[arg(long, value_name = "DAYS", default_value_t = KEPT_DAYS)]
    older_than: u16,
}

pub(super) fn run(args: &ForgetArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let progress = Progress::none();
    let programme = match Programme::load(&args.dir, today, &progress) {
        Ok(programme) => programme,
        Err(problems) => return Ok(refuse(&args.dir, problems)),
    };
    let past = match Past::read(&programme) {
        Ok(past) => past,
        Err(error) => return Ok(refuse(&args.dir, [error])),
    };
    let person = match person::find(&programme.season, &past.history, args.person.trim()) {
        Ok(person) => person,
        Err(unknown) => return Ok(refuse(&args.dir, [unknown])),
    };
    let verdict = Verdict::of(&programme, &past.history);
    let rows = why::rows_of(&programme, &verdict, &person);
    let forgot = if args.yes {
        match apply::forget(&args.dir, &person, moment(&programme.now)) {
            Ok(forgot) => Some(forgot),
            Err(error) => return Ok(stop(&args.dir, &error)),
        }
    } else {
        None
    };
    let who = person.shown().join(", ");
    report::forget::write(
        &mut stdout(),
        &programme.season,
        &who,
        forgot.as_ref(),
        &rows,
    )?;
    Ok(Exit::Done)
}

/// What left, for `--format json`.
#[derive(Debug, Serialize)]
struct Purged<'p> {
    programme: &'p str,
    before: NaiveDate,
    erased: usize,
    kept: usize,
}

pub(super) fn purge(args: &PurgeArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders.each(today, |programme, printer, progress| {
        progress.end();
        purge_one(programme, args.older_than, printer)
    })
}

fn purge_one(
    programme: &Programme,
    older_than: u16,
    printer: &mut Printer<Stdout>,
) -> anyhow::Result<Exit> {
    let age = Days::new(u64::from(older_than));
    let before = programme
        .now
        .today
        .checked_sub_days(age)
        .unwrap_or_default();
    match apply::purge(&programme.folder, before, moment(&programme.now)) {
        Ok(Forgot { messages, kept, .. }) => {
            let purged = Purged {
                programme: &programme.settings.programme.name,
                before,
                erased: messages,
                kept,
            };
            printer.print(
                |out| report::forget::write_purged(out, before, messages, kept),
                &purged,
            )?;
            Ok(Exit::Done)
        }
        Err(error) => {
            let (code, exit) = told(&error);
            let problem = InputProblem::new(code, error.to_string());
            printer.print_problems(&programme.folder, &[problem])?;
            Ok(exit)
        }
    }
}

fn moment(now: &Now) -> Moment {
    Moment {
        now: now.instant.to_utc(),
        day: now.today,
    }
}

fn stop(dir: &Path, error: &ForgetError) -> Exit {
    refuse(dir, [error]);
    told(error).1
}

/// What an error is for who runs the command.
fn told(error: &ForgetError) -> (ProblemCode, Exit) {
    match error {
        ForgetError::Lock(_) => (ProblemCode::FolderHeld, Exit::Held),
        ForgetError::Ledger(_) => (ProblemCode::UnusableLedger, Exit::BadInput),
        ForgetError::File { .. } => (ProblemCode::UnreadableFolder, Exit::Partial),
    }
}
