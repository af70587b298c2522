//! Looking into the ledger.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Params, Row};

use super::text::{instant_text, parse_day, parse_instant, parse_json, parsed, parsed_or_null};
use super::{Ledger, LedgerError, Result};
use crate::mails::{Entry, History, Kind, Recipient, State};
use crate::outbox::{AcceptedMail, Id, Outgoing, Pending, Traces, Transition};

/// The columns of a message that [`pending_of`] reads.
pub(super) const COLUMNS: &str = "id, kind, key, address, recipient, state, run_day, about, why, \
                       subject, message_id, attempts, handed_to, last_error";

/// A message that may have arrived or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The message.
    pub message: Pending,
    /// How many copies of it may have arrived.
    pub copies: u32,
    /// When the last of them left, if it did.
    pub since: Option<DateTime<Utc>>,
}

impl Ledger {
    /// Everything that was ever queued or settled, in that order, as the planning needs it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn history(&self) -> Result<History> {
        let entries = self.all(
            "SELECT kind, key, address, state, run_day, accepted_on, message_id, told, \
             state NOT IN ('accepted', 'settled') AND (state = 'handing_over' OR EXISTS \
             (SELECT 1 FROM transitions WHERE message = messages.id AND to_state = 'unknown')) \
             FROM messages ORDER BY id",
            [],
            |row| {
                Ok(Entry {
                    kind: parsed(row, 0, Kind::named)?,
                    key: row.get(1)?,
                    address: row.get(2)?,
                    state: parsed(row, 3, State::named)?,
                    queued_on: parsed(row, 4, parse_day)?,
                    accepted_on: parsed_or_null(row, 5, parse_day)?,
                    message_id: row.get(6)?,
                    told: parsed(row, 7, parse_json)?,
                    may_have_arrived: row.get(8)?,
                })
            },
        )?;
        Ok(History::new(entries)
            .with_refused(self.refused_addresses()?)
            .with_waiting(self.waiting()?))
    }

    /// Every message that a server took, in that order: what the column « Dernier courriel (auto) »
    /// is made from, after the night's sending too.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn accepted(&self) -> Result<Vec<AcceptedMail>> {
        self.all(
            "SELECT kind, key, address, accepted_on FROM messages WHERE state = 'accepted' \
             ORDER BY accepted_at, id",
            [],
            |row| {
                Ok(AcceptedMail {
                    kind: parsed(row, 0, Kind::named)?,
                    key: row.get(1)?,
                    address: row.get(2)?,
                    accepted_on: parsed(row, 3, parse_day)?,
                })
            },
        )
    }

    /// What is to be sent at that instant, oldest first: planned, or deferred up to then.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn pending(&self, now: DateTime<Utc>) -> Result<Vec<Pending>> {
        self.due(now, "id")
    }

    /// The same in the order in which they leave: what was tried least often first, then what was
    /// not put off, then what was put off to the earliest instant.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn in_turn(&self, now: DateTime<Utc>) -> Result<Vec<Pending>> {
        // No instant comes before any.
        self.due(now, "attempts, next_try, id")
    }

    /// What is deferred beyond that instant, and until when, the soonest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn not_yet_due(&self, now: DateTime<Utc>) -> Result<Vec<(Pending, DateTime<Utc>)>> {
        self.all(
            &format!(
                "SELECT {COLUMNS}, next_try FROM messages WHERE state = 'deferred' AND next_try > ?1 \
                 ORDER BY next_try, id"
            ),
            [instant_text(now)],
            |row| Ok((pending_of(row)?, parsed(row, 14, parse_instant)?)),
        )
    }

    /// When a message was last handed over; none where none ever was.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_hand_over(&self) -> Result<Option<DateTime<Utc>>> {
        let mut found = self.all(
            "SELECT at FROM transitions WHERE to_state = 'handing_over' ORDER BY id DESC LIMIT 1",
            [],
            |row| parsed(row, 0, parse_instant),
        )?;
        Ok(found.pop())
    }

    fn due(&self, now: DateTime<Utc>, order: &str) -> Result<Vec<Pending>> {
        self.all(
            &format!(
                "SELECT {COLUMNS} FROM messages WHERE state = 'planned' OR (state = 'deferred' AND next_try <= ?1) \
                 ORDER BY {order}"
            ),
            [instant_text(now)],
            pending_of,
        )
    }

    /// The messages that may have arrived or not, oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn doubts(&self) -> Result<Vec<Doubt>> {
        let doubts = self.all(
            "SELECT id, (SELECT count(*) FROM transitions WHERE message = messages.id \
             AND to_state = 'unknown' AND from_state <> to_state), (SELECT max(at) FROM transitions WHERE \
             message = messages.id AND to_state = 'handing_over') FROM messages \
             WHERE state = 'unknown' ORDER BY id",
            [],
            |row| {
                let since = parsed_or_null(row, 2, parse_instant)?;
                Ok((Id(row.get(0)?), row.get(1)?, since))
            },
        )?;
        let mut found = Vec::with_capacity(doubts.len());
        for (id, copies, since) in doubts {
            if let Some(message) = self.message(id)? {
                found.push(Doubt {
                    message,
                    copies,
                    since,
                });
            }
        }
        Ok(found)
    }

    /// The messages in a state, oldest first. Those that were settled without a message are none.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn in_state(&self, state: State) -> Result<Vec<Pending>> {
        self.all(
            &format!("SELECT {COLUMNS} FROM messages WHERE state = ?1 AND message_id IS NOT NULL ORDER BY id"),
            [state.name()],
            pending_of,
        )
    }

    /// A message of that number, in whatever state; none where there is no such message, or its key
    /// was settled without one.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn message(&self, id: Id) -> Result<Option<Pending>> {
        let sql =
            format!("SELECT {COLUMNS} FROM messages WHERE id = ?1 AND message_id IS NOT NULL");
        Ok(self.all(&sql, [id.0], pending_of)?.pop())
    }

    /// The frozen message itself; none where it was erased: nothing is sent from its state.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn content(&self, id: Id) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT eml FROM contents WHERE message = ?1";
        Ok(self.all(sql, [id.0], |row| row.get(0))?.pop())
    }

    /// What became of a message, from the first day on.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn journal(&self, id: Id) -> Result<Vec<Transition>> {
        self.all(
            "SELECT from_state, to_state, at, reason FROM transitions WHERE message = ?1 ORDER BY id",
            [id.0],
            |row| {
                Ok(Transition {
                    from: parsed_or_null(row, 0, State::named)?,
                    to: parsed(row, 1, State::named)?,
                    at: parsed(row, 2, parse_instant)?,
                    reason: row.get(3)?,
                })
            },
        )
    }

    /// A message with its content.
    ///
    /// # Errors
    /// The ledger cannot be read, or holds no such content: it was erased, and the message cannot
    /// be sent any more.
    pub fn outgoing(&self, id: Id) -> Result<Outgoing> {
        let sql = format!("SELECT {COLUMNS} FROM messages WHERE id = ?1");
        let message = self.all(&sql, [id.0], pending_of)?.pop();
        message.map_or_else(
            || Err(self.without_content(id)),
            |message| self.with_content(message),
        )
    }

    /// A message that was read already, with its content.
    ///
    /// # Errors
    /// As for [`Ledger::outgoing`].
    pub fn with_content(&self, message: Pending) -> Result<Outgoing> {
        let content = self.all(
            "SELECT (SELECT typed FROM messages WHERE id = message), eml FROM contents \
             WHERE message = ?1",
            [message.id.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let Some((address, eml)) = content.into_iter().next() else {
            return Err(self.without_content(message.id));
        };
        Ok(Outgoing {
            message,
            address,
            eml,
        })
    }

    fn without_content(&self, id: Id) -> LedgerError {
        self.damaged(format!("the content of message {} is missing", id.0))
    }

    /// How many messages are in each state; a state without any is left out. Planned since the
    /// ledger began = their sum without the settled ones.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn counts(&self) -> Result<BTreeMap<State, u32>> {
        self.count("SELECT state, count(*) FROM messages GROUP BY state", [])
    }

    /// As [`Ledger::counts`], of the messages that the runs of one day queued.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn counts_of_day(&self, run_day: NaiveDate) -> Result<BTreeMap<State, u32>> {
        self.count(
            "SELECT state, count(*) FROM messages WHERE run_day = ?1 GROUP BY state",
            [run_day.to_string()],
        )
    }

    /// Compares the journal of transitions with the states of the messages.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn audit(&self) -> Result<Traces> {
        let astray = self.all(
            "SELECT id FROM messages WHERE state IS NOT \
             (SELECT to_state FROM transitions WHERE message = messages.id ORDER BY id DESC LIMIT 1) \
             ORDER BY id",
            [],
            |row| Ok(Id(row.get(0)?)),
        )?;
        let gaps = self.all(
            "SELECT count(*) FROM (SELECT from_state, \
             lag(to_state) OVER (PARTITION BY message ORDER BY id) AS before FROM transitions) \
             WHERE from_state IS NOT before",
            [],
            |row| row.get(0),
        )?;
        Ok(Traces {
            astray,
            gaps: gaps.first().copied().unwrap_or(0),
        })
    }

    /// What is wrong with the file, as SQLite finds when it reads every page of it; none: nothing.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn damage(&self) -> Result<Option<String>> {
        let found = self.all("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))?;
        Ok(found.into_iter().find(|said| said != "ok"))
    }

    fn count(&self, sql: &str, parameters: impl Params) -> Result<BTreeMap<State, u32>> {
        let counts = self.all(sql, parameters, |row| {
            Ok((parsed(row, 0, State::named)?, row.get(1)?))
        })?;
        Ok(counts.into_iter().collect())
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(parameters, read)?.collect())
            .map_err(self.failed())
    }
}

pub(super) fn pending_of(row: &Row<'_>) -> rusqlite::Result<Pending> {
    Ok(Pending {
        id: Id(row.get(0)?),
        kind: parsed(row, 1, Kind::named)?,
        key: row.get(2)?,
        to: Recipient {
            address: row.get(3)?,
            name: row.get(4)?,
        },
        state: parsed(row, 5, State::named)?,
        run_day: parsed(row, 6, parse_day)?,
        about: row.get(7)?,
        why: row.get(8)?,
        subject: row.get(9)?,
        message_id: row.get(10)?,
        attempts: row.get(11)?,
        handed_to: row.get(12)?,
        last_error: row.get(13)?,
    })
}
