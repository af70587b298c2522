//! `check`: what is wrong, row by row; changes nothing.

use std::io::{self, Write};

use chrono::NaiveDate;
use clap::Args;

use super::output::{Printer, Stdout};
use super::run::stop_for_ledger;
use super::{Exit, Folders, Format};
use crate::apply::Past;
use crate::mails::Detail;
use crate::model::time::long_date;
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report::json::Checked;
use crate::report::{night, table};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    folders: Folders,
    /// Exit with 1 when there is a blocking finding.
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(args: &CheckArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders.each(today, |programme, printer, progress| {
        check(programme, args, printer, progress)
    })
}

fn check(
    programme: &Programme,
    args: &CheckArgs,
    printer: &mut Printer<Stdout>,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    let past = match Past::read(programme) {
        Ok(past) => past,
        Err(error) => return stop_for_ledger(programme, printer, &error),
    };
    progress.say("checking");
    let verdict = Verdict::of(programme, &past.history);
    progress.end();
    if args.folders.format == Format::Json {
        // Only the JSON output names the e-mails that are due.
        let mut due = verdict.mails(programme, &past.history, Detail::Keys);
        past.hold(&mut due, &programme.settings);
        printer.json(&Checked::new(programme, &verdict, &due))?;
    } else {
        print(printer.text(), programme, &verdict)?;
    }
    let fails = args.strict && verdict.findings.has_blocking();
    // The process ends soon: giving back a million small pieces of memory one by one would take a
    // tenth of the time.
    std::mem::forget(verdict);
    Ok(if fails { Exit::Blocking } else { Exit::Done })
}

fn print(out: &mut impl Write, programme: &Programme, verdict: &Verdict) -> io::Result<()> {
    let title = format!(
        "{} ({}), {}",
        programme.settings.programme.name,
        programme.folder.display(),
        long_date(programme.now.today),
    );
    night::conflicts(out, programme)?;
    table::write(out, &title, &programme.season, &verdict.findings)
}
