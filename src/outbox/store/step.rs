//! Changing the state of messages: conditional updates, one row changed or it is left.

use rusqlite::{Transaction, TransactionBehavior, params};

use super::flags::{forget_refusal, remember_refusal};
use super::queue::note_transition;
use super::sending::catch_up_in;
use super::text::{MomentText, instant_text};
use super::{Ledger, LedgerError, Result};
use crate::mails::State;
use crate::outbox::{Id, Moment, Refused, Step};

impl Ledger {
    /// Changes the state of one message; false where its state doesn't allow it (another process
    /// was quicker, or the coordinator decided meanwhile), and then nothing changed.
    ///
    /// # Errors
    /// The ledger cannot be written; whether the change was kept shows when it is opened again.
    pub fn step(&mut self, id: Id, step: Step, moment: Moment) -> Result<bool> {
        let done = self.steps(&[(id, step)], moment)?;
        Ok(done.first().copied().unwrap_or(false))
    }

    /// Changes the states of several messages in one commit (a writer may gather those of several
    /// connections, or the outcome of one message with the claim of the next). For each, whether
    /// its state allowed it; those that it didn't change don't stop the others.
    ///
    /// # Errors
    /// As for [`Ledger::step`]: all of them were kept, or none.
    pub fn steps(&mut self, steps: &[(Id, Step)], moment: Moment) -> Result<Vec<bool>> {
        let failed = LedgerError::at(&self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        catch_up_in(&transaction).map_err(&failed)?;
        let moment = MomentText::from(moment);
        let done = steps
            .iter()
            .map(|(id, step)| take(&transaction, *id, step, &moment))
            .collect::<rusqlite::Result<Vec<bool>>>()
            .map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok(done)
    }
}

/// What a step changes.
struct Change<'a> {
    /// The states that it may start from.
    from: &'static [State],
    /// None: it stays in its state.
    to: Option<State>,
    /// It was tried, whatever came of it.
    counts: bool,
    /// Why, for the journal.
    reason: Option<&'a str>,
    /// What went wrong, for the coordinator.
    error: Option<&'a str>,
    next_try: Option<String>,
    by: Option<&'a str>,
}

const UNSENT: &[State] = &[State::Planned, State::Deferred];
const TRIED: &[State] = &[State::Planned, State::Deferred, State::HandingOver];
const LEAVING: &[State] = &[State::HandingOver];
const SHOWN: &[State] = &[State::AwaitingApproval];
const REFUSED_BY_HER: &[State] = &[State::Rejected];
const DOUBTFUL: &[State] = &[State::Unknown];
const KNOWN_TO_HER: &[State] = &[State::Unknown, State::AwaitingApproval];
const STUCK: &[State] = &[State::Deferred, State::Refused];
const RETIRABLE: &[State] = &[State::Planned, State::Deferred, State::AwaitingApproval];

impl Step {
    fn change(&self) -> Change<'_> {
        let plain = |from, to| Change {
            from,
            to: Some(to),
            counts: false,
            reason: None,
            error: None,
            next_try: None,
            by: None,
        };
        let decided = |from, to, reason| Change {
            reason: Some(reason),
            ..plain(from, to)
        };
        let tried = |from, to, error| Change {
            counts: true,
            reason: Some(error),
            error: Some(error),
            ..plain(from, to)
        };
        match self {
            Self::Claim { by } => Change {
                by: Some(by),
                ..plain(UNSENT, State::HandingOver)
            },
            Self::TakeBack { reason } => decided(LEAVING, State::Planned, reason),
            Self::Accept => Change {
                counts: true,
                ..plain(LEAVING, State::Accepted)
            },
            Self::Defer { error, next_try } => Change {
                next_try: Some(instant_text(*next_try)),
                ..tried(TRIED, State::Deferred, error)
            },
            Self::Refuse { error, .. } => tried(TRIED, State::Refused, error),
            Self::Postpone { error, next_try } => Change {
                counts: false,
                next_try: Some(instant_text(*next_try)),
                ..tried(UNSENT, State::Deferred, error)
            },
            Self::Doubt { error } => tried(LEAVING, State::Unknown, error),
            Self::Retire { reason } => decided(RETIRABLE, State::Obsolete, reason),
            Self::Approve { reason } => decided(SHOWN, State::Planned, reason),
            Self::Reject { reason } => decided(RETIRABLE, State::Rejected, reason),
            Self::Lapse { reason } => decided(REFUSED_BY_HER, State::Obsolete, reason),
            Self::Received { reason } => decided(KNOWN_TO_HER, State::Accepted, reason),
            Self::Resend { reason } => decided(DOUBTFUL, State::Planned, reason),
            Self::Retry { reason } => decided(STUCK, State::Planned, reason),
            Self::Ask { reason } => Change {
                to: None,
                ..decided(KNOWN_TO_HER, State::AwaitingApproval, reason)
            },
            Self::Hold { reason } => decided(UNSENT, State::AwaitingApproval, reason),
        }
    }
}

