//! The ledger while messages leave, one after the other: a line of the journal for each step.
//!
//! A message that leaves as it should takes two steps, and each waits for the disk. To change the
//! message's row, its place in the index and its content at each of them writes some twenty pages
//! for four messages; a line of the journal says all that follows from it, and writes two. So the
//! usual steps (claimed, accepted) write their lines and nothing else, and the messages catch up
//! with the journal in one go when the sending ends, before anything else changes, or when the
//! ledger is opened after a crash. A note tells from which line on.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Deserialize;
use serde_json::json;

use super::queue::note_transition;
use super::text::parsed;
use super::{Ledger, LedgerError, Result};
use crate::mails::State;
use crate::outbox::{Id, Moment, Outgoing, Pending, Step};

/// The name of the note.
const NOTE: &str = "journal ahead of the messages";

/// No more messages than that are behind, so that they catch up within some hundred milliseconds.
const AHEAD_MAX: usize = 10_000;

/// The ledger while messages leave. What else there is to be read of it is up to date once this is
/// gone.
#[derive(Debug)]
pub struct Sending<'l> {
    ledger: &'l mut Ledger,
    ahead: Option<Ahead>,
    /// Where the messages of those lines stand.
    states: HashMap<Id, State>,
}

/// From which line on the messages do not yet say what the journal says, and what those lines have
/// in common.
#[derive(Debug, Deserialize)]
struct Ahead {
    /// The last line before them.
    after: i64,
    /// The transport that they were handed to.
    by: String,
    /// The day of the run.
    day: NaiveDate,
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
            ahead: None,
            states: HashMap::new(),
        })
    }

    /// Has the messages say what the journal says, where a sending was cut off.
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
        let usual = Usual::of(steps);
        if usual == Usual::No || self.states.len() >= AHEAD_MAX {
            return self.steps_at_rest(steps, moment);
        }
        let failed = LedgerError::at(&self.ledger.path);
        let transaction = begin(&mut self.ledger.connection).map_err(&failed)?;
        let known = self.ahead.take();
        let ahead = go_ahead(&transaction, known, usual, moment.day).map_err(&failed)?;
        let lines = write_lines(&transaction, &self.states, steps, moment).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        self.ahead = Some(ahead);
        let written = |(step, line): (&(Id, Step), &Option<State>)| line.map(|to| (step.0, to));
        self.states
            .extend(steps.iter().zip(&lines).filter_map(written));
        Ok(lines.iter().map(Option::is_some).collect())
    }

    /// The same where there is time: the messages say at once what the journal says, and what was
    /// sent is erased.
    ///
    /// # Errors
    /// As for [`Ledger::steps`].
    pub fn steps_at_rest(&mut self, steps: &[(Id, Step)], moment: Moment) -> Result<Vec<bool>> {
        self.ahead = None;
        let done = self.ledger.steps(steps, moment)?;
        self.states.clear();
        Ok(done)
    }

    /// Has the messages say what the journal says.
    ///
    /// # Errors
    /// The ledger cannot be written: they do so before anything else is changed.
    pub fn finish(&mut self) -> Result<()> {
        self.ahead = None;
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

/// From which line on the journal is ahead once such steps are lines alone.
fn go_ahead(
    transaction: &Transaction<'_>,
    known: Option<Ahead>,
    usual: Usual<'_>,
    day: NaiveDate,
) -> rusqlite::Result<Ahead> {
    let goes_on = |ahead: &Ahead| {
        let is_same = match usual {
            Usual::Claims { by } => ahead.by == by,
            Usual::Outcomes | Usual::No => true,
        };
        is_same && ahead.day == day
    };
    if let Some(known) = known.filter(goes_on) {
        return Ok(known);
    }
    catch_up_in(transaction)?;
    let last = "SELECT coalesce(max(id), 0) FROM transitions";
    let ahead = Ahead {
        after: transaction.query_row(last, [], |row| row.get(0))?,
        by: match usual {
            Usual::Claims { by } => by.to_owned(),
            Usual::Outcomes | Usual::No => String::new(),
        },
        day,
    };
    leave_note(transaction, &ahead)?;
    Ok(ahead)
}

/// Whether steps can be lines alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usual<'s> {
    /// One of them says more than a line does.
    No,
    /// Messages were accepted.
    Outcomes,
    /// Messages are handed to that transport; others may have been accepted.
    Claims { by: &'s str },
}

impl<'s> Usual<'s> {
    fn of(steps: &'s [(Id, Step)]) -> Self {
        let mut usual = Self::Outcomes;
        for (_, step) in steps {
            usual = match (step, usual) {
                (Step::Accept, usual) => usual,
                (Step::Claim { by }, Self::Outcomes) => Self::Claims { by },
                (Step::Claim { by }, Self::Claims { by: known }) if by == known => usual,
                _ => return Self::No,
            };
        }
        usual
    }
}

/// For each step, the state that its line leads to; none where the message's state doesn't allow
/// it.
fn write_lines(
    transaction: &Transaction<'_>,
    states: &HashMap<Id, State>,
    steps: &[(Id, Step)],
    moment: Moment,
) -> rusqlite::Result<Vec<Option<State>>> {
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
        let line = from.and_then(|from| Some((from, step.leads_to(from)?)));
        if let Some((from, to)) = line {
            note_transition(transaction, id.0, Some(from), to, moment, None)?;
            written.push((*id, to));
        }
        lines.push(line.map(|(_, to)| to));
    }
    Ok(lines)
}

