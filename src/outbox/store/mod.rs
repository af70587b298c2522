//! The ledger's database: the only SQL of the program.
//!
//! **Journal.** A rollback journal that is truncated at each commit, not a write-ahead log: the
//! folder may lie on a share or under a sync client, where a log's shared memory doesn't work and
//! the database without its log lacks the last commits; there is one writer at a time anyway; and a
//! reader then needs to write nothing. Truncated rather than deleted: SQLite flushes the
//! truncation, but not, at `synchronous=FULL`, the folder of a deleted journal, so that a power cut
//! could bring the journal back and undo the commit "handing over".
//!
//! **Modes.** SQLite gives its journal the mode of the database, which we make before it does.

mod error;
mod queue;
mod read;
mod runs;
mod schema;
mod step;
#[cfg(test)]
mod tests;
mod text;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::{make_state_folder, state_folder};
use crate::platform;

pub use error::LedgerError;

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
}

impl Ledger {
    /// Opens the ledger of a programme folder, makes it if there is none, brings it up to this
    /// version, and checks that it is whole.
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
        drop(platform::open_private_file(&path).map_err(unreachable)?);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection =
            Connection::open_with_flags(&path, flags).map_err(LedgerError::at(&path))?;
        set_up(&connection).map_err(LedgerError::at(&path))?;
        schema::check(&connection, &path)?;
        write_safely(&connection).map_err(LedgerError::at(&path))?;
        schema::migrate(&mut connection, &path)?;
        let ledger = Self { connection, path };
        ledger.check_whole()?;
        Ok(ledger)
    }

    /// Opens the ledger of a programme folder to look at it only: no file is made, changed or
    /// removed, not even for a moment. None where there is no ledger yet.
    ///
    /// # Errors
    /// As for [`Ledger::open`]; and where the last run was cut off in the midst of a commit, which
    /// only a run may repair.
    pub fn read_only(folder: &Path) -> Result<Option<Self>> {
        let path = state_folder(folder).join(FILE);
        match journal_version(&path) {
            Ok(None) => return Ok(None),
            // A write-ahead log (another program set it): opening it would make files.
            Ok(Some(2)) => return Err(LedgerError::CutOff { path }),
            Ok(Some(_)) => {}
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(LedgerError::Io { path, source }),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection =
            Connection::open_with_flags(&path, flags).map_err(LedgerError::at(&path))?;
        set_up(&connection).map_err(LedgerError::at(&path))?;
        if schema::check(&connection, &path)? < schema::VERSION {
            connection = copy_in_memory(&connection).map_err(LedgerError::at(&path))?;
            schema::migrate(&mut connection, &path)?;
        }
        Ok(Some(Self { connection, path }))
    }

    /// `PRAGMA quick_check`: every page, none of the indexes.
    fn check_whole(&self) -> Result<()> {
        let answer: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
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

/// None for an empty file, which a crash may leave before anything was ever written to it: as good
/// as no ledger. Else byte 19 of SQLite's file format: 1 for a rollback journal, 2 for a
/// write-ahead log.
fn journal_version(path: &Path) -> io::Result<Option<u8>> {
    let mut header = Vec::new();
    File::open(path)?.take(20).read_to_end(&mut header)?;
    if header.is_empty() {
        return Ok(None);
    }
    // Too short to be a database: SQLite says so when it opens it.
    Ok(Some(header.get(19).copied().unwrap_or(0)))
}

/// What no connection goes without. Deleted content is overwritten, since bodies leave the ledger
/// once accepted; nothing spills into temporary files; a forged schema runs nothing.
fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;",
    )
}

fn write_safely(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA journal_mode = TRUNCATE", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = FULL;")
}

fn copy_in_memory(source: &Connection) -> rusqlite::Result<Connection> {
    let mut copy = Connection::open_in_memory()?;
    set_up(&copy)?;
    Backup::new(source, &mut copy)?.run_to_completion(1000, Duration::ZERO, None)?;
    Ok(copy)
}
