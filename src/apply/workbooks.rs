//! The copies of the workbooks in `controles/`.

use std::fs;
use std::path::Path;

use crate::files::{self, Access};
use crate::plan::SheetPlan;
use crate::platform;
use crate::programme::Programme;
use crate::writeback;

/// What people read lies here.
const OUTPUT: &str = "controles";

/// What became of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbookState {
    /// A new copy was written.
    Written,
    /// The copy was there already, byte for byte.
    Unchanged,
    /// It could not be given back.
    Failed,
}

/// A workbook that was given back, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkbookDone {
    /// The coordinator's file.
    pub workbook: String,
    /// Where the copy is, from the programme folder; none where it failed.
    pub file: Option<String>,
    /// What became of it.
    pub state: WorkbookState,
    /// What the coordinator should know, in French.
    pub remark: Option<String>,
}

/// Writes the copy of every workbook that has a recognised sheet.
pub(super) fn write(programme: &Programme, plans: &[SheetPlan]) -> Vec<WorkbookDone> {
    let season = &programme.season;
    (0u16..)
        .zip(&season.workbooks)
        .filter(|(position, _)| {
            season
                .sheets
                .iter()
                .any(|sheet| sheet.workbook == *position)
        })
        .map(|(position, workbook)| {
            write_one(programme, position, &workbook.name, plans).unwrap_or_else(|problem| {
                WorkbookDone {
                    workbook: workbook.name.to_string(),
                    file: None,
                    state: WorkbookState::Failed,
                    remark: Some(problem),
                }
            })
        })
        .collect()
}

fn write_one(
    programme: &Programme,
    position: u16,
    name: &str,
    plans: &[SheetPlan],
) -> Result<WorkbookDone, String> {
    let source = fs::read(programme.folder.join(name))
        .map_err(|error| format!("Le classeur ne peut plus être lu ({error})."))?;
    let copy = writeback::copy(&programme.season, position, &source, plans)
        .map_err(|error| error.french())?;
    let folder = programme.folder.join(OUTPUT);
    let state = put(&folder, &copy.name, &copy.bytes)
        .map_err(|error| format!("La copie n’a pas pu être écrite dans {OUTPUT} ({error})."))?;
    Ok(WorkbookDone {
        workbook: name.to_owned(),
        file: Some(format!("{OUTPUT}/{}", copy.name)),
        state,
        remark: copy.remark,
    })
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<WorkbookState> {
    platform::make_private_folder(folder)?;
    let path = folder.join(name);
    if path.exists() && files::holds(&path, bytes)? {
        return Ok(WorkbookState::Unchanged);
    }
    files::replace(&path, bytes, Access::Private)?;
    Ok(WorkbookState::Written)
}
