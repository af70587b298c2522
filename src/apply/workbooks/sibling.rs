//! The copy beside a workbook that could not be written itself: `ateliers (contrôles).xlsx`.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::note::{self, hex};
use super::obstacle::Obstacle;
use super::{Night, OUTPUT, WorkbookDone, WorkbookState, copy, owner_file};
use crate::files::{self, Access};
use crate::model::season::Workbook;
use crate::outbox::Ledger;
use crate::platform;
use crate::sheets::folder::name_beside;
use crate::writeback;

/// Writes the flags into a copy beside the workbook; where that can't be, into `controles/` as in
/// copy mode.
///
/// # Errors
/// Why there is no copy at all, in French.
pub fn write(
    night: &mut Night,
    workbook: &Workbook,
    bytes: &[u8],
    obstacle: &Obstacle,
) -> Result<WorkbookDone, String> {
    let name = &*workbook.name;
    let reason = obstacle.reason(name);
    if *obstacle == Obstacle::Gone {
        return Err(format!("{reason} {}", obstacle.next(name, false)));
    }
    let beside = put(night, name, bytes);
    let (file, next) = if let Some(file) = beside {
        (file, obstacle.next(name, true))
    } else {
        let file = writeback::name_of_copy(&night.programme.season, workbook);
        copy::put(&night.programme.folder, &file, bytes)
            .map_err(|problem| format!("{reason} {problem}"))?;
        (format!("{OUTPUT}/{file}"), obstacle.next(name, false))
    };
    Ok(WorkbookDone {
        workbook: name.to_owned(),
        state: WorkbookState::Beside,
        remark: Some(format!(
            "{reason} Les contrôles de cette nuit sont dans « {file} ». {next}"
        )),
        file: Some(file),
        left: None,
    })
}

/// What the ledger remembers of the copy beside a workbook.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Beside {
    /// Its name in the programme folder.
    file: String,
    /// SHA-256 of what it may hold that is ours: what it holds now, and what a night that was cut
    /// off was about to write.
    ours: Vec<String>,
}

impl Beside {
    fn noted(ledger: &Ledger, workbook: &str) -> Option<Self> {
        note::read(ledger, &note_name(workbook))
    }

    fn note(&self, ledger: &mut Ledger, workbook: &str) -> bool {
        note::write(ledger, &note_name(workbook), self)
    }

    fn is_ours(&self, path: &Path) -> bool {
        files::sha256(path).is_ok_and(|hash| self.ours.contains(&hex(&hash)))
    }
}

fn note_name(workbook: &str) -> String {
    format!("beside {workbook}")
}

/// The name of the copy; none where it could not be written, or where a file that she has changed or
/// has open is in its place.
fn put(night: &mut Night, workbook: &str, bytes: &[u8]) -> Option<String> {
    let folder = &night.programme.folder;
    let file = name_beside(workbook);
    let path = folder.join(&file);
    let hash = hex(&Sha256::digest(bytes));
    let noted = Beside::noted(night.ledger, workbook).filter(|noted| noted.file == file);
    let mut beside = noted.unwrap_or_else(|| Beside {
        file: file.clone(),
        ours: Vec::new(),
    });
    let is_there = fs::symlink_metadata(&path).is_ok();
    let holds_it = is_there && files::holds(&path, bytes).ok()?;
    if is_there && !holds_it && (!beside.is_ours(&path) || is_open(folder, &file)) {
        return None;
    }
    // Noted first: a night that is cut off must know its own file.
    beside.ours.push(hash.clone());
    if !beside.note(night.ledger, workbook) {
        return None;
    }
    if !holds_it {
        files::replace(&path, bytes, Access::Like(&folder.join(workbook))).ok()?;
    }
    beside.ours = vec![hash];
    beside.note(night.ledger, workbook);
    Some(file)
}

/// Removes the copy beside a workbook that is now written itself, if it is still what we wrote.
/// Returns what the coordinator should know.
pub fn retire(night: &mut Night, workbook: &str) -> Option<String> {
    let beside = Beside::noted(night.ledger, workbook)?;
    if beside.file.is_empty() {
        return None;
    }
    let folder = &night.programme.folder;
    let path = folder.join(&beside.file);
    let is_there = fs::symlink_metadata(&path).is_ok();
    if is_there && (is_open(folder, &beside.file) || platform::is_held_open(&path)) {
        return Some(format!(
            "« {} » est ouvert : cette copie sera retirée une autre nuit.",
            beside.file
        ));
    }
    let is_hers = is_there && !beside.is_ours(&path);
    if is_there && !is_hers && remove(folder, &path).is_err() {
        return None;
    }
    Beside::default().note(night.ledger, workbook);
    is_hers.then(|| {
        format!(
            "Vous avez modifié « {} » : cette copie est gardée, mais elle n’est pas lue. Reportez dans le classeur ce que vous y avez ajouté, puis supprimez-la.",
            beside.file
        )
    })
}

fn is_open(folder: &Path, file: &str) -> bool {
    owner_file::find(folder, file).is_some()
}

fn remove(folder: &Path, path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    platform::flush_folder(folder)
}
