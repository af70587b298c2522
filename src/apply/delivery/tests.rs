mod doubts;
mod left;
mod silence;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;

use super::*;
use crate::apply::letters;
use crate::clock::Now;
use crate::mails::{History, Kind};
use crate::outbox::{Failure, Handed, Moment, Outgoing};

/// Time that passes only while somebody waits, or the server makes us wait; and what happens
/// meanwhile.
struct Fast<'a> {
    first: Moment,
    waited: Mutex<Vec<i64>>,
    /// Seconds that the server took.
    taken: Arc<AtomicI64>,
    meanwhile: &'a (dyn Fn() + Sync),
}

impl Fast<'_> {
    fn passed(&self) -> i64 {
        let waited: i64 = self.waited.lock().expect("the waits").iter().sum();
        waited + self.taken.load(Ordering::SeqCst)
    }
}

impl Time for Fast<'_> {
    fn moment(&self) -> Moment {
        Moment {
            now: self.first.now + TimeDelta::seconds(self.passed()),
            ..self.first
        }
    }

    fn pause(&self, at_most: Duration, cancel: &Cancel) -> bool {
        (self.meanwhile)();
        self.waited
            .lock()
            .expect("the waits")
            .push(i64::try_from(at_most.as_secs()).expect("a while"));
        cancel.is_asked()
    }
}

/// Answers the n-th try of all.
type Answer = Box<dyn Fn(usize) -> Result<Handed, Failure> + Send>;

struct Scripted {
    answer: Answer,
    tries: usize,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Transport for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn prepare(&mut self, _message: &Outgoing) -> Result<(), Failure> {
        self.tries += 1;
        (self.answer)(self.tries).map(drop)
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        let handed = (self.answer)(self.tries).expect("prepared");
        if handed == Handed::Accepted {
            let id = message.message.message_id.clone();
            self.sent.lock().expect("a list").push(id);
        }
        handed
    }

    fn abandon(&mut self) {}
}

/// The sample programme on its night, with its e-mails queued.
struct Scene {
    folder: tempfile::TempDir,
    programme: Programme,
    ledger: Ledger,
    sent: Arc<Mutex<Vec<String>>>,
    /// Seconds that the server took: its answers add to them.
    taken: Arc<AtomicI64>,
    per_minute: u32,
    patience_minutes: i64,
}

fn night() -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 1, 12).expect("a day")
}

impl Scene {
    /// With as many of the sample's e-mails.
    fn new(count: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbooks");
        for entry in fs::read_dir(sample).expect("the sample") {
            let path = entry.expect("an entry").path();
            if let Some(name) = path.file_name().filter(|_| path.is_file()) {
                fs::copy(&path, folder.path().join(name)).expect("copied");
            }
        }
        let programme =
            Programme::load(folder.path(), Some(night()), &Progress::none()).expect("the sample");
        let mut ledger = Ledger::open(folder.path()).expect("a ledger");
        let mut plan = Plan::of(&programme, &History::default());
        let confirmations = |draft: &crate::mails::Draft| draft.kind == Kind::RegistrationConfirmed;
        plan.due.drafts.retain(confirmations);
        plan.due.drafts.truncate(count);
        let prepared = letters::put_into_words(&programme, &plan.due);
        let moment = Moment::from(&programme.now);
        ledger
            .enqueue(&prepared.queued, &[], moment)
            .expect("queued");
        Self {
            folder,
            programme,
            ledger,
            sent: Arc::default(),
            taken: Arc::default(),
            per_minute: 0,
            patience_minutes: 120,
        }
    }

    /// Sends with the waits of the settings' defaults; says how long it waited each time.
    fn send(
        &mut self,
        answer: impl Fn(usize) -> Result<Handed, Failure> + Send + 'static,
        meanwhile: &(dyn Fn() + Sync),
        cancel: &Cancel,
    ) -> (Sent, Vec<i64>) {
        let mut outbound = Outbound {
            transports: vec![Box::new(Scripted {
                answer: Box::new(answer),
                tries: 0,
                sent: Arc::clone(&self.sent),
            })],
            pace: Pace::per_minute(self.per_minute),
            waits: [1, 5, 15, 30].map(Duration::from_mins).to_vec(),
            patience: Some(TimeDelta::minutes(self.patience_minutes)),
            gave_up: false,
            is_barred: false,
        };
        let time = Fast {
            first: Moment::from(&self.programme.now),
            waited: Mutex::default(),
            taken: Arc::clone(&self.taken),
            meanwhile,
        };
        let progress = Progress::none();
        let sent = outbound
            .send(
                Whose::Participants,
                Errand {
                    ledger: &mut self.ledger,
                    programme: &self.programme,
                    time: &time,
                    progress: &progress,
                    cancel,
                },
            )
            .expect("the ledger");
        (sent, time.waited.into_inner().expect("the waits"))
    }