fn state_of(transaction: &Transaction<'_>, id: Id) -> rusqlite::Result<Option<State>> {
    transaction
        .prepare_cached("SELECT state FROM messages WHERE id = ?1")?
        .query_row([id.0], |row| parsed(row, 0, State::named))
        .optional()
}

/// Has the messages say what the journal says, where it is ahead of them.
pub(super) fn catch_up(connection: &mut Connection) -> rusqlite::Result<()> {
    if read_note(connection)?.is_none() {
        return Ok(());
    }
    let transaction = begin(connection)?;
    catch_up_in(&transaction)?;
    transaction.commit()
}

/// As [`catch_up`], with what else is to be changed.
pub(super) fn catch_up_in(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let Some(Ahead { after, by, day }) = read_note(transaction)? else {
        return Ok(());
    };
    transaction.execute(CATCH_UP, params![after, by, day.to_string()])?;
    transaction.execute(
        "DELETE FROM contents WHERE message IN \
         (SELECT message FROM transitions WHERE id > ?1 AND to_state = 'accepted')",
        [after],
    )?;
    transaction.execute(
        "DELETE FROM refused_addresses WHERE address IN (SELECT address FROM messages WHERE id IN \
         (SELECT message FROM transitions WHERE id > ?1 AND to_state = 'accepted'))",
        [after],
    )?;
    transaction.execute("DELETE FROM meta WHERE name = ?1", [NOTE])?;
    Ok(())
}

/// What [`Step::Claim`] and [`Step::Accept`] change, for all the lines after one (`max` chooses the
/// line from which the bare columns come: <https://sqlite.org/lang_select.html#bareagg>).
const CATCH_UP: &str = "
UPDATE messages SET
    state       = last.to_state,
    attempts    = attempts + (last.to_state = 'accepted'),
    next_try    = NULL,
    last_error  = iif(last.to_state = 'accepted', NULL, last_error),
    handed_to   = iif(last.claims > 0, ?2, handed_to),
    accepted_at = iif(last.to_state = 'accepted', last.at, NULL),
    accepted_on = iif(last.to_state = 'accepted', ?3, NULL)
FROM (
    SELECT message, to_state, at, max(id), sum(to_state = 'handing_over') AS claims
    FROM transitions WHERE id > ?1 GROUP BY message
) AS last
WHERE messages.id = last.message";

/// Whether the journal is ahead of the messages.
pub(super) fn is_ahead(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(read_note(connection)?.is_some())
}

fn read_note(connection: &Connection) -> rusqlite::Result<Option<Ahead>> {
    connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([NOTE], |row| {
            parsed(row, 0, |json| serde_json::from_str(json).ok())
        })
        .optional()
}

fn leave_note(transaction: &Transaction<'_>, ahead: &Ahead) -> rusqlite::Result<()> {
    let note = json!({"after": ahead.after, "by": ahead.by, "day": ahead.day});
    transaction.execute(
        "INSERT INTO meta (name, value) VALUES (?1, ?2)",
        [NOTE, &note.to_string()],
    )?;
    Ok(())
}
