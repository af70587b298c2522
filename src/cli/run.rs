//! `run`: the whole night; `plan`, and `run --dry-run`: what it would do.

use chrono::NaiveDate;
use clap::Args;

use super::output::{Printer, Stdout};
use super::{Exit, Folders};
use crate::apply::{self, RunError};
use crate::cancel::Cancel;
use crate::outbox::{LedgerError, LockError};
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report::json::{Planned, Ran};
use crate::report::night;
use crate::sheets::{InputProblem, ProblemCode};

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    folders: Folders,
    /// Show what the run would do and change nothing, as `plan` does.
    #[arg(long)]
    dry_run: bool,
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
    args.folders.each(today, |programme, printer, progress| {
        run_folder(programme, printer, progress, &cancel)
    })
}

pub(super) fn plan(args: &PlanArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders.each(today, plan_folder)
}

fn run_folder(
    programme: &Programme,
    printer: &mut Printer<Stdout>,
    progress: &Progress,
    cancel: &Cancel,
) -> anyhow::Result<Exit> {
    let ran = apply::run(programme, progress, cancel);
    progress.end();
    let done = match ran {
        Ok(done) => done,
        Err(RunError::Lock(held @ LockError::Held { .. })) => {
            let problem = InputProblem::new(ProblemCode::FolderHeld, held.to_string());
            printer.print_problems(&programme.folder, &[problem])?;
            return Ok(Exit::Held);
        }
        Err(error @ RunError::NotAvailable(_)) => {
            let problem = InputProblem::new(ProblemCode::BadSettings, error.to_string());
            printer.print_problems(&programme.folder, &[problem])?;
            return Ok(Exit::BadInput);
        }
        Err(cancelled @ RunError::Cancelled) => {
            let problem = InputProblem::new(ProblemCode::Cancelled, cancelled.to_string());
            printer.print_problems(&programme.folder, &[problem])?;
            return Ok(Exit::Partial);
        }
        Err(error) => return stop(programme, printer, &error.to_string()),
    };
    printer.print(
        |out| night::write_done(out, programme, &done),
        &Ran::new(programme, &done),
    )?;
    Ok(if done.is_partial() {
        Exit::Partial
    } else {
        Exit::Done
    })
}

fn plan_folder(
    programme: &Programme,
    printer: &mut Printer<Stdout>,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    let planned = apply::plan(programme);
    progress.end();
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => return stop_for_ledger(programme, printer, &error),
    };
    printer.print(
        |out| night::write_plan(out, programme, &plan),
        &Planned::new(programme, &plan),
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
