//! `why`: all that is known and decided about one person; changes nothing.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::output::stdout;
use super::{Exit, refuse};
use crate::apply;
use crate::programme::Programme;
use crate::progress::Progress;
use crate::report;
use crate::why;

#[derive(Debug, Args)]
pub(super) struct WhyArgs {
    /// The programme folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// An e-mail address, a person's name or a structure, as in the workbooks.
    #[arg(value_name = "PERSON")]
    person: String,
    /// How many of the nights to come to play.
    #[arg(long, value_name = "N", default_value_t = 92, value_parser = clap::value_parser!(u16).range(0..=750))]
    nights: u16,
}

pub(super) fn run(args: &WhyArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let progress = Progress::on_terminal();
    let programme = match Programme::load(&args.dir, today, &progress) {
        Ok(programme) => programme,
        Err(problems) => {
            progress.end();
            return Ok(refuse(&args.dir, problems));
        }
    };
    progress.say("checking");
    let night = match apply::foresee(&programme) {
        Ok(night) => night,
        Err(error) => {
            progress.end();
            return Ok(refuse(&args.dir, [error]));
        }
    };
    let wanted = args.person.trim();
    let answer = why::about(
        &programme,
        &night.past.history,
        &night.plan.verdict,
        &night.plan.due,
        wanted,
        args.nights,
    );
    progress.end();
    match answer {
        Ok(answer) => {
            report::why::write(&mut stdout(), &programme, &answer)?;
            Ok(Exit::Done)
        }
        Err(unknown) => Ok(refuse(&args.dir, [unknown])),
    }
}
