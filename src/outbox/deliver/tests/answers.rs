//! What each answer of a transport means for the messages.

use super::{
    Cancel, Failure, FileTransport, Handed, LedgerError, NO_CLAIM, Outgoing, Pace, Refused, State,
    Step, Stop, TERMS, TimeDelta, Transport, deliver_by, deliver_files, deliver_these, files,
    night, scene, state_of, states, tampered,
};

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

    fn expect(&mut self, _next: &Outgoing) {
        self.asked.push('e');
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

pub(super) fn later() -> Failure {
    Failure::Later {
        error: "451".to_owned(),
    }
}

pub(super) fn never() -> Failure {
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
    assert_eq!(transport[0].asked, "pehpppehpehphf");
    let again = night(0).now + TimeDelta::minutes(30);
    let retried = ledger.pending(again).expect("pending");
    assert_eq!(retried.len(), 2);
    assert!(retried.iter().all(|one| one.attempts == 1));
    let before = again - TimeDelta::seconds(1);
    assert!(ledger.pending(before).expect("pending").is_empty());
}

#[test]
fn what_was_expected_next_is_given_up_where_the_sending_ends() {
    let (_folder, mut ledger, ids) = scene(3);
    let mut transport = [Scripted {
        prepare: vec![Ok(())],
        hand_over: vec![Handed::Unclear {
            error: "no answer".to_owned(),
        }],
        ..Scripted::default()
    }];
    let delivered = deliver_by(&mut ledger, &mut transport, &|| night(0), &Cancel::new());
    assert_eq!(states(&delivered), [State::Unknown]);
    assert_eq!(transport[0].asked, "pehaf");
    for id in &ids[1..] {
        assert_eq!(state_of(&ledger, *id), State::Planned);
    }
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

/// When somebody asks to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The first message is prepared, and nobody has seen it.
    Prepared,
    /// The first message is handed over.
    HandedOver,
}

/// Writes files, and has somebody ask to stop meanwhile.
struct Asks {
    files: FileTransport,
    when: Asked,
    cancel: Cancel,
}

impl Transport for Asks {
    fn name(&self) -> &'static str {
        self.files.name()
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let prepared = self.files.prepare(message);
        if self.when == Asked::Prepared {
            self.cancel.ask();
        }
        prepared
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        self.cancel.ask();
        self.files.hand_over(message)
    }

    fn abandon(&mut self) {
        self.files.abandon();
    }
}

/// What becomes of three messages where somebody asks to stop.
fn stopped(when: Asked) -> [State; 3] {
    let (folder, mut ledger, ids) = scene(3);
    let cancel = Cancel::new();
    let mut transport = [Asks {
        files: FileTransport::new(folder.path()),
        when,
        cancel: cancel.clone(),
    }];
    let delivered = deliver_by(&mut ledger, &mut transport, &|| night(0), &cancel);
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
    assert_eq!(stopped(Asked::Prepared), [planned; 3]);
    let left = stopped(Asked::HandedOver);
    assert_eq!(left, [State::Accepted, planned, planned]);
}

#[test]
fn nothing_leaves_that_the_ledger_cannot_note() {
    let (folder, ledger, _) = scene(2);
    let mut ledger = tampered(folder.path(), ledger, NO_CLAIM);
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
        ledger.sending().expect("at rest"),
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