    fn count(&self, state: State) -> usize {
        self.ledger.in_state(state).expect("read").len()
    }

    fn attempts(&self, state: State) -> Vec<u32> {
        let found = self.ledger.in_state(state).expect("read");
        found.iter().map(|one| one.attempts).collect()
    }
}

fn later() -> Failure {
    Failure::Later {
        error: "451".to_owned(),
    }
}

fn rest() -> Failure {
    Failure::Rest {
        error: "421".to_owned(),
    }
}

#[test]
fn what_is_asked_to_wait_is_tried_again_within_the_night() {
    let mut scene = Scene::new(3);
    // Greylisting: the first two rounds of three.
    let answer = |tries| {
        if tries <= 6 {
            Err(later())
        } else {
            Ok(Handed::Accepted)
        }
    };
    let (sent, waited) = scene.send(answer, &|| (), &Cancel::new());
    assert_eq!(waited, [60, 300]);
    assert_eq!(scene.attempts(State::Accepted), [3, 3, 3]);
    let states: Vec<State> = sent
        .delivered
        .messages
        .iter()
        .map(|one| one.state)
        .collect();
    assert_eq!(states, [State::Accepted; 3]);
    assert!(sent.problems.is_empty() && sent.delivered.stopped.is_none());
}

#[test]
fn the_tries_of_a_night_are_numbered() {
    let mut scene = Scene::new(2);
    let (sent, waited) = scene.send(|_| Err(later()), &|| (), &Cancel::new());
    assert_eq!(waited, [60, 300, 900, 1800]);
    assert_eq!(scene.attempts(State::Deferred), [5, 5]);
    assert_eq!(sent.delivered.messages[0].error.as_deref(), Some("451"));
    // The next night takes them.
    let next = Moment::from(&scene.programme.now).now + TimeDelta::days(1);
    assert_eq!(scene.ledger.pending(next).expect("read").len(), 2);
}

#[test]
fn a_server_that_takes_some_and_rests_is_given_time_without_losing_a_try() {
    let mut scene = Scene::new(30);
    let answer = |tries: usize| {
        if tries.is_multiple_of(5) {
            Err(rest())
        } else {
            Ok(Handed::Accepted)
        }
    };
    let (_, waited) = scene.send(answer, &|| (), &Cancel::new());
    assert_eq!(scene.count(State::Accepted), 30);
    assert_eq!(waited, [60; 7]);
}

