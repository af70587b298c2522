//! Random histories of nights: a coordinator sorts, inserts, copies, corrects, moves, cancels,
//! registers again and deletes, and once in each history something fails on the way of an e-mail. A
//! small model of who must have been told what, which knows nothing of the program, looks at what
//! arrived: nobody is told a thing twice, nobody is forgotten, nothing goes to somebody else
//! (hazards.md, "How it is proved").

mod belief;
mod season;
mod world;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use season::{Op, Season};
use world::{Fault, World};

/// So many histories in the usual run; `PEER_CULTURE_HISTORIES` asks for another number.
const USUAL: u32 = 16;

/// What the coordinator does before each night, and what goes wrong in one of them, at which message.
#[derive(Debug, Clone)]
struct History {
    nights: Vec<Vec<Op>>,
    fault: (usize, Fault, usize),
}

fn op() -> impl Strategy<Value = Op> {
    let row = any::<prop::sample::Index>;
    prop_oneof![
        2 => any::<bool>().prop_map(Op::Sort),
        4 => (row(), row()).prop_map(|(workshop, at)| Op::Insert(workshop, at)),
        2 => row().prop_map(Op::Copy),
        2 => row().prop_map(Op::Correct),
        2 => (row(), 1_u32..4).prop_map(|(workshop, days)| Op::Move(workshop, days)),
        1 => row().prop_map(Op::MovePlace),
        1 => row().prop_map(Op::CancelWorkshop),
        3 => row().prop_map(Op::Cancel),
        2 => row().prop_map(Op::RegisterAgain),
        2 => row().prop_map(Op::Delete),
        1 => Just(Op::Approve),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(Fault::ALL.to_vec())
}

fn history() -> impl Strategy<Value = History> {
    let nights = vec(vec(op(), 0..4), 3..=8);
    let fault = (0_usize..8, fault(), 0_usize..6);
    (nights, fault).prop_map(|(nights, fault)| History { nights, fault })
}

fn holds(history: &History) -> Result<(), TestCaseError> {
    let mut season = Season::new();
    let mut world = World::new();
    let (at, fault, message) = history.fault;
    for (number, ops) in history.nights.iter().enumerate() {
        for op in ops {
            match op {
                Op::Approve => world.approve_everything(),
                op => season.change(op),
            }
        }
        let fault = (at % history.nights.len() == number).then_some((fault, message));
        world.night(&season, fault)?;
    }
    // Time passes without trouble: she says yes to what awaits, and settles what is in doubt.
    for _ in 0..3 {
        world.approve_everything();
        world.settle_doubts();
        world.night(&season, None)?;
    }
    world.everybody_knows(&season)
}

fn many(half: u8) {
    let asked = std::env::var("PEER_CULTURE_HISTORIES").ok();
    let cases = asked.map_or(USUAL, |number| number.parse().unwrap());
    let config = Config {
        cases: cases / 2,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[half; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    if let Err(error) = runner.run(&history(), |history| holds(&history)) {
        panic!("{error}");
    }
}

#[test]
fn everybody_is_told_once_whatever_happens() {
    many(1);
}

#[test]
fn everybody_is_told_once_whatever_else_happens() {
    many(2);
}
