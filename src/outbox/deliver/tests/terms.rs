//! The terms under which messages leave: which ones, how many a minute, until when.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::TimeDelta;

use super::lanes::Shared;
use super::{
    Cancel, Delivered, Handed, Ledger, Moment, Pace, State, Stop, TERMS, Terms, Time, deliver,
    night, scene, states,
};

fn under(
    terms: &Terms,
    per_minute: u32,
    ledger: &mut Ledger,
    transports: &mut [Shared],
    time: &dyn Time,
) -> Delivered {
    let mut pace = Pace::per_minute(per_minute);
    deliver(ledger, transports, terms, &mut pace, time, &Cancel::new())
}

#[test]
fn what_was_put_off_is_left_out_of_the_rounds_that_follow() {
    let (_folder, mut ledger, ids) = scene(3);
    let (mut transports, sent) = Shared::several(1, |_| Ok(Handed::Accepted));
    let terms = Terms {
        but: [ids[0]].into(),
        ..TERMS
    };
    let time = || night(0);
    let delivered = under(&terms, 0, &mut ledger, &mut transports, &time);
    assert_eq!(states(&delivered), [State::Accepted; 2]);
    assert_eq!(*sent.lock().expect("a list"), [1, 2]);
}

/// Time that passes only while somebody waits.
struct Fast(Mutex<TimeDelta>);

impl Time for Fast {
    fn moment(&self) -> Moment {
        let first = night(0);
        Moment {
            now: first.now + *self.0.lock().expect("a time"),
            ..first
        }
    }

    fn pause(&self, at_most: Duration, _cancel: &Cancel) -> bool {
        *self.0.lock().expect("a time") += TimeDelta::from_std(at_most).expect("a while");
        false
    }
}

#[test]
fn a_pace_is_kept_and_an_end_too() {
    let (_folder, mut ledger, _) = scene(20);
    let time = Fast(Mutex::default());
    let (mut transports, _) = Shared::several(1, |_| Ok(Handed::Accepted));
    let delivered = under(&until_95_seconds(), 6, &mut ledger, &mut transports, &time);
    // At 0, 10, … 90 seconds.
    assert_eq!(states(&delivered), [State::Accepted; 10]);
    assert!(matches!(delivered.stopped, Some(Stop::Late)));
    assert_eq!(*time.0.lock().expect("a time"), TimeDelta::seconds(100));
    let counts = ledger.counts().expect("counted");
    let expected = BTreeMap::from([(State::Accepted, 10), (State::Planned, 10)]);
    assert_eq!(counts, expected);
}

#[test]
fn a_pace_is_one_for_all_connections() {
    let (_folder, mut ledger, _) = scene(40);
    let time = Fast(Mutex::default());
    let (mut transports, sent) = Shared::several(3, |_| Ok(Handed::Accepted));
    let delivered = under(&until_95_seconds(), 6, &mut ledger, &mut transports, &time);
    assert!(matches!(delivered.stopped, Some(Stop::Late)));
    // Where several wait at once this time passes the quicker: fewer then, never more.
    let sent = sent.lock().expect("a list").len();
    assert!((1..=10).contains(&sent), "{sent}");
    assert_eq!(delivered.messages.len(), sent);
}

fn until_95_seconds() -> Terms {
    Terms {
        until: Some(night(0).now + TimeDelta::seconds(95)),
        ..TERMS
    }
}
