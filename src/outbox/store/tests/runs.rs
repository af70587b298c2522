//! Runs, notes and days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::{Ledger, State, claim, ledger, message, night, queue, settled};

#[test]
fn runs_and_notes_are_kept() {
    let (folder, mut ledger) = ledger();
    assert_eq!(ledger.last_run().expect("read"), None);
    let first = ledger.begin_run(night(0)).expect("begun");
    let counts = json!({"accepted": 3});
    ledger.end_run(first, night(0), &counts).expect("ended");
    ledger.begin_run(night(1)).expect("begun");
    ledger.set_note("digest", "1").expect("noted");
    ledger.set_note("digest", "2").expect("noted");
    drop(ledger);
    let ledger = Ledger::open(folder.path()).expect("a ledger");
    let last = ledger.last_run().expect("read").expect("a run");
    assert_eq!((last.day, last.ended), (night(1).day, None));
    let completed = ledger.last_completed_run().expect("read").expect("a run");
    assert_eq!(completed.started, night(0).now);
    assert_eq!(completed.counts, Some(counts));
    assert_eq!(ledger.note("digest").expect("read").as_deref(), Some("2"));
    assert_eq!(ledger.note("other").expect("read"), None);
}

#[test]
fn a_day_that_a_later_run_took_back_was_never_done() {
    let (_folder, mut ledger) = ledger();
    let mut run = |number: i64, is_cut_off: bool| {
        let run = ledger.begin_run(night(number)).expect("begun");
        if !is_cut_off {
            ledger
                .end_run(run, night(number), &json!({}))
                .expect("ended");
        }
        let last = |up_to| ledger.last_completed_day(night(up_to).day).expect("read");
        (last(number), last(9))
    };
    let day = |number| Some(night(number).day);
    assert_eq!(run(0, false), (day(0), day(0)));
    // Two nights of a clock that is days ahead: nothing says so yet.
    assert_eq!(run(5, false), (day(5), day(5)));
    assert_eq!(run(6, false), (day(6), day(6)));
    // The true date had none: those nights are still to come, even where it is cut off.
    assert_eq!(run(1, true), (day(0), day(0)));
    assert_eq!(run(1, false), (day(1), day(1)));
    assert_eq!(run(5, false), (day(5), day(5)));
    // A day that had its night, done once more, takes nothing back.
    assert_eq!(run(1, false), (day(1), day(5)));
}

#[test]
fn the_greatest_day_counts_until_today_is_said_to_be_right() {
    let (_folder, mut ledger) = ledger();
    assert_eq!(ledger.latest_day().expect("read"), None);
    for number in [5, 0, 1] {
        ledger.begin_run(night(number)).expect("begun");
    }
    assert_eq!(ledger.latest_day().expect("read"), Some(night(5).day));
    ledger.trust_clock().expect("noted");
    assert_eq!(ledger.latest_day().expect("read"), None);
    ledger.begin_run(night(2)).expect("begun");
    assert_eq!(ledger.latest_day().expect("read"), Some(night(2).day));
    ledger.trust_clock().expect("noted");
    ledger.trust_clock().expect("noted again");
    assert_eq!(ledger.latest_day().expect("read"), None);
}

#[test]
fn days_and_instants_come_back_from_the_counts_of_their_day() {
    let (_folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "a");
    ledger
        .enqueue(&[message("b")], &[settled("c")], night(1))
        .expect("queued");
    ledger.step(id, claim(), night(1)).expect("claimed");
    let of = |day: NaiveDate| ledger.counts_of_day(day).expect("counted");
    assert_eq!(of(night(0).day), BTreeMap::from([(State::HandingOver, 1)]));
    assert_eq!(
        of(night(1).day),
        BTreeMap::from([(State::Planned, 1), (State::Settled, 1)])
    );
}
