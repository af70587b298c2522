//! What the connections share: what is due, the ledger, and the next commit.
//!
//! A connection notes here what came of its last message, takes the next one, and asks for its claim
//! once the server waits for it. Whoever asks last commits for all: two flushes of the disk for each
//! message become a part of one. Claims wait for one another only a part of the time that a commit
//! takes ([`Company`]), since behind each is a server that has said 354; an outcome waits at most
//! [`LINGER`](super::hands::LINGER). A connection's next claim is never committed before the outcome of its last message,
//! so that a crash leaves at most one doubt for each; most often in the same commit.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::board::{Batch, Board, Then};
use super::company::Company;
use super::lane::{Lane, Task, Turn};
use super::mood::Mood;
use super::verdict::Verdict;
use super::{Delivered, Delivery, Failure, Handed, Pace, Stop, Terms, Time, Transport};
use crate::cancel::Cancel;
use crate::clock::Stopwatch;
use crate::mails::State;
use crate::outbox::{Outgoing, Pending, Sending, Step};

/// Why messages are left where nothing else says it.
const NONE_IS_LEFT: &str = "aucune connexion n’est restée pour eux";

/// So often a connection without a message looks whether the sending has ended.
const LISTEN: Duration = Duration::from_millis(100);

/// Where several connections lie, each with one message at a time, until a hand takes them up
/// ([`Desk::work`]).
pub(super) struct Desk<'a> {
    /// Locked before the board where both are.
    ledger: Mutex<Sending<'a>>,
    board: Mutex<Board<'a>>,
    /// There is something to do for a hand that found nothing.
    pub called: Condvar,
    /// A commit is done: the next may begin.
    committed: Condvar,
    /// Something waits to be committed, or a connection's work has ended: wakes [`Desk::watch`].
    pub noted: Condvar,
    /// A connection is open, or will not be.
    opened: Condvar,
    terms: &'a Terms,
    time: &'a dyn Time,
    cancel: &'a Cancel,
}

/// Who waits for a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// Servers that have said 354.
    Servers,
    /// Nobody.
    None,
}

/// The board, held.
pub(super) type Locked<'b, 'a> = MutexGuard<'b, Board<'a>>;

impl<'a> Desk<'a> {
    /// For these connections; `due` in the order in which they leave.
    pub fn new(
        ledger: Sending<'a>,
        due: Vec<Pending>,
        lanes: Vec<&'a mut dyn Transport>,
        terms: &'a Terms,
        pace: &'a mut Pace,
        time: &'a dyn Time,
        cancel: &'a Cancel,
    ) -> Self {
        let number = lanes.len();
        let first = |(number, transport)| Turn::first(number, transport);
        let board = Board {
            due: due.into(),
            stock: VecDeque::new(),
            pace,
            working: number,
            opening: 0,
            is_open: vec![false; number],
            turns: lanes.into_iter().enumerate().map(first).collect(),
            lain: None,
            is_quick: false,
            next_commit: Batch::default(),
            is_committing: false,
            company: Company::default(),
            is_unwatched: false,
            mood: Mood::default(),
            delivered: Delivered::default(),
        };
        Self {
            ledger: Mutex::new(ledger),
            board: Mutex::new(board),
            called: Condvar::new(),
            committed: Condvar::new(),
            noted: Condvar::new(),
            opened: Condvar::new(),
            terms,
            time,
            cancel,
        }
    }

    /// Lays a connection down: any hand may take it up.
    pub fn lay_down(&self, lane: Lane<'a>, task: Task) {
        let mut board = self.board();
        board.lay_down(lane, task);
        self.call_hands(&mut board);
    }

