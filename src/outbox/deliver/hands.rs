//! The hands (threads) that do the work on a [`Desk`], and who watches over them.
//!
//! There are as many as connections, but no hand is a connection's own: each takes what lies first
//! on the desk. While a server answers at once, the hand that commits has all the messages leave and
//! then hears what came of them, and the others sleep: to wake one takes longer than such an answer.
//! They are called as soon as an answer takes its time, or something has lain on the desk for
//! [`LINGER`].

use std::time::Duration;

use super::board::Board;
use super::desk::{Desk, Haste, Locked, wait, wait_at_most};
use super::lane::{Task, Turn};
use crate::clock::Stopwatch;

/// How long an outcome waits for others, so that one commit takes them all; and how long a
/// connection lies on the desk before another hand is called.
pub(super) const LINGER: Duration = Duration::from_millis(2);

/// An answer that comes within this is sooner waited for than somebody woken.
const AT_ONCE: Duration = Duration::from_micros(500);

impl<'a> Desk<'a> {
    /// A hand's work: whatever lies on the desk, until no connection is at work.
    pub fn work(&self) {
        while let Some(turn) = self.next_turn() {
            let hears = matches!(turn.task, Task::Hear(_));
            if hears {
                // While the server reads.
                self.stock_up_meanwhile();
            }
            let watch = Stopwatch::start();
            turn.take(self);
            if hears {
                self.board().is_quick = watch.elapsed() < AT_ONCE;
            }
        }
    }

    /// What lies on the desk first; none once no connection is at work.
    fn next_turn(&self) -> Option<Turn<'a>> {
        let mut board = self.board();
        loop {
            if let Some(turn) = board.take_up() {
                return Some(turn);
            }
            if board.working == 0 {
                return None;
            }
            board = self.wait_for_commit(board);
        }
    }

    /// Calls those who found nothing to do, where they will not come too late.
    pub fn call_hands(&self, board: &mut Board<'a>) {
        if board.turns.is_empty() {
            return;
        }
        if board.is_quick {
            self.wake_watch(board);
        } else {
            self.called.notify_all();
        }
    }

    /// Something begins to wait.
    pub fn wake_watch(&self, board: &mut Board<'a>) {
        if std::mem::take(&mut board.is_unwatched) {
            self.noted.notify_one();
        }
    }

    /// Keeps outcomes and connections from waiting too long, until no connection is at work.
    pub fn watch(&self) {
        let left = |since: Option<Stopwatch>| Some(LINGER.saturating_sub(since?.elapsed()));
        let mut board = self.board();
        while board.working > 0 {
            if left(board.lain) == Some(Duration::ZERO) {
                board.lain = Some(Stopwatch::start());
                self.called.notify_all();
            }
            if left(board.next_commit.begun) == Some(Duration::ZERO) {
                board = self.commit(board, Haste::None);
                // All may have ended meanwhile.
                continue;
            }
            let next = left(board.next_commit.begun)
                .into_iter()
                .chain(left(board.lain))
                .min();
            board = if let Some(left) = next {
                wait_at_most(&self.noted, board, left)
            } else {
                board.is_unwatched = true;
                wait(&self.noted, board)
            };
        }
        drop(self.commit(board, Haste::None));
    }

    /// Waits for something to do, and commits where claims have waited for one another.
    fn wait_for_commit<'b>(&'b self, mut board: Locked<'b, 'a>) -> Locked<'b, 'a> {
        if board.is_committing || board.next_commit.claims == 0 {
            return wait(&self.called, board);
        }
        let all_are_here = board.next_commit.claims >= board.working;
        match board.company.patience() {
            Some(patience) if !all_are_here => wait_at_most(&self.called, board, patience),
            _ => self.commit(board, Haste::Servers),
        }
    }
}