#[test]
fn a_server_that_is_away_is_looked_for_and_the_rest_is_postponed_without_a_try() {
    let mut scene = Scene::new(9);
    let (sent, waited) = scene.send(|_| Err(rest()), &|| (), &Cancel::new());
    assert_eq!(waited, [60, 300, 900, 1800]);
    // One a round, those that were never tried first.
    assert_eq!(scene.attempts(State::Deferred), [1, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(scene.count(State::Planned), 0);
    assert_eq!(
        sent.problems,
        ["4 courriels attendent la prochaine exécution : 421."]
    );
}

/// The night after.
fn next_night(scene: &mut Scene) {
    let timezone = scene.programme.settings.programme.timezone;
    scene.programme.now = Now::new(timezone, night().succ_opt());
}

fn ids(scene: &Scene) -> Vec<String> {
    let all = scene.ledger.in_state(State::Planned).expect("read");
    all.into_iter().map(|one| one.message_id).collect()
}

#[test]
fn a_message_at_which_every_sending_stops_goes_behind_the_others() {
    let mut scene = Scene::new(4);
    let mut order = ids(&scene);
    let first_stops = |tries| {
        if tries == 1 {
            Err(Failure::Stop {
                error: "554 relay access denied".to_owned(),
            })
        } else {
            Ok(Handed::Accepted)
        }
    };
    scene.send(first_stops, &|| (), &Cancel::new());
    assert_eq!(scene.attempts(State::Deferred), [0; 4]);
    next_night(&mut scene);
    let (_, waited) = scene.send(|_| Ok(Handed::Accepted), &|| (), &Cancel::new());
    assert_eq!(waited, [0_i64; 0]);
    order.rotate_left(1);
    assert_eq!(*scene.sent.lock().expect("a list"), order);
}

#[test]
fn what_a_server_refuses_by_its_policy_waits_for_the_next_night_and_the_others_do_not() {
    let mut scene = Scene::new(4);
    let order = ids(&scene);
    let first_refused = |tries| {
        if tries == 1 {
            Err(Failure::Unwelcome {
                error: "554 5.7.1".to_owned(),
            })
        } else {
            Ok(Handed::Accepted)
        }
    };
    let (sent, waited) = scene.send(first_refused, &|| (), &Cancel::new());
    assert_eq!(waited, [0_i64; 0]);
    assert!(sent.delivered.stopped.is_none());
    assert_eq!(scene.attempts(State::Deferred), [1]);
    assert_eq!(*scene.sent.lock().expect("a list"), order[1..]);
    next_night(&mut scene);
    scene.send(|_| Ok(Handed::Accepted), &|| (), &Cancel::new());
    assert_eq!(scene.count(State::Accepted), 4);
}

#[test]
fn a_server_that_refuses_everything_is_left_alone_until_the_next_night() {
    let mut scene = Scene::new(20);
    let blocked = |_| {
        Err(Failure::Unwelcome {
            error: "554 5.7.1 blocked".to_owned(),
        })
    };
    let (sent, waited) = scene.send(blocked, &|| (), &Cancel::new());
    assert_eq!(waited, [0_i64; 0]);
    assert!(matches!(sent.delivered.stopped, Some(Stop::Unwelcome(_))));
    assert_eq!(scene.count(State::Deferred), 20);
    assert!(scene.attempts(State::Deferred).iter().sum::<u32>() <= 10);
}

#[test]
fn what_is_cancelled_between_two_tries_does_not_leave() {
    let mut scene = Scene::new(4);
    let workbook = scene.folder.path().join("ateliers.xlsx");
    // The registrations are gone.
    let meanwhile = || fs::remove_file(&workbook).expect("removed");
    let answer = |tries| match tries {
        2..=4 => Err(later()),
        _ => Ok(Handed::Accepted),
    };
    let (sent, waited) = scene.send(answer, &meanwhile, &Cancel::new());
    assert_eq!(waited, [60]);
    assert_eq!(scene.sent.lock().expect("a list").len(), 1);
    assert_eq!(scene.count(State::Obsolete), 3);
    let states: Vec<State> = sent
        .delivered
        .messages
        .iter()
        .map(|one| one.state)
        .collect();
    let obsolete = State::Obsolete;
    assert_eq!(states, [State::Accepted, obsolete, obsolete, obsolete]);
    assert!(
        sent.delivered
            .messages
            .iter()
            .all(|one| one.error.is_none())
    );
    assert!(sent.fresh.is_some());
}

#[test]
fn a_workbook_that_cannot_be_read_any_more_keeps_the_rest_for_the_next_run() {
    let mut scene = Scene::new(4);
    let workbook = scene.folder.path().join("ateliers.xlsx");
    let meanwhile = || fs::write(&workbook, "half a file").expect("written");
    let (sent, _) = scene.send(|_| Err(later()), &meanwhile, &Cancel::new());
    assert_eq!(scene.attempts(State::Deferred), [1; 4]);
    assert!(sent.problems[0].contains("ne peuvent plus être lus"));
}

#[test]
fn a_pace_is_kept_and_what_exceeds_the_night_is_deferred() {
    let mut scene = Scene::new(30);
    scene.per_minute = 1;
    let accept = |_| Ok(Handed::Accepted);
    let (_, waited) = scene.send(accept, &|| (), &Cancel::new());
    assert!(waited.iter().sum::<i64>() >= 29 * 60);
    assert_eq!(scene.count(State::Accepted), 30);

    let mut scene = Scene::new(30);
    (scene.per_minute, scene.patience_minutes) = (1, 15);
    let (sent, waited) = scene.send(accept, &|| (), &Cancel::new());
    assert!(waited.iter().sum::<i64>() <= 16 * 60);
    assert_eq!(scene.count(State::Accepted), 15);
    assert!(matches!(sent.delivered.stopped, Some(Stop::Late)));
    assert_eq!(scene.attempts(State::Deferred), [0; 15]);
    assert!(sent.problems[0].contains("mail.patience_minutes"));
}

#[test]
fn a_wish_to_stop_ends_the_waiting() {
    let mut scene = Scene::new(2);
    let cancel = Cancel::new();
    let (sent, waited) = scene.send(|_| Err(later()), &|| cancel.ask(), &cancel);
    assert_eq!(waited, [60]);
    assert!(matches!(sent.delivered.stopped, Some(Stop::Asked)));
    assert_eq!(scene.attempts(State::Deferred), [1, 1]);
}
