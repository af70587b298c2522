//! What the ledger keeps no longer than 12 months (hazards.md, Files) leaves it by itself, at the
//! beginning of a night.
//!
//! A clock that is wrong must not empty the ledger. It is believed once it has been the same for a
//! while: some run of a month or two ago says so. One that goes back has its latest run in the
//! future; one that jumps ahead has none in that time, on the nights after the jump either.

use chrono::{Days, Months, NaiveDate};
use tracing::{info, warn};

use super::forget::remove_files;
use super::witness;
use crate::outbox::{Erasure, Ledger, LedgerError, Moment};
use crate::programme::Programme;

/// hazards.md, Files: "rows after 12 months".
const KEPT: Months = Months::new(12);
/// Days for which a clock must have been the same.
const STEADY_FROM: Days = Days::new(30);
/// A run longer ago says nothing of the clock as it is now.
const STEADY_UP_TO: Days = Days::new(60);

/// Erases what is older than 12 months, where the clock can be believed. Whether anything was.
///
/// # Errors
/// The ledger can't be used: nothing was erased.
pub(super) fn purge(
    ledger: &mut Ledger,
    programme: &Programme,
    moment: Moment,
) -> Result<bool, LedgerError> {
    let Some(before) = moment.day.checked_sub_months(KEPT) else {
        return Ok(false);
    };
    if !ledger.holds_older_than(before)? {
        return Ok(false);
    }
    if !is_steady(ledger, moment.day)? {
        warn!("what is older than 12 months is kept: the clock has not been the same for a month");
        return Ok(false);
    }
    let forgotten = ledger.forget(&Erasure::Before(before), moment)?;
    witness::leave(ledger, &programme.folder)?;
    info!(
        erased = forgotten.erased.len(),
        kept = forgotten.kept,
        "what is older than 12 months left the ledger"
    );
    if let Err(error) = remove_files(&programme.folder, &forgotten.erased) {
        warn!(error = ?error.to_string(), "an e-mail file that is older than 12 months stays");
    }
    Ok(true)
}

fn is_steady(ledger: &Ledger, today: NaiveDate) -> Result<bool, LedgerError> {
    if ledger.latest_day()?.is_some_and(|latest| latest > today) {
        return Ok(false);
    }
    let window = today
        .checked_sub_days(STEADY_UP_TO)
        .zip(today.checked_sub_days(STEADY_FROM));
    let Some((from, up_to)) = window else {
        return Ok(false);
    };
    let last = ledger.last_completed_day(up_to)?;
    Ok(last.is_some_and(|day| day >= from))
}
