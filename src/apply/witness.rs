//! How far the ledger had come, noted outside of it: a ledger that was put back from a backup does
//! not know what was sent since, and would have it sent again ([`super::gap`]).
//!
//! The note lies in `controles/`, since `.peer-culture/` is what is put back. It holds no personal
//! data.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::dashboard::OUTPUT;
use super::workbooks::put_file;
use crate::outbox::{Ledger, LedgerError};

/// Its name in `controles/`.
pub(super) const FILE: &str = ".registre.json";

/// The last change that the ledger knew of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Witness {
    change: i64,
    message: i64,
}

/// The change that was noted, where the ledger doesn't know it: it is older than the note. Where
/// there is no note, or one that can't be read, nothing is said.
///
/// # Errors
/// The ledger can't be read.
pub(super) fn ahead_of(ledger: &Ledger, folder: &Path) -> Result<Option<Witness>, LedgerError> {
    let noted = fs::read(path(folder)).ok();
    let noted: Option<Witness> = noted.and_then(|json| serde_json::from_slice(&json).ok());
    match noted {
        Some(noted) if !ledger.knows_change(noted.change, noted.message)? => Ok(Some(noted)),
        _ => Ok(None),
    }
}

/// Notes how far the ledger has come. If it can't be noted, an older ledger isn't known as such;
/// the night went well all the same.
///
/// # Errors
/// The ledger can't be read.
pub(super) fn leave(ledger: &Ledger, folder: &Path) -> Result<(), LedgerError> {
    let Some((change, message)) = ledger.newest_change()? else {
        // Nothing was ever planned, or all of it was forgotten.
        let _ = fs::remove_file(path(folder));
        return Ok(());
    };
    if let Ok(json) = serde_json::to_vec(&Witness { change, message }) {
        let _ = put_file(&folder.join(OUTPUT), FILE, &json);
    }
    Ok(())
}

fn path(folder: &Path) -> PathBuf {
    folder.join(OUTPUT).join(FILE)
}
