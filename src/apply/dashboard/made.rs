//! What the dashboard was made from: while that stays the same, and nobody touched the file, the
//! next run of the day need not make the same one again.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::apply::workbooks::note::{self, hex};
use crate::files;
use crate::outbox::{Ledger, LedgerError};
use crate::report::dashboard::FILE;
use crate::report::morning::Night;

const NOTE: &str = "dashboard";

/// What the ledger remembers of the dashboard in its place.
#[derive(Debug, Serialize, Deserialize)]
pub struct Made {
    from: String,
    /// SHA-256 of the file.
    pub bytes: String,
}

impl Made {
    /// Made from this, with these bytes.
    pub fn new(from: [u8; 32], bytes: &[u8]) -> Self {
        Self {
            from: hex(&from),
            bytes: hex(&Sha256::digest(bytes)),
        }
    }

    /// As the last run noted it.
    pub fn noted(ledger: &Ledger) -> Option<Self> {
        note::read(ledger, NOTE)
    }

    /// Notes it for the next run.
    pub fn note(&self, ledger: &mut Ledger) {
        // Without the note the next run makes the same again.
        let _ = note::write(ledger, NOTE, self);
    }

    /// It would be made from the same, and nobody touched it since.
    pub fn is_there(&self, folder: &Path, from: &[u8; 32]) -> bool {
        self.from == hex(from)
            && files::sha256(&folder.join(FILE)).is_ok_and(|hash| hex(&hash) == self.bytes)
    }
}

/// All that the dashboard depends on: what was read, the settings, the day, the ledger, what the
/// night came to.
pub fn digest(ledger: &Ledger, night: Night<'_>) -> Result<[u8; 32], LedgerError> {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update(text.len().to_le_bytes());
        digest.update(text);
    };
    let programme = night.programme;
    // Another version of the program may show the same night in another way.
    add(env!("CARGO_PKG_VERSION"));
    add(&programme.now.today.to_string());
    add(&format!("{:?}", programme.settings));
    for workbook in &programme.season.workbooks {
        add(&workbook.name);
        add(&hex(&workbook.fingerprint));
    }
    add(&ledger.last_change()?.to_string());
    add(&format!("{:?}", night.desk.clock));
    add(&format!("{:?}", night.desk.registry));
    add(&serde_json::to_string(&night.before).unwrap_or_default());
    add(&format!("{:?}", night.lost()));
    add(night.guard.unwrap_or_default());
    add(&format!("{:?}", night.taken.remarks));
    add(&format!("{:?}", night.problems));
    for workbook in night.workbooks {
        // Written tonight or by an earlier run: the same to her.
        let is_left_over = workbook.is_left_over();
        add(&format!(
            "{:?} {is_left_over} {:?}",
            workbook.file, workbook.remark
        ));
    }
    Ok(digest.finalize().into())
}
