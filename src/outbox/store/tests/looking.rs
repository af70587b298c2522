//! Opening ledgers as runs, crashes and other programs leave them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rusqlite::Connection;
use tempfile::TempDir;

use super::{claim, database, ledger, message, night, queue};
use crate::outbox::store::image::log_of;
use crate::outbox::{Ledger, LedgerError, state_folder};

/// Everything below a folder: names, sizes, times, bytes.
fn trace(folder: &Path) -> BTreeMap<String, (SystemTime, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let changed = fs::metadata(&path)
            .expect("there")
            .modified()
            .expect("a time");
        let bytes = fs::read(&path).unwrap_or_default();
        found.insert(path.display().to_string(), (changed, bytes));
        if path.is_dir() {
            found.extend(trace(&path));
        }
    }
    found
}

#[test]
fn looking_leaves_no_trace() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = trace(folder.path());
    assert!(Ledger::read_only(folder.path()).expect("looked").is_none());
    assert_eq!(trace(folder.path()), empty);

    let mut ledger = Ledger::open(folder.path()).expect("a ledger");
    queue(&mut ledger, "a");
    let look = || {
        let before = trace(folder.path());
        let looking = Ledger::read_only(folder.path())
            .expect("looked")
            .expect("a ledger");
        assert_eq!(looking.history().expect("read").entries().len(), 1);
        assert_eq!(trace(folder.path()), before);
        drop(looking);
        assert_eq!(trace(folder.path()), before);
        before.len()
    };
    // While the run is under way there is a log; after it there is none.
    assert_eq!(look(), 3);
    drop(ledger);
    assert_eq!(look(), 2);
}

#[test]
fn who_looks_cannot_write() {
    let (folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "a");
    let refuse = || {
        let mut looking = Ledger::read_only(folder.path())
            .expect("looked")
            .expect("a ledger");
        looking.step(id, claim(), night(0)).expect_err("read only");
        looking
            .enqueue(&[message("b")], &[], night(0))
            .expect_err("read only");
        assert_eq!(looking.pending(night(0).now).expect("pending").len(), 1);
    };
    refuse();
    drop(ledger);
    refuse();
}

#[test]
fn who_looks_sees_one_moment_and_a_run_waits_for_the_end_of_it() {
    let (folder, mut first) = ledger();
    queue(&mut first, "a");
    drop(first);
    let looking = Ledger::read_only(folder.path())
        .expect("looked")
        .expect("a ledger");
    std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            let mut ledger = Ledger::open(folder.path()).expect("a ledger");
            queue(&mut ledger, "b");
        });
        std::thread::sleep(Duration::from_millis(300));
        assert!(!run.is_finished());
        assert_eq!(looking.history().expect("read").entries().len(), 1);
        drop(looking);
        run.join().expect("done");
    });
}

#[test]
fn an_empty_file_is_no_ledger_yet() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(state_folder(folder.path())).expect("a folder");
    fs::write(database(folder.path()), "").expect("a file");
    assert!(Ledger::read_only(folder.path()).expect("looked").is_none());
    let mut ledger = Ledger::open(folder.path()).expect("a ledger");
    queue(&mut ledger, "a");
}

/// The folder as a crash would leave it now.
pub(super) fn crashed(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    fs::create_dir(state_folder(copy.path())).expect("a folder");
    for entry in fs::read_dir(state_folder(folder)).expect("a folder") {
        let from = entry.expect("an entry").path();
        let name = from.file_name().expect("a name").to_owned();
        fs::copy(&from, state_folder(copy.path()).join(name)).expect("copied");
    }
    copy
}

const SPILL: &str = "PRAGMA cache_size = 1; BEGIN IMMEDIATE; \
    UPDATE messages SET key = 'b'; UPDATE contents SET eml = zeroblob(4000000);";

#[test]
fn after_a_crash_all_that_was_committed_is_seen_and_nothing_else() {
    let (folder, mut ledger) = ledger();
    queue(&mut ledger, "a");
    ledger.connection.execute_batch(SPILL).expect("spilled");
    let folder = crashed(folder.path());
    let log = log_of(&database(folder.path()));
    assert!(fs::metadata(&log).expect("a log").len() > 1_000_000);
    let before = trace(folder.path());
    let looking = Ledger::read_only(folder.path())
        .expect("looked")
        .expect("a ledger");
    assert_eq!(looking.history().expect("read").entries()[0].key, "a");
    looking.check_whole().expect("whole");
    assert_eq!(trace(folder.path()), before);
    let ledger = Ledger::open(folder.path()).expect("repaired");
    assert_eq!(ledger.history().expect("read").entries()[0].key, "a");
}

