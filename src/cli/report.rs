//! `report`: the end of the programme, as a workbook and pages to print.

use std::io::Write;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use super::output::{Printer, Stdout};
use super::run::stop_for_ledger;
use super::{Exit, Folders};
use crate::apply::{self, Past};
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::report::closing::{self, Closing};

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    folders: Folders,
}

/// What was written, for `--format json`.
#[derive(Debug, Serialize)]
struct Written {
    programme: String,
    files: Vec<String>,
}

pub(super) fn run(args: &ReportArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders.each(today, |programme, printer, progress| {
        progress.end();
        report(programme, printer)
    })
}

fn report(programme: &Programme, printer: &mut Printer<Stdout>) -> anyhow::Result<Exit> {
    let past = match Past::read(programme) {
        Ok(past) => past,
        Err(error) => return stop_for_ledger(programme, printer, &error),
    };
    let verdict = Verdict::of(programme, &past.history);
    let closing = Closing::of(programme, &verdict);
    let day = programme.now.today;
    let files = [
        (
            "bilan.xlsx",
            closing::workbook(&closing, day).context("bilan.xlsx can't be made")?,
        ),
        ("bilan.html", closing::page(&closing).into_bytes()),
        (
            "emargement.html",
            closing::attendance_page(&closing, day).into_bytes(),
        ),
        (
            "attestations.html",
            closing::attestations_page(&closing, &programme.settings).into_bytes(),
        ),
    ];
    let mut written = Written {
        programme: programme.settings.programme.name.clone(),
        files: Vec::new(),
    };
    for (name, bytes) in files {
        let path = apply::put_output(&programme.folder, name, &bytes)
            .with_context(|| format!("{name} can't be written"))?;
        written.files.push(path.display().to_string());
    }
    printer.print(
        |out| {
            written
                .files
                .iter()
                .try_for_each(|file| writeln!(out, "{file}"))
        },
        &written,
    )?;
    Ok(Exit::Done)
}
