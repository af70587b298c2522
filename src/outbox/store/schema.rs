//! The tables, and how an older ledger becomes one of this version.
//!
//! A change of the tables is a new step at the end of [`MIGRATIONS`]; one that was ever released is
//! never edited.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{LedgerError, Result};

/// `PCLD`, in the header of the file: it tells a ledger from any other SQLite database.
const APPLICATION_ID: i64 = 0x5043_4c44;

/// The step at place n makes version n + 1.
const MIGRATIONS: &[&str] = &[VERSION_1, VERSION_2, VERSION_3];

/// The version that this program writes: that of the last step.
pub const VERSION: i64 = 3;

/// Instants are UTC with milliseconds (`2021-01-12T03:30:00.000Z`), days are local (`2021-01-12`).
///
/// Content lies in a table of its own: it is erased while the message stays, and reading the
/// messages doesn't pass over it. The states are compared one by one: for a list with IN, SQLite
/// makes a table of its own at each change of a message.
const VERSION_1: &str = "
CREATE TABLE messages (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    key         TEXT NOT NULL,
    address     TEXT NOT NULL,               -- in lower case
    recipient   TEXT NOT NULL,               -- the name
    typed       TEXT NOT NULL,               -- the address as typed
    state       TEXT NOT NULL CHECK (
        state = 'planned' OR state = 'handing_over' OR state = 'accepted' OR state = 'deferred'
        OR state = 'refused' OR state = 'unknown' OR state = 'obsolete'
        OR state = 'awaiting_approval' OR state = 'rejected' OR state = 'settled'),
    run_day     TEXT NOT NULL,               -- of the run that queued it
    queued_at   TEXT NOT NULL,
    accepted_at TEXT,
    accepted_on TEXT,                        -- the local day
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_try    TEXT,                        -- while deferred: not before
    handed_to   TEXT,                        -- the transport of the last hand-over
    message_id  TEXT UNIQUE,
    about       TEXT,                        -- workbook, sheet, row
    why         TEXT NOT NULL,
    told        TEXT NOT NULL,               -- JSON
    subject     TEXT NOT NULL,
    last_error  TEXT,
    UNIQUE (kind, key, address),
    CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CHECK ((accepted_at IS NULL) = (accepted_on IS NULL)),
    CHECK ((state = 'deferred') = (next_try IS NOT NULL)),
    CHECK ((state = 'settled') = (message_id IS NULL))
) STRICT;
CREATE INDEX messages_by_state ON messages (state);

CREATE TABLE contents (
    message INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    eml     BLOB NOT NULL
) STRICT;

CREATE TABLE transitions (
    id         INTEGER PRIMARY KEY,
    message    INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    from_state TEXT,
    to_state   TEXT NOT NULL,
    at         TEXT NOT NULL,
    reason     TEXT
) STRICT;
CREATE INDEX transitions_of ON transitions (message);

CREATE TABLE runs (
    id      INTEGER PRIMARY KEY,
    day     TEXT NOT NULL,
    started TEXT NOT NULL,
    ended   TEXT,
    counts  TEXT                             -- JSON
) STRICT;

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Addresses that a server refused for good.
const VERSION_2: &str = "
CREATE TABLE refused_addresses (
    address TEXT PRIMARY KEY,                -- in lower case
    day     TEXT NOT NULL                    -- of the run that found it out
) STRICT, WITHOUT ROWID;
";

/// What became of messages while they leave ([`super::sending`]). Without an index, so that a commit
/// writes one page. What a sending under version 2 left behind, in the journal itself, comes here.
const VERSION_3: &str = "
CREATE TABLE leaving (
    id         INTEGER PRIMARY KEY,
    message    INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    at         TEXT NOT NULL,
    day        TEXT NOT NULL,
    handed_to  TEXT                          -- with a claim
) STRICT;
INSERT INTO leaving (message, from_state, to_state, at, day, handed_to)
    SELECT message, from_state, to_state, at, value ->> 'day',
           iif(to_state = 'handing_over', value ->> 'by', NULL)
    FROM meta JOIN transitions ON transitions.id > value ->> 'after'
    WHERE name = 'journal ahead of the messages' ORDER BY transitions.id;
DELETE FROM transitions WHERE id >
    (SELECT value ->> 'after' FROM meta WHERE name = 'journal ahead of the messages');
DELETE FROM meta WHERE name = 'journal ahead of the messages';
";

/// What must be chosen before the first table is made: pages that were given up are cut off at the
/// file's end by the commit that gives them up. Content is most of a ledger: to overwrite it there
/// would write it once more, and the file would stay as large as its fullest night made it.
///
/// # Errors
/// The ledger cannot be written.
pub fn choose_form(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA auto_vacuum = FULL")
}

/// The version of a ledger; 0 where there is nothing in it yet.
///
/// # Errors
/// It is newer than this program, or no ledger.
pub fn check(connection: &Connection, path: &Path) -> Result<i64> {
    check_against(connection, path, VERSION)
}

fn check_against(connection: &Connection, path: &Path, known: i64) -> Result<i64> {
    let number = |sql| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .map_err(LedgerError::at(path))
    };
    let application = number("PRAGMA application_id")?;
    let found = number("PRAGMA user_version")?;
    let path = path.to_owned();
    if application == 0 && found == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 {
        return Ok(0);
    }
    if application != APPLICATION_ID || found < 1 {
        return Err(LedgerError::Foreign { path });
    }
    if found > known {
        return Err(LedgerError::Newer { path, found, known });
    }
    Ok(found)
}

