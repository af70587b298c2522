//! What leaves the ledger, to the last byte.

use std::fs;

use super::{FILE, Ledger, Queued, Step, claim, ledger, message, night, queue, state_folder};
use crate::outbox::{Erasure, Id};

#[test]
fn a_content_leaves_the_ledger_once_accepted_to_the_last_byte() {
    let (folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "a");
    drop(ledger);
    let holds = || {
        let (names, files): (Vec<String>, Vec<Vec<u8>>) = fs::read_dir(state_folder(folder.path()))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (path.display().to_string(), fs::read(path).expect("read")))
            .unzip();
        assert_eq!(names.len(), 1, "one file at rest: {names:?}");
        let found = |text: &[u8]| files[0].windows(text.len()).any(|window| window == text);
        found(b"secret-a") || found(b"Bonjour. ")
    };
    assert!(holds());
    let mut ledger = Ledger::open(folder.path()).expect("a ledger");
    for step in [claim(), Step::Accept] {
        assert!(ledger.step(id, step, night(1)).expect("taken"));
    }
    let accepted = ledger.accepted().expect("read");
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].accepted_on, night(1).day);
    assert_eq!(accepted[0].key, "a");
    drop(ledger);
    assert!(!holds());
}

/// However small the messages are, and in whatever order they leave: SQLite moves rows about.
#[test]
fn nothing_of_many_contents_is_left_behind_where_rows_were_moved() {
    let (folder, mut ledger) = ledger();
    let small = |number: usize| Queued {
        eml: format!("secret-{number:03} {}", "x".repeat(number * 37 % 1900)).into_bytes(),
        ..message(&number.to_string())
    };
    let night_of: Vec<Queued> = (0..300).map(small).collect();
    let queued = ledger.enqueue(&night_of, &[], night(0)).expect("queued");
    let mut ids: Vec<(usize, Id)> = queued.ids.into_iter().flatten().enumerate().collect();
    ids.sort_by_key(|(number, _)| (number * 7919) % 300);
    for part in ids.chunks(60) {
        let sent = part.iter().filter(|(number, _)| number % 10 > 0);
        let mut sending = ledger.sending().expect("at rest");
        for (_, id) in sent {
            let steps = [(*id, claim()), (*id, Step::Accept)];
            assert_eq!(sending.steps(&steps, night(1)).expect("noted"), [true; 2]);
        }
        drop(sending);
        drop(ledger);
        let file = fs::read(state_folder(folder.path()).join(FILE)).expect("read");
        for (number, _) in part {
            let secret = format!("secret-{number:03}").into_bytes();
            let holds = file.windows(secret.len()).any(|bytes| bytes == secret);
            assert_eq!(holds, number % 10 == 0, "{number}");
        }
        ledger = Ledger::open(folder.path()).expect("a ledger");
    }
}

/// Content is most of a ledger: a year of nights would leave as many megabytes.
#[test]
fn the_file_is_cut_off_where_content_ended() {
    let (folder, mut ledger) = ledger();
    let night_of: Vec<Queued> = (0..60).map(|number| message(&number.to_string())).collect();
    let queued = ledger.enqueue(&night_of, &[], night(0)).expect("queued");
    drop(ledger);
    let size = || {
        let file = fs::metadata(state_folder(folder.path()).join(FILE));
        file.expect("a file").len()
    };
    let full = size();
    assert!(full > 60 * 8000);
    let mut ledger = Ledger::open(folder.path()).expect("a ledger");
    let (last, sent) = queued.ids.split_last().expect("ids");
    for id in sent.iter().flatten() {
        for step in [claim(), Step::Accept] {
            assert!(ledger.step(*id, step, night(1)).expect("taken"));
        }
    }
    let left = ledger.outgoing(last.expect("new")).expect("read");
    assert_eq!(left.eml, night_of[59].eml);
    drop(ledger);
    assert!(size() < full / 4, "{} of {full}", size());
    Ledger::open(folder.path()).expect("whole");
}

#[test]
fn what_is_erased_by_age_leaves_the_file() {
    let (folder, mut ledger) = ledger();
    let old = queue(&mut ledger, "old-canary");
    for step in [claim(), Step::Accept] {
        assert!(ledger.step(old, step, night(0)).expect("noted"));
    }
    let new: Vec<Queued> = (0..60)
        .map(|number| message(&format!("new-{number}")))
        .collect();
    ledger.enqueue(&new, &[], night(400)).expect("queued");
    let erasure = Erasure::Before(night(1).day);
    let erased = ledger.forget(&erasure, night(400)).expect("erased");
    assert_eq!(erased.erased.len(), 1);
    drop(ledger);
    let file = fs::read(state_folder(folder.path()).join(FILE)).expect("read");
    let holds = |text: &[u8]| file.windows(text.len()).any(|bytes| bytes == text);
    assert!(holds(b"new-59") && !holds(b"old-canary"));
}
