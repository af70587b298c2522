//! What the coordinator is shown of the ledger, and the seals by which her answers are known.

use chrono::NaiveDate;
use rusqlite::params;
use sha2::{Digest, Sha256};

use super::read::{COLUMNS, pending_of};
use super::text::{parse_day, parsed};
use super::{Ledger, Result};
use crate::mails::{Kind, State};
use crate::outbox::{About, Id, Pending, Seal};

/// To be sent, and never shown to her first.
const UNAPPROVED: &str = "state IN ('planned', 'deferred') AND NOT EXISTS \
     (SELECT 1 FROM transitions WHERE message = messages.id AND from_state = 'awaiting_approval')";

/// A message that came to await her yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its kind.
    pub kind: Kind,
    /// It still does.
    pub waits: bool,
    /// She said yes or no to it.
    pub is_answered: bool,
}

impl Ledger {
    /// The messages in a state, oldest first, each with its seal: her answer is about this content,
    /// in this state, since its last change.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn sealed(&self, state: State) -> Result<Vec<(Pending, Seal)>> {
        self.all(
            &format!(
                "SELECT {COLUMNS}, \
                 (SELECT max(transitions.id) FROM transitions WHERE message = messages.id), eml \
                 FROM messages LEFT JOIN contents ON message = messages.id \
                 WHERE state = ?1 AND message_id IS NOT NULL ORDER BY id"
            ),
            [state.name()],
            |row| {
                let message = pending_of(row)?;
                let last: i64 = row.get(14)?;
                let eml: Option<Vec<u8>> = row.get(15)?;
                let seal = seal_of(&message, last, &eml.unwrap_or_default());
                Ok((message, seal))
            },
        )
    }

    /// The seal that a message had when it was approved, as long as it is still to be sent.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn seal_before_yes(&self, id: Id) -> Result<Option<Seal>> {
        let mut seals = self.all(
            &format!(
                "SELECT {COLUMNS}, (SELECT max(id) FROM transitions WHERE message = messages.id \
                 AND id < (SELECT max(id) FROM transitions WHERE message = messages.id \
                 AND from_state = 'awaiting_approval' AND to_state = 'planned')), eml \
                 FROM messages JOIN contents ON message = messages.id \
                 WHERE id = ?1 AND state IN ('planned', 'deferred')"
            ),
            [id.0],
            |row| {
                let message = Pending {
                    state: State::AwaitingApproval,
                    ..pending_of(row)?
                };
                let last: Option<i64> = row.get(14)?;
                let eml: Vec<u8> = row.get(15)?;
                Ok(last.map(|last| seal_of(&message, last, &eml)))
            },
        )?;
        Ok(seals.pop().flatten())
    }

    /// What the server took from that day on, and when, the latest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn accepted_since(&self, day: NaiveDate) -> Result<Vec<(Pending, NaiveDate)>> {
        self.all(
            &format!(
                "SELECT {COLUMNS}, accepted_on FROM messages \
                 WHERE state = 'accepted' AND accepted_on >= ?1 ORDER BY accepted_on DESC, id DESC"
            ),
            [day.to_string()],
            |row| Ok((pending_of(row)?, parsed(row, 14, parse_day)?)),
        )
    }

    /// A number that grows with every change of any message but a digest, which tells of the others
    /// and of which nothing is told.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_change(&self) -> Result<i64> {
        Ok(self.newest_change()?.map_or(0, |(change, _)| change))
    }

    /// The number of the last change of any message but a digest, and of that message.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn newest_change(&self) -> Result<Option<(i64, i64)>> {
        let mut newest = self.all(
            "SELECT id, message FROM transitions WHERE NOT EXISTS (SELECT 1 FROM messages \
             WHERE messages.id = transitions.message AND kind = ?1) ORDER BY id DESC LIMIT 1",
            [Kind::Digest.name()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(newest.pop())
    }

    /// Whether a change of that number was noted of that message.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn knows_change(&self, change: i64, message: i64) -> Result<bool> {
        let known = self.all(
            "SELECT 1 FROM transitions WHERE id = ?1 AND message = ?2",
            [change, message],
            |_| Ok(()),
        )?;
        Ok(!known.is_empty())
    }

    /// The messages that came to await her yes after a change of that number.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn asked_after(&self, change: i64) -> Result<Vec<Asked>> {
        self.all(
            "SELECT kind, state = 'awaiting_approval', EXISTS (SELECT 1 FROM transitions \
             WHERE message = messages.id AND id > ?1 AND from_state = 'awaiting_approval' \
             AND to_state IN ('planned', 'rejected', 'accepted')) FROM messages WHERE id IN \
             (SELECT message FROM transitions WHERE id > ?1 AND to_state = 'awaiting_approval') \
             ORDER BY id",
            [change],
            |row| {
                Ok(Asked {
                    kind: parsed(row, 0, Kind::named)?,
                    waits: row.get(1)?,
                    is_answered: row.get(2)?,
                })
            },
        )
    }

    /// Whether a message was handed over after a change of that number, a digest aside.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn has_sent_after(&self, change: i64) -> Result<bool> {
        let sent = self.all(
            "SELECT 1 FROM transitions JOIN messages ON messages.id = message \
             WHERE transitions.id > ?1 AND to_state = 'handing_over' AND kind <> ?2 LIMIT 1",
            params![change, Kind::Digest.name()],
            |_| Ok(()),
        )?;
        Ok(!sent.is_empty())
    }

    /// What is to be sent of earlier nights without her ever having said yes to it: planned, or
    /// deferred, whenever it is due.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn unsent_without_approval(&self) -> Result<Vec<Pending>> {
        let sql = format!("SELECT {COLUMNS} FROM messages WHERE {UNAPPROVED} ORDER BY id");
        self.all(&sql, [], pending_of)
    }

    /// How many of them there are, the digest aside: it goes to herself.
    pub(super) fn waiting(&self) -> Result<usize> {
        let sql = format!("SELECT count(*) FROM messages WHERE {UNAPPROVED} AND kind <> ?1");
        let found = self.all(&sql, [Kind::Digest.name()], |row| row.get::<_, u32>(0))?;
        let found = found.first().copied().unwrap_or(0);
        Ok(usize::try_from(found).unwrap_or(usize::MAX))
    }
}

/// The seal of all of these messages: she answers for the whole list that she was shown.
#[must_use]
pub fn seal_of_all(sealed: &[(Pending, Seal)]) -> Seal {
    let seals: Vec<String> = sealed.iter().map(|(_, seal)| seal.to_string()).collect();
    let texts: Vec<&str> = seals.iter().map(String::as_str).collect();
    Seal::of(About::Everything, &texts)
}

fn seal_of(message: &Pending, last: i64, eml: &[u8]) -> Seal {
    let content: [u8; 32] = Sha256::digest(eml).into();
    Seal::of(
        About::Message(message.id),
        &[
            message.state.name(),
            &last.to_string(),
            message.kind.name(),
            &message.key,
            &message.to.address,
            &message.subject,
            &message.message_id,
            &content.iter().map(ToString::to_string).collect::<String>(),
        ],
    )
}
