//! Several transports at once, one owner of the ledger.
//!
//! Each transport works in a thread of its own, one message at a time: it prepares, waits for its
//! claim to be committed, hands over, reports. The thread that calls [`deliver`] alone touches the
//! ledger. While it commits, more claims and outcomes come in, and the next commit takes them all:
//! two flushes of the disk for each message become a fraction of one. An outcome waits at most
//! [`LINGER`] for company, a claim, behind which a server waits, a part of the time that a commit
//! takes ([`Company`]). A transport's next claim is never committed before the outcome of its last
//! message, so that a crash leaves at most one doubt for each transport; most often in the same
//! commit.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::company::Company;
use super::lane::{Heard, Lane};
use super::verdict::{Onward, Verdict};
use super::worker::{Report, Worker};
use super::{Delivered, Delivery, Pace, Stop, Terms, Time, Transport};
use crate::cancel::Cancel;
use crate::clock::Stopwatch;
use crate::mails::State;
use crate::outbox::{Id, Ledger, LedgerError, Pending, Step};

/// How long an outcome waits for others, so that one commit takes them all.
const LINGER: Duration = Duration::from_millis(2);

/// So many connections lost without a message taken: the server is left alone.
const SHAKEN_MAX: u32 = 3;

/// Hands over everything that is due: what was never tried first, so that one message that breaks
/// every connection doesn't keep the others back. One that fails doesn't stop the others; a wish to
/// stop is heeded between two messages.
pub fn deliver<T: Transport>(
    ledger: &mut Ledger,
    transports: &mut [T],
    terms: &Terms,
    pace: &mut Pace,
    time: &dyn Time,
    cancel: &Cancel,
) -> Delivered {
    let mut due = match ledger.pending(time.moment().now) {
        Ok(due) => due,
        Err(error) => {
            return Delivered {
                stopped: Some(Stop::Ledger(error)),
                ..Delivered::default()
            };
        }
    };
    due.retain(|message| terms.whose.includes(message.kind));
    due.sort_by_key(|message| (message.attempts, message.id));
    deliver_these(ledger, due, transports, terms, pace, time, cancel)
}

pub(super) fn deliver_these<T: Transport>(
    ledger: &mut Ledger,
    due: Vec<Pending>,
    transports: &mut [T],
    terms: &Terms,
    pace: &mut Pace,
    time: &dyn Time,
    cancel: &Cancel,
) -> Delivered {
    if due.is_empty() {
        return Delivered::default();
    }
    let count = transports.len().min(due.len());
    thread::scope(|scope| {
        let (report, reports) = channel();
        let mut lanes = Vec::with_capacity(count);
        for (lane, transport) in transports.iter_mut().take(count).enumerate() {
            let (orders, taken) = channel();
            let name = transport.name();
            let report = report.clone();
            scope.spawn(move || Worker::new(transport, lane, &report).work(&taken));
            lanes.push(Lane::new(name, orders));
        }
        drop(report);
        let mut owner = Owner {
            ledger,
            terms,
            pace,
            time,
            cancel,
            lanes,
            due: due.into(),
            steps: Vec::new(),
            then: Vec::new(),
            company: Company::default(),
            shaken: 0,
            delivered: Delivered::default(),
        };
        owner.go(&reports);
        let mut delivered = owner.delivered;
        delivered.messages.sort_by_key(|message| message.id);
        delivered
        // The orders end here, and the transports finish.
    })
}

/// What is done once a step is committed.
enum Then {
    HandOver { lane: usize },
    Note(Delivery),
}

struct Owner<'a> {
    ledger: &'a mut Ledger,
    terms: &'a Terms,
    pace: &'a mut Pace,
    time: &'a dyn Time,
    cancel: &'a Cancel,
    lanes: Vec<Lane>,
    due: VecDeque<Pending>,
    /// The next commit.
    steps: Vec<(Id, Step)>,
    then: Vec<Then>,
    company: Company,
    shaken: u32,
    delivered: Delivered,
}

