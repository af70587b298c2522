//! Random histories: whatever happens, the counts add up.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{claim, defer, ledger, message, night, postpone, settled};
use crate::mails::{Kind, State};
use crate::outbox::store::step::ends;
use crate::outbox::{Id, Initial, Ledger, Refused, Step};

fn any_step() -> impl Strategy<Value = Step> {
    let text = String::new;
    prop_oneof![
        4 => Just(claim()),
        1 => Just(Step::TakeBack { reason: text() }),
        3 => Just(Step::Accept),
        2 => (0..3_i64).prop_map(|days| defer(night(days).now)),
        1 => Just(Step::Refuse { error: text(), refused: Refused::Address }),
        1 => (0..3_i64).prop_map(|days| postpone(night(days).now)),
        1 => Just(Step::Doubt { error: text() }),
        1 => Just(Step::Retire { reason: text() }),
        2 => Just(Step::Approve { reason: text() }),
        1 => Just(Step::Reject { reason: text() }),
        1 => Just(Step::Lapse { reason: text() }),
        1 => Just(Step::Received { reason: text() }),
        1 => Just(Step::Resend { reason: text() }),
        1 => Just(Step::Retry { reason: text() }),
        1 => Just(Step::Hold { reason: text() }),
        1 => Just(Step::Ask { reason: text() }),
    ]
}

#[derive(Debug, Clone)]
enum Move {
    Queue(u8, bool),
    Settle(u8),
    Step(u8, Step),
    Reopen,
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        3 => (0..12_u8, any::<bool>()).prop_map(|(key, shown)| Move::Queue(key, shown)),
        1 => (0..12_u8).prop_map(Move::Settle),
        12 => (0..12_u8, any_step()).prop_map(|(id, step)| Move::Step(id, step)),
        1 => Just(Move::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens, in whatever order: no key twice, nothing lost, the counts add up, the
    /// journal tells the same, and nobody who was accepted is handed over again.
    #[test]
    fn counts_add_up_after_any_history(moves in proptest::collection::vec(any_move(), 1..60)) {
        let (folder, mut ledger) = ledger();
        let mut keys = BTreeSet::new();
        let mut accepted = BTreeSet::new();
        for (number, one) in moves.into_iter().enumerate() {
            match one {
                Move::Queue(key, shown) => {
                    let mut queued = message(&key.to_string());
                    queued.message_id = format!("<{number}@example.org>");
                    if shown {
                        queued.initial = Initial::AwaitingApproval;
                    }
                    let new = ledger.enqueue(&[queued], &[], night(0)).expect("queued").new_messages();
                    prop_assert_eq!(new == 1, keys.insert(key));
                }
                Move::Settle(key) => {
                    let mut one = settled(&key.to_string());
                    one.kind = Kind::RegistrationConfirmed;
                    let new = ledger.enqueue(&[], &[one], night(0)).expect("settled").settled;
                    prop_assert_eq!(new == 1, keys.insert(key));
                }
                Move::Step(id, step) => {
                    let id = Id(i64::from(id) + 1);
                    let hands_over = step == claim();
                    let accepts = step == Step::Accept;
                    if ledger.step(id, step, night(1)).expect("tried") {
                        prop_assert!(!(hands_over && accepted.contains(&id)));
                        if accepts {
                            accepted.insert(id);
                        }
                    }
                }
                Move::Reopen => {
                    drop(ledger);
                    ledger = Ledger::open(folder.path()).expect("a ledger");
                }
            }
        }
        let counts = ledger.counts().expect("counted");
        prop_assert_eq!(counts.values().sum::<u32>() as usize, keys.len());
        let history = ledger.history().expect("a history");
        let distinct: BTreeSet<_> = history.entries().iter().map(|one| (one.kind, &one.key, &one.address)).collect();
        prop_assert_eq!(distinct.len(), history.entries().len());
        prop_assert!(ledger.audit().expect("audited").agree());
        for state in [State::Planned, State::Deferred, State::Refused, State::AwaitingApproval, State::Unknown, State::HandingOver] {
            for one in ledger.in_state(state).expect("read") {
                prop_assert_eq!(ledger.outgoing(one.id).expect("its content").eml, message(&one.key).eml);
            }
        }
        let contents: u32 = ledger.connection.query_row("SELECT count(*) FROM contents", [], |row| row.get(0)).expect("counted");
        let open: u32 = counts.iter().filter(|(state, _)| !ends(**state)).map(|(_, count)| count).sum();
        prop_assert_eq!(contents, open);
    }
}
