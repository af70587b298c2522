//! The terms under which messages leave: which ones, how many a minute, until when.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::TimeDelta;

use super::lanes::Shared;
use super::{
    Cancel, Handed, Moment, Pace, State, Stop, TERMS, Terms, Time, deliver, night, scene, states,
};

#[test]
fn what_was_put_off_is_left_out_of_the_rounds_that_follow() {
    let (_folder, mut ledger, ids) = scene(3);
    let (mut transports, sent) = Shared::several(1, |_| Ok(Handed::Accepted));
    let terms = Terms {
        but: [ids[0]].into(),
        ..TERMS
    };
    let (mut pace, cancel) = (Pace::per_minute(0), Cancel::new());
    let time = || night(0);
    let delivered = deliver(
        &mut ledger,
        &mut transports,
        &terms,
        &mut pace,
        &time,
        &cancel,
    );
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
fn a_pace_is_kept_over_all_connections_and_an_end_too() {
    let (_folder, mut ledger, _) = scene(20);
    let time = Fast(Mutex::default());
    let mut pace = Pace::per_minute(6);
    let until = Some(night(0).now + TimeDelta::seconds(95));
    let terms = Terms { until, ..TERMS };
    let (mut transports, _) = Shared::several(1, |_| Ok(Handed::Accepted));
    let cancel = Cancel::new();
    let delivered = deliver(
        &mut ledger,
        &mut transports,
        &terms,
        &mut pace,
        &time,
        &cancel,
    );
    // At 0, 10, … 90 seconds.
    assert_eq!(states(&delivered), [State::Accepted; 10]);
    assert!(matches!(delivered.stopped, Some(Stop::Late)));
    assert_eq!(*time.0.lock().expect("a time"), TimeDelta::seconds(100));
    let counts = ledger.counts().expect("counted");
    let expected = BTreeMap::from([(State::Accepted, 10), (State::Planned, 10)]);
    assert_eq!(counts, expected);
}
