//! The workbooks of the night: given back as copies in `controles/`, or written themselves
//! (`output.write`).
//!
//! What is written in place goes through [`in_place`]; what stands in its way is an
//! [`obstacle::Obstacle`], and then the flags go into a copy beside the workbook ([`sibling`]).

mod backups;
mod cloud;
mod copy;
mod in_place;
pub(super) mod note;
mod obstacle;
pub(super) mod owner_file;
mod sibling;
mod target;

use std::fs;
use std::path::Path;

pub use backups::backups_folder;
pub use cloud::service_of as sync_service_of;
pub(super) use copy::put_file;
pub use copy::put_output;
pub(super) use note::hex;
pub use owner_file::{Editor, Owner, find as owner_of};

use crate::config::Write;
use crate::files;
use crate::model::season::{Format, Workbook};
use crate::outbox::{Ledger, state_folder};
use crate::plan::SheetPlan;
use crate::programme::Programme;
use crate::writeback;

/// What people read lies here.
pub(super) const OUTPUT: &str = "controles";

/// What became of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbookState {
    /// The copy, or the workbook itself, was written.
    Written,
    /// It was as it should be already, byte for byte.
    Unchanged,
    /// Something stood in the way of writing the workbook itself: a copy is beside it.
    Beside,
    /// It could not be given back.
    Failed,
    /// It was not read: a sync client's copy of another one.
    Unread,
}

/// A workbook that was given back, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkbookDone {
    /// The coordinator's file.
    pub workbook: String,
    /// The file that holds the flags, from the programme folder; none where there is none.
    pub file: Option<String>,
    /// What became of it.
    pub state: WorkbookState,
    /// What the coordinator should know, in French.
    pub remark: Option<String>,
    /// SHA-256 of that file in hexadecimal, where the next run on the same would leave it so and say
    /// just the same of it.
    pub left: Option<String>,
}

impl WorkbookDone {
    fn without_file(workbook: &str, state: WorkbookState, remark: String) -> Self {
        Self {
            workbook: workbook.to_owned(),
            file: None,
            state,
            remark: Some(remark),
            left: None,
        }
    }

    /// Something that the next run doesn't say.
    fn add_remark(&mut self, more: Option<String>) {
        if more.is_some() {
            self.left = None;
        }
        self.remark = match (self.remark.take(), more) {
            (Some(one), Some(other)) => Some(format!("{one} {other}")),
            (one, other) => one.or(other),
        };
    }

    /// The night has to come back to it.
    pub fn is_left_over(&self) -> bool {
        match self.state {
            WorkbookState::Written | WorkbookState::Unchanged => false,
            WorkbookState::Beside | WorkbookState::Failed | WorkbookState::Unread => true,
        }
    }
}

/// What every workbook is written with.
struct Night<'a> {
    programme: &'a Programme,
    plans: &'a [SheetPlan],
    ledger: &'a mut Ledger,
}

/// Gives back every workbook that has a recognised sheet. One that fails does not stop the others.
pub(super) fn write(
    programme: &Programme,
    plans: &[SheetPlan],
    ledger: &mut Ledger,
) -> Vec<WorkbookDone> {
    sweep(programme);
    let season = &programme.season;
    let mut night = Night {
        programme,
        plans,
        ledger,
    };
    let is_used = |position: u16| {
        let mut sheets = season.sheets.iter();
        sheets.any(|sheet| sheet.workbook == position)
    };
    let mut done: Vec<WorkbookDone> = (0u16..)
        .zip(&season.workbooks)
        .filter(|(position, _)| is_used(*position))
        .map(|(position, workbook)| write_one(&mut night, position, workbook))
        .collect();
    done.extend(season.conflicts.iter().map(|conflict| {
        let remark = writeback::two_versions(programme, conflict);
        WorkbookDone::without_file(&conflict.name, WorkbookState::Unread, remark)
    }));
    if programme.settings.output.write == Write::InPlace {
        // What can't be removed tonight is removed the next night.
        let _ = backups::prune(programme);
    }
    done
}

fn write_one(night: &mut Night, position: u16, workbook: &Workbook) -> WorkbookDone {
    let written = match (night.programme.settings.output.write, workbook.format) {
        (Write::InPlace, Format::Package) => in_place::write(night, position, workbook),
        // An .ods or .xls can't be patched: it is never replaced.
        (Write::Copy | Write::InPlace, _) => copy::write(night, position, &workbook.name),
    };
    written.unwrap_or_else(|problem| {
        WorkbookDone::without_file(&workbook.name, WorkbookState::Failed, problem)
    })
}

/// Removes what a run that was cut off left beside the files that it was writing. What cannot be
/// removed is hidden and never read: no reason not to go on.
fn sweep(programme: &Programme) {
    let folder = &programme.folder;
    let _ = files::remove_leftovers(folder);
    let _ = files::remove_leftovers(&folder.join(OUTPUT));
    let _ = files::remove_leftovers(&state_folder(folder));
    backups::sweep(folder);
    for workbook in &programme.season.workbooks {
        let path = folder.join(&*workbook.name);
        if path.is_symlink() {
            let _ = sweep_behind_link(&path);
        }
    }
}

/// Another programme's run may be at work where the link leads: only this workbook's leftovers.
fn sweep_behind_link(link: &Path) -> std::io::Result<()> {
    let target = fs::canonicalize(link)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    for leftover in files::leftovers_of(files::folder_of(&target), &name)? {
        fs::remove_file(leftover)?;
    }
    Ok(())
}
