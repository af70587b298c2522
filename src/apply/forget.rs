//! Forgetting a person, or what is old: the ledger, the e-mail files, the copies and the backups;
//! never the coordinator's own sheets.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::gap::Gap;
use super::{unchanged, witness};
use crate::mails::Kind;
use crate::model::fold::fold_name;
use crate::outbox::{
    Erased, Erasure, FileTransport, Forgotten, Ledger, LedgerError, LockError, Moment, RunLock,
    STATE_FOLDER,
};
use crate::person::Person;
use crate::sheets::folder::{format_by_name, is_beside_name};

/// What people read lies here: all but the e-mails is made anew by the next run.
const OUTPUT: &str = "controles";
const MAILS: &str = "courriels";
/// Backups of workbooks, in the state folder.
const BACKUPS: &str = "sauvegardes";
/// A part of a backup larger than this is not looked into: the backup goes.
const PART_MAX: u64 = 256 << 20;

/// Why nothing, or not all, was forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// A run is under way.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The ledger can't be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file that holds what is to be forgotten can't be removed.
    #[error("{} can't be removed: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What was forgotten.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Forgot {
    /// In the ledger, without the digests, which may name the person and go with her.
    pub messages: usize,
    /// Messages that stay for now: see [`Forgotten::kept`].
    pub kept: usize,
    /// Files of `controles/` and copies beside workbooks, which the next run makes anew.
    pub outputs: usize,
    /// Backups of workbooks.
    pub backups: usize,
}

/// Forgets a person, alone in the folder.
///
/// # Errors
/// A run is under way, or the ledger can't be used: nothing was forgotten. A file can't be removed:
/// doing it again goes on from there.
pub fn forget(folder: &Path, person: &Person, moment: Moment) -> Result<Forgot, ForgetError> {
    let erasure = Erasure::Person {
        addresses: person.addresses().map(str::to_owned).collect(),
        names: person.folded_names().map(str::to_owned).collect(),
    };
    let _lock = RunLock::take(folder, moment.now)?;
    let mut forgot = erase(folder, &erasure, moment)?;
    forgot.outputs = remove_outputs(&folder.join(OUTPUT))?;
    let needles: Vec<String> = person
        .addresses()
        .map(fold_name)
        .chain(person.folded_names().map(str::to_owned))
        .collect();
    forgot.outputs += remove_holding(copies_beside(folder)?, &needles)?;
    let backups = files_below(&folder.join(STATE_FOLDER).join(BACKUPS))?;
    forgot.backups = remove_holding(backups, &needles)?;
    Ok(forgot)
}

/// Forgets the messages of runs before a day, alone in the folder.
///
/// # Errors
/// As for [`forget`].
pub fn purge(folder: &Path, before: NaiveDate, moment: Moment) -> Result<Forgot, ForgetError> {
    let _lock = RunLock::take(folder, moment.now)?;
    erase(folder, &Erasure::Before(before), moment)
}

fn erase(folder: &Path, erasure: &Erasure, moment: Moment) -> Result<Forgot, ForgetError> {
    let mut ledger = Ledger::open(folder)?;
    let has_gap = Gap::is_open(&ledger) || witness::ahead_of(&ledger, folder)?.is_some();
    let Forgotten { erased, kept } = ledger.forget(erasure, moment)?;
    if !has_gap {
        witness::leave(&ledger, folder)?;
    }
    if matches!(erasure, Erasure::Person { .. }) {
        super::dashboard::forget(&mut ledger)?;
    }
    drop(ledger);
    unchanged::forget(folder).map_err(|source| ForgetError::File {
        path: folder.join(STATE_FOLDER),
        source,
    })?;
    remove_files(folder, &erased)?;
    let of_people = erased.iter().filter(|message| message.kind != Kind::Digest);
    Ok(Forgot {
        messages: of_people.count(),
        kept,
        ..Forgot::default()
    })
}

/// The e-mail files of messages that left the ledger.
pub(super) fn remove_files(folder: &Path, erased: &[Erased]) -> Result<(), ForgetError> {
    let files = FileTransport::new(folder);
    for message in erased {
        let Some(message_id) = &message.message_id else {
            continue;
        };
        files
            .remove(message.run_day, message.kind, message_id)
            .map_err(|source| ForgetError::File {
                path: folder.join(OUTPUT).join(MAILS),
                source,
            })?;
    }
    Ok(())
}

/// Copies, dashboard, preview, report: the next run or command makes them anew. The e-mails were
/// gone through, and [`witness`] names nobody.
fn remove_outputs(output: &Path) -> Result<usize, ForgetError> {
    let mut removed = 0;
    for path in entries(output)? {
        let stays = |name: &OsStr| name == MAILS || name == witness::FILE;
        if path.file_name().is_some_and(stays) {
            continue;
        }
        let gone = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        gone.map_err(|source| ForgetError::File { path, source })?;
        removed += 1;
    }
    Ok(removed)
}

/// The copies beside workbooks that could not be written themselves.
fn copies_beside(folder: &Path) -> Result<Vec<PathBuf>, ForgetError> {
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        format_by_name(&name).is_some() && is_beside_name(&name) && path.is_file()
    });
    Ok(paths)
}

fn remove_holding(paths: Vec<PathBuf>, needles: &[String]) -> Result<usize, ForgetError> {
    let mut removed = 0;
    for path in paths {
        // One that can't be looked into may hold the person.
        if mentions(&path, needles).unwrap_or(true) {
            fs::remove_file(&path).map_err(|source| ForgetError::File { path, source })?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, ForgetError> {
    let mut files = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ForgetError> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.and_then(|entries| {
            let paths = entries.map(|entry| Ok(entry?.path()));
            paths.collect::<io::Result<Vec<PathBuf>>>()
        }),
    };
    let mut paths = listed.map_err(|source| ForgetError::File {
        path: folder.to_owned(),
        source,
    })?;
    paths.sort();
    Ok(paths)
}

/// Whether one of the folded texts stands in one of the workbook's parts. Tags and blanks count for
/// nothing: rather one backup too many goes than one too few.
fn mentions(path: &Path, needles: &[String]) -> io::Result<bool> {
    let mut package = zip::ZipArchive::new(fs::File::open(path)?)?;
    for position in 0..package.len() {
        let part = package.by_index(position)?;
        if part.size() > PART_MAX {
            return Ok(true);
        }
        let mut bytes = Vec::new();
        part.take(PART_MAX).read_to_end(&mut bytes)?;
        let text = fold_name(&String::from_utf8_lossy(&bytes));
        if needles.iter().any(|needle| text.contains(needle.as_str())) {
            return Ok(true);
        }
    }
    Ok(false)
}
