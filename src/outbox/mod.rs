//! The ledger: what is to be sent, was sent, or may have been; and how it leaves.
//!
//! A night goes: [`RunLock::take`], [`Ledger::open`], [`recover`] (what a crash left half-way),
//! [`Ledger::enqueue`], then [`deliver`]. `check` and `plan` only look, with
//! [`Ledger::read_only`], and leave no trace in the folder.

use std::io;
use std::path::{Path, PathBuf};

use crate::platform;

mod deliver;
mod erasure;
mod file;
mod lock;
mod message;
mod seal;
mod smtp;
mod store;

pub use deliver::{
    Delivered, Delivery, Failure, Handed, Pace, Refused, Stop, Terms, Time, Transport, Whose,
    deliver, recover, settle_left,
};
pub use erasure::{Erased, Erasure, Forgotten};
pub use file::FileTransport;
pub use lock::{Holder, LockError, RunLock};
pub use message::{
    AcceptedMail, Enqueued, Id, Initial, Moment, NoId, Outgoing, Pending, Queued, Run, RunId, Step,
    Traces, Transition,
};
pub use seal::{About, NoSeal, Seal};
pub use smtp::{Patience, Server, ServerProblem, SmtpTransport, Trial};
pub use store::{
    Asked, Doubt, FILE as LEDGER_FILE, Ledger, LedgerError, Sending, Sums, Tally, seal_of_all,
};

/// Where a programme folder keeps what the program must remember (programme.md §2).
pub const STATE_FOLDER: &str = ".peer-culture";

/// The state folder of a programme folder.
#[must_use]
pub fn state_folder(folder: &Path) -> PathBuf {
    folder.join(STATE_FOLDER)
}

fn make_state_folder(folder: &Path) -> io::Result<PathBuf> {
    let state = state_folder(folder);
    platform::make_private_folder(&state)?;
    Ok(state)
}
