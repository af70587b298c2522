mod lanes;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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

fn tampered(folder: &Path, ledger: Ledger, sql: &str) -> Ledger {
    drop(ledger);
    Connection::open(state_folder(folder).join("ledger.sqlite3"))
        .expect("opened")
        .execute_batch(sql)
        .expect("changed");
    Ledger::open(folder).expect("a ledger")
}

/// What a crash can leave of one message between two steps.
#[derive(Debug, Clone, Copy)]
enum Crash {
    Prepared,
    Claimed,
    PutInPlace,
}

fn crash(folder: &Path, ledger: &mut Ledger, id: Id, at: Crash) {
    let outgoing = ledger.outgoing(id).expect("its content");
    let mut transport = FileTransport::new(folder);
    transport.prepare(&outgoing).expect("prepared");
    let by = transport.name().to_owned();
    if !matches!(at, Crash::Prepared) {
        assert!(
            ledger
                .step(id, Step::Claim { by }, night(0))
                .expect("claimed")
        );
    }
    if matches!(at, Crash::PutInPlace) {
        assert_eq!(transport.hand_over(&outgoing), Handed::Accepted);
    }
    // A crash runs no destructor.
    std::mem::forget(transport);
}

#[test]
fn a_crash_between_any_two_steps_loses_nothing_and_doubles_nothing() {
    for (at, left, settled) in [
        (Crash::Prepared, State::Planned, State::Planned),
        (Crash::Claimed, State::HandingOver, State::Planned),
        (Crash::PutInPlace, State::HandingOver, State::Accepted),
    ] {
        let (folder, mut ledger, ids) = scene(2);
        crash(folder.path(), &mut ledger, ids[0], at);
        drop(ledger);
        let mut ledger = Ledger::open(folder.path()).expect("a ledger");
        assert_eq!(state_of(&ledger, ids[0]), left, "{at:?}");
        recover(&mut ledger, folder.path(), night(1)).expect("recovered");
        assert_eq!(state_of(&ledger, ids[0]), settled, "{at:?}");
        assert!(
            files(folder.path())
                .keys()
                .all(|name| !name.contains("tmp"))
        );
        assert!(
            deliver_files(&mut ledger, folder.path(), 1)
                .stopped
                .is_none()
        );
        let mut written: Vec<Vec<u8>> = files(folder.path()).into_values().collect();
        written.sort();
        assert_eq!(written, [message(0).eml, message(1).eml], "{at:?}");
        assert_eq!(
            ledger.counts().expect("counted"),
            BTreeMap::from([(State::Accepted, 2)])
        );
        assert!(ledger.audit().expect("audited").agree());
    }
}

#[test]
fn a_file_that_was_taken_away_after_a_crash_is_a_doubt_and_is_not_written_again() {
    let (folder, mut ledger, ids) = scene(1);
    crash(folder.path(), &mut ledger, ids[0], Crash::PutInPlace);
    fs::remove_dir_all(mails(folder.path())).expect("taken away");
    let recovered = recover(&mut ledger, folder.path(), night(1)).expect("recovered");
    assert_eq!(recovered[0].state, State::Unknown);
    assert!(
        deliver_files(&mut ledger, folder.path(), 1)
            .messages
            .is_empty()
    );
    assert!(files(folder.path()).is_empty());
    let reason = "renvoyer".to_owned();
    assert!(
        ledger
            .step(ids[0], Step::Resend { reason }, night(2))
            .expect("settled")
    );
    deliver_files(&mut ledger, folder.path(), 2);
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn what_was_handed_to_a_server_is_a_doubt_whatever_lies_in_the_folder() {
    let (folder, mut ledger, ids) = scene(1);
    crash(folder.path(), &mut ledger, ids[0], Crash::PutInPlace);
    let mut ledger = tampered(
        folder.path(),
        ledger,
        "UPDATE messages SET handed_to = 'smtp'",
    );
    let recovered = recover(&mut ledger, folder.path(), night(1)).expect("recovered");
    assert_eq!(recovered[0].state, State::Unknown);
    assert!(recovered[0].error.is_some());
}

#[test]
fn recovering_a_folder_where_nothing_happened_changes_nothing() {
    let (folder, mut ledger, ids) = scene(1);
    assert!(
        recover(&mut ledger, folder.path(), night(1))
            .expect("recovered")
            .is_empty()
    );
    assert_eq!(state_of(&ledger, ids[0]), State::Planned);
    assert!(!folder.path().join("controles").exists());
}

/// Answers as it is told, and notes what it was asked.
#[derive(Default)]
struct Scripted {
    prepare: Vec<Result<(), Failure>>,
    hand_over: Vec<Handed>,
    asked: String,
}

impl Transport for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn prepare(&mut self, _message: &Outgoing) -> Result<(), Failure> {
        self.asked.push('p');
        self.prepare.remove(0)
    }

    fn hand_over(&mut self, _message: &Outgoing) -> Handed {
        self.asked.push('h');
        self.hand_over.remove(0)
    }

    fn abandon(&mut self) {
        self.asked.push('a');
    }

    fn finish(&mut self) {
        self.asked.push('f');
    }
}