impl Step {
    /// The state that it leads to from that one; none where it may not start there.
    pub(super) fn leads_to(&self, from: State) -> Option<State> {
        let change = self.change();
        change
            .from
            .contains(&from)
            .then_some(change.to.unwrap_or(from))
    }
}

fn take(
    transaction: &Transaction<'_>,
    id: Id,
    step: &Step,
    moment: &MomentText,
) -> rusqlite::Result<bool> {
    let change = step.change();
    let Some(from) = update(transaction, id, &change, moment)? else {
        return Ok(false);
    };
    let to = change.to.unwrap_or(from);
    match step {
        Step::Refuse {
            refused: Refused::Address,
            ..
        } => remember_refusal(transaction, id, &moment.day)?,
        Step::Accept | Step::Received { .. } | Step::Retry { .. } => {
            forget_refusal(transaction, id)?;
        }
        _ => {}
    }
    if ends(to) {
        transaction
            .prepare_cached("DELETE FROM contents WHERE message = ?1")?
            .execute([id.0])?;
    }
    note_transition(
        transaction,
        id.0,
        Some(from),
        to,
        &moment.now,
        change.reason,
    )?;
    Ok(true)
}

/// The state that the message had, where the change may start from there.
fn update(
    transaction: &Transaction<'_>,
    id: Id,
    change: &Change<'_>,
    moment: &MomentText,
) -> rusqlite::Result<Option<State>> {
    let accepted = change.to == Some(State::Accepted);
    let mut statement = transaction.prepare_cached(
        "UPDATE messages SET state = ?3, attempts = attempts + ?4, next_try = ?5, \
         last_error = CASE WHEN ?3 = 'accepted' THEN NULL ELSE coalesce(?6, last_error) END, \
         handed_to = coalesce(?7, handed_to), accepted_at = ?8, accepted_on = ?9 \
         WHERE id = ?1 AND state = ?2",
    )?;
    for from in change.from {
        // A person was forgotten: there is nothing left to try again.
        if *from == State::Refused && !has_content(transaction, id)? {
            continue;
        }
        let changed = statement.execute(params![
            id.0,
            from.name(),
            change.to.unwrap_or(*from).name(),
            change.counts,
            change.next_try,
            change.error,
            change.by,
            accepted.then_some(&moment.now),
            accepted.then_some(&moment.day),
        ])?;
        if changed == 1 {
            return Ok(Some(*from));
        }
    }
    Ok(None)
}

fn has_content(transaction: &Transaction<'_>, id: Id) -> rusqlite::Result<bool> {
    transaction
        .prepare_cached("SELECT 1 FROM contents WHERE message = ?1")?
        .exists([id.0])
}

/// Nothing is sent from this state any more: the content has no further use.
pub(super) fn ends(state: State) -> bool {
    matches!(
        state,
        State::Accepted | State::Obsolete | State::Rejected | State::Settled
    )
}
