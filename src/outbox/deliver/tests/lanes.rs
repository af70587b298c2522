//! Several transports at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;

use super::answers::{later, never};
use super::{
    Cancel, Delivered, Failure, Handed, Ledger, Outgoing, State, Stop, Transport, deliver_by,
    night, scene, state_folder, state_of, states,
};

/// What becomes of a message, by the number in its subject.
type Answer = fn(usize) -> Result<Handed, Failure>;

/// One of several that share what they sent.
pub(super) struct Shared {
    answer: Answer,
    sent: Arc<Mutex<Vec<usize>>>,
    prepared: bool,
}

impl Shared {
    pub fn several(count: usize, answer: Answer) -> (Vec<Self>, Arc<Mutex<Vec<usize>>>) {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let one = |_| Self {
            answer,
            sent: Arc::clone(&sent),
            prepared: false,
        };
        ((0..count).map(one).collect(), sent)
    }
}

fn number(message: &Outgoing) -> usize {
    let text = String::from_utf8_lossy(&message.eml).into_owned();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("Subject: ")
        .parse()
        .expect("a number")
}

impl Transport for Shared {
    fn name(&self) -> &'static str {
        "shared"
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        assert!(!self.prepared, "one at a time");
        (self.answer)(number(message))?;
        self.prepared = true;
        Ok(())
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        assert!(std::mem::take(&mut self.prepared));
        // Long enough that the others meet.
        std::thread::sleep(Duration::from_micros(300));
        self.sent.lock().expect("a list").push(number(message));
        (self.answer)(number(message)).expect("prepared")
    }

    fn abandon(&mut self) {
        self.prepared = false;
    }
}

fn run(ledger: &mut Ledger, transports: &mut [Shared]) -> Delivered {
    deliver_by(ledger, transports, &|| night(0), &Cancel::new())
}

const COUNT: usize = 300;

#[test]
fn each_message_leaves_once_and_a_crash_at_any_commit_would_leave_one_doubt_a_transport() {
    let (folder, mut ledger, _) = scene(COUNT);
    let (mut transports, sent) = Shared::several(4, |_| Ok(Handed::Accepted));
    let delivered = run(&mut ledger, &mut transports);
    assert!(delivered.stopped.is_none());
    assert_eq!(states(&delivered), [State::Accepted; COUNT]);
    assert!(delivered.messages.is_sorted_by_key(|one| one.id));
    let mut sent = sent.lock().expect("a list").clone();
    sent.sort_unstable();
    assert_eq!(sent, (0..COUNT).collect::<Vec<_>>());
    assert!(ledger.audit().expect("audited").agree());
    drop(ledger);
    // The journal, line by line, is finer than the commits.
    let journal =
        Connection::open(state_folder(folder.path()).join("ledger.sqlite3")).expect("opened");
    let mut statement = journal
        .prepare("SELECT to_state FROM transitions WHERE from_state IS NOT NULL ORDER BY id")
        .expect("a query");
    let steps = statement
        .query_map([], |row| row.get::<_, String>(0))
        .expect("read");
    let (mut in_doubt, mut most) = (0_usize, 0);
    for step in steps {
        match step.expect("a line").as_str() {
            "handing_over" => in_doubt += 1,
            _ => in_doubt -= 1,
        }
        most = most.max(in_doubt);
    }
    assert_eq!(in_doubt, 0);
    assert!((2..=4).contains(&most), "{most}");
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let (_folder, mut ledger, ids) = scene(40);
    let (mut transports, sent) = Shared::several(3, |number| match number % 4 {
        0 => Ok(Handed::Accepted),
        1 => Err(later()),
        2 => Ok(Handed::Failed(never())),
        _ => Err(never()),
    });
    let delivered = run(&mut ledger, &mut transports);
    assert!(delivered.stopped.is_none());
    let expected = [
        State::Accepted,
        State::Deferred,
        State::Refused,
        State::Refused,
    ];
    for (position, id) in ids.iter().enumerate() {
        assert_eq!(state_of(&ledger, *id), expected[position % 4]);
    }
    assert_eq!(sent.lock().expect("a list").len(), 20);
    let history = ledger.history().expect("read");
    assert!(!history.refuses("zoe0@example.org") && history.refuses("ZOE3@example.org"));
}

