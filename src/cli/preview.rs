//! `preview`: a page with every e-mail and every cell of the night; does nothing of it.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use super::output::{Printer, Stdout};
use super::run::stop_for_ledger;
use super::{Exit, Folders};
use crate::apply::{self, PreviewError, Previewed};
use crate::french::typographic;
use crate::french::words::count;
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report::preview::{Status, caption};

#[derive(Debug, Args)]
pub(super) struct PreviewArgs {
    #[command(flatten)]
    folders: Folders,
}

/// What `preview --format json` prints.
#[derive(Serialize)]
struct View<'a> {
    programme: &'a str,
    as_of: NaiveDate,
    page: String,
    going: usize,
    awaiting_approval: usize,
    in_doubt: usize,
    cells: usize,
    problems: &'a [String],
}

pub(super) fn run(args: &PreviewArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders.each(today, preview)
}

fn preview(
    programme: &Programme,
    printer: &mut Printer<Stdout>,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    progress.say("planning");
    let previewed = apply::preview(programme);
    progress.end();
    let previewed = match previewed {
        Ok(previewed) => previewed,
        Err(PreviewError::Ledger(error)) => return stop_for_ledger(programme, printer, &error),
        Err(error @ PreviewError::Write { .. }) => return Err(error.into()),
    };
    let view = View {
        programme: &programme.settings.programme.name,
        as_of: programme.now.today,
        page: previewed.path.display().to_string(),
        going: previewed.going,
        awaiting_approval: previewed.awaiting,
        in_doubt: previewed.in_doubt,
        cells: previewed.cells,
        problems: &previewed.problems,
    };
    printer.print(|out| write_text(out, &previewed), &view)?;
    Ok(Exit::Done)
}

fn write_text(out: &mut impl Write, previewed: &Previewed) -> std::io::Result<()> {
    writeln!(out, "{}", previewed.path.display())?;
    for (number, status) in [
        (previewed.awaiting, Status::AwaitsApproval),
        (previewed.going, Status::Goes),
        (previewed.in_doubt, Status::InDoubt),
    ] {
        if number > 0 || status == Status::Goes {
            writeln!(out, "  {number} {}", caption(status, number))?;
        }
    }
    let cells = count(previewed.cells, "cellule change", "cellules changent");
    writeln!(out, "  {cells}")?;
    for problem in &previewed.problems {
        writeln!(out, "  ! {}", typographic(problem))?;
    }
    Ok(())
}
