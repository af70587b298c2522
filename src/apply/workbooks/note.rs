//! What the ledger remembers of files, so that the next night knows what is its own.

use std::fmt::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::outbox::Ledger;

/// What was noted under a name. Without a note everything is made again: nothing is lost.
pub fn read<T: DeserializeOwned>(ledger: &Ledger, name: &str) -> Option<T> {
    let note = ledger.note(name).ok()??;
    serde_json::from_str(&note).ok()
}

/// Leaves a note to the next night. Whether it could be left.
pub fn write<T: Serialize>(ledger: &mut Ledger, name: &str, value: &T) -> bool {
    let Ok(note) = serde_json::to_string(value) else {
        return false;
    };
    ledger.set_note(name, &note).is_ok()
}

/// A hash as a note has it.
pub fn hex(bytes: &[u8]) -> String {
    let capacity = String::with_capacity(2 * bytes.len());
    bytes.iter().fold(capacity, |mut hex, byte| {
        // Writing to a String never fails.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
