//! What a run remembers of its findings, so that the next can say what is new and what is solved.
//!
//! Two runs of one day are compared with the same earlier day: the second says the same as the
//! first, and a run at noon doesn't take the morning's news away.

use chrono::NaiveDate;

use crate::apply::workbooks::note;
use crate::outbox::Ledger;
use crate::report::morning::Memory;

/// The findings of the latest run.
const LATEST: &str = "findings";
/// Those of the last run before its day.
const BEFORE: &str = "findings of an earlier day";

/// The findings of the last run of an earlier day. What can't be read is not there: then there is
/// nothing to compare with, once.
pub fn before(ledger: &Ledger, today: NaiveDate) -> Option<Memory> {
    let latest: Memory = note::read(ledger, LATEST)?;
    if latest.day == today {
        return note::read(ledger, BEFORE);
    }
    Some(latest)
}

/// What the latest run read, be it of this day or of an earlier one.
pub fn latest(ledger: &Ledger) -> Option<Memory> {
    note::read(ledger, LATEST)
}

/// Remembers tonight's findings; `before` is what they were compared with.
pub fn keep(ledger: &mut Ledger, tonight: &Memory, before: Option<&Memory>) {
    if note::read::<Memory>(ledger, LATEST).as_ref() == Some(tonight) {
        return;
    }
    // Without them the next run has nothing to compare with, and says so.
    if let Some(before) = before {
        let _ = note::write(ledger, BEFORE, before);
    }
    let _ = note::write(ledger, LATEST, tonight);
}

/// Forgets the findings: their keys name people.
///
/// # Errors
/// The ledger cannot be written.
pub fn forget(ledger: &mut Ledger) -> Result<(), crate::outbox::LedgerError> {
    ledger.set_note(LATEST, "")?;
    ledger.set_note(BEFORE, "")
}
