//! `check`: what is wrong, row by row; changes nothing.

use std::io::{self, Write};
use std::path::Path;

use clap::Args;

use super::output::{Printer, stdout};
use super::{Exit, Folders};
use crate::mails::History;
use crate::model::time::long_date;
use crate::plan::Plan;
use crate::programme::Programme;
use crate::report::json::Checked;
use crate::report::table;
use crate::sheets::InputProblem;

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
        let exit = match check(folder, folders) {
            Ok((programme, plan)) => {
                printer.print(
                    |out| print(out, &programme, &plan),
                    &Checked::new(&programme, &plan),
                )?;
                let fails = args.strict && plan.findings.has_blocking();
                if fails { Exit::Blocking } else { Exit::Done }
            }
            Err(problems) => {
                printer.print_problems(folder, &problems)?;
                Exit::BadInput
            }
        };
        worst = worst.max(exit);
    }
    printer.end()?;
    Ok(worst)
}

fn check(folder: &Path, folders: &Folders) -> Result<(Programme, Plan), Vec<InputProblem>> {
    let programme = Programme::load(folder, folders.today)?;
    let plan = Plan::of(&programme, &History::default());
    Ok((programme, plan))
}

fn print(out: &mut impl Write, programme: &Programme, plan: &Plan) -> io::Result<()> {
    let title = format!(
        "{} ({}), {}",
        programme.settings.programme.name,
        programme.folder.display(),
        long_date(programme.now.today),
    );
    table::write(out, &title, &programme.season, &plan.findings)
}
