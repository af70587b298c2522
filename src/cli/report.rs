//! `report`: the end of the programme, as a workbook and pages to print.

use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;

use super::Exit;
use super::output::stdout;
use crate::apply::{self, Past};
use crate::plan::Verdict;
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report::closing::{self, Closing};

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The programme folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(super) fn run(args: &ReportArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let programme = match Programme::load(&args.dir, today, &Progress::none()) {
        Ok(programme) => programme,
        Err(problems) => return Ok(super::refuse(&args.dir, problems)),
    };
    let past = match Past::read(&programme) {
        Ok(past) => past,
        Err(error) => return Ok(super::refuse(&args.dir, [error])),
    };
    let verdict = Verdict::of(&programme, &past.history);
    let closing = Closing::of(&programme, &verdict);
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
    let mut out = stdout();
    for (name, bytes) in files {
        let path = apply::put_output(&args.dir, name, &bytes)
            .with_context(|| format!("{name} can't be written"))?;
        std::io::Write::write_fmt(&mut out, format_args!("{}\n", path.display()))?;
    }
    Ok(Exit::Done)
}
