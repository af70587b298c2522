//! What the connections share: what is due, the ledger, and the next commit.
//!
//! A connection notes here what came of its last message, takes the next one, and claims it once
//! the server waits for it. Whoever claims last commits for all: two flushes of the disk for each
//! message become a part of one, and no thread is woken for it alone. Claims wait for one another
//! only a part of the time that a commit takes ([`Company`]), since behind each is a server that
//! has said 354; an outcome waits at most [`LINGER`]. A connection's next claim is never committed
//! before the outcome of its last message, so that a crash leaves at most one doubt for each; most
//! often in the same commit.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::board::{Batch, Board, Claim, Then};
use super::company::Company;
use super::mood::Mood;
use super::verdict::Verdict;
use super::{Delivered, Delivery, Failure, Handed, Pace, Stop, Terms, Time};
use crate::cancel::Cancel;
use crate::clock::Stopwatch;
use crate::outbox::{Outgoing, Pending, Sending, Step};

/// How long an outcome waits for others, so that one commit takes them all.
const LINGER: Duration = Duration::from_millis(2);

/// So often a connection without a message looks whether the sending has ended.
const LISTEN: Duration = Duration::from_millis(100);

/// Where several connections work, each on one message at a time.
pub(super) struct Desk<'a> {
    /// Locked before the board where both are.
    ledger: Mutex<Sending<'a>>,
    board: Mutex<Board<'a>>,
    /// A commit is done.
    committed: Condvar,
    /// Something waits to be committed, or a connection's work has ended: wakes [`Desk::watch`].
    noted: Condvar,
    /// A connection is open, or will not be.
    opened: Condvar,
    terms: &'a Terms,
    time: &'a dyn Time,
    cancel: &'a Cancel,
}

/// Who waits for a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Haste {
    /// Servers that have said 354.
    Servers,
    /// Nobody.
    None,
}

type Locked<'b, 'a> = MutexGuard<'b, Board<'a>>;

impl<'a> Desk<'a> {
    /// For so many connections; `due` in the order in which they leave.
    pub fn new(
        ledger: Sending<'a>,
        due: Vec<Pending>,
        lanes: usize,
        terms: &'a Terms,
        pace: &'a mut Pace,
        time: &'a dyn Time,
        cancel: &'a Cancel,
    ) -> Self {
        let board = Board {
            due: due.into(),
            stock: VecDeque::new(),
            pace,
            working: lanes,
            opening: 0,
            is_open: vec![false; lanes],
            next_commit: Batch::default(),
            is_committing: false,
            answers: vec![None; lanes],
            company: Company::default(),
            is_unwatched: false,
            mood: Mood::default(),
            delivered: Delivered::default(),
        };
        Self {
            ledger: Mutex::new(ledger),
            board: Mutex::new(board),
            committed: Condvar::new(),
            noted: Condvar::new(),
            opened: Condvar::new(),
            terms,
            time,
            cancel,
        }
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
            if let Some(message) = board.stock.pop_front() {
                board.opening += usize::from(!is_open);
                board.pace.begin(now);
                return Some(message);
            }
            drop(board);
            self.stock_up(&self.ledger());
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

    /// The message of that connection is to leave once this returns [`Claim::Kept`]. None: the
    /// sending has ended since it was begun, and it is as if it had not been.
    pub fn claim(&self, lane: usize, message: &Outgoing, by: &str) -> Option<Claim> {
        let mut board = self.board();
        if self.must_stop(&mut board) {
            return None;
        }
        let by = by.to_owned();
        let batch = &mut board.next_commit;
        batch.add(
            message.message.id,
            Step::Claim { by },
            Then::Answer { lane },
        );
        batch.claims += 1;
        loop {
            if let Some(answer) = board.answers.get_mut(lane).and_then(Option::take) {
                return Some(answer);
            }
            board = self.wait_for_commit(board);
        }
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
    pub fn note_crowded(&self, message: Box<Outgoing>, error: String) -> bool {
        let mut board = self.board();
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
        self.note(message.message, verdict);
    }

    /// What came of handing a message over.
    pub fn note_handed(&self, message: Box<Outgoing>, handed: Handed) {
        let verdict = Verdict::of_handed(handed, self.time.moment(), self.terms.retry_after);
        self.note(message.message, verdict);
    }

    /// A connection's work has ended.
    pub fn leave(&self, lane: usize) {
        let mut board = self.board();
        board.working -= 1;
        board.set_open(lane, false);
        drop(board);
        self.noted.notify_one();
    }

    /// Keeps outcomes from waiting too long, until no connection is at work.
    pub fn watch(&self) {
        let mut board = self.board();
        while board.working > 0 {
            let waited = board.next_commit.begun.map(|begun| begun.elapsed());
            board = match waited.map(|waited| LINGER.saturating_sub(waited)) {
                None => {
                    board.is_unwatched = true;
                    wait(&self.noted, board)
                }
                Some(left) if !left.is_zero() => wait_at_most(&self.noted, board, left),
                Some(_) => self.commit(board, Haste::None),
            };
        }
        drop(self.commit(board, Haste::None));
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

    fn note(&self, message: Pending, verdict: Verdict) {
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
            board.next_commit.add(id, step, Then::Tell(delivery));
            if std::mem::take(&mut board.is_unwatched) {
                self.noted.notify_one();
            }
        }
    }

    /// Waits for a commit, or makes it where nobody else does.
    fn wait_for_commit<'b>(&'b self, mut board: Locked<'b, 'a>) -> Locked<'b, 'a> {
        if board.is_committing {
            return wait(&self.committed, board);
        }
        let all_are_here = board.next_commit.claims >= board.working;
        match board.company.patience() {
            Some(patience) if !all_are_here => wait_at_most(&self.committed, board, patience),
            _ => self.commit(board, Haste::Servers),
        }
    }

    /// Commits what has gathered, and says what follows from it.
    fn commit<'b>(&'b self, mut board: Locked<'b, 'a>, haste: Haste) -> Locked<'b, 'a> {
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
        let mut board = self.board();
        board.company.committed(watch);
        board.is_committing = false;
        match committed {
            Ok(done) => board.go_on(batch.then, &done),
            Err(error) => board.give_up(batch.then, error),
        }
        drop(board);
        self.committed.notify_all();
        // While those who were woken hand over.
        self.stock_up(&ledger);
        drop(ledger);
        self.board()
    }

    /// Fetches a message for each connection, so that none has to wait for the ledger.
    fn stock_up(&self, ledger: &Sending<'_>) {
        loop {
            let mut board = self.board();
            if board.stock.len() >= board.working || board.delivered.stopped.is_some() {
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

    fn board(&self) -> Locked<'_, 'a> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> MutexGuard<'_, Sending<'a>> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'b, T>(condition: &Condvar, guard: MutexGuard<'b, T>) -> MutexGuard<'b, T> {
    condition
        .wait(guard)
        .unwrap_or_else(PoisonError::into_inner)
}

fn wait_at_most<'b, T>(
    condition: &Condvar,
    guard: MutexGuard<'b, T>,
    at_most: Duration,
) -> MutexGuard<'b, T> {
    let waited = condition.wait_timeout(guard, at_most);
    waited.unwrap_or_else(PoisonError::into_inner).0
}
