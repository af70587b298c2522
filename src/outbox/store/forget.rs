//! Erasing what the ledger knows of a person, or of a time long gone: only hashed keys stay, so that
//! forgetting never causes a new e-mail (hazards.md, Files).

use chrono::NaiveDate;
use rusqlite::{Row, Transaction, TransactionBehavior, params};

use super::queue::note_transition;
use super::text::{instant_text, parse_day, parsed};
use super::{Ledger, LedgerError, Result};
use crate::mails::{FORGOTTEN, Kind, State, forgotten_key};
use crate::model::fold::fold_name;
use crate::outbox::{Erased, Erasure, Forgotten, Moment};

impl Ledger {
    /// Erases the messages that `erasure` names: content, address, name, subject, words. What is
    /// still to come and addressed to somebody else is kept, since that person was told of it.
    ///
    /// # Errors
    /// The ledger cannot be read or written: nothing was erased.
    pub fn forget(&mut self, erasure: &Erasure, moment: Moment) -> Result<Forgotten> {
        let failed = LedgerError::at(&self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        let forgotten = erase_all(&transaction, erasure, moment).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        if forgotten.erased.is_empty() {
            return Ok(forgotten);
        }
        // What is erased is overwritten (`secure_delete`), but not the copies that rows leave behind
        // where SQLite has moved them from one page to another. So the file is made anew: some 40 ms
        // with 3,000 messages (3 MB), most of a second with 100,000.
        self.connection.execute_batch("VACUUM").map_err(&failed)?;
        self.connection
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .map_err(&failed)?;
        Ok(forgotten)
    }

    /// Whether it holds messages of runs before a day that were not erased yet.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn holds_older_than(&self, day: NaiveDate) -> Result<bool> {
        let found = self.all(
            "SELECT 1 FROM messages WHERE key NOT LIKE ?1 AND run_day < ?2 LIMIT 1",
            [format!("{FORGOTTEN}%"), day.to_string()],
            |row| row.get::<_, i64>(0),
        )?;
        Ok(!found.is_empty())
    }
}

/// What decides whether a message is erased.
struct Line {
    id: i64,
    kind: Kind,
    key: String,
    address: String,
    state: State,
    run_day: NaiveDate,
    message_id: Option<String>,
    /// Everything else that may name somebody.
    words: String,
}

enum Fate {
    Erase,
    Keep,
    /// It should go and can't yet.
    KeepForNow,
}

fn erase_all(
    transaction: &Transaction<'_>,
    erasure: &Erasure,
    moment: Moment,
) -> rusqlite::Result<Forgotten> {
    let mut forgotten = Forgotten::default();
    erase_refusals(transaction, erasure)?;
    for line in lines(transaction, erasure)? {
        match fate(&line, erasure, moment.day) {
            Fate::Keep => {}
            Fate::KeepForNow => forgotten.kept += 1,
            Fate::Erase => {
                erase(transaction, &line, moment)?;
                forgotten.erased.push(Erased {
                    run_day: line.run_day,
                    kind: line.kind,
                    message_id: line.message_id,
                });
            }
        }
    }
    Ok(forgotten)
}

/// Where the address is still in a workbook, the server says so once more.
fn erase_refusals(transaction: &Transaction<'_>, erasure: &Erasure) -> rusqlite::Result<()> {
    match erasure {
        Erasure::Person { addresses, .. } => {
            for address in addresses {
                transaction
                    .prepare_cached("DELETE FROM refused_addresses WHERE address = ?1")?
                    .execute([address])?;
            }
        }
        Erasure::Before(day) => {
            transaction
                .prepare_cached("DELETE FROM refused_addresses WHERE day < ?1")?
                .execute([day.to_string()])?;
        }
    }
    Ok(())
}

