//! How a night is told.

use std::io;

use super::json::Ran;
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
}
