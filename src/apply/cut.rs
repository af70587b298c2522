//! Why a run did not come to its end, and what is known where it was cut short.

use crate::outbox::{Ledger, LedgerError, LockError, Tally};
use crate::programme::Programme;

/// Why a run did not begin: nothing was written or sent.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The settings lack what sending needs, such as the password.
    #[error("programme.toml: {0}")]
    Settings(String),
    /// Another run is under way, or the lock can't be made.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The ledger can't be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Somebody asked to stop. What was sent is in the ledger; the next run does the rest.
    #[error("stopped before the end, as asked; the next run does the rest")]
    Cancelled {
        /// What had become of the e-mails, where some had left.
        tally: Option<Box<Tally>>,
    },
    /// The ledger could be used at first, and no more once something had been sent or written: the
    /// disk is full, for instance.
    #[error("{error}; what had left until then is counted, and the next run does the rest")]
    CutShort {
        /// What is wrong with it.
        error: LedgerError,
        /// What had become of the e-mails, where it can still be read. What the server took and the
        /// ledger could not note is in doubt.
        tally: Option<Box<Tally>>,
    },
}

/// How far a night has come, for what is told where the ledger fails.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reached {
    /// The number of the last change before it, once e-mails may have been handed over.
    pub sending: Option<i64>,
    /// A workbook may have been written.
    pub writing: bool,
}

/// What a ledger that fails means: before anything left or was written, that nothing was.
pub(super) fn cut_short(error: LedgerError, programme: &Programme, reached: Reached) -> RunError {
    let Some(before) = reached.sending else {
        return RunError::Ledger(error);
    };
    let ledger = Ledger::read_only(&programme.folder).ok().flatten();
    let has_sent = ledger
        .as_ref()
        .is_none_or(|ledger| ledger.has_sent_after(before).unwrap_or(true));
    if !has_sent && !reached.writing {
        return RunError::Ledger(error);
    }
    let tally = ledger.and_then(|ledger| ledger.tally(before).ok());
    RunError::CutShort {
        error,
        tally: tally.map(Box::new),
    }
}

/// The same of a run that was asked to stop.
pub(super) fn cancelled(programme: &Programme, reached: Reached) -> RunError {
    let ledger = Ledger::read_only(&programme.folder).ok().flatten();
    let tally = reached
        .sending
        .zip(ledger)
        .and_then(|(before, ledger)| ledger.tally(before).ok());
    RunError::Cancelled {
        tally: tally.map(Box::new),
    }
}
