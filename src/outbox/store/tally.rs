//! What a run dealt with, in numbers that add up (hazards.md, "Sending: the protocol").

use std::collections::BTreeMap;

use super::text::parsed;
use super::{Ledger, Result};
use crate::mails::{Kind, State};

/// All that a run dealt with: what it queued, what it took over from earlier ones and changed, and
/// what is still open, doubts among it. What is closed and was left alone is not among them, nor
/// what she said had arrived: no server took it in this run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Every message.
    pub all: Sums,
    /// The participants': all but the digests.
    pub participants: Sums,
}

/// Messages by state: together, those that the run queued and those that it took over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many are in each state now.
    pub by_state: BTreeMap<State, u32>,
    /// How many of them it did not queue itself.
    pub taken_over: u32,
    /// How many of them it queued or changed.
    pub touched: u32,
}

impl Sums {
    /// How many are in a state.
    #[must_use]
    pub fn of(&self, state: State) -> u32 {
        self.by_state.get(&state).copied().unwrap_or(0)
    }

    fn add(&mut self, line: &Line) {
        *self.by_state.entry(line.state).or_default() += line.number;
        if line.is_taken_over {
            self.taken_over += line.number;
        }
        if line.is_touched {
            self.touched += line.number;
        }
    }
}

struct Line {
    state: State,
    is_digest: bool,
    is_taken_over: bool,
    is_touched: bool,
    number: u32,
}

impl Ledger {
    /// The number of the last change of any message.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_line(&self) -> Result<i64> {
        let sql = "SELECT coalesce(max(id), 0) FROM transitions";
        let found = self.all(sql, [], |row| row.get(0))?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// What a run dealt with that began after the change of that number. As the journal has it, which
    /// may be ahead of the messages ([`Sending`](crate::outbox::Sending)).
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn tally(&self, begun_after: i64) -> Result<Tally> {
        let lines = self.all(
            "SELECT to_state, is_digest, first <= ?1, last > ?1, count(*) FROM ( \
             SELECT kind = ?2 AS is_digest, \
             (SELECT min(id) FROM transitions WHERE message = messages.id) AS first, \
             (SELECT max(id) FROM transitions WHERE message = messages.id) AS last \
             FROM messages WHERE state <> 'settled' AND (state IN \
             ('planned', 'deferred', 'handing_over', 'awaiting_approval', 'unknown') \
             OR id IN (SELECT message FROM transitions WHERE id > ?1))) \
             JOIN transitions ON transitions.id = last \
             WHERE NOT (to_state = 'accepted' AND from_state IN ('awaiting_approval', 'unknown')) \
             GROUP BY 1, 2, 3, 4",
            rusqlite::params![begun_after, Kind::Digest.name()],
            |row| {
                Ok(Line {
                    state: parsed(row, 0, State::named)?,
                    is_digest: row.get(1)?,
                    is_taken_over: row.get(2)?,
                    is_touched: row.get(3)?,
                    number: row.get(4)?,
                })
            },
        )?;
        let mut tally = Tally::default();
        for line in lines {
            tally.all.add(&line);
            if !line.is_digest {
                tally.participants.add(&line);
            }
        }
        Ok(tally)
    }
}
