//! Lines that the messages do not yet say come to the same as steps taken one by one.

use std::path::Path;

use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::{claim, defer, ledger, message, night, postpone, queue};
use crate::mails::State;
use crate::outbox::{Id, Ledger, Refused, Step};

fn any_step() -> impl Strategy<Value = Step> {
    let text = String::new;
    let other = || Step::Claim {
        by: "smtp".to_owned(),
    };
    prop_oneof![
        8 => Just(claim()),
        1 => Just(other()),
        8 => Just(Step::Accept),
        1 => (0..3_i64).prop_map(|days| defer(night(days).now)),
        1 => Just(Step::Refuse { error: text(), refused: Refused::Address }),
        1 => Just(Step::TakeBack { reason: text() }),
        1 => Just(Step::Doubt { error: text() }),
        1 => (0..3_i64).prop_map(|days| postpone(night(days).now)),
    ]
}

/// What ends a sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The next commit follows.
    Not,
    /// All is done.
    Finished,
    /// A crash: nothing more is written.
    CutOff,
}

fn any_end() -> impl Strategy<Value = End> {
    prop_oneof![6 => Just(End::Not), 1 => Just(End::Finished), 1 => Just(End::CutOff)]
}

const COUNT: u8 = 8;

/// A commit, and what comes after it; a day passes between some.
fn any_commit() -> impl Strategy<Value = (Vec<(u8, Step)>, i64, End)> {
    let steps = proptest::collection::vec((0..COUNT, any_step()), 1..6);
    let day = prop_oneof![5 => Just(0), 1 => Just(1)];
    (steps, day, any_end())
}

fn queued() -> (tempfile::TempDir, Ledger) {
    let (folder, mut ledger) = ledger();
    for number in 0..COUNT {
        let mut one = message(&number.to_string());
        one.to.address = format!("zoe{number}@example.org");
        ledger.enqueue(&[one], &[], night(0)).expect("queued");
    }
    (folder, ledger)
}

/// All that a database holds.
fn rows(connection: &Connection) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for table in [
        "messages",
        "contents",
        "transitions",
        "leaving",
        "refused_addresses",
        "meta",
    ] {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1"))
            .expect("a query");
        let width = statement.column_count();
        let found = statement
            .query_map([], |row| (0..width).map(|at| row.get(at)).collect())
            .expect("read");
        rows.extend(found.map(|row| row.expect("a row")));
    }
    rows
}

fn as_seen_from_outside(folder: &Path) -> Vec<Vec<Value>> {
    let looking = Ledger::read_only(folder).expect("looked");
    rows(&looking.expect("a ledger").connection)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever leaves, in whatever order, wherever it is cut off: who looks, who opens it again and
    /// who goes on see what they would if each step had changed its message at once.
    #[test]
    fn lines_say_what_steps_do(commits in proptest::collection::vec(any_commit(), 1..30)) {
        let (_first, mut by_steps) = queued();
        let (second, mut by_lines) = queued();
        let mut sending = by_lines.sending().expect("at rest");
        for (steps, day, end) in commits {
            let steps: Vec<(Id, Step)> = steps
                .into_iter()
                .map(|(id, step)| (Id(i64::from(id) + 1), step))
                .collect();
            let done = by_steps.steps(&steps, night(day)).expect("stepped");
            prop_assert_eq!(sending.steps(&steps, night(day)).expect("noted"), done);
            match end {
                End::Not => continue,
                End::Finished => drop(sending),
                End::CutOff => {
                    std::mem::forget(sending);
                    prop_assert_eq!(as_seen_from_outside(second.path()), rows(&by_steps.connection));
                    // Its end is lost: the file stays as it is.
                    drop(by_lines);
                    prop_assert_eq!(as_seen_from_outside(second.path()), rows(&by_steps.connection));
                    by_lines = Ledger::open(second.path()).expect("a ledger");
                }
            }
            prop_assert_eq!(rows(&by_lines.connection), rows(&by_steps.connection));
            prop_assert!(by_lines.audit().expect("audited").agree());
            sending = by_lines.sending().expect("at rest");
        }
    }
}

/// A disk that is full when the sending ends must not make a message that was accepted look as if
/// it were still to be sent.
#[test]
fn nothing_is_changed_while_the_messages_are_behind() {
    let (_folder, mut ledger) = ledger();
    let id = queue(&mut ledger, "a");
    let mut sending = ledger.sending().expect("at rest");
    let steps = [(id, claim()), (id, Step::Accept)];
    assert_eq!(sending.steps(&steps, night(0)).expect("noted"), [true; 2]);
    std::mem::forget(sending);
    let planned = ledger.pending(night(0).now).expect("pending");
    assert_eq!(planned.len(), 1, "the message is behind");
    let only_reads = |yes: &str| format!("PRAGMA query_only = {yes}");
    let set = |ledger: &Ledger, yes| {
        let done = ledger.connection.execute_batch(&only_reads(yes));
        done.expect("set");
    };
    set(&ledger, "ON");
    ledger.sending().expect_err("nothing can be written");
    ledger.step(id, claim(), night(0)).expect_err("neither");
    set(&ledger, "OFF");
    assert!(!ledger.step(id, claim(), night(0)).expect("tried"));
    assert_eq!(ledger.in_state(State::Accepted).expect("read").len(), 1);
}
