//! Putting a night's messages into the ledger.

use rusqlite::{Transaction, TransactionBehavior, params};

use super::text::MomentText;
use super::{Ledger, LedgerError, Result, set_journal};
use crate::mails::{SettledKey, State};
use crate::outbox::{Enqueued, Id, Initial, Moment, Queued};

/// Fewer messages are sent with the log as it is: to copy it takes two flushes.
const WORTH_A_CHECKPOINT: usize = 8;

/// Fewer messages are queued with the log, whatever is written twice: to change the journal there
/// and back takes some ten flushes.
const WORTH_ANOTHER_JOURNAL: usize = 500;

impl Ledger {
    /// Freezes a night's messages, and settles the keys that are never to be sent: all of it, or
    /// none. What the ledger knows already (same kind, key and address, whatever became of it)
    /// stays as it is and is reported as not new, within the batch too.
    ///
    /// # Errors
    /// The ledger cannot be written, or a Message-ID is another message's: nothing was queued.
    pub fn enqueue(
        &mut self,
        messages: &[Queued],
        settled: &[SettledKey],
        moment: Moment,
    ) -> Result<Enqueued> {
        if messages.len() >= WORTH_ANOTHER_JOURNAL {
            return self.without_log(|ledger| ledger.freeze(messages, settled, moment));
        }
        let enqueued = self.freeze(messages, settled, moment)?;
        if enqueued.new_messages() >= WORTH_A_CHECKPOINT {
            self.begin_log_anew();
        }
        Ok(enqueued)
    }

    fn freeze(
        &mut self,
        messages: &[Queued],
        settled: &[SettledKey],
        moment: Moment,
    ) -> Result<Enqueued> {
        let failed = LedgerError::at(&self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        let enqueued = insert_all(&transaction, messages, settled, moment).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok(enqueued)
    }

    /// Does something with a rollback journal. Where the journal can't be changed, it is done with
    /// the one there is, as safely.
    fn without_log<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let _ = set_journal(&self.connection, "DELETE");
        let done = work(self);
        let _ = set_journal(&self.connection, "WAL");
        done
    }

    /// Copies the log into the database, so that the sending, which makes many small commits, writes
    /// over it.
    fn begin_log_anew(&self) {
        // All is kept already; where it fails, the log goes on.
        let _ = self
            .connection
            .execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
    }
}

fn insert_all(
    transaction: &Transaction<'_>,
    messages: &[Queued],
    settled: &[SettledKey],
    moment: Moment,
) -> rusqlite::Result<Enqueued> {
    let moment = MomentText::from(moment);
    let ids = insert_messages(transaction, messages, &moment)?;
    let pairs = messages.iter().zip(&ids);
    let new: Vec<(&Queued, Id)> = pairs.filter_map(|(one, id)| Some((one, (*id)?))).collect();
    for (message, id) in &new {
        let to = initial_state(message);
        note_transition(transaction, id.0, None, to, &moment.now, None)?;
    }
    let mut newly_settled = 0;
    for key in settled {
        newly_settled += usize::from(insert_settled(transaction, key, &moment)?);
    }
    // Last, so that what is erased first is the end of the file.
    let mut content = transaction.prepare("INSERT INTO contents (message, eml) VALUES (?1, ?2)")?;
    for (message, id) in new {
        content.execute(params![id.0, message.eml])?;
    }
    Ok(Enqueued {
        ids,
        settled: newly_settled,
    })
}

/// The numbers of the new ones.
fn insert_messages(
    transaction: &Transaction<'_>,
    messages: &[Queued],
    moment: &MomentText,
) -> rusqlite::Result<Vec<Option<Id>>> {
    let mut row = transaction.prepare(
        "INSERT INTO messages (kind, key, address, recipient, typed, state, run_day, \
         queued_at, message_id, about, why, told, subject) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
         ON CONFLICT (kind, key, address) DO NOTHING",
    )?;
    let insert = |message: &Queued| {
        let typed = message.to.address.trim();
        let inserted = row.execute(params![
            message.kind.name(),
            message.key,
            typed.to_lowercase(),
            message.to.name,
            typed,
            initial_state(message).name(),
            moment.day,
            moment.now,
            message.message_id,
            message.about,
            message.why,
            message.told.to_string(),
            message.subject,
        ])?;
        let is_new = inserted > 0;
        Ok(is_new.then(|| Id(transaction.last_insert_rowid())))
    };
    messages.iter().map(insert).collect()
}

fn initial_state(message: &Queued) -> State {
    match message.initial {
        Initial::Planned => State::Planned,
        Initial::AwaitingApproval => State::AwaitingApproval,
    }
}

/// Whether the key was new.
fn insert_settled(
    transaction: &Transaction<'_>,
    key: &SettledKey,
    moment: &MomentText,
) -> rusqlite::Result<bool> {
    let typed = key.address.trim();
    let inserted = transaction
        .prepare_cached(
            "INSERT INTO messages (kind, key, address, recipient, typed, state, run_day, \
             queued_at, why, told, subject) \
             VALUES (?1, ?2, ?3, '', ?4, ?5, ?6, ?7, ?8, 'null', '') \
             ON CONFLICT (kind, key, address) DO NOTHING",
        )?
        .execute(params![
            key.kind.name(),
            key.key,
            typed.to_lowercase(),
            typed,
            State::Settled.name(),
            moment.day,
            moment.now,
            key.why,
        ])?;
    if inserted == 0 {
        return Ok(false);
    }
    let id = transaction.last_insert_rowid();
    note_transition(transaction, id, None, State::Settled, &moment.now, None)?;
    Ok(true)
}

/// Every change of state leaves a line, so that the counts can be audited. `at` as
/// [`MomentText`] has it.
pub(super) fn note_transition(
    transaction: &Transaction<'_>,
    message: i64,
    from: Option<State>,
    to: State,
    at: &str,
    reason: Option<&str>,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO transitions (message, from_state, to_state, at, reason) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            message,
            from.map(State::name),
            to.name(),
            at,
            reason,
        ])?;
    Ok(())
}