#[test]
fn a_transport_that_panics_is_given_up_and_the_others_go_on() {
    let (_folder, mut ledger, ids) = scene(9);
    let (mut transports, _) = Shared::several(3, |number| {
        assert_ne!(number, 4, "a fault of ours");
        Ok(Handed::Accepted)
    });
    let delivered = run(&mut ledger, &mut transports);
    assert!(delivered.stopped.is_none());
    for (position, id) in ids.iter().enumerate() {
        let expected = match position {
            4 => State::Deferred,
            _ => State::Accepted,
        };
        assert_eq!(state_of(&ledger, *id), expected, "{position}");
    }
}

#[test]
fn a_panic_while_a_message_leaves_is_a_doubt() {
    let (_folder, mut ledger, ids) = scene(2);
    let delivered = deliver_by(&mut ledger, &mut [Panics], &|| night(0), &Cancel::new());
    assert_eq!(states(&delivered), [State::Unknown]);
    assert_eq!(state_of(&ledger, ids[1]), State::Planned);
}

/// Takes a message, and fails in the midst of handing it over.
struct Panics;

impl Transport for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn prepare(&mut self, _message: &Outgoing) -> Result<(), Failure> {
        Ok(())
    }

    fn hand_over(&mut self, _message: &Outgoing) -> Handed {
        panic!("a fault of ours")
    }

    fn abandon(&mut self) {}
}

fn broken() -> Failure {
    Failure::Broken {
        error: "closed".to_owned(),
    }
}

fn rest() -> Failure {
    Failure::Rest {
        error: "421".to_owned(),
    }
}

#[test]
fn a_server_that_loses_every_connection_is_left_alone() {
    let (_folder, mut ledger, _) = scene(9);
    let (mut transports, _) = Shared::several(1, |_| Err(broken()));
    let delivered = run(&mut ledger, &mut transports);
    assert_eq!(states(&delivered), [State::Deferred; 3]);
    assert!(matches!(delivered.stopped, Some(Stop::Rest(error)) if error == "closed"));
    let left = ledger.in_state(State::Planned).expect("read");
    assert!(left.len() == 6 && left.iter().all(|one| one.attempts == 0));
    // Those that were never tried go first: one that breaks every connection keeps none back.
    let (mut transports, sent) = Shared::several(1, |number| match number {
        0..3 => Err(broken()),
        _ => Ok(Handed::Accepted),
    });
    let again = || night(1);
    let delivered = deliver_by(&mut ledger, &mut transports, &again, &Cancel::new());
    assert_eq!(*sent.lock().expect("a list"), [3, 4, 5, 6, 7, 8]);
    assert_eq!(delivered.messages.len(), 9);
}

#[test]
fn a_server_that_asks_to_wait_is_left_alone_at_once_and_so_is_one_that_leaves_a_doubt() {
    for (answer, state) in [
        ((|_| Err(rest())) as Answer, State::Deferred),
        (|_| Ok(Handed::Failed(rest())), State::Deferred),
        (
            |_| {
                Ok(Handed::Unclear {
                    error: "no answer".to_owned(),
                })
            },
            State::Unknown,
        ),
    ] {
        let (_folder, mut ledger, _) = scene(5);
        let (mut transports, _) = Shared::several(1, answer);
        let delivered = run(&mut ledger, &mut transports);
        assert_eq!(states(&delivered), [state]);
        assert!(matches!(delivered.stopped, Some(Stop::Rest(_))));
        assert_eq!(ledger.in_state(State::Planned).expect("read").len(), 4);
    }
}

fn unwelcome() -> Failure {
    Failure::Unwelcome {
        error: "554 blocked".to_owned(),
    }
}

