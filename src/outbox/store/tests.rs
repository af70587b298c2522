mod doubts;
mod erasure;
mod histories;
mod looking;
mod many;
mod runs;
mod sending;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tempfile::TempDir;

use super::{FILE, Ledger, LedgerError};
use crate::mails::{Kind, Recipient, SettledKey, State};
use crate::outbox::{Id, Initial, Moment, Queued, Refused, Step, state_folder};

fn night(number: i64) -> Moment {
    let first = DateTime::from_timestamp(1_610_422_200, 0).expect("an instant");
    let now = first + TimeDelta::days(number);
    Moment {
        now,
        day: now.date_naive(),
    }
}

fn message(key: &str) -> Queued {
    Queued {
        kind: Kind::RegistrationConfirmed,
        key: key.to_owned(),
        to: Recipient {
            name: "Zoé Martin".to_owned(),
            address: " Zoe.Martin@Example.org".to_owned(),
        },
        initial: Initial::Planned,
        about: Some("inscriptions.xlsx, Inscriptions, ligne 4".to_owned()),
        why: "A une place".to_owned(),
        told: json!({"place": "Toulouse"}),
        subject: "Votre inscription".to_owned(),
        message_id: format!("<{key}@example.org>"),
        eml: format!("Subject: secret-{key}\r\n\r\n{}", "Bonjour. ".repeat(900)).into_bytes(),
    }
}

fn settled(key: &str) -> SettledKey {
    SettledKey {
        kind: Kind::WorkshopReminder,
        key: key.to_owned(),
        address: "zoe.martin@example.org".to_owned(),
        why: "Rappel le même soir".to_owned(),
    }
}

fn ledger() -> (TempDir, Ledger) {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = Ledger::open(folder.path()).expect("a ledger");
    (folder, ledger)
}

fn refuse() -> Step {
    Step::Refuse {
        error: String::new(),
        refused: Refused::Message,
    }
}

fn postpone(next_try: DateTime<Utc>) -> Step {
    Step::Postpone {
        error: String::new(),
        next_try,
    }
}

fn queue(ledger: &mut Ledger, key: &str) -> Id {
    let enqueued = ledger
        .enqueue(&[message(key)], &[], night(0))
        .expect("queued");
    enqueued.ids[0].expect("new")
}

fn claim() -> Step {
    Step::Claim {
        by: "file".to_owned(),
    }
}

fn defer(until: DateTime<Utc>) -> Step {
    Step::Defer {
        error: "disk full".to_owned(),
        next_try: until,
    }
}

fn database(folder: &Path) -> PathBuf {
    state_folder(folder).join(FILE)
}

#[test]
fn a_queued_message_comes_back_as_it_was_frozen() {
    let (_folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "atelier 3 | zoe");
    let outgoing = ledger.outgoing(id).expect("its content");
    assert_eq!(outgoing.eml, message("atelier 3 | zoe").eml);
    assert_eq!(outgoing.address, "Zoe.Martin@Example.org");
    assert_eq!(outgoing.message.to.address, "zoe.martin@example.org");
    assert_eq!(outgoing.message.state, State::Planned);
    let history = ledger.history().expect("a history");
    let entry = history
        .find(
            Kind::RegistrationConfirmed,
            "atelier 3 | zoe",
            "ZOE.martin@example.org",
        )
        .expect("an entry");
    assert_eq!(entry.told, json!({"place": "Toulouse"}));
    assert_eq!(entry.queued_on, night(0).day);
    assert_eq!(entry.accepted_on, None);
}

#[test]
fn a_known_key_stays_as_it_is_and_is_reported_as_not_new() {
    let (_folder, mut ledger) = ledger();
    let mut again = message("a");
    again.to.address = "ZOE.MARTIN@example.org".to_owned();
    again.subject = "Autre".to_owned();
    again.message_id = "<other@example.org>".to_owned();
    let first = ledger
        .enqueue(
            &[message("a"), again.clone()],
            &[settled("a"), settled("a")],
            night(0),
        )
        .expect("queued");
    assert_eq!(first.new_messages(), 1);
    assert_eq!(first.ids[1], None);
    assert_eq!(first.settled, 1);
    let second = ledger
        .enqueue(&[again, message("b")], &[settled("a")], night(1))
        .expect("queued");
    assert_eq!((second.ids[0], second.new_messages()), (None, 1));
    assert_eq!(second.settled, 0);
    let pending = ledger.pending(night(1).now).expect("pending");
    let subjects: Vec<&str> = pending.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(subjects, ["Votre inscription", "Votre inscription"]);
}

