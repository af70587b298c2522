mod answers;
mod crashes;
mod faults;
mod hands;
mod lanes;
#[cfg(unix)]
mod processes;
mod scenes;
mod terms;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use super::engine::deliver_these;
use super::{
    Delivered, Failure, Handed, Pace, Refused, Stop, Terms, Time, Transport, Whose, deliver,
    recover,
};
use crate::cancel::Cancel;
use crate::mails::{Kind, Recipient, State};
use crate::outbox::{
    FileTransport, Id, Initial, Ledger, LedgerError, Moment, Outgoing, Queued, RunLock, Step,
    state_folder,
};

fn night(number: i64) -> Moment {
    let first = DateTime::from_timestamp(1_610_422_200, 0).expect("an instant");
    let now = first + TimeDelta::days(number);
    Moment {
        now,
        day: now.date_naive(),
    }
}

fn message(number: usize) -> Queued {
    Queued {
        kind: Kind::RegistrationConfirmed,
        key: format!("atelier 3 | {number}"),
        to: Recipient {
            name: "Zoé Martin".to_owned(),
            address: format!("zoe{number}@example.org"),
        },
        initial: Initial::Planned,
        about: None,
        why: "A une place".to_owned(),
        told: Value::Null,
        subject: "Votre inscription".to_owned(),
        message_id: format!("<{number}@example.org>"),
        eml: format!("Subject: {number}\r\n\r\n{}\r\n", "Bonjour. ".repeat(500)).into_bytes(),
    }
}

fn scene(count: usize) -> (TempDir, Ledger, Vec<Id>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::open(folder.path()).expect("a ledger");
    let messages: Vec<Queued> = (0..count).map(message).collect();
    let enqueued = ledger.enqueue(&messages, &[], night(0)).expect("queued");
    (folder, ledger, enqueued.ids.into_iter().flatten().collect())
}

fn deliver_files(ledger: &mut Ledger, folder: &Path, number: i64) -> Delivered {
    let mut files = [FileTransport::new(folder)];
    deliver_by(ledger, &mut files, &|| night(number), &Cancel::new())
}

const TERMS: Terms = Terms {
    retry_after: TimeDelta::minutes(30),
    until: None,
    whose: Whose::Everybody,
    but: BTreeSet::new(),
};

fn deliver_by<T: Transport>(
    ledger: &mut Ledger,
    transports: &mut [T],
    time: &dyn Time,
    cancel: &Cancel,
) -> Delivered {
    deliver(
        ledger,
        transports,
        &TERMS,
        &mut Pace::per_minute(0),
        time,
        cancel,
    )
}

fn mails(folder: &Path) -> PathBuf {
    folder.join("controles").join("courriels")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(mails(folder)) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap_or_default())
        })
        .collect()
}

fn states(delivered: &Delivered) -> Vec<State> {
    delivered.messages.iter().map(|one| one.state).collect()
}

fn state_of(ledger: &Ledger, id: Id) -> State {
    let all = [
        State::Planned,
        State::HandingOver,
        State::Accepted,
        State::Deferred,
        State::Refused,
        State::Unknown,
    ];
    all.into_iter()
        .find(|state| {
            let found = ledger.in_state(*state).expect("read");
            found.iter().any(|one| one.id == id)
        })
        .expect("a state")
}

/// What it comes to; where it hangs or panics the test fails.
fn ends<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, heard) = mpsc::channel();
    thread::spawn(move || {
        let _ = done.send(what());
    });
    heard
        .recv_timeout(Duration::from_mins(1))
        .expect("it ends, and doesn't panic")
}

#[test]
fn each_message_is_a_file_and_a_second_night_sends_nothing() {
    let (folder, mut ledger, _) = scene(3);
    let delivered = deliver_files(&mut ledger, folder.path(), 0);
    assert!(delivered.stopped.is_none());
    assert_eq!(states(&delivered), [State::Accepted; 3]);
    let written = files(folder.path());
    // The start of `printf '<1@example.org>' | sha256sum`.
    let name = "2021-01-12_inscription-confirmee_c0723f33.eml";
    assert_eq!(
        written.get(name),
        Some(&message(1).eml),
        "{:?}",
        written.keys()
    );
    assert_eq!(written.len(), 3);
    assert!(
        deliver_files(&mut ledger, folder.path(), 1)
            .messages
            .is_empty()
    );
    assert_eq!(files(folder.path()), written);
    assert_eq!(
        ledger.counts().expect("counted"),
        BTreeMap::from([(State::Accepted, 3)])
    );
}

#[test]
fn a_message_that_cannot_be_written_waits_and_the_others_go() {
    let (folder, mut ledger, ids) = scene(3);
    let delivered = deliver_files(&mut ledger, folder.path(), 0);
    let names: Vec<String> = files(folder.path()).into_keys().collect();
    assert_eq!(delivered.messages.len(), 3);

    let (folder, mut again, again_ids) = scene(3);
    assert_eq!(ids, again_ids);
    let taken = names
        .iter()
        .find(|name| name.contains("c0723f33"))
        .expect("the second message's");
    fs::create_dir_all(mails(folder.path()).join(taken)).expect("a folder in the way");
    let delivered = deliver_files(&mut again, folder.path(), 0);
    assert_eq!(
        states(&delivered),
        [State::Accepted, State::Deferred, State::Accepted]
    );
    assert!(delivered.messages[1].error.is_some());
    assert!(delivered.stopped.is_none());
    fs::remove_dir(mails(folder.path()).join(taken)).expect("cleared");
    let delivered = deliver_files(&mut again, folder.path(), 1);
    assert_eq!(states(&delivered), [State::Accepted]);
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), names);
}

#[test]
fn a_file_that_somebody_changed_is_not_overwritten() {
    let (folder, mut ledger, _) = scene(1);
    deliver_files(&mut ledger, folder.path(), 0);
    let (name, _) = files(folder.path()).pop_first().expect("a file");

    let (folder, mut ledger, ids) = scene(1);
    fs::create_dir_all(mails(folder.path())).expect("a folder");
    fs::write(mails(folder.path()).join(&name), "notes").expect("written");
    let delivered = deliver_files(&mut ledger, folder.path(), 0);
    assert_eq!(states(&delivered), [State::Accepted]);
    let written = files(folder.path());
    assert_eq!(
        written.get(&name).map(Vec::as_slice),
        Some(b"notes".as_slice())
    );
    assert_eq!(written.len(), 2);
    assert!(written.values().any(|bytes| *bytes == message(0).eml));
    assert_eq!(state_of(&ledger, ids[0]), State::Accepted);
}

/// A disk that is full as soon as a message is to leave.
const NO_CLAIM: &str = "CREATE TRIGGER f BEFORE INSERT ON leaving BEGIN SELECT RAISE(ABORT, \
    'disk full'); END";

fn tampered(folder: &Path, ledger: Ledger, sql: &str) -> Ledger {
    drop(ledger);
    Connection::open(state_folder(folder).join("ledger.sqlite3"))
        .expect("opened")
        .execute_batch(sql)
        .expect("changed");
    Ledger::open(folder).expect("a ledger")
}
