//! Random histories of nights: a coordinator sorts, inserts, copies, corrects, moves, cancels,
//! registers again and deletes, and once in each history something fails on the way of an e-mail. A
//! small model of who must have been told what, which knows nothing of the program, looks at what
//! arrived: nobody is told a thing twice, nobody is forgotten, nothing goes to somebody else
//! (hazards.md, "How it is proved").

mod appointments;
mod belief;
mod diary;
pub mod files;
mod people;
mod post;
mod reminders;
mod season;
mod way;
mod world;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use season::{Op, Season};
use way::Fault;
use world::World;

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
        5 => meet().prop_map(Op::Meet),
        1 => Just(Op::Approve),
    ]
}

fn meet() -> impl Strategy<Value = diary::Op> {
    use diary::Op;

    let row = any::<prop::sample::Index>;
    let fix = (row(), 13_u32..28, any::<bool>(), row());
    prop_oneof![
        2 => fix.prop_map(|(support, day, half, at)| Op::Fix(support, day, half, at)),
        2 => (row(), 1_u32..4).prop_map(|(row, days)| Op::Move(row, days)),
        1 => row().prop_map(Op::Elsewhere),
        1 => row().prop_map(Op::Cancel),
        1 => row().prop_map(Op::Revive),
        1 => row().prop_map(Op::Copy),
        1 => row().prop_map(Op::Delete),
    ]
}

/// A history in which one of these goes wrong.
fn history(faults: &[Fault]) -> impl Strategy<Value = History> + use<> {
    let nights = vec(vec(op(), 0..4), 3..=8);
    let fault = prop::sample::select(faults.to_vec());
    let fault = (0_usize..8, fault, 0_usize..6);
    (nights, fault).prop_map(|(nights, fault)| History { nights, fault })
}

fn holds(history: &History, mut world: World) -> Result<(), TestCaseError> {
    let mut season = Season::new();
    let (at, fault, message) = history.fault;
    for (number, ops) in history.nights.iter().enumerate() {
        for op in ops {
            match op {
                Op::Approve => world.answer_everything(),
                op => season.change(op),
            }
        }
        let fault = (at % history.nights.len() == number).then_some((fault, message));
        if let Some((Fault::PutBack, ago)) = fault {
            world.put_back(ago);
        }
        world.night(&season, fault)?;
        world.keep();
    }
    // Time passes without trouble: she says yes to what awaits, and settles what is in doubt.
    for _ in 0..3 {
        world.answer_everything();
        world.settle_doubts();
        world.night(&season, None)?;
    }
    world.everybody_knows(&season)
}

/// Plays so many random histories, each in a world of its own: the same ones every time, and others
/// where `PEER_CULTURE_SEED` is set.
fn many(seed: u8, cases: u32, faults: &[Fault], world: fn() -> World) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    let other = std::env::var("PEER_CULTURE_SEED").ok();
    let other: u8 = other.map_or(0, |number| number.parse().unwrap());
    let seed = seed.wrapping_add(other.wrapping_mul(16));
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let done = runner.run(&history(faults), |history| holds(&history, world()));
    if let Err(error) = done {
        panic!("{error}");
    }
}

/// A half of them: each test has a core of its own.
fn half() -> u32 {
    let asked = std::env::var("PEER_CULTURE_HISTORIES").ok();
    asked.map_or(USUAL, |number| number.parse().unwrap()) / 2
}

#[test]
fn everybody_is_told_once_whatever_happens() {
    many(1, half(), &Fault::ALL, World::new);
}

#[test]
fn everybody_is_told_once_whatever_else_happens() {
    many(2, half(), &Fault::ALL, World::new);
}

#[test]
fn nothing_goes_unasked_once_an_older_ledger_was_put_back() {
    // Of 2,000 histories 200 more.
    let cases = half().div_ceil(5);
    many(4, cases, &[Fault::PutBack], World::new);
}

#[test]
fn everybody_is_told_once_over_smtp() {
    // Of 2,000 histories 50 more.
    let cases = half().div_ceil(20);
    many(3, cases, &post::FAULTS, World::by_smtp);
}
