//! Hundreds of messages at once.

use std::fs;
use std::path::Path;

use super::looking::crashed;
use super::{Ledger, Queued, ledger, message, night, state_folder};

const MANY: usize = 500;

fn many() -> Vec<Queued> {
    (0..MANY)
        .map(|number| message(&number.to_string()))
        .collect()
}

fn journal(ledger: &Ledger) -> String {
    let asked = ledger
        .connection
        .query_row("PRAGMA journal_mode", [], |row| row.get(0));
    asked.expect("asked")
}

fn files(folder: &Path) -> usize {
    fs::read_dir(state_folder(folder))
        .expect("a folder")
        .count()
}

#[test]
fn they_are_kept_for_good_once_they_are_queued_and_the_log_goes_on() {
    let (folder, mut ledger) = ledger();
    let queued = ledger.enqueue(&many(), &[], night(0)).expect("queued");
    assert_eq!(queued.new_messages(), MANY);
    assert_eq!(journal(&ledger), "wal");
    let seen_from_outside = Ledger::read_only(folder.path())
        .expect("looked")
        .expect("a ledger");
    assert_eq!(
        seen_from_outside.history().expect("read").entries().len(),
        MANY
    );
    let after_a_crash = crashed(folder.path());
    drop((seen_from_outside, ledger));
    for folder in [after_a_crash.path(), folder.path()] {
        let ledger = Ledger::open(folder).expect("a ledger");
        assert_eq!(ledger.pending(night(0).now).expect("read").len(), MANY);
        drop(ledger);
        assert_eq!(files(folder), 1, "one file at rest");
    }
}

#[test]
fn they_are_queued_whole_or_not_at_all() {
    let (folder, mut ledger) = ledger();
    let mut twice = many();
    let id = twice[0].message_id.clone();
    twice[MANY - 1].message_id = id;
    ledger
        .enqueue(&twice, &[], night(0))
        .expect_err("a Message-ID is another message's");
    assert_eq!(journal(&ledger), "wal");
    assert!(ledger.pending(night(0).now).expect("read").is_empty());
    drop(ledger);
    assert_eq!(files(folder.path()), 1, "one file at rest");
}