    /// The next message, once its time has come; none where there is none, or the sending has ended.
    /// Who has no open connection says with [`Desk::note_open`] whether it has one then.
    pub fn next(&self, is_open: bool) -> Option<Box<Outgoing>> {
        loop {
            let mut board = self.board();
            if self.must_stop(&mut board) {
                return None;
            }
            if board.is_empty() {
                if !is_open || board.opening == 0 {
                    return None;
                }
                // A message that another connection holds may come back to this one.
                drop(wait_at_most(&self.opened, board, LISTEN));
                continue;
            }
            if !is_open && board.opening > 0 {
                // One after the other: where the password is wrong the server is told it once.
                drop(wait_at_most(&self.opened, board, LISTEN));
                continue;
            }
            let now = self.time.moment().now;
            let wait = board.pace.wait(now);
            if !wait.is_zero() {
                drop(self.commit(board, Haste::None));
                let _ = self.time.pause(wait, self.cancel);
                continue;
            }
            // This one, and one behind it.
            if board.stock.len() < 2 && !board.due.is_empty() {
                drop(board);
                self.stock_up(&self.ledger());
                continue;
            }
            if let Some(message) = board.stock.pop_front() {
                board.opening += usize::from(!is_open);
                board.pace.begin(now);
                return Some(message);
            }
        }
    }

    /// Whether the sending goes on.
    pub fn goes_on(&self) -> bool {
        !self.must_stop(&mut self.board())
    }

    /// The next message, where it may be begun at once.
    pub fn next_at_once(&self) -> Option<Box<Outgoing>> {
        let mut board = self.board();
        if self.must_stop(&mut board) || !board.pace.is_free() {
            return None;
        }
        board.stock.pop_front()
    }

    /// Asks whether the connection's message may leave: the connection lies down until that is
    /// answered. It comes back where the sending has ended since the message was begun, and it is as
    /// if it had not been.
    pub fn ask(&self, mut lane: Lane<'a>, message: Box<Outgoing>) -> Option<Lane<'a>> {
        let mut board = self.board();
        if self.must_stop(&mut board) {
            drop(board);
            lane.give_up();
            self.put_back(message);
            return Some(lane);
        }
        let claim = Step::Claim {
            by: lane.name().to_owned(),
        };
        let batch = &mut board.next_commit;
        batch.add(message.message.id, claim, Then::Answer(lane, message));
        batch.claims += 1;
        self.wake_watch(&mut board);
        None
    }

    /// Whether a connection was open before its last message, and is now; whatever the message came
    /// to is noted.
    pub fn note_open(&self, lane: usize, was_open: bool, is_open: bool) {
        if was_open && is_open {
            return;
        }
        let mut board = self.board();
        board.opening -= usize::from(!was_open);
        board.set_open(lane, is_open);
        drop(board);
        self.opened.notify_all();
    }

    /// A connection can't be opened for that message. Whether this one is to give up, since others
    /// are open and do for it; else the server takes nothing for now.
    pub fn note_crowded(&self, lane: usize, message: Box<Outgoing>, error: String) -> bool {
        let mut board = self.board();
        // It may have been open before: it is none of the others.
        board.set_open(lane, false);
        if board.is_open.contains(&true) {
            board.stock.push_front(message);
            return true;
        }
        drop(board);
        self.note_unprepared(message, Failure::Rest { error });
        false
    }

    /// Puts a message back that was not claimed.
    pub fn put_back(&self, message: Box<Outgoing>) {
        self.board().stock.push_front(message);
    }

    /// What came of preparing a message: it can't be handed over.
    pub fn note_unprepared(&self, message: Box<Outgoing>, failure: Failure) {
        let verdict = Verdict::of_failure(failure, self.time.moment(), self.terms.retry_after);
        let unless = message.message.state;
        self.note(message.message, verdict, unless);
    }

    /// What came of handing a message over.
    pub fn note_handed(&self, message: Box<Outgoing>, handed: Handed) {
        let verdict = Verdict::of_handed(handed, self.time.moment(), self.terms.retry_after);
        self.note(message.message, verdict, State::Unknown);
    }

    /// A connection's work has ended.
    pub fn end(&self, lane: usize) {
        let mut board = self.board();
        board.working -= 1;
        board.set_open(lane, false);
        let is_left = board.working == 0 && !board.is_empty();
        if is_left && board.delivered.stopped.is_none() {
            // Each connection was lost, or left the rest to the others.
            board.stop(Stop::Rest(NONE_IS_LEFT.to_owned()));
        }
        drop(board);
        // Those who wait for its claim wait in vain, and the last one ends all.
        self.called.notify_all();
        self.noted.notify_one();
    }

    /// What became of the messages, in the order in which they were queued.
    pub fn into_delivered(self) -> Delivered {
        let ledger = self.ledger.into_inner();
        let finished = ledger.unwrap_or_else(PoisonError::into_inner).finish();
        let board = self.board.into_inner();
        let mut board = board.unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = finished {
            board.stop(Stop::Ledger(error));
        }
        let mut delivered = board.delivered;
        delivered.messages.sort_by_key(|message| message.id);
        delivered
    }

    /// `unless`: where the message stands if the verdict can't be kept.
    fn note(&self, message: Pending, verdict: Verdict, unless: State) {
        let mut board = self.board();
        if verdict.onward.puts_off() {
            board.delivered.put_off.insert(message.id);
        }
        if let Some(stop) = board.mood.heed(verdict.onward, &message) {
            board.stop(stop);
        }
        if let Some(step) = verdict.step {
            let id = message.id;
            let delivery = Delivery::of(message, verdict.state, verdict.error);
            let then = Then::Tell { delivery, unless };
            board.next_commit.add(id, step, then);
            self.wake_watch(&mut board);
        }
    }

    /// Commits what has gathered, and says what follows from it.
    pub fn commit<'b>(&'b self, mut board: Locked<'b, 'a>, haste: Haste) -> Locked<'b, 'a> {
        while board.is_committing {
            board = wait(&self.committed, board);
        }
        if board.next_commit.steps.is_empty() {
            return board;
        }
        let batch = std::mem::take(&mut board.next_commit);
        board.is_committing = true;
        drop(board);
        let mut ledger = self.ledger();
        let watch = Stopwatch::start();
        let committed = match haste {
            Haste::Servers => ledger.steps(&batch.steps, self.time.moment()),
            Haste::None => ledger.steps_at_rest(&batch.steps, self.time.moment()),
        };
        drop(ledger);
        let mut board = self.board();
        board.company.committed(watch);
        board.is_committing = false;
        match committed {
            Ok(done) => board.go_on(batch.then, &done),
            Err(error) => board.give_up(batch.then, error),
        }
        self.committed.notify_all();
        if haste == Haste::Servers && board.next_commit.claims == 0 {
            self.call_hands(&mut board);
        } else {
            // More claims have gathered; or whoever commits at rest takes nothing up.
            self.called.notify_all();
        }
        board
    }

