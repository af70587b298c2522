//! Why the ledger cannot be used. Each of these stops the run before anything is sent.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why the ledger cannot be used, and what to do. No personal data.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// It cannot be reached.
    #[error("the ledger {path} cannot be opened: {source}")]
    Io {
        /// The ledger.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It is no database, or a damaged one.
    #[error(
        "the ledger {path} is damaged ({what}), nothing is sent: put back the newest whole copy of \
         it; if there is none, move it away and start again, and what was sent before is then \
         unknown"
    )]
    Damaged {
        /// The ledger.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// It was written by a newer version.
    #[error(
        "the ledger {path} was written by a newer peer-culture (its version {found}, ours {known}), \
         nothing is sent: update peer-culture"
    )]
    Newer {
        /// The ledger.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It is another program's database.
    #[error(
        "{path} is not a ledger of peer-culture, nothing is sent: move it away, or put the ledger \
         back"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A run was cut off while it opened or closed the ledger.
    #[error(
        "a run was cut off while it opened or closed the ledger {path}: the next `peer-culture run` \
         repairs it by itself; until then it cannot be read without changing it"
    )]
    CutOff {
        /// The ledger.
        path: PathBuf,
    },
    /// Another process is writing.
    #[error("the ledger {path} is in use by another process: try again once it is done")]
    Busy {
        /// The ledger.
        path: PathBuf,
    },
    /// Anything else: a full disk, no right to write…
    #[error("the ledger {path} cannot be read or written: {source}")]
    Sqlite {
        /// The ledger.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
}

impl LedgerError {
    /// What an error of SQLite means for this ledger.
    pub(super) fn at(path: &Path) -> impl Fn(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::new(path.clone(), source)
    }

    fn new(path: PathBuf, source: rusqlite::Error) -> Self {
        if matches!(
            source,
            rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..)
        ) {
            let what = source.to_string();
            return Self::Damaged { path, what };
        }
        let code = source.sqlite_error();
        // SQLITE_READONLY_ROLLBACK: a hot journal, and no right to roll it back.
        if code.is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK)
        {
            return Self::CutOff { path };
        }
        match code.map(|error| error.code) {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                path,
                what: source.to_string(),
            },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            _ => Self::Sqlite { path, source },
        }
    }
}
