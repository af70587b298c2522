//! `run`: the whole night; `plan`, and `run --dry-run`: what it would do.

use std::io::{self, Write};
use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::folders::Summary;
use super::output::{Printer, Stdout};
use super::{Exit, Folders, Format};
use crate::apply::{self, unchanged};
use crate::cancel::Cancel;
use crate::night::{self, Ended, Night, Stopped, Why};
use crate::outbox::LedgerError;
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report::Form;
use crate::report::json::Planned;
use crate::report::night as words;
use crate::sheets::{InputProblem, ProblemCode};

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    folders: Folders,
    /// Show what the run would do and change nothing, as `plan` does.
    #[arg(long)]
    dry_run: bool,
    /// Print nothing on standard output, for a task that mails what is printed: what is wrong still
    /// goes to standard error.
    #[arg(long, conflicts_with = "dry_run")]
    quiet: bool,
    /// Run only the folders whose run is due, as their schedule.cron has it: one a date, and one that
    /// was missed. For a task that is begun every hour, on a computer that isn't always on.
    #[arg(long, conflicts_with = "today")]
    if_due: bool,
}

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    folders: Folders,
}

pub(super) fn run(args: &RunArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    if args.dry_run {
        return args.folders.each(today, plan_folder);
    }
    let cancel = Cancel::new();
    cancel.on_signals()?;
    let summary = if args.quiet {
        Summary::Hidden
    } else {
        Summary::Shown
    };
    let form = match args.folders.format {
        _ if args.quiet => Form::Nothing,
        Format::Text => Form::Text,
        Format::Json => Form::Json,
    };
    args.folders
        .each_unread(summary, |folder, printer, progress| {
            if args.if_due && !night::is_due(folder) {
                printer.sum_up("rien à faire pour l’instant".to_owned());
                return Ok(Exit::Done);
            }
            match night::run(folder, today, form, progress, &cancel) {
                Ok(Ended::Unchanged(said)) => {
                    printer.told(|out| out.write_all(&said))?;
                    printer.sum_up(words::sum_of_nothing());
                    Ok(Exit::Done)
                }
                Ok(Ended::Done(mut night)) => {
                    let exit = exit_of(&night);
                    show(&mut night, form, printer)?;
                    // See `check`: the process ends soon.
                    std::mem::forget(night);
                    Ok(exit)
                }
                Err(stopped) => tell_stopped(folder, &stopped, args.quiet, printer),
            }
        })
}

fn tell_stopped(
    folder: &Path,
    stopped: &Stopped,
    is_quiet: bool,
    printer: &mut Printer<Stdout>,
) -> anyhow::Result<Exit> {
    let problems = &stopped.problems;
    let tally = stopped.tally.as_deref();
    let has_begun = tally.is_some() || stopped.why == Why::CutShort;
    if has_begun && !is_quiet {
        printer.print_cut_short(folder, problems, tally, |out, tally| {
            words::write_sums(out, &tally.participants)
        })?;
    } else {
        printer.print_problems(folder, problems)?;
    }
    Ok(match stopped.why {
        Why::BadInput => Exit::BadInput,
        Why::Held => Exit::Held,
        Why::Cancelled | Why::CutShort => Exit::Partial,
    })
}

pub(super) fn plan(args: &PlanArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders.each(today, plan_folder)
}

/// Tells what was done, and keeps what the next run would say where it would do nothing.
fn show(night: &mut Night, form: Form, printer: &mut Printer<Stdout>) -> anyhow::Result<()> {
    let Night { programme, done } = night;
    printer.sum_up(words::sum(done));
    let Some(seen) = done.seen.take() else {
        return tell(form, printer, |out| form.tell(out, programme, done));
    };
    let mut told = Ok(());
    // Without it the next run is done in full.
    let _ = unchanged::keep(&programme.folder, &seen, |again| {
        told = tell(form, printer, |out| {
            form.tell_both(out, again, programme, done)
        });
        match &told {
            Ok(()) => Ok(()),
            // What could not be told is not kept.
            Err(error) => Err(io::Error::other(error.to_string())),
        }
    });
    told
}

fn tell(
    form: Form,
    printer: &mut Printer<Stdout>,
    tell: impl FnOnce(&mut Stdout) -> io::Result<()>,
) -> anyhow::Result<()> {
    if form == Form::Nothing {
        return Ok(tell(printer.text())?);
    }
    printer.told(tell)
}

fn exit_of(night: &Night) -> Exit {
    if night.done.is_partial() {
        Exit::Partial
    } else {
        Exit::Done
    }
}

fn plan_folder(
    programme: &Programme,
    printer: &mut Printer<Stdout>,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    let planned = apply::plan(programme);
    progress.end();
    let night = match planned {
        Ok(night) => night,
        Err(error) => return stop_for_ledger(programme, printer, &error),
    };
    printer.print(
        |out| words::write_plan(out, programme, &night),
        &Planned::new(programme, &night),
    )?;
    Ok(Exit::Done)
}

/// Nothing was written or sent: the ledger can't be used.
pub(super) fn stop_for_ledger(
    programme: &Programme,
    printer: &mut Printer<Stdout>,
    error: &LedgerError,
) -> anyhow::Result<Exit> {
    stop(programme, printer, &error.to_string())
}

fn stop(
    programme: &Programme,
    printer: &mut Printer<Stdout>,
    message: &str,
) -> anyhow::Result<Exit> {
    let problem = InputProblem::new(ProblemCode::UnusableLedger, message);
    printer.print_problems(&programme.folder, &[problem])?;
    Ok(Exit::BadInput)
}
