//! How a night is told.

use std::io;

use super::json::{Ran, tell_ran};
use super::night::write_done;
use crate::apply::Done;
use crate::programme::Programme;

/// How a night is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Not at all.
    Nothing,
    /// In words.
    Text,
    /// For programs.
    Json,
}

impl Form {
    /// A word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    /// Tells what a run did.
    ///
    /// # Errors
    /// It can't be written.
    pub fn tell(
        self,
        out: &mut dyn io::Write,
        programme: &Programme,
        done: &Done,
    ) -> io::Result<()> {
        match self {
            Self::Nothing => Ok(()),
            Self::Text => write_done(out, programme, done),
            Self::Json => Ok(serde_json::to_writer(out, &Ran::new(programme, done))?),
        }
    }

    /// Tells what a run did, and to `again` what the next one would tell if nothing changed until
    /// then. What was found, nearly all of it and the same in both, is put into words once.
    ///
    /// # Errors
    /// It can't be written.
    pub fn tell_both(
        self,
        out: &mut dyn io::Write,
        again: &mut dyn io::Write,
        programme: &Programme,
        done: &mut Done,
    ) -> io::Result<()> {
        if self == Self::Json {
            return tell_ran(out, again, programme, done);
        }
        self.tell(out, programme, done)?;
        done.once_more();
        self.tell(again, programme, done)
    }
}
