//! What lies on the desk: the messages that wait, the next commit, and what is known so far.

use std::collections::VecDeque;

use super::company::Company;
use super::lane::{Lane, Task, Turn};
use super::mood::Mood;
use super::{Delivered, Delivery, Pace, Stop};
use crate::clock::Stopwatch;
use crate::mails::State;
use crate::outbox::{Id, LedgerError, Outgoing, Pending, Step};

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// It is committed: the message is to be handed over.
    Kept,
    /// The message is not to leave: another process has decided so.
    Lost,
    /// It is not known whether it was committed.
    Unclear,
}

/// What the connections share, behind one lock.
pub(super) struct Board<'a> {
    pub due: VecDeque<Pending>,
    /// The first of them, with their content.
    pub stock: VecDeque<Box<Outgoing>>,
    pub pace: &'a mut Pace,
    /// Connections that are at work.
    pub working: usize,
    /// Those of them that are not open yet and hold a message: it may come back.
    pub opening: usize,
    /// For each connection, whether the server has spoken with it.
    pub is_open: Vec<bool>,
    /// The connections that have something to do, in the order in which they were laid down.
    pub turns: VecDeque<Turn<'a>>,
    /// Since when the first of them lies there.
    pub lain: Option<Stopwatch>,
    /// The last answer came at once.
    pub is_quick: bool,
    pub next_commit: Batch<'a>,
    pub is_committing: bool,
    pub company: Company,
    /// [`Desk::watch`](super::desk::Desk::watch) waits to be woken.
    pub is_unwatched: bool,
    pub mood: Mood,
    pub delivered: Delivered,
}

/// Steps for one commit, and what follows from each.
#[derive(Default)]
pub(super) struct Batch<'a> {
    pub steps: Vec<(Id, Step)>,
    pub then: Vec<Then<'a>>,
    pub claims: usize,
    pub begun: Option<Stopwatch>,
}

/// What follows from a step, once it is committed.
pub(super) enum Then<'a> {
    /// The claim of that connection's message is answered.
    Answer(Lane<'a>, Box<Outgoing>),
    /// What became of a message is told.
    Tell {
        delivery: Delivery,
        /// Where it stands if that can't be kept.
        unless: State,
    },
}

impl<'a> Board<'a> {
    pub fn set_open(&mut self, lane: usize, is_open: bool) {
        if let Some(one) = self.is_open.get_mut(lane) {
            *one = is_open;
        }
    }

    /// Whether a connection could have to wait for its next message, or for the one behind it.
    pub fn is_low(&self) -> bool {
        self.stock.len() < 2 * self.working
    }

    pub fn is_empty(&self) -> bool {
        self.due.is_empty() && self.stock.is_empty()
    }

    /// Lays a connection down with what it does next.
    pub fn lay_down(&mut self, lane: Lane<'a>, task: Task) {
        self.lain.get_or_insert_with(Stopwatch::start);
        self.turns.push_back(Turn { lane, task });
    }

    /// Takes up what lies there first.
    pub fn take_up(&mut self) -> Option<Turn<'a>> {
        let turn = self.turns.pop_front();
        self.lain = (!self.turns.is_empty()).then(Stopwatch::start);
        turn
    }

    pub fn go_on(&mut self, then: Vec<Then<'a>>, done: &[bool]) {
        for (then, done) in then.into_iter().zip(done) {
            match then {
                Then::Answer(lane, message) => {
                    let claim = if *done { Claim::Kept } else { Claim::Lost };
                    self.lay_down(lane, Task::Send(message, claim));
                }
                // Else decided otherwise meanwhile, by another process.
                Then::Tell { delivery, .. } if *done => self.delivered.messages.push(delivery),
                Then::Tell { .. } => {}
            }
        }
    }

    /// What cannot be noted must not leave. What came of those that have left cannot be kept: the
    /// next run finds them as they were before. Nor does anything leave whose claim has gathered
    /// meanwhile: it would stand behind an outcome of the same connection that was not kept.
    pub fn give_up(&mut self, then: Vec<Then<'a>>, error: LedgerError) {
        for then in then {
            match then {
                Then::Answer(lane, message) => {
                    self.lay_down(lane, Task::Send(message, Claim::Unclear));
                }
                Then::Tell {
                    mut delivery,
                    unless,
                } => {
                    delivery.state = unless;
                    delivery.error = Some(error.to_string());
                    self.delivered.messages.push(delivery);
                }
            }
        }
        self.stop(Stop::Ledger(error));
        let gathered = std::mem::take(&mut self.next_commit);
        for ((id, step), then) in gathered.steps.into_iter().zip(gathered.then) {
            match then {
                Then::Answer(lane, message) => {
                    self.lay_down(lane, Task::Send(message, Claim::Lost));
                }
                told @ Then::Tell { .. } => self.next_commit.add(id, step, told),
            }
        }
    }

    /// A fault of the ledger or of the settings says more than a server that asks to wait.
    pub fn stop(&mut self, why: Stop) {
        let weight = |stop: &Stop| match stop {
            Stop::Ledger(_) => 4,
            Stop::Transport(_) => 3,
            Stop::Unwelcome(_) => 2,
            Stop::Rest(_) => 1,
            Stop::Late | Stop::Asked => 0,
        };
        let known = self.delivered.stopped.as_ref().map(weight);
        if known.is_none_or(|known| known < weight(&why)) {
            self.delivered.stopped = Some(why);
        }
    }
}

impl<'a> Batch<'a> {
    pub fn add(&mut self, id: Id, step: Step, then: Then<'a>) {
        self.begun.get_or_insert_with(Stopwatch::start);
        self.steps.push((id, step));
        self.then.push(then);
    }
}
