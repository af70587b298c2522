//! Random scenes: connections that take their time, refuse, break, find no room, panic, and somebody
//! who asks to stop. Whatever happens, the sending ends, no message leaves twice, and the ledger says
//! what the connections said.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;

use super::{
    Cancel, Delivered, Failure, Handed, Id, Ledger, Outgoing, Refused, State, Transport,
    deliver_by, ends, night, scene,
};

/// What was last said of each message that a connection had, and how often it left.
type Said = Arc<Mutex<BTreeMap<Id, (State, u32)>>>;

/// Splitmix64: the same scene for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }

    /// One in so many times; never for 0.
    fn hits(&mut self, odds: u64) -> bool {
        odds > 0 && self.below(odds) == 0
    }
}

/// One in how many times something happens; 0: never.
#[derive(Debug, Clone)]
struct Style {
    waits: u64,
    fails: u64,
    is_crowded: u64,
    panics: u64,
    asks: u64,
}

fn style() -> impl Strategy<Value = Style> {
    let odds = || prop_oneof![2 => Just(0), 1 => 2..10_u64, 1 => 10..80_u64];
    (odds(), odds(), odds(), odds(), odds()).prop_map(|(waits, fails, is_crowded, panics, asks)| {
        Style {
            waits,
            fails,
            is_crowded,
            panics,
            asks,
        }
    })
}

struct Actor {
    style: Style,
    dice: Dice,
    said: Said,
    cancel: Cancel,
}

impl Actor {
    fn say(&self, message: &Outgoing, state: State) {
        let mut said = self.said.lock().expect("what was said");
        said.entry(message.message.id).or_insert((state, 0)).0 = state;
    }

    fn live(&mut self) {
        if self.dice.hits(self.style.waits) {
            std::thread::sleep(Duration::from_micros(self.dice.below(3000)));
        }
        if self.dice.hits(self.style.asks) {
            self.cancel.ask();
        }
        self.may_panic();
    }

    fn may_panic(&mut self) {
        if self.dice.hits(self.style.panics) {
            // Without the message that a panic prints.
            std::panic::resume_unwind(Box::new("a fault of ours"));
        }
    }

    fn failure(&mut self, message: &Outgoing) -> Option<Failure> {
        if !self.dice.hits(self.style.fails) {
            return None;
        }
        let error = "no".to_owned();
        let refused = Refused::Message;
        let (state, failure) = match self.dice.below(6) {
            0 => (State::Deferred, Failure::Later { error }),
            1 => (State::Deferred, Failure::Broken { error }),
            2 => (State::Deferred, Failure::Rest { error }),
            3 => (State::Deferred, Failure::Unwelcome { error }),
            4 => (State::Refused, Failure::Never { error, refused }),
            _ => (State::Planned, Failure::Stop { error }),
        };
        self.say(message, state);
        Some(failure)
    }
}

impl Transport for Actor {
    fn name(&self) -> &'static str {
        "actor"
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        if self.dice.hits(self.style.is_crowded) {
            // Deferred where nobody else does its work.
            let error = "421".to_owned();
            return Err(Failure::Crowded { error });
        }
        self.say(message, State::Deferred);
        self.live();
        self.say(message, State::Planned);
        self.failure(message).map_or(Ok(()), Err)
    }

    fn expect(&mut self, _next: &Outgoing) {
        self.may_panic();
    }

    fn begin(&mut self, message: &Outgoing) {
        self.say(message, State::Unknown);
        let mut said = self.said.lock().expect("what was said");
        said.entry(message.message.id)
            .or_insert((State::Unknown, 0))
            .1 += 1;
        drop(said);
        self.live();
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        self.live();
        if let Some(failure) = self.failure(message) {
            return Handed::Failed(failure);
        }
        if self.dice.hits(self.style.fails * 2) {
            let error = "no answer".to_owned();
            return Handed::Unclear { error };
        }
        self.say(message, State::Accepted);
        Handed::Accepted
    }

    fn abandon(&mut self) {
        self.may_panic();
    }

    fn finish(&mut self) {
        self.may_panic();
    }
}

fn play(style: &Style, seed: u64, connections: u64, count: usize) -> (Delivered, Ledger, Said) {
    let said = Said::default();
    let cancel = Cancel::new();
    let actor = |number| Actor {
        style: style.clone(),
        dice: Dice(seed ^ (number << 32)),
        said: Arc::clone(&said),
        cancel: cancel.clone(),
    };
    let mut actors: Vec<Actor> = (0..connections).map(actor).collect();
    let (_folder, ledger, delivered) = ends(move || {
        let (folder, mut ledger, _) = scene(count);
        let delivered = deliver_by(&mut ledger, &mut actors, &|| night(0), &cancel);
        (folder, ledger, delivered)
    });
    (delivered, ledger, said)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_sending_always_ends_and_the_ledger_says_what_the_connections_said(
        style in style(),
        seed in any::<u64>(),
        connections in 1..8_u64,
        count in 0..60_usize,
    ) {
        let (delivered, ledger, said) = play(&style, seed, connections, count);
        prop_assert!(ledger.audit().expect("audited").agree());
        let said = said.lock().expect("what was said");
        let mut left = 0;
        for state in State::ALL {
            for message in ledger.in_state(state).expect("read") {
                let (last, times) = said.get(&message.id).copied().unwrap_or((State::Planned, 0));
                prop_assert!(times <= 1, "message {} left {times} times", message.id);
                let is_untried = times == 0 && last != State::Refused;
                // A claim that nobody waits for any more, a place that others have.
                let may_be = is_untried && matches!(state, State::Planned | State::Deferred);
                prop_assert!(state == last || may_be, "message {}: {last:?} but {state:?}", message.id);
                left += usize::from(state == State::Planned);
            }
        }
        prop_assert!(left == 0 || delivered.stopped.is_some(), "{left} are left without a word");
        let doubts = delivered.messages.iter().filter(|one| one.state == State::Unknown);
        prop_assert_eq!(doubts.count(), ledger.in_state(State::Unknown).expect("read").len());
    }
}
