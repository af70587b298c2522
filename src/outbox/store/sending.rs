//! The ledger while messages leave, one after the other: a line for each step.
//!
//! A message that leaves as it should takes two steps, and each waits for the disk. To change the
//! message's row, its places in the indexes, its content and the journal at each of them writes some
//! twenty pages for four messages; a line of a table without an index says all that follows from it,
//! and writes one. So the usual steps (claimed, accepted) write their lines and nothing else, and the
//! messages and their journal catch up in one go when the sending ends, before anything else
//! changes, or when the ledger is opened after a crash.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::text::{MomentText, parsed};
use super::{Ledger, LedgerError, Result};
use crate::mails::State;
use crate::outbox::{Id, Moment, Outgoing, Pending, Step};

/// No more messages than that are behind, so that they catch up within some hundred milliseconds.
const BEHIND_MAX: usize = 10_000;

/// The ledger while messages leave. What else there is to be read of it is up to date once this is
/// gone.
#[derive(Debug)]
pub struct Sending<'l> {
    ledger: &'l mut Ledger,
    /// Where the messages that are behind stand.
    states: HashMap<Id, State>,
}

impl Ledger {
    /// Messages are to leave.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn sending(&mut self) -> Result<Sending<'_>> {
        self.catch_up()?;
        Ok(Sending {
            ledger: self,
            states: HashMap::new(),
        })
    }

    /// Has the messages say what the lines say, where a sending was cut off.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub(super) fn catch_up(&mut self) -> Result<()> {
        catch_up(&mut self.connection).map_err(LedgerError::at(&self.path))
    }
}

impl Sending<'_> {
    /// What is to be sent at that instant, as [`Ledger::in_turn`]. Asked before the first step.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn in_turn(&self, now: DateTime<Utc>) -> Result<Vec<Pending>> {
        self.ledger.in_turn(now)
    }

    /// A message with its content, as [`Ledger::with_content`].
    ///
    /// # Errors
    /// The ledger cannot be read, or the content was erased.
    pub fn with_content(&self, message: Pending) -> Result<Outgoing> {
        self.ledger.with_content(message)
    }

    /// Changes the states of several messages in one commit, as [`Ledger::steps`].
    ///
    /// # Errors
    /// As for [`Ledger::steps`]: all of them were kept, or none.
    pub fn steps(&mut self, steps: &[(Id, Step)], moment: Moment) -> Result<Vec<bool>> {
        let are_lines = steps.iter().all(|(_, step)| is_usual(step));
        if !are_lines || self.states.len() >= BEHIND_MAX {
            return self.steps_at_rest(steps, moment);
        }
        let failed = LedgerError::at(&self.ledger.path);
        let transaction = begin(&mut self.ledger.connection).map_err(&failed)?;
        let lines = write_lines(&transaction, &self.states, steps, moment).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        let written = |(step, line): (&(Id, Step), &Option<State>)| line.map(|to| (step.0, to));
        self.states
            .extend(steps.iter().zip(&lines).filter_map(written));
        Ok(lines.iter().map(Option::is_some).collect())
    }

    /// The same where there is time: the messages themselves are changed, and what was sent is
    /// erased.
    ///
    /// # Errors
    /// As for [`Ledger::steps`].
    pub fn steps_at_rest(&mut self, steps: &[(Id, Step)], moment: Moment) -> Result<Vec<bool>> {
        let done = self.ledger.steps(steps, moment)?;
        self.states.clear();
        Ok(done)
    }

    /// Has the messages say what the lines say.
    ///
    /// # Errors
    /// The ledger cannot be written: they do so before anything else is changed.
    pub fn finish(&mut self) -> Result<()> {
        self.states.clear();
        self.ledger.catch_up()
    }
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        // Where it fails, the next change or the next run does it.
        let _ = self.finish();
    }
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// Whether a line says all that a step changes.
fn is_usual(step: &Step) -> bool {
    matches!(step, Step::Claim { .. } | Step::Accept)
}

/// For each step, the state that its line leads to; none where the message's state doesn't allow
/// it.
fn write_lines(
    transaction: &Transaction<'_>,
    states: &HashMap<Id, State>,
    steps: &[(Id, Step)],
    moment: Moment,
) -> rusqlite::Result<Vec<Option<State>>> {
    let moment = MomentText::from(moment);
    let mut line = transaction.prepare_cached(
        "INSERT INTO leaving (message, from_state, to_state, at, day, handed_to) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut written: Vec<(Id, State)> = Vec::with_capacity(steps.len());
    let mut lines = Vec::with_capacity(steps.len());
    for (id, step) in steps {
        let just_now = written.iter().rev().find(|(one, _)| one == id);
        let from = match just_now
            .map(|(_, state)| *state)
            .or(states.get(id).copied())
        {
            Some(state) => Some(state),
            None => state_of(transaction, *id)?,
        };
        let change = from.and_then(|from| Some((from, step.leads_to(from)?)));
        if let Some((from, to)) = change {
            let by = match step {
                Step::Claim { by } => Some(by),
                _ => None,
            };
            line.execute(params![
                id.0,
                from.name(),
                to.name(),
                moment.now,
                moment.day,
                by
            ])?;
            written.push((*id, to));
        }
        lines.push(change.map(|(_, to)| to));
    }
    Ok(lines)
}

fn state_of(transaction: &Transaction<'_>, id: Id) -> rusqlite::Result<Option<State>> {
    transaction
        .prepare_cached("SELECT state FROM messages WHERE id = ?1")?
        .query_row([id.0], |row| parsed(row, 0, State::named))
        .optional()
}

/// Has the messages say what the lines say, where there are any.
pub(super) fn catch_up(connection: &mut Connection) -> rusqlite::Result<()> {
    if !are_behind(connection)? {
        return Ok(());
    }
    let transaction = begin(connection)?;
    catch_up_in(&transaction)?;
    transaction.commit()
}

/// As [`catch_up`], with what else is to be changed.
pub(super) fn catch_up_in(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    if are_behind(transaction)? {
        transaction.execute_batch(CATCH_UP)?;
    }
    Ok(())
}

/// Whether there are lines that the messages do not yet say.
pub(super) fn are_behind(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM leaving LIMIT 1")?
        .exists([])
}

/// What [`Step::Claim`] and [`Step::Accept`] change, for all lines (`max` chooses the line from
/// which the bare columns come: <https://sqlite.org/lang_select.html#bareagg>). At most one of a
/// message's lines is a claim.
const CATCH_UP: &str = "
INSERT INTO transitions (message, from_state, to_state, at)
SELECT message, from_state, to_state, at FROM leaving ORDER BY id;

UPDATE messages SET
    state       = last.to_state,
    attempts    = attempts + (last.to_state = 'accepted'),
    next_try    = NULL,
    last_error  = iif(last.to_state = 'accepted', NULL, last_error),
    handed_to   = coalesce(last.by, handed_to),
    accepted_at = iif(last.to_state = 'accepted', last.at, NULL),
    accepted_on = iif(last.to_state = 'accepted', last.day, NULL)
FROM (
    SELECT message, to_state, at, day, max(id),
           group_concat(handed_to) AS by
    FROM leaving GROUP BY message
) AS last
WHERE messages.id = last.message;

DELETE FROM contents
WHERE message IN (SELECT message FROM leaving WHERE to_state = 'accepted');

DELETE FROM refused_addresses WHERE address IN (
    SELECT address FROM messages JOIN leaving ON messages.id = message WHERE to_state = 'accepted');

DELETE FROM leaving;
";