fn later() -> Failure {
    Failure::Later {
        error: "451".to_owned(),
    }
}

fn never() -> Failure {
    Failure::Never {
        error: "550".to_owned(),
        refused: Refused::Address,
    }
}

fn stop() -> Failure {
    Failure::Stop {
        error: "535".to_owned(),
    }
}

#[test]
fn each_answer_of_a_server_has_its_state() {
    let (_folder, mut ledger, _) = scene(6);
    let mut transport = [Scripted {
        prepare: vec![Ok(()), Err(later()), Err(never()), Ok(()), Ok(()), Ok(())],
        hand_over: vec![
            Handed::Accepted,
            Handed::Failed(later()),
            Handed::Failed(never()),
            Handed::Unclear {
                error: "no answer".to_owned(),
            },
        ],
        ..Scripted::default()
    }];
    let delivered = deliver_by(&mut ledger, &mut transport, &|| night(0), &Cancel::new());
    assert_eq!(
        states(&delivered),
        [
            State::Accepted,
            State::Deferred,
            State::Refused,
            State::Deferred,
            State::Refused,
            State::Unknown
        ]
    );
    assert_eq!(transport[0].asked, "phppphphphf");
    let again = night(0).now + TimeDelta::minutes(30);
    let retried = ledger.pending(again).expect("pending");
    assert_eq!(retried.len(), 2);
    assert!(retried.iter().all(|one| one.attempts == 1));
    let before = again - TimeDelta::seconds(1);
    assert!(ledger.pending(before).expect("pending").is_empty());
}

#[test]
fn a_fault_of_the_settings_ends_the_sending_and_counts_no_try() {
    for handed_over in [false, true] {
        let (_folder, mut ledger, _) = scene(2);
        let mut transport = [Scripted {
            prepare: vec![if handed_over { Ok(()) } else { Err(stop()) }],
            hand_over: vec![Handed::Failed(stop())],
            ..Scripted::default()
        }];
        let delivered = deliver_by(&mut ledger, &mut transport, &|| night(0), &Cancel::new());
        assert!(matches!(delivered.stopped, Some(Stop::Transport(error)) if error == "535"));
        let pending = ledger.pending(night(0).now).expect("pending");
        assert_eq!(pending.len(), 2);
        assert!(pending.iter().all(|one| one.attempts == 0));
    }
}

/// What becomes of three messages where somebody asks to stop as soon as there is such a file.
fn stopped_once(is_there: fn(&Path) -> bool) -> [State; 3] {
    let (folder, mut ledger, ids) = scene(3);
    let cancel = Cancel::new();
    let clock = || {
        if files(folder.path())
            .keys()
            .any(|name| is_there(Path::new(name)))
        {
            cancel.ask();
        }
        night(0)
    };
    let mut transport = [FileTransport::new(folder.path())];
    let delivered = deliver_by(&mut ledger, &mut transport, &clock, &cancel);
    assert!(matches!(delivered.stopped, Some(Stop::Asked)));
    let left = [0, 1, 2].map(|at| state_of(&ledger, ids[at]));
    let gone = left.iter().filter(|state| **state == State::Accepted);
    assert_eq!(files(folder.path()).len(), gone.count());
    let rest = deliver_files(&mut ledger, folder.path(), 0);
    assert_eq!(states(&delivered).len() + states(&rest).len(), 3);
    assert_eq!(files(folder.path()).len(), 3);
    left
}

#[test]
fn a_wish_to_stop_is_heeded_between_two_messages() {
    let planned = State::Planned;
    // The first is prepared, and nobody has seen it.
    assert_eq!(stopped_once(|_| true), [planned; 3]);
    // The first is handed over.
    let left = stopped_once(|name| name.extension().is_some_and(|kind| kind == "eml"));
    assert_eq!(left, [State::Accepted, planned, planned]);
}

#[test]
fn nothing_leaves_that_the_ledger_cannot_note() {
    let (folder, ledger, _) = scene(2);
    let mut ledger = tampered(folder.path(), ledger, "DROP TABLE transitions");
    let delivered = deliver_files(&mut ledger, folder.path(), 0);
    assert!(matches!(
        delivered.stopped,
        Some(Stop::Ledger(LedgerError::Sqlite { .. }))
    ));
    assert!(delivered.messages.is_empty());
    // Only what shows the next run that it did not leave, should the claim be found after all.
    let left: Vec<String> = files(folder.path()).into_keys().collect();
    assert_eq!(left.len(), 1);
    assert!(
        left[0].starts_with('.') && left[0].contains(".eml.tmp-"),
        "{left:?}"
    );
}