impl Owner<'_> {
    fn go(&mut self, reports: &Receiver<Report>) {
        loop {
            let wait = self.begin_messages();
            if !self.is_under_way() {
                self.commit();
                if self.due.is_empty() || self.delivered.stopped.is_some() || self.all_lost() {
                    return;
                }
                // Too early for the next one.
                let _ = self.time.pause(wait.unwrap_or_default(), self.cancel);
                continue;
            }
            let patience = match (self.is_claiming(), self.steps.is_empty()) {
                (true, _) => {
                    let Some(patience) = self.patience_of_claims() else {
                        self.commit();
                        continue;
                    };
                    Some(patience)
                }
                (false, false) => Some(LINGER),
                (false, true) => wait,
            };
            match patience.map_or_else(
                || reports.recv().map_err(|_| RecvTimeoutError::Disconnected),
                |patience| reports.recv_timeout(patience),
            ) {
                Ok(report) => {
                    self.hear(report);
                    // Whatever else has come in meanwhile.
                    while let Ok(report) = reports.try_recv() {
                        self.hear(report);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.commit(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.commit();
                    return;
                }
            }
        }
    }

    /// How long the claims may wait for those of other transports; none: not at all.
    fn patience_of_claims(&mut self) -> Option<Duration> {
        if !self.lanes.iter().any(Lane::is_coming) {
            return None;
        }
        self.company.patience()
    }

    /// Gives transports their next messages: those that are idle, and those that hand one over, so
    /// that they need not wait for us. Says how long to wait where it is too early.
    fn begin_messages(&mut self) -> Option<Duration> {
        for lane in 0..self.lanes.len() {
            let ahead = self.pace.is_free();
            let has_room = self.lanes.get(lane).is_some_and(|at| at.has_room(ahead));
            if !has_room || self.due.is_empty() || self.must_stop() {
                continue;
            }
            let now = self.time.moment().now;
            let wait = self.pace.wait(now);
            if !wait.is_zero() {
                return Some(wait);
            }
            self.pace.begin(now);
            self.begin(lane);
        }
        None
    }

    /// Whether no message may be begun any more, or claimed.
    fn must_stop(&mut self) -> bool {
        if self.delivered.stopped.is_some() {
            return true;
        }
        let is_late = |until| self.time.moment().now >= until;
        if self.cancel.is_asked() {
            self.delivered.stopped = Some(Stop::Asked);
        } else if self.terms.until.is_some_and(is_late) {
            self.delivered.stopped = Some(Stop::Late);
        }
        self.delivered.stopped.is_some()
    }

    fn begin(&mut self, lane: usize) {
        let Some(message) = self.due.pop_front() else {
            return;
        };
        let outgoing = match self.ledger.with_content(message.clone()) {
            Ok(outgoing) => Box::new(outgoing),
            Err(error) => return self.stop(Stop::Ledger(error)),
        };
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.begin(message, outgoing);
        }
    }

    fn hear(&mut self, report: Report) {
        let Some(lane) = self.lanes.get_mut(report.lane) else {
            return;
        };
        let heard = lane.hear(report.said, report.lost);
        let moment = self.time.moment();
        let wait = self.terms.retry_after;
        match heard {
            Some(Heard::Ready(message)) => self.claim(report.lane, message),
            Some(Heard::Unprepared(message, failure)) => {
                self.note(message, Verdict::of_failure(failure, moment, wait));
            }
            Some(Heard::Handed(message, handed)) => {
                if let Some(left) = lane.take_back() {
                    self.due.push_front(left);
                }
                self.note(message, Verdict::of_handed(handed, moment, wait));
            }
            // A transport speaks only when it is asked.
            None => {}
        }
    }

    /// The message is to leave once that is committed; or not, where the sending has ended since it
    /// was begun.
    fn claim(&mut self, lane: usize, message: Pending) {
        let must_stop = self.must_stop();
        let Some(at) = self.lanes.get_mut(lane) else {
            return;
        };
        if must_stop {
            at.abandon();
            self.due.push_front(message);
            return;
        }
        let by = at.name.to_owned();
        self.steps.push((message.id, Step::Claim { by }));
        self.then.push(Then::HandOver { lane });
        at.claim(message);
    }

    fn note(&mut self, message: Pending, verdict: Verdict) {
        match verdict.onward {
            Onward::Go => self.shaken = 0,
            Onward::Same => {}
            Onward::Shaken(error) => {
                self.shaken += 1;
                if self.shaken >= SHAKEN_MAX {
                    self.stop(Stop::Rest(error));
                }
            }
            Onward::Rest(error) => self.stop(Stop::Rest(error)),
            Onward::Stop(error) => self.stop(Stop::Transport(error)),
        }
        if let Some(step) = verdict.step {
            self.steps.push((message.id, step));
            let delivery = Delivery::of(message, verdict.state, verdict.error);
            self.then.push(Then::Note(delivery));
        }
    }

    /// Commits what has gathered, and goes on from there.
    fn commit(&mut self) {
        if self.steps.is_empty() {
            return;
        }
        let steps = std::mem::take(&mut self.steps);
        let then = std::mem::take(&mut self.then);
        let watch = Stopwatch::start();
        let committed = self.ledger.steps(&steps, self.time.moment());
        self.company.committed(watch);
        match committed {
            Ok(done) => {
                for (then, done) in then.into_iter().zip(done) {
                    self.go_on(then, done);
                }
            }
            Err(error) => self.give_up(then, error),
        }
    }

    fn go_on(&mut self, then: Then, done: bool) {
        match then {
            Then::HandOver { lane } => {
                if let Some(lane) = self.lanes.get_mut(lane) {
                    lane.claimed(done);
                }
            }
            // Else decided otherwise meanwhile, by another process.
            Then::Note(delivery) if done => self.delivered.messages.push(delivery),
            Then::Note(_) => {}
        }
    }

    /// What cannot be noted must not leave. What came of those that have left cannot be kept: the
    /// next run finds them as they were before.
    fn give_up(&mut self, then: Vec<Then>, error: LedgerError) {
        for then in then {
            match then {
                Then::HandOver { lane } => {
                    if let Some(lane) = self.lanes.get_mut(lane) {
                        lane.leave();
                    }
                }
                Then::Note(mut delivery) => {
                    delivery.state = State::Unknown;
                    delivery.error = Some(error.to_string());
                    self.delivered.messages.push(delivery);
                }
            }
        }
        self.stop(Stop::Ledger(error));
    }

    /// A fault of the ledger or of the settings says more than a server that asks to wait.
    fn stop(&mut self, why: Stop) {
        let weight = |stop: &Stop| match stop {
            Stop::Ledger(_) => 3,
            Stop::Transport(_) => 2,
            Stop::Rest(_) => 1,
            Stop::Late | Stop::Asked => 0,
        };
        let known = self.delivered.stopped.as_ref().map(weight);
        if known.is_none_or(|known| known < weight(&why)) {
            self.delivered.stopped = Some(why);
        }
    }

    fn is_under_way(&self) -> bool {
        self.lanes.iter().any(Lane::is_under_way)
    }

    fn is_claiming(&self) -> bool {
        self.lanes.iter().any(Lane::is_claiming)
    }

    fn all_lost(&self) -> bool {
        self.lanes.iter().all(Lane::is_lost)
    }
}
