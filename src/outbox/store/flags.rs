//! Addresses that a server refused for good: nothing is written to them, until a message to one is
//! accepted or somebody says that it works.

use rusqlite::{Transaction, params};

use super::{Ledger, Result};
use crate::outbox::Id;

impl Ledger {
    /// The addresses that a server refused for good.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn refused_addresses(&self) -> Result<Vec<String>> {
        self.all(
            "SELECT address FROM refused_addresses ORDER BY address",
            [],
            |row| row.get(0),
        )
    }

    /// Somebody says that an address works: it is written to again. Whether it had been refused.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn lift_refusal(&mut self, address: &str) -> Result<bool> {
        let lifted = self
            .connection
            .execute(
                "DELETE FROM refused_addresses WHERE address = ?1",
                [address.trim().to_lowercase()],
            )
            .map_err(self.failed())?;
        Ok(lifted > 0)
    }
}

/// Nothing more is written to that address, until somebody finds that it works after all.
pub(super) fn remember_refusal(
    transaction: &Transaction<'_>,
    id: Id,
    day: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO refused_addresses (address, day) \
             SELECT address, ?2 FROM messages WHERE id = ?1 ON CONFLICT (address) DO NOTHING",
        )?
        .execute(params![id.0, day])?;
    Ok(())
}

/// It may work again: a message to it was accepted, or somebody says so.
pub(super) fn forget_refusal(transaction: &Transaction<'_>, id: Id) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "DELETE FROM refused_addresses WHERE address = \
             (SELECT address FROM messages WHERE id = ?1)",
        )?
        .execute([id.0])?;
    Ok(())
}
