//! One run a folder: a lock of the operating system, which a crash frees too (hazards.md: "two
//! schedulers for one job").

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use thiserror::Error;

use super::make_state_folder;
use crate::files;
use crate::platform;

const LOCK: &str = "lock";

/// Who holds the lock stands in a file beside it: on Windows a locked file cannot be read.
const HOLDER: &str = "lock.holder";

const TRIES: usize = 3;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// The right to change a programme folder, until it is dropped or the process ends, however it
/// ends.
#[derive(Debug)]
pub struct RunLock {
    /// Locked as long as it is open. The file is never removed: another process may have it open,
    /// and would then hold a lock that a third one doesn't see.
    _file: File,
    holder: PathBuf,
}

/// Who holds a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The number of the process.
    pub process: u32,
    /// When its run began.
    pub started: DateTime<Utc>,
}

/// Why the folder cannot be had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another run is under way.
    #[error("another run{} holds this folder", holder.as_ref().map_or_else(String::new, describe))]
    Held {
        /// Whose, where it could be read.
        holder: Option<Holder>,
    },
    /// The lock cannot be made.
    #[error("the lock of this folder, {path}, cannot be taken: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

fn describe(holder: &Holder) -> String {
    format!(
        " (process {}, started {})",
        holder.process,
        holder.started.to_rfc3339_opts(SecondsFormat::Secs, true)
    )
}

impl RunLock {
    /// Takes the lock of a programme folder, without waiting.
    ///
    /// # Errors
    /// Another run holds it, or the lock cannot be made.
    pub fn take(folder: &Path, now: DateTime<Utc>) -> Result<Self, LockError> {
        let state = make_state_folder(folder).map_err(|source| LockError::Io {
            path: super::state_folder(folder),
            source,
        })?;
        let path = state.join(LOCK);
        let holder = state.join(HOLDER);
        let failed = |source| LockError::Io {
            path: path.clone(),
            source,
        };
        let file = platform::open_private_file(&path).map_err(failed)?;
        match try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held {
                    holder: read_holder(&holder),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let me = json!({
            "process": std::process::id(),
            "started": now.to_rfc3339_opts(SecondsFormat::Secs, true),
            "what": "a run of peer-culture holds this folder",
        });
        // Of no use after a power cut: nobody holds the lock then.
        files::replace_fleeting(&holder, format!("{me}\n").as_bytes()).map_err(failed)?;
        Ok(Self {
            _file: file,
            holder,
        })
    }

    /// Who holds a programme folder now, where anybody does and has said so. Nothing is made or
    /// changed.
    #[must_use]
    pub fn holder(folder: &Path) -> Option<Holder> {
        let state = super::state_folder(folder);
        let holder = read_holder(&state.join(HOLDER))?;
        let file = File::open(state.join(LOCK)).ok()?;
        // Shared, and for an instant only: a crash may have left the holder's name.
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(holder),
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }
}

/// Who only looks ([`RunLock::holder`]) has the lock for an instant: it is tried again.
fn try_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_TRIES),
            answer => return answer,
        }
    }
    file.try_lock()
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // Still locked here. If it stays, the next holder replaces it.
        let _ = fs::remove_file(&self.holder);
    }
}

/// Nothing where the other run has not written it yet.
fn read_holder(path: &Path) -> Option<Holder> {
    let value: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let process = value.get("process")?.as_u64()?;
    let started = value.get("started")?.as_str()?;
    Some(Holder {
        process: u32::try_from(process).ok()?,
        started: DateTime::parse_from_rfc3339(started)
            .ok()?
            .with_timezone(&Utc),
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Holder, LockError, RunLock};
    use crate::outbox::state_folder;

    fn instant() -> DateTime<Utc> {
        DateTime::from_timestamp(1_610_422_200, 0).expect("an instant")
    }

    #[test]
    fn a_second_run_is_told_who_holds_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = RunLock::take(folder.path(), instant()).expect("the lock");
        let error = RunLock::take(folder.path(), instant()).expect_err("held");
        let process = std::process::id();
        assert_eq!(
            error.to_string(),
            format!(
                "another run (process {process}, started 2021-01-12T03:30:00Z) holds this folder"
            )
        );
        let LockError::Held { holder } = error else {
            panic!("held by another")
        };
        let started = instant();
        assert_eq!(holder, Some(Holder { process, started }));
        drop(lock);
        RunLock::take(folder.path(), instant()).expect("free again");
    }

    #[test]
    fn a_holder_that_has_not_said_who_it_is_holds_all_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let _lock = RunLock::take(folder.path(), instant()).expect("the lock");
        std::fs::remove_file(state_folder(folder.path()).join("lock.holder")).expect("removed");
        let error = RunLock::take(folder.path(), instant()).expect_err("held");
        assert_eq!(error.to_string(), "another run holds this folder");
    }

    #[test]
    fn what_a_crash_left_of_a_holder_holds_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = state_folder(folder.path());
        std::fs::create_dir(&state).expect("a folder");
        for name in ["lock", "lock.holder"] {
            std::fs::write(state.join(name), "{\"process\": 1}").expect("written");
        }
        RunLock::take(folder.path(), instant()).expect("the lock");
    }

    #[test]
    fn who_looks_is_told_who_holds_it_and_makes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(RunLock::holder(folder.path()), None);
        assert!(!state_folder(folder.path()).exists());
        let lock = RunLock::take(folder.path(), instant()).expect("the lock");
        let process = std::process::id();
        let started = instant();
        let expected = Some(Holder { process, started });
        assert_eq!(RunLock::holder(folder.path()), expected);
        drop(lock);
        assert_eq!(RunLock::holder(folder.path()), None);
        // What a crash left names nobody.
        let left = format!(
            "{{\"process\": 1, \"started\": \"{}\"}}",
            started.to_rfc3339()
        );
        std::fs::write(state_folder(folder.path()).join("lock.holder"), left).expect("written");
        assert_eq!(RunLock::holder(folder.path()), None);
    }

    #[test]
    fn two_folders_share_nothing() {
        let one = tempfile::tempdir().expect("a folder");
        let two = tempfile::tempdir().expect("a folder");
        let _one = RunLock::take(one.path(), instant()).expect("the lock");
        RunLock::take(two.path(), instant()).expect("the other lock");
    }
}
