//! The copies of the workbooks in `controles/`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::{self, Access};
use crate::outbox::Ledger;
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
pub(super) fn write(
    programme: &Programme,
    plans: &[SheetPlan],
    ledger: &mut Ledger,
) -> Vec<WorkbookDone> {
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
            write_one(programme, position, &workbook.name, plans, ledger).unwrap_or_else(
                |problem| WorkbookDone {
                    workbook: workbook.name.to_string(),
                    file: None,
                    state: WorkbookState::Failed,
                    remark: Some(problem),
                },
            )
        })
        .collect()
}

fn write_one(
    programme: &Programme,
    position: u16,
    name: &str,
    plans: &[SheetPlan],
    ledger: &mut Ledger,
) -> Result<WorkbookDone, String> {
    let folder = programme.folder.join(OUTPUT);
    let wanted = writeback::of_copy(&programme.season, position, plans);
    if let Some(made) = Made::noted(ledger, name).filter(|made| made.is_there(&folder, &wanted)) {
        return Ok(made.done(name, WorkbookState::Unchanged));
    }
    let source = fs::read(programme.folder.join(name))
        .map_err(|error| format!("Le classeur ne peut plus être lu ({error})."))?;
    let copy = writeback::copy(&programme.season, position, &source, plans)
        .map_err(|error| error.french())?;
    let state = put(&folder, &copy.name, &copy.bytes)
        .map_err(|error| format!("La copie n’a pas pu être écrite dans {OUTPUT} ({error})."))?;
    let made = Made {
        from: hex(&wanted),
        bytes: hex(&Sha256::digest(&copy.bytes)),
        file: copy.name,
        remark: copy.remark,
    };
    made.note(ledger, name);
    Ok(made.done(name, state))
}

/// What the ledger remembers of a copy, so that the next night need not make the same one again.
#[derive(Debug, Serialize, Deserialize)]
struct Made {
    /// What it was made from: [`writeback::of_copy`].
    from: String,
    /// SHA-256 of the copy.
    bytes: String,
    /// Its name in `controles/`.
    file: String,
    /// What was said of it.
    remark: Option<String>,
}

impl Made {
    fn noted(ledger: &Ledger, workbook: &str) -> Option<Self> {
        // Without the note the copy is made again: nothing is lost.
        let note = ledger.note(&note_name(workbook)).ok()??;
        serde_json::from_str(&note).ok()
    }

    fn note(&self, ledger: &mut Ledger, workbook: &str) {
        if let Ok(note) = serde_json::to_string(self) {
            // Without the note the next night makes the same copy again.
            let _ = ledger.set_note(&note_name(workbook), &note);
        }
    }

    /// It would be made from the same, and nobody touched it since.
    fn is_there(&self, folder: &Path, wanted: &[u8; 32]) -> bool {
        self.from == hex(wanted)
            && fs::read(folder.join(&self.file))
                .is_ok_and(|bytes| hex(&Sha256::digest(&bytes)) == self.bytes)
    }

    fn done(self, workbook: &str, state: WorkbookState) -> WorkbookDone {
        WorkbookDone {
            workbook: workbook.to_owned(),
            file: Some(format!("{OUTPUT}/{}", self.file)),
            state,
            remark: self.remark,
        }
    }
}

fn note_name(workbook: &str) -> String {
    format!("copy of {workbook}")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
            // Writing to a String never fails.
            let _ = write!(hex, "{byte:02x}");
            hex
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

/// Writes a file into `controles/` of a programme folder, and gives its path.
///
/// # Errors
/// It can't be written.
pub fn put_output(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let output = folder.join(OUTPUT);
    put(&output, name, bytes)?;
    Ok(output.join(name))
}