/// A log of which the end, or any byte, did not reach the disk.
#[test]
fn a_torn_log_gives_what_sqlite_makes_of_it() {
    let (folder, mut ledger) = ledger();
    for number in 0..6 {
        queue(&mut ledger, &number.to_string());
    }
    let whole = crashed(folder.path());
    let log = fs::read(log_of(&database(whole.path()))).expect("a log");
    let step = log.len() / 40;
    let mut seen = BTreeSet::new();
    for cut in (0..log.len()).step_by(step) {
        for flip in [false, true] {
            let folder = crashed(whole.path());
            let mut torn = log.clone();
            if flip {
                torn[cut] ^= 0x40;
            } else {
                torn.truncate(cut);
            }
            fs::write(log_of(&database(folder.path())), torn).expect("written");
            let look = |ledger: &Ledger| ledger.history().map(|one| one.entries().to_vec());
            let looked = Ledger::read_only(folder.path())
                .map(|found| found.map(|found| look(&found).expect("read")));
            let opened = Ledger::open(folder.path()).expect("repaired");
            let opened = look(&opened).expect("read");
            let looked = looked.expect("looked").unwrap_or_default();
            assert_eq!(looked, opened, "cut at {cut}, {flip}");
            seen.insert(looked.len());
        }
    }
    assert!(seen.len() > 3, "{seen:?}");
}

#[test]
fn a_rollback_that_is_due_is_left_to_a_run() {
    let (folder, mut ledger) = ledger();
    queue(&mut ledger, "a");
    drop(ledger);
    let other = Connection::open(database(folder.path())).expect("opened");
    other.execute_batch(SPILL).expect("spilled");
    let folder = crashed(folder.path());
    let before = trace(folder.path());
    let error = Ledger::read_only(folder.path()).expect_err("not without changing it");
    assert!(matches!(error, LedgerError::CutOff { .. }), "{error}");
    assert!(error.to_string().contains("`peer-culture run`"), "{error}");
    assert_eq!(trace(folder.path()), before);
    let ledger = Ledger::open(folder.path()).expect("repaired");
    assert_eq!(ledger.history().expect("read").entries()[0].key, "a");
    drop(ledger);
    Ledger::read_only(folder.path())
        .expect("looked")
        .expect("a ledger");
}

#[test]
fn a_damaged_ledger_stops_the_run_and_says_what_to_do() {
    let (folder, mut first) = ledger();
    for number in 0..50 {
        queue(&mut first, &number.to_string());
    }
    drop(first);
    let path = database(folder.path());
    let whole = fs::read(&path).expect("read");
    let mut holed = whole.clone();
    holed.get_mut(4096..40_960).expect("pages").fill(0xa5);
    let cut = whole.get(..whole.len() / 2).expect("half").to_vec();
    for bytes in [
        b"not a database at all, but long enough".to_vec(),
        holed,
        cut,
    ] {
        fs::write(&path, &bytes).expect("written");
        let error = Ledger::open(folder.path()).expect_err("damaged");
        assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains("nothing is sent"), "{error}");
    }
    fs::write(&path, b"not a database").expect("written");
    Ledger::read_only(folder.path()).expect_err("damaged");
}

#[test]
fn a_row_that_this_version_cannot_understand_is_not_passed_over() {
    let (_folder, mut ledger) = ledger();
    queue(&mut ledger, "a");
    ledger
        .connection
        .execute("UPDATE messages SET kind = 'carte-de-voeux'", [])
        .expect("changed");
    let error = ledger.history().expect_err("unknown kind");
    assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
    assert!(!error.to_string().contains("carte"), "{error}");
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let (folder, ledger) = ledger();
    ledger
        .connection
        .execute_batch("PRAGMA user_version = 7")
        .expect("changed");
    drop(ledger);
    for opened in [
        Ledger::open(folder.path()).map(Some),
        Ledger::read_only(folder.path()),
    ] {
        let error = opened.expect_err("newer");
        assert!(
            matches!(error, LedgerError::Newer { found: 7, .. }),
            "{error}"
        );
    }
}
