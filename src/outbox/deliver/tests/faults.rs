//! Faults that nobody should meet: connections that panic or find no room where they had one, a
//! ledger that can't be written any more. The sending ends, says why, and leaves no second doubt.

use std::time::Duration;

use super::{
    Cancel, Delivered, Failure, Handed, NO_CLAIM, Outgoing, State, Stop, Transport, deliver_by,
    ends, night, scene, state_of, tampered,
};

/// What goes wrong with a message before anybody has seen it.
type Prepare = Box<dyn FnMut(&str) -> Result<(), Failure> + Send>;

/// A server that takes everything, behind a connection with a fault.
struct Faulty {
    prepare: Prepare,
    /// The step that panics.
    panics: &'static str,
}

impl Faulty {
    fn new(prepare: impl FnMut(&str) -> Result<(), Failure> + Send + 'static) -> Self {
        Self {
            prepare: Box::new(prepare),
            panics: "",
        }
    }

    fn that_panics(step: &'static str) -> Self {
        Self {
            panics: step,
            ..Self::new(|_| Ok(()))
        }
    }

    fn step(&self, step: &str) {
        assert!(self.panics != step, "a fault of ours");
    }
}

impl Transport for Faulty {
    fn name(&self) -> &'static str {
        "faulty"
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        self.step("prepare");
        (self.prepare)(&message.message.id.to_string())
    }

    fn expect(&mut self, _next: &Outgoing) {
        self.step("expect");
    }

    fn hand_over(&mut self, _message: &Outgoing) -> Handed {
        Handed::Accepted
    }

    fn abandon(&mut self) {
        self.step("abandon");
    }

    fn leave(&mut self) {
        self.step("leave");
    }

    fn finish(&mut self) {
        self.step("finish");
    }
}

fn by(mut connection: Faulty, count: usize) -> Delivered {
    ends(move || {
        let (_folder, mut ledger, _) = scene(count);
        let connections = std::slice::from_mut(&mut connection);
        deliver_by(&mut ledger, connections, &|| night(0), &Cancel::new())
    })
}

#[test]
fn a_connection_that_finds_no_room_any_more_is_none_of_the_others() {
    let error = "421 too many connections".to_owned();
    let delivered = by(
        Faulty::new(move |id| match id {
            "2" => Err(Failure::Crowded {
                error: error.clone(),
            }),
            _ => Ok(()),
        }),
        5,
    );
    let told: Vec<_> = delivered.messages.iter().map(|one| one.state).collect();
    assert_eq!(told, [State::Accepted, State::Deferred]);
    assert!(matches!(delivered.stopped, Some(Stop::Rest(why)) if why.contains("421")));
}

#[test]
fn where_every_connection_is_lost_it_is_said_that_messages_are_left() {
    for step in ["prepare", "expect"] {
        let delivered = by(Faulty::that_panics(step), 5);
        assert!(matches!(delivered.stopped, Some(Stop::Rest(_))), "{step}");
    }
}

#[test]
fn what_panics_on_the_way_out_keeps_nobody_waiting() {
    let delivered = by(Faulty::that_panics("finish"), 1);
    assert!(delivered.stopped.is_none());

    let delivered = ends(|| {
        let (_folder, mut ledger, _) = scene(5);
        let cancel = Cancel::new();
        let asked = cancel.clone();
        let mut connection = Faulty::that_panics("abandon");
        connection.prepare = Box::new(move |_| {
            asked.ask();
            Ok(())
        });
        deliver_by(&mut ledger, &mut [connection], &|| night(0), &cancel)
    });
    assert!(matches!(delivered.stopped, Some(Stop::Asked)));

    let delivered = ends(|| {
        let (folder, ledger, _) = scene(5);
        let mut ledger = tampered(folder.path(), ledger, NO_CLAIM);
        let mut connections = ["leave", ""].map(Faulty::that_panics);
        deliver_by(&mut ledger, &mut connections, &|| night(0), &Cancel::new())
    });
    assert!(matches!(delivered.stopped, Some(Stop::Ledger(_))));
}

/// The outcome of the first message is committed while the second is prepared, and fails.
#[test]
fn nothing_leaves_behind_an_outcome_that_was_not_kept() {
    const SLOW_AND_FULL: &str = "CREATE TRIGGER f BEFORE INSERT ON transitions WHEN \
        NEW.message = 1 AND NEW.to_state = 'accepted' BEGIN SELECT count(*) FROM (WITH RECURSIVE \
        c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000) SELECT x FROM c); \
        SELECT RAISE(ABORT, 'disk full'); END";
    let (folder, ledger, ids) = scene(3);
    let mut ledger = tampered(folder.path(), ledger, SLOW_AND_FULL);
    let mut connection = [Faulty::new(|id| {
        // Longer than an outcome waits for others.
        let pause = if id == "2" { 20 } else { 0 };
        std::thread::sleep(Duration::from_millis(pause));
        Ok(())
    })];
    let time = || night(0);
    let delivered = deliver_by(&mut ledger, &mut connection, &time, &Cancel::new());
    assert!(matches!(delivered.stopped, Some(Stop::Ledger(_))));
    assert_eq!(state_of(&ledger, ids[0]), State::HandingOver);
    assert_eq!(state_of(&ledger, ids[1]), State::Planned);
    let told: Vec<_> = delivered.messages.iter().map(|one| one.state).collect();
    assert_eq!(told, [State::Unknown]);
}

#[test]
fn what_never_left_is_no_doubt_where_that_cannot_be_noted() {
    const FULL: &str = "CREATE TRIGGER f BEFORE INSERT ON transitions BEGIN SELECT RAISE(ABORT, \
        'disk full'); END";
    let (folder, ledger, ids) = scene(2);
    let mut ledger = tampered(folder.path(), ledger, FULL);
    let mut connection = [Faulty::new(|_| {
        let error = "451 later".to_owned();
        Err(Failure::Later { error })
    })];
    let time = || night(0);
    let delivered = deliver_by(&mut ledger, &mut connection, &time, &Cancel::new());
    assert!(matches!(delivered.stopped, Some(Stop::Ledger(_))));
    assert_eq!(state_of(&ledger, ids[0]), State::Planned);
    let states = delivered.messages.iter().map(|one| one.state);
    assert!(!delivered.messages.is_empty() && states.eq([State::Planned; 2]));
}
