//! Writing the workbook itself (writeback.md, "Locks, sync folders, safe replace").
//!
//! The bytes that were read are patched in memory; the new file is written beside the old one,
//! flushed, read again and proved to be the old one with our cells; the old one is kept among the
//! backups; then, if nobody has it open and it is still what was read, the new one takes its place
//! at once. At every moment the workbook is the old one or the new one, whole.

use std::io::{self, ErrorKind};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::note::{self, hex};
use super::obstacle::Obstacle;
use super::target::Target;
use super::{Night, WorkbookDone, WorkbookState, backups, sibling};
use crate::files::{self, Access, CommitError, StageError};
use crate::model::season::Workbook;
use crate::outbox::Ledger;
use crate::writeback::{self, Filled};

/// Writes our columns into the workbook, or into a copy beside it where something stands in the
/// way. Where nothing would change, nothing is written.
///
/// # Errors
/// Why there is neither, in French; the workbook is as it was.
pub fn write(
    night: &mut Night,
    position: u16,
    workbook: &Workbook,
) -> Result<WorkbookDone, String> {
    let (season, plans) = (&night.programme.season, night.plans);
    let planned = hex(&writeback::of_cells(season, position, plans));
    let file = hex(&workbook.fingerprint);
    let left = Left::noted(night.ledger, &workbook.name).filter(|left| left.file == file);
    let as_we_left_it = left.is_some();
    if let Some(left) = left.filter(|left| left.planned == planned) {
        return Ok(done(night, workbook, WorkbookState::Unchanged, left));
    }
    let Some(source) = workbook.bytes.as_ref().map(|bytes| bytes.0.as_slice()) else {
        return Err("Le classeur n’a pas été gardé en mémoire.".to_owned());
    };
    let filled =
        writeback::fill(season, position, source, plans).map_err(|error| error.french())?;
    let state = if filled.changed() {
        let target = Target::new(night.programme, workbook, as_we_left_it);
        match replace(night, &target, source, &filled) {
            Ok(()) => WorkbookState::Written,
            Err(Stop::Obstacle(obstacle)) => {
                return sibling::write(night, workbook, filled.bytes(), &obstacle);
            }
            Err(Stop::Fault(problem)) => return Err(problem),
        }
    } else {
        WorkbookState::Unchanged
    };
    let left = Left {
        planned,
        file: hex(&Sha256::digest(filled.bytes())),
        remark: filled.remark(),
    };
    // Without the note the next night finds by patching that nothing changes.
    let _ = note::write(night.ledger, &note_name(&workbook.name), &left);
    Ok(done(night, workbook, state, left))
}

fn done(night: &mut Night, workbook: &Workbook, state: WorkbookState, left: Left) -> WorkbookDone {
    let mut done = WorkbookDone {
        workbook: workbook.name.to_string(),
        file: Some(workbook.name.to_string()),
        state,
        remark: left.remark,
        left: Some(left.file),
    };
    done.add_remark(sibling::retire(night, &workbook.name));
    done
}

/// How the night left a workbook: the next one knows without patching that nothing would change.
#[derive(Debug, Serialize, Deserialize)]
struct Left {
    /// The cells that were written: [`writeback::of_cells`].
    planned: String,
    /// SHA-256 of the file.
    file: String,
    /// What was said of it.
    remark: Option<String>,
}

impl Left {
    fn noted(ledger: &Ledger, workbook: &str) -> Option<Self> {
        note::read(ledger, &note_name(workbook))
    }
}

fn note_name(workbook: &str) -> String {
    format!("left in {workbook}")
}

/// Why the workbook was not written. It is as it was, unless the fault says otherwise.
enum Stop {
    /// Something that passes, or that she can settle: a copy beside it serves her meanwhile.
    Obstacle(Obstacle),
    /// Something is broken, in French.
    Fault(String),
}

impl From<Obstacle> for Stop {
    fn from(obstacle: Obstacle) -> Self {
        Self::Obstacle(obstacle)
    }
}

impl From<StageError> for Stop {
    fn from(error: StageError) -> Self {
        match error {
            StageError::Make(error) if is_forbidden(&error) => Obstacle::ClosedFolder.into(),
            StageError::Access(_) => Obstacle::Rights.into(),
            StageError::Make(error) | StageError::Write(error) => Self::Fault(in_french(&error)),
        }
    }
}

impl From<CommitError> for Stop {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Held(_) => Obstacle::Held.into(),
            CommitError::Rename(error) if is_forbidden(&error) => Obstacle::ClosedFolder.into(),
            CommitError::Rename(error) => Self::Fault(in_french(&error)),
            CommitError::Flush(error) => Self::Fault(format!(
                "Le classeur a été écrit, mais le disque ne l’a pas confirmé ({error}) : vérifiez l’état du disque."
            )),
        }
    }
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    )
}

fn in_french(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "Le disque est plein : le classeur est resté tel quel. Faites de la place ; il sera repris la nuit prochaine.".to_owned()
        }
        _ => format!(
            "Le classeur n’a pas pu être écrit ({error}) : il est resté tel quel et sera repris la nuit prochaine."
        ),
    }
}

fn replace(night: &Night, target: &Target, source: &[u8], filled: &Filled) -> Result<(), Stop> {
    target.look()?;
    let staged = files::stage(target.path(), filled.bytes(), Access::Kept)?;
    // `stage` has read it again: it holds these very bytes.
    filled
        .verify(source)
        .map_err(|error| Stop::Fault(error.french()))?;
    backups::keep(night.programme, target.name(), source).map_err(|error| {
        Stop::Fault(format!(
            "La sauvegarde du classeur n’a pas pu être faite ({error}) : il est resté tel quel et sera repris la nuit prochaine."
        ))
    })?;
    target.look()?;
    Ok(staged.commit()?)
}
