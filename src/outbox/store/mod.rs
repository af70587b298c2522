//! The ledger's database: the only SQL of the program.
//!
//! **Journal.** While a run has it open, a write-ahead log: one flush a commit, where a rollback
//! journal takes four, and each e-mail takes two commits. The run holds the database exclusively,
//! so that the log needs no shared memory, which network shares don't have. When the run closes it,
//! it becomes a plain database with a rollback journal again: one file at rest, which a sync client
//! or a copy takes whole, and which a reader can lock and read without making a file. Where a run
//! is under way or was cut off, who looks reads the log by itself ([`image`]). Hundreds of messages
//! are queued at once with a rollback journal too, which keeps what was there before, nearly
//! nothing, where a log takes all that is new and has it written twice.
//!
//! **Modes.** SQLite gives its log the mode of the database, which we make before it does.

mod error;
mod flags;
mod forget;
mod image;
mod queue;
mod read;
mod runs;
mod schema;
mod sending;
mod shown;
mod step;
mod tally;
#[cfg(test)]
mod tests;
mod text;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, MAIN_DB, OpenFlags};

use super::{make_state_folder, state_folder};
use crate::platform;

pub use error::LedgerError;
pub use read::Doubt;
pub use sending::Sending;
pub use shown::{Asked, seal_of_all};
pub use tally::{Sums, Tally};

/// The file in the state folder.
pub const FILE: &str = "ledger.sqlite3";

/// How long to wait for a reader or a writer that is in the midst of something.
const PATIENCE: Duration = Duration::from_secs(10);

type Result<T> = std::result::Result<T, LedgerError>;

/// What was sent, is to be sent or may have been sent, for one programme folder.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
    /// Opened by a run, not to look only.
    writes: bool,
}

impl Ledger {
    /// Opens the ledger of a programme folder, makes it if there is none, brings it up to this
    /// version, and checks that it is whole. It is then held exclusively. For who holds the
    /// [`super::RunLock`]: of two that open it at once, both may be told that it is in use.
    ///
    /// # Errors
    /// It is damaged, of a newer version, not ours, or cannot be opened: nothing may then be sent.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = state_folder(folder).join(FILE);
        let unreachable = |source| LedgerError::Io {
            path: path.clone(),
            source,
        };
        make_state_folder(folder).map_err(unreachable)?;
        platform::ensure_private_file(&path).map_err(unreachable)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(&path, flags).map_err(LedgerError::at(&path))?;
        set_up(&connection).map_err(LedgerError::at(&path))?;
        // Before anything is read: a log that a crash left must not make SQLite share memory.
        connection
            .execute_batch("PRAGMA locking_mode = EXCLUSIVE")
            .map_err(LedgerError::at(&path))?;
        if schema::check(&connection, &path)? == 0 {
            schema::choose_form(&connection).map_err(LedgerError::at(&path))?;
        }
        log_ahead(&connection).map_err(LedgerError::at(&path))?;
        let mut ledger = Self {
            connection,
            path,
            writes: true,
        };
        schema::migrate(&mut ledger.connection, &ledger.path)?;
        ledger.check_whole()?;
        ledger.catch_up()?;
        Ok(ledger)
    }

    /// Opens the ledger of a programme folder to look at it only: no file is made, changed or
    /// removed, not even for a moment. None where there is no ledger yet. It is seen as it is now,
    /// and a run that starts meanwhile waits until this is dropped, so keep it for a short time. Not
    /// in a process that has the same ledger open for writing: looking at a file would end its
    /// locks (POSIX).
    ///
    /// # Errors
    /// As for [`Ledger::open`]; and where a run was cut off while it opened or closed the ledger,
    /// which only a run may repair.
    pub fn read_only(folder: &Path) -> Result<Option<Self>> {
        let path = state_folder(folder).join(FILE);
        let mut found = look(&path);
        // A run has opened it since we looked at its header.
        if matches!(found, Err(LedgerError::Busy { .. })) {
            found = look(&path);
        }
        let Some(connection) = found? else {
            return Ok(None);
        };
        let writes = false;
        Ok(Some(Self {
            connection,
            path,
            writes,
        }))
    }

    /// A copy of the ledger in memory: what is changed in it changes nothing else, and is gone with
    /// it. An empty one where there is no ledger yet. For finding out what a run would do; read
    /// as by [`Ledger::read_only`].
    ///
    /// # Errors
    /// As for [`Ledger::read_only`].
    pub fn on_paper(folder: &Path) -> Result<Self> {
        let path = state_folder(folder).join(FILE);
        let copied = match Self::read_only(folder)? {
            None => Connection::open_in_memory(),
            Some(mut ledger) => {
                let image = ledger.connection.serialize(MAIN_DB);
                image.and_then(|image| in_memory(&image))
            }
        };
        let mut connection = copied.map_err(LedgerError::at(&path))?;
        set_up(&connection).map_err(LedgerError::at(&path))?;
        schema::migrate(&mut connection, &path)?;
        let writes = false;
        Ok(Self {
            connection,
            path,
            writes,
        })
    }

    /// `PRAGMA quick_check`: every page, none of the indexes. Of our database alone: to look at
    /// SQLite's own temporary one makes it, and each commit then passes over it.
    fn check_whole(&self) -> Result<()> {
        let answer: String = self
            .connection
            .query_row("PRAGMA main.quick_check(1)", [], |row| row.get(0))
            .map_err(self.failed())?;
        if answer == "ok" {
            return Ok(());
        }
        Err(self.damaged(answer))
    }

    fn failed(&self) -> impl Fn(rusqlite::Error) -> LedgerError {
        LedgerError::at(&self.path)
    }

    fn damaged(&self, what: impl Into<String>) -> LedgerError {
        LedgerError::Damaged {
            path: self.path.clone(),
            what: what.into(),
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if self.writes {
            // Where it fails the log stays, and the next run or reader finds it.
            let _ = set_journal(&self.connection, "DELETE");
        }
    }
}