#[test]
fn what_another_has_claimed_meanwhile_does_not_leave_twice() {
    let (_folder, mut ledger, ids) = scene(1);
    let pending = ledger.pending(night(0).now).expect("pending").remove(0);
    let by = "another".to_owned();
    assert!(
        ledger
            .step(ids[0], Step::Claim { by }, night(0))
            .expect("claimed")
    );
    let mut transport = [Scripted {
        prepare: vec![Ok(())],
        ..Scripted::default()
    }];
    let delivered = deliver_these(
        &mut ledger,
        vec![pending],
        &mut transport,
        &TERMS,
        &mut Pace::per_minute(0),
        &|| night(0),
        &Cancel::new(),
    );
    assert!(delivered.messages.is_empty());
    assert!(delivered.stopped.is_none());
    assert_eq!(transport[0].asked, "paf");
}

/// In this variable a test that runs itself as another process finds the folder.
#[cfg(unix)]
const FOLDER: &str = "PEER_CULTURE_TEST_FOLDER";

/// With this one it ends like a crash, once it has sent.
#[cfg(unix)]
const LEAVE: &str = "PEER_CULTURE_TEST_LEAVE";

/// A night as another process: `scene` must have queued the messages.
#[cfg(unix)]
fn act_as_child() -> bool {
    let Ok(folder) = std::env::var(FOLDER) else {
        return false;
    };
    let folder = Path::new(&folder);
    let _lock = RunLock::take(folder, night(0).now).expect("the lock");
    let mut ledger = Ledger::open(folder).expect("a ledger");
    recover(&mut ledger, folder, night(0)).expect("recovered");
    let delivered = deliver_files(&mut ledger, folder, 0);
    assert!(delivered.stopped.is_none());
    if std::env::var_os(LEAVE).is_some() {
        // No destructor runs, and everything stays where it was.
        std::process::exit(0);
    }
    true
}

#[cfg(unix)]
mod processes {
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::{
        BTreeMap, FOLDER, LEAVE, Ledger, Path, State, act_as_child, files, fs, mails, message,
        night, recover, scene, state_folder,
    };

    fn child(test: &str, folder: &Path) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", "umask 000; exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().expect("this program"))
            .args([
                "--exact",
                &format!("outbox::deliver::tests::processes::{test}"),
            ])
            .env(FOLDER, folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn only_the_owner_reads_whatever_the_umask() {
        if act_as_child() {
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        // Without a ledger first, so that the child makes everything.
        let run = || {
            child("only_the_owner_reads_whatever_the_umask", folder.path())
                .env(LEAVE, "")
                .status()
                .expect("run")
        };
        assert!(run().success());
        let state = state_folder(folder.path());
        Ledger::open(folder.path())
            .expect("a ledger")
            .enqueue(&[message(0)], &[], night(0))
            .expect("queued");
        assert!(run().success());
        assert_eq!(mode(&state), 0o700);
        assert_eq!(mode(&folder.path().join("controles")), 0o700);
        assert_eq!(mode(&mails(folder.path())), 0o700);
        let mut seen = 0;
        for folder in [state, mails(folder.path())] {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                seen += 1;
            }
        }
        // The ledger, its log, the lock, who holds it, and the e-mail.
        assert_eq!(seen, 5);
    }

    const COUNT: usize = 40;

    /// Kills a process at many instants of its sending, for real.
    #[test]
    fn a_killed_run_is_finished_by_the_next_without_loss_or_double() {
        if act_as_child() {
            return;
        }
        let mut cut = 0;
        for kill_after in (0..24).map(|step| Duration::from_micros(1500 * step)) {
            let (folder, ledger, _) = scene(COUNT);
            drop(ledger);
            let test = "a_killed_run_is_finished_by_the_next_without_loss_or_double";
            let mut running = child(test, folder.path()).spawn().expect("run");
            let patience = Instant::now();
            while !mails(folder.path()).exists() && patience.elapsed().as_secs() < 20 {
                std::thread::sleep(Duration::from_micros(200));
            }
            std::thread::sleep(kill_after);
            running.kill().expect("killed");
            running.wait().expect("gone");
            let mut ledger = Ledger::open(folder.path()).expect("a ledger");
            let accepted = ledger.in_state(State::Accepted).expect("read").len();
            cut += usize::from(accepted < COUNT);
            let in_doubt = recover(&mut ledger, folder.path(), night(0)).expect("recovered");
            assert!(in_doubt.len() <= 1);
            assert!(in_doubt.iter().all(|one| one.state != State::Unknown));
            drop(ledger);
            let status = child(test, folder.path()).status().expect("run");
            assert!(status.success());
            let ledger = Ledger::read_only(folder.path())
                .expect("looked")
                .expect("a ledger");
            assert_eq!(
                ledger.counts().expect("counted"),
                BTreeMap::from([(State::Accepted, u32::try_from(COUNT).expect("few"))])
            );
            assert!(ledger.audit().expect("audited").agree());
            assert_eq!(files(folder.path()).len(), COUNT);
        }
        assert!(cut > 5, "only {cut} runs were cut off");
    }
}