#[test]
fn a_server_that_refuses_one_after_the_other_is_left_alone_for_the_night_and_flags_nobody() {
    // They all go to one place: that may be the place's own policy.
    for answer in [(|_| Err(unwelcome())) as Answer, |_| {
        Ok(Handed::Failed(unwelcome()))
    }] {
        let (_folder, mut ledger, ids) = scene(12);
        let (mut transports, _) = Shared::several(1, answer);
        let delivered = run(&mut ledger, &mut transports);
        assert_eq!(states(&delivered), [State::Deferred; 10]);
        assert!(
            matches!(delivered.stopped, Some(Stop::Unwelcome(error)) if error == "554 blocked")
        );
        assert_eq!(delivered.put_off, ids[..10].iter().copied().collect());
        assert!(!ledger.history().expect("read").refuses("zoe0@example.org"));
    }
    // Two of three recipients have something against us, the others not.
    let (_folder, mut ledger, _) = scene(60);
    let (mut transports, sent) = Shared::several(2, |number| match number % 3 {
        0 => Ok(Handed::Accepted),
        _ => Err(unwelcome()),
    });
    let delivered = run(&mut ledger, &mut transports);
    assert!(delivered.stopped.is_none());
    assert_eq!(sent.lock().expect("a list").len(), 20);
    assert_eq!(delivered.put_off.len(), 40);
}

fn crowded() -> Failure {
    Failure::Crowded {
        error: "421 too many connections".to_owned(),
    }
}

/// A server has room for one connection: the first.
struct OneAtATime {
    number: usize,
    room: Arc<Mutex<Option<usize>>>,
}

impl Transport for OneAtATime {
    fn name(&self) -> &'static str {
        "one at a time"
    }

    fn prepare(&mut self, _message: &Outgoing) -> Result<(), Failure> {
        let has_room = *self
            .room
            .lock()
            .expect("the room")
            .get_or_insert(self.number)
            == self.number;
        // Long enough that the other has sent its message by then.
        std::thread::sleep(Duration::from_millis(if has_room { 2 } else { 30 }));
        if has_room { Ok(()) } else { Err(crowded()) }
    }

    fn hand_over(&mut self, _message: &Outgoing) -> Handed {
        Handed::Accepted
    }

    fn abandon(&mut self) {
        panic!("nothing is given up");
    }
}

#[test]
fn a_server_with_room_for_one_connection_gets_all_messages_on_that_one() {
    for count in [2, 30] {
        let (_folder, mut ledger, _) = scene(count);
        let room = Arc::default();
        let mut transports = [0, 1, 2].map(|number| OneAtATime {
            number,
            room: Arc::clone(&room),
        });
        let time = || night(0);
        let delivered = deliver_by(&mut ledger, &mut transports, &time, &Cancel::new());
        assert!(delivered.stopped.is_none());
        assert_eq!(states(&delivered), vec![State::Accepted; count]);
        let accepted = ledger.in_state(State::Accepted).expect("read");
        assert!(accepted.iter().all(|one| one.attempts == 1));
    }
}

/// A wrong password is shown to the server once, however many connections there are.
#[test]
fn connections_are_opened_one_after_the_other_until_one_is_open() {
    let (_folder, mut ledger, _) = scene(9);
    let (mut transports, _) = Shared::several(4, |_| {
        std::thread::sleep(Duration::from_millis(20));
        TRIES.fetch_add(1, Ordering::SeqCst);
        Err(Failure::Stop {
            error: "535".to_owned(),
        })
    });
    let delivered = run(&mut ledger, &mut transports);
    assert!(matches!(delivered.stopped, Some(Stop::Transport(_))));
    assert_eq!(TRIES.load(Ordering::SeqCst), 1);
}

static TRIES: AtomicUsize = AtomicUsize::new(0);

#[test]
fn a_server_with_room_for_none_rests() {
    let (_folder, mut ledger, _) = scene(5);
    let (mut transports, _) = Shared::several(3, |_| Err(crowded()));
    let delivered = run(&mut ledger, &mut transports);
    assert_eq!(states(&delivered), [State::Deferred]);
    assert!(matches!(delivered.stopped, Some(Stop::Rest(_))));
    assert_eq!(ledger.in_state(State::Planned).expect("read").len(), 4);
}
