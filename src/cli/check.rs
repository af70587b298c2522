//! `check`: what is wrong, row by row; changes nothing.

use std::io::{self, Write};
use std::path::Path;

use clap::Args;

use super::output::{Printer, stdout};
use super::{Exit, Folders, Format};
use crate::mails::History;
use crate::model::time::long_date;
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::report::json::Checked;
use crate::report::table;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    folders: Folders,
    /// Exit with 1 when there is a blocking finding.
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let folders = &args.folders;
    let mut worst = Exit::Done;
    let mut printer = Printer::new(stdout(), folders.format, folders.folders.len());
    for folder in &folders.folders {
        worst = worst.max(check(folder, args, &mut printer)?);
    }
    printer.end()?;
    Ok(worst)
}

fn check<W: Write>(
    folder: &Path,
    args: &CheckArgs,
    printer: &mut Printer<W>,
) -> anyhow::Result<Exit> {
    let programme = match Programme::load(folder, args.folders.today) {
        Ok(programme) => programme,
        Err(problems) => {
            printer.print_problems(folder, &problems)?;
            return Ok(Exit::BadInput);
        }
    };
    let history = History::default();
    let verdict = Verdict::of(&programme, &history);
    if args.folders.format == Format::Json {
        // Only the JSON output names the e-mails that are due.
        let due = verdict.mails(&programme, &history);
        printer.json(&Checked::new(&programme, &verdict, &due))?;
    } else {
        print(printer.text(), &programme, &verdict)?;
    }
    let fails = args.strict && verdict.findings.has_blocking();
    // What was read is not needed any more, and the process ends soon: giving back a million small
    // pieces of memory one by one would take a tenth of the time.
    std::mem::forget((programme, verdict));
    Ok(if fails { Exit::Blocking } else { Exit::Done })
}

fn print(out: &mut impl Write, programme: &Programme, verdict: &Verdict) -> io::Result<()> {
    let title = format!(
        "{} ({}), {}",
        programme.settings.programme.name,
        programme.folder.display(),
        long_date(programme.now.today),
    );
    table::write(out, &title, &programme.season, &verdict.findings)
}
