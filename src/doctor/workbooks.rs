//! The workbooks, who has them open, and where they lie.

use std::path::Path;

use chrono::NaiveDate;

use super::Check;
use crate::apply::{owner_of, sync_service_of};
use crate::config::{Settings, Write};
use crate::programme::Programme;
use crate::progress::Progress;

const TOPIC: &str = "workbooks";

pub(super) fn look(
    folder: &Path,
    settings: &Settings,
    today: Option<NaiveDate>,
    progress: &Progress,
) -> Vec<Check> {
    let mut checks = Vec::new();
    match Programme::load(folder, today, progress) {
        Ok(programme) => checks.extend(those_of(&programme)),
        Err(problems) => checks.extend(problems.iter().map(|problem| {
            Check::repair(
                TOPIC,
                problem.to_string(),
                "correct it in the workbook or in programme.toml: the whole night waits for it",
            )
        })),
    }
    checks.extend(synchronised(folder, settings));
    checks
}

fn those_of(programme: &Programme) -> Vec<Check> {
    let season = &programme.season;
    let names: Vec<&str> = season
        .workbooks
        .iter()
        .map(|workbook| &*workbook.name)
        .collect();
    let mut checks = vec![Check::ok(TOPIC, format!("read: {}", names.join(", ")))];
    for conflict in &season.conflicts {
        checks.push(Check::advice(
            TOPIC,
            format!(
                "{} is a second version of a workbook, left by a sync client: it is not read",
                conflict.name
            ),
            "let the coordinator keep the right one, and remove the other",
        ));
    }
    for name in names {
        if let Some(owner) = owner_of(&programme.folder, name) {
            checks.push(Check::advice(
                TOPIC,
                format!(
                    "{name} is open ({} says so): it can't be written meanwhile",
                    owner.file
                ),
                "close it before the night; if nobody has it open, remove that file",
            ));
        }
    }
    checks
}

fn synchronised(folder: &Path, settings: &Settings) -> Option<Check> {
    // The service shows in the folders above a file.
    let real = folder.canonicalize().ok()?;
    let service = sync_service_of(&real.join("programme.toml"))?;
    let message = format!("the folder is synchronised by {service}");
    let offline = "let the client keep the whole folder on this computer (\"always keep on this \
                   device\"), and let one computer only run the programme";
    Some(match settings.output.write {
        Write::Copy => Check::advice("folder", message, offline),
        Write::InPlace => Check::advice(
            "folder",
            format!("{message}, where nobody can tell whether a workbook is open elsewhere"),
            format!("prefer output.write = \"copy\"; {offline}"),
        ),
    })
}