#[test]
fn a_settled_key_is_never_sent() {
    let (_folder, mut ledger) = ledger();
    ledger
        .enqueue(&[], &[settled("a")], night(0))
        .expect("settled");
    let mut reminder = message("a");
    reminder.kind = Kind::WorkshopReminder;
    let enqueued = ledger
        .enqueue(&[reminder], &[], night(1))
        .expect("queued nothing");
    assert_eq!(enqueued.new_messages(), 0);
    assert!(ledger.pending(night(2).now).expect("pending").is_empty());
    assert!(ledger.in_state(State::Settled).expect("none").is_empty());
    let history = ledger.history().expect("a history");
    assert_eq!(
        history.entries().first().map(|entry| entry.state),
        Some(State::Settled)
    );
}

#[test]
fn a_batch_is_queued_whole_or_not_at_all() {
    let (_folder, mut ledger) = ledger();
    let mut clash = message("b");
    clash.message_id = message("a").message_id;
    ledger
        .enqueue(&[message("a"), clash], &[settled("c")], night(0))
        .expect_err("one Message-ID for two messages");
    assert!(ledger.history().expect("a history").is_empty());
}

#[test]
fn every_step_starts_from_its_own_states_only() {
    let later = night(1).now;
    let reason = String::new;
    let steps = [
        (claim(), "pd"),
        (Step::TakeBack { reason: reason() }, "h"),
        (Step::Accept, "h"),
        (defer(later), "pdh"),
        (postpone(later), "pd"),
        (refuse(), "pdh"),
        (Step::Doubt { error: reason() }, "h"),
        (Step::Retire { reason: reason() }, "pdw"),
        (Step::Approve { reason: reason() }, "w"),
        (Step::Reject { reason: reason() }, "pdw"),
        (Step::Lapse { reason: reason() }, ""),
        (Step::Received { reason: reason() }, "uw"),
        (Step::Resend { reason: reason() }, "u"),
        (Step::Retry { reason: reason() }, "dr"),
        (Step::Hold { reason: reason() }, "pd"),
        (Step::Ask { reason: reason() }, "uw"),
    ];
    for (step, from) in steps {
        for (letter, path) in [
            ('p', vec![]),
            ('d', vec![defer(later)]),
            ('h', vec![claim()]),
            ('a', vec![claim(), Step::Accept]),
            ('r', vec![refuse()]),
            ('u', vec![claim(), Step::Doubt { error: reason() }]),
            ('o', vec![Step::Retire { reason: reason() }]),
        ] {
            let (_folder, mut ledger) = ledger();
            let id = queue(&mut ledger, "a");
            for taken in path {
                assert!(ledger.step(id, taken, night(0)).expect("taken"));
            }
            let before = ledger.counts().expect("counted");
            let allowed = ledger.step(id, step.clone(), night(0)).expect("tried");
            assert_eq!(allowed, from.contains(letter), "{step:?} from {letter}");
            assert_eq!(
                allowed,
                ledger.counts().expect("counted") != before
                    || [defer(later), postpone(later)].contains(&step) && letter == 'd'
                    || matches!(step, Step::Ask { .. }) && letter == 'u'
            );
        }
    }
}