/// How the commits of a database are kept.
enum Journal {
    /// An empty file, which a crash may leave before anything was ever written to it: as good as
    /// no ledger.
    Nothing,
    /// A plain database.
    Rollback,
    /// A log beside it.
    Ahead,
}

/// Byte 19 of SQLite's file format tells it.
fn journal_of(path: &Path) -> io::Result<Journal> {
    let mut header = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(20).read_to_end(&mut header)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    Ok(match (header.first(), header.get(19)) {
        (None, _) => Journal::Nothing,
        (_, Some(2)) => Journal::Ahead,
        // Or no database: SQLite says so when it opens it.
        _ => Journal::Rollback,
    })
}

fn look(path: &Path) -> Result<Option<Connection>> {
    let unreachable = |source| LedgerError::Io {
        path: path.to_owned(),
        source,
    };
    match journal_of(path).map_err(unreachable)? {
        Journal::Nothing => return Ok(None),
        Journal::Ahead => return look_at_image(path).map(Some),
        Journal::Rollback => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(LedgerError::at(path))?;
    set_up(&connection).map_err(LedgerError::at(path))?;
    // One transaction, so that all that is read fits together.
    connection
        .execute_batch("BEGIN")
        .map_err(LedgerError::at(path))?;
    let is_older = schema::check(&connection, path)? < schema::VERSION;
    if is_older || sending::are_behind(&connection).map_err(LedgerError::at(path))? {
        drop(connection);
        return look_at_image(path).map(Some);
    }
    Ok(Some(connection))
}

/// A copy in memory, which may be brought up to this version and to the end of its journal.
fn look_at_image(path: &Path) -> Result<Connection> {
    let failed = LedgerError::at(path);
    let image = image::read(path).map_err(|source| LedgerError::Io {
        path: path.to_owned(),
        source,
    })?;
    let Some(image) = image else {
        return Err(LedgerError::Busy {
            path: path.to_owned(),
        });
    };
    let mut connection = in_memory(&image).map_err(&failed)?;
    set_up(&connection).map_err(&failed)?;
    schema::check(&connection, path)?;
    schema::migrate(&mut connection, path)?;
    sending::catch_up(&mut connection).map_err(&failed)?;
    connection
        .execute_batch("PRAGMA query_only = ON")
        .map_err(&failed)?;
    Ok(connection)
}

fn in_memory(image: &[u8]) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    connection.deserialize_read_exact(MAIN_DB, image, image.len(), false)?;
    Ok(connection)
}

/// What no connection goes without. Deleted content is overwritten, since bodies leave the ledger
/// once accepted (whole pages of it too, although they are cut off: until then another content may
/// come to lie on one and fill a part of it); nothing spills into temporary files; a forged schema
/// runs nothing.
fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    // More than a run has different ones: none is compiled twice.
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;",
    )
}

/// A night's messages are held in memory while they are queued. The log is begun anew after half a
/// megabyte: to flush what lies within a file takes half the time of flushing one that grows.
fn log_ahead(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 128;",
    )?;
    set_journal(connection, "WAL")
}

fn set_journal(connection: &Connection, mode: &str) -> rusqlite::Result<()> {
    connection.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |_| Ok(()))
}