    /// Fetches messages, unless somebody is at the ledger: who comes after will.
    pub fn stock_up_meanwhile(&self) {
        if self.board().is_low()
            && let Ok(ledger) = self.ledger.try_lock()
        {
            self.stock_up(&ledger);
        }
    }

    /// Fetches messages, so that no connection has to wait for the ledger.
    fn stock_up(&self, ledger: &Sending<'_>) {
        loop {
            let mut board = self.board();
            if !board.is_low() || board.delivered.stopped.is_some() {
                return;
            }
            let Some(message) = board.due.pop_front() else {
                return;
            };
            drop(board);
            let content = ledger.with_content(message);
            let mut board = self.board();
            match content {
                Ok(outgoing) => board.stock.push_back(Box::new(outgoing)),
                Err(error) => board.stop(Stop::Ledger(error)),
            }
        }
    }

    /// Whether no message may be begun any more, or claimed.
    fn must_stop(&self, board: &mut Board<'_>) -> bool {
        if board.delivered.stopped.is_some() {
            return true;
        }
        let is_late = |until| self.time.moment().now >= until;
        if self.cancel.is_asked() {
            board.stop(Stop::Asked);
        } else if self.terms.until.is_some_and(is_late) {
            board.stop(Stop::Late);
        }
        board.delivered.stopped.is_some()
    }

    pub fn board(&self) -> Locked<'_, 'a> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> MutexGuard<'_, Sending<'a>> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn wait<'b, T>(condition: &Condvar, guard: MutexGuard<'b, T>) -> MutexGuard<'b, T> {
    condition
        .wait(guard)
        .unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn wait_at_most<'b, T>(
    condition: &Condvar,
    guard: MutexGuard<'b, T>,
    at_most: Duration,
) -> MutexGuard<'b, T> {
    let waited = condition.wait_timeout(guard, at_most);
    waited.unwrap_or_else(PoisonError::into_inner).0
}