/// Brings a ledger up to this version, in one transaction.
///
/// # Errors
/// See [`check`]; or it cannot be written.
pub fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    migrate_with(connection, path, MIGRATIONS)
}

fn migrate_with(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<()> {
    let failed = LedgerError::at(path);
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    if check_against(connection, path, known)? == known {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(&failed)?;
    // Asked again now that nobody else can change it.
    let found = check_against(&transaction, path, known)?;
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(&failed)?;
    }
    transaction
        .execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {known};"
        ))
        .map_err(&failed)?;
    transaction.commit().map_err(&failed)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::Connection;

    use super::{MIGRATIONS, VERSION, check, migrate_with};
    use crate::outbox::LedgerError;
    use crate::outbox::store::sending::catch_up;

    const NEXT: &str = "ALTER TABLE messages ADD COLUMN extra TEXT";

    #[test]
    fn an_older_ledger_keeps_its_rows_and_an_older_program_refuses_a_newer_ledger() {
        let path = Path::new("ledger");
        let mut connection = Connection::open_in_memory().expect("a database");
        assert_eq!(check(&connection, path).expect("empty"), 0);
        migrate_with(&mut connection, path, MIGRATIONS).expect("made");
        assert_eq!(check(&connection, path).expect("ours"), VERSION);
        connection
            .execute("INSERT INTO meta VALUES ('a', 'b')", [])
            .expect("a row");
        let longer = [MIGRATIONS, &[NEXT]].concat();
        for _ in 0..2 {
            migrate_with(&mut connection, path, &longer).expect("brought up");
        }
        let kept: i64 = connection
            .query_row("SELECT count(*) FROM meta", [], |row| row.get(0))
            .expect("counted");
        assert_eq!(kept, 1);
        connection
            .prepare("SELECT extra FROM messages")
            .expect("the new column");
        assert!(matches!(
            check(&connection, path),
            Err(LedgerError::Newer { found, known, .. }) if found == VERSION + 1 && known == VERSION
        ));
    }

    /// A sending of version 2 was cut off, and the next night runs with this version.
    #[test]
    fn what_left_under_version_2_is_known_to_have_left() {
        let path = Path::new("ledger");
        let mut connection = Connection::open_in_memory().expect("a database");
        migrate_with(&mut connection, path, &MIGRATIONS[..2]).expect("made");
        let cut_off = "
            WITH numbers (id) AS (VALUES (1), (2), (3))
            INSERT INTO messages (id, kind, key, address, recipient, typed, state, run_day,
                                  queued_at, message_id, why, told, subject)
            SELECT id, 'rdv-rappel', id, 'a', 'A', 'a', 'planned', '2021-01-12', 't0', id, '', '', ''
            FROM numbers;
            INSERT INTO transitions (id, message, from_state, to_state, at) VALUES
                (1, 1, NULL, 'planned', 't0'), (2, 2, NULL, 'planned', 't0'),
                (3, 3, NULL, 'planned', 't0'), (4, 1, 'planned', 'handing_over', 't1'),
                (5, 1, 'handing_over', 'accepted', 't2'), (6, 2, 'planned', 'handing_over', 't2');
            INSERT INTO meta VALUES ('journal ahead of the messages',
                '{\"after\": 3, \"by\": \"smtp\", \"day\": \"2021-01-13\"}');";
        connection.execute_batch(cut_off).expect("a night");
        migrate_with(&mut connection, path, MIGRATIONS).expect("brought up");
        catch_up(&mut connection).expect("caught up");
        let rows = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).expect("a query");
            let found = statement.query_map([], |row| row.get(0)).expect("read");
            found.map(|row| row.expect("a row")).collect()
        };
        let messages = "SELECT concat_ws(' ', id, state, attempts, handed_to, accepted_at, \
                        accepted_on) FROM messages ORDER BY id";
        let expected = [
            "1 accepted 1 smtp t2 2021-01-13",
            "2 handing_over 0 smtp",
            "3 planned 0",
        ];
        assert_eq!(rows(messages), expected);
        let journal = "SELECT concat_ws(' ', id, message, from_state, to_state, at) \
                       FROM transitions WHERE id > 3 ORDER BY id";
        let expected = [
            "4 1 planned handing_over t1",
            "5 1 handing_over accepted t2",
            "6 2 planned handing_over t2",
        ];
        assert_eq!(rows(journal), expected);
        assert!(rows("SELECT name FROM meta").is_empty());
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let path = Path::new("ledger");
        let mut connection = Connection::open_in_memory().expect("a database");
        migrate_with(&mut connection, path, MIGRATIONS).expect("made");
        let broken = [MIGRATIONS, &[NEXT, "ALTER TABLE nowhere ADD COLUMN x TEXT"]].concat();
        migrate_with(&mut connection, path, &broken).expect_err("no such table");
        assert_eq!(check(&connection, path).expect("as before"), VERSION);
        connection
            .prepare("SELECT extra FROM messages")
            .expect_err("not added");
    }

    #[test]
    fn another_programs_database_is_refused() {
        let path = Path::new("ledger");
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch("CREATE TABLE theirs (a TEXT)")
            .expect("a table");
        assert!(matches!(
            check(&connection, path),
            Err(LedgerError::Foreign { .. })
        ));
    }
}
