//! The copies of the workbooks in `controles/`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::note::{self, hex};
use super::obstacle::Obstacle;
use super::owner_file;
use super::{Night, OUTPUT, WorkbookDone, WorkbookState, sibling};
use crate::files::{self, Access};
use crate::outbox::Ledger;
use crate::platform;
use crate::writeback;

/// Writes the copy of a workbook.
///
/// # Errors
/// Why there is none, in French.
pub fn write(night: &mut Night, position: u16, name: &str) -> Result<WorkbookDone, String> {
    let mut done = make(night, position, name)?;
    // Of a night that tried to write the workbook itself.
    done.add_remark(sibling::retire(night, name));
    Ok(done)
}

fn make(night: &mut Night, position: u16, name: &str) -> Result<WorkbookDone, String> {
    let season = &night.programme.season;
    let folder = night.programme.folder.join(OUTPUT);
    let wanted = writeback::of_copy(season, position, night.plans);
    let made = Made::noted(night.ledger, name).filter(|made| made.is_there(&folder, &wanted));
    if let Some(made) = made {
        return Ok(made.done(name, WorkbookState::Unchanged));
    }
    let source = fs::read(night.programme.folder.join(name))
        .map_err(|error| format!("Le classeur ne peut plus être lu ({error})."))?;
    let copy =
        writeback::copy(season, position, &source, night.plans).map_err(|error| error.french())?;
    let state = put(&night.programme.folder, &copy.name, &copy.bytes)?;
    let made = Made {
        from: hex(&wanted),
        bytes: hex(&Sha256::digest(&copy.bytes)),
        file: copy.name,
        remark: copy.remark,
    };
    made.note(night.ledger, name);
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
        note::read(ledger, &note_name(workbook))
    }

    fn note(&self, ledger: &mut Ledger, workbook: &str) {
        // Without the note the next night makes the same copy again.
        let _ = note::write(ledger, &note_name(workbook), self);
    }

    /// It would be made from the same, and nobody touched it since.
    fn is_there(&self, folder: &Path, wanted: &[u8; 32]) -> bool {
        self.from == hex(wanted)
            && files::sha256(&folder.join(&self.file)).is_ok_and(|hash| hex(&hash) == self.bytes)
    }

    fn done(self, workbook: &str, state: WorkbookState) -> WorkbookDone {
        WorkbookDone {
            workbook: workbook.to_owned(),
            file: Some(format!("{OUTPUT}/{}", self.file)),
            state,
            remark: self.remark,
            left: Some(self.bytes),
        }
    }
}

fn note_name(workbook: &str) -> String {
    format!("copy of {workbook}")
}

/// Puts a file into `controles/` of the programme folder, unless it is there already.
///
/// # Errors
/// Why it could not be written, in French.
pub fn put(programme: &Path, name: &str, bytes: &[u8]) -> Result<WorkbookState, String> {
    let folder = programme.join(OUTPUT);
    put_file(&folder, name, bytes).map_err(|error| {
        if !platform::is_held_open(&folder.join(name)) {
            return format!("La copie n’a pas pu être écrite dans {OUTPUT} ({error}).");
        }
        let holder = owner_file::find(&folder, name).map_or(Obstacle::Held, Obstacle::Open);
        let reason = holder.reason(&format!("{OUTPUT}/{name}"));
        format!("{reason} Fermez-le le soir : la nuit prochaine le remplacera.")
    })
}

/// Puts a file into a folder of outputs, for its owner alone, unless it is there already.
///
/// # Errors
/// It can't be written.
pub fn put_file(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<WorkbookState> {
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
    put_file(&output, name, bytes)?;
    Ok(output.join(name))
}