fn lines(transaction: &Transaction<'_>, erasure: &Erasure) -> rusqlite::Result<Vec<Line>> {
    let before = match erasure {
        // After every day.
        Erasure::Person { .. } => ":".to_owned(),
        Erasure::Before(day) => day.to_string(),
    };
    transaction
        .prepare(
            "SELECT id, kind, key, address, state, run_day, message_id, \
             recipient || ' ' || subject || ' ' || why || ' ' || told FROM messages \
             WHERE key NOT LIKE ?1 AND run_day < ?2 ORDER BY id",
        )?
        .query_map([format!("{FORGOTTEN}%"), before], line_of)?
        .collect()
}

fn line_of(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        id: row.get(0)?,
        kind: parsed(row, 1, Kind::named)?,
        key: row.get(2)?,
        address: row.get(3)?,
        state: parsed(row, 4, State::named)?,
        run_day: parsed(row, 5, parse_day)?,
        message_id: row.get(6)?,
        words: row.get(7)?,
    })
}

fn fate(line: &Line, erasure: &Erasure, today: NaiveDate) -> Fate {
    match erasure {
        Erasure::Person { addresses, names } => {
            // A digest names many, and tells the coordinator alone.
            if addresses.contains(&line.address) || line.kind == Kind::Digest {
                return Fate::Erase;
            }
            if !mentions(line, addresses, names) {
                return Fate::Keep;
            }
            if is_over(line, today) {
                Fate::Erase
            } else {
                Fate::KeepForNow
            }
        }
        Erasure::Before(_) if is_over(line, today) => Fate::Erase,
        Erasure::Before(_) => Fate::KeepForNow,
    }
}

fn mentions(line: &Line, addresses: &[String], names: &[String]) -> bool {
    let text = format!("{} {}", line.key, line.words);
    let lower = text.to_lowercase();
    let folded = fold_name(&text);
    addresses
        .iter()
        .any(|address| lower.contains(address.as_str()))
        || names.iter().any(|name| folded.contains(name.as_str()))
}

/// Nothing is still to be done about it, and nothing that it told is still to come.
fn is_over(line: &Line, today: NaiveDate) -> bool {
    let is_open = !super::step::ends(line.state);
    let told = format!("{} {}", line.key, line.words);
    !is_open && last_day(&told).is_none_or(|day| day < today)
}

/// The greatest ISO date in a text: keys and what was told hold dates in that form.
fn last_day(text: &str) -> Option<NaiveDate> {
    const LENGTH: usize = "2021-01-12".len();
    let starts = text.char_indices().map(|(start, _)| start);
    starts
        .filter_map(|start| text.get(start..start + LENGTH)?.parse().ok())
        .max()
}

fn erase(transaction: &Transaction<'_>, line: &Line, moment: Moment) -> rusqlite::Result<()> {
    for table in ["contents", "transitions"] {
        transaction
            .prepare_cached(&format!("DELETE FROM {table} WHERE message = ?1"))?
            .execute([line.id])?;
    }
    transaction
        .prepare_cached(
            "UPDATE messages SET key = ?2, address = '', recipient = '', typed = '', \
             state = 'settled', accepted_at = NULL, accepted_on = NULL, next_try = NULL, \
             handed_to = NULL, message_id = NULL, about = NULL, why = '', told = 'null', \
             subject = '', last_error = NULL WHERE id = ?1",
        )?
        .execute(params![
            line.id,
            forgotten_key(line.kind, &line.key, &line.address)
        ])?;
    let at = instant_text(moment.now);
    note_transition(transaction, line.id, None, State::Settled, &at, None)
}

#[cfg(test)]
mod tests {
    use super::last_day;

    #[test]
    fn the_last_day_of_a_key_is_found_among_other_text() {
        let day = |text: &str| last_day(text).map(|day| day.to_string());
        assert_eq!(day("acc-01|é|2021-01-12|matin"), Some("2021-01-12".into()));
        assert_eq!(day("2021-03-01 2020-12-31"), Some("2021-03-01".into()));
        assert_eq!(day("at-01|a@example.org"), None);
    }
}