#[test]
fn what_awaits_approval_is_sent_only_after_a_yes() {
    let (_folder, mut ledger) = ledger();
    let messages = ["yes", "no", "late"].map(|key| Queued {
        initial: Initial::AwaitingApproval,
        ..message(key)
    });
    let ids = ledger
        .enqueue(&messages, &[], night(0))
        .expect("queued")
        .ids;
    let ids: Vec<Id> = ids.into_iter().flatten().collect();
    assert!(ledger.pending(night(9).now).expect("pending").is_empty());
    assert!(!ledger.step(ids[0], claim(), night(0)).expect("tried"));
    let reason = "past".to_owned();
    let approve = || Step::Approve {
        reason: "yes".to_owned(),
    };
    let reject = Step::Reject {
        reason: "no".to_owned(),
    };
    let done = ledger
        .steps(
            &[
                (ids[0], approve()),
                (ids[1], reject),
                (ids[2], Step::Retire { reason }),
                (Id(99), approve()),
            ],
            night(1),
        )
        .expect("taken");
    assert_eq!(done, [true, true, true, false]);
    let pending = ledger.pending(night(1).now).expect("pending");
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].id, ids[0]);
    ledger.outgoing(ids[1]).expect_err("erased");
}

#[test]
fn a_deferred_message_waits_for_its_time() {
    let (_folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "a");
    let until = night(1).now;
    assert!(ledger.step(id, defer(until), night(0)).expect("deferred"));
    let before = until - TimeDelta::milliseconds(1);
    assert!(ledger.pending(before).expect("pending").is_empty());
    let pending = ledger.pending(until).expect("pending");
    assert_eq!(pending[0].attempts, 1);
    assert_eq!(pending[0].last_error.as_deref(), Some("disk full"));
    assert_eq!(ledger.outgoing(id).expect("kept").eml, message("a").eml);
}

#[test]
fn of_two_that_claim_one_gets_it() {
    let (folder, mut first) = ledger();
    for number in 0..40 {
        queue(&mut first, &number.to_string());
    }
    drop(first);
    let claimed = |folder: &Path| -> Vec<Id> {
        let mut ledger = loop {
            match Ledger::open(folder) {
                Err(LedgerError::Busy { .. }) => std::thread::yield_now(),
                opened => break opened.expect("a ledger"),
            }
        };
        // All that there are, not only what is pending still.
        (1..=40)
            .map(Id)
            .filter(|id| ledger.step(*id, claim(), night(1)).expect("tried"))
            .collect()
    };
    let path = folder.path();
    let shares: Vec<Vec<Id>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| claimed(path))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("done"))
            .collect()
    });
    let all: Vec<Id> = shares.concat();
    assert_eq!(all.len(), 40);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 40);
}

#[test]
fn what_was_not_committed_is_as_if_it_had_never_been() {
    let (folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "a");
    let transaction = ledger.connection.transaction().expect("begun");
    transaction
        .execute("UPDATE messages SET state = 'handing_over'", [])
        .expect("changed");
    drop(transaction);
    drop(ledger);
    let mut ledger = Ledger::open(folder.path()).expect("a ledger");
    assert!(ledger.step(id, claim(), night(1)).expect("planned still"));
    assert!(ledger.audit().expect("audited").agree());
}

#[test]
fn the_audit_sees_a_state_that_no_transition_led_to() {
    let (_folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "a");
    assert!(ledger.audit().expect("audited").agree());
    ledger
        .connection
        .execute("UPDATE messages SET state = 'unknown'", [])
        .expect("changed");
    assert_eq!(ledger.audit().expect("audited").astray, [id]);
    ledger
        .connection
        .execute(
            "INSERT INTO transitions (message, from_state, to_state, at) \
             VALUES (1, 'deferred', 'unknown', '')",
            [],
        )
        .expect("changed");
    let traces = ledger.audit().expect("audited");
    assert_eq!((traces.astray.len(), traces.gaps), (0, 1));
}

#[test]
fn commits_are_flushed_and_keys_are_held() {
    let (_folder, ledger) = ledger();
    let ask = |pragma: &str| -> String {
        ledger
            .connection
            .query_row(
                &format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}"),
                [],
                |row| row.get(0),
            )
            .expect("asked")
    };
    assert_eq!(ask("synchronous"), "2");
    assert_eq!(ask("journal_mode"), "wal");
    assert_eq!(ask("locking_mode"), "exclusive");
    assert_eq!(ask("foreign_keys"), "1");
    assert_eq!(ask("auto_vacuum"), "1");
    assert_eq!(ask("secure_delete"), "1");
}
