//! `doctor`: what a night needs, and what is wrong with it.

use std::io::{self, Write};

use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use super::folders::Summary;
use super::{Exit, Folders};
use crate::doctor::{self, Check, Verdict};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    folders: Folders,
    /// Send a test message to this address by the server of mail.smtp.
    #[arg(long, value_name = "ADDRESS")]
    send_test: Option<String>,
}

/// What `doctor --format json` prints for one folder.
#[derive(Serialize)]
struct View<'a> {
    folder: String,
    checks: &'a [Check],
}

pub(super) fn run(args: &DoctorArgs, today: Option<NaiveDate>) -> anyhow::Result<Exit> {
    args.folders
        .each_unread(Summary::Shown, |folder, printer, progress| {
            let checks = doctor::examine(folder, today, args.send_test.as_deref(), progress);
            progress.end();
            let view = View {
                folder: folder.display().to_string(),
                checks: &checks,
            };
            printer.print(|out| write(out, &view), &view)?;
            let count = |wanted: Verdict| {
                checks
                    .iter()
                    .filter(|check| check.verdict == wanted)
                    .count()
            };
            let (repair, advice) = (count(Verdict::Repair), count(Verdict::Advice));
            printer.sum_up(format!("{repair} to repair, {advice} to know"));
            Ok(if repair > 0 {
                Exit::Blocking
            } else {
                Exit::Done
            })
        })
}

fn write(out: &mut impl Write, view: &View) -> io::Result<()> {
    writeln!(out, "{}", view.folder)?;
    for check in view.checks {
        let verdict = match check.verdict {
            Verdict::Ok => "ok",
            Verdict::Advice => "know",
            Verdict::Repair => "REPAIR",
        };
        writeln!(out, "  {verdict:<7} {:<10} {}", check.topic, check.message)?;
        if let Some(remedy) = &check.remedy {
            writeln!(out, "  {:<7} {:<10} -> {remedy}", "", "")?;
        }
    }
    Ok(())
}
