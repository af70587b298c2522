//! One cell, as people type it, to one value: the only place that tolerates odd input
//! (programme.md §2, "Values, as people type them").
//!
//! Every reader takes a [`Raw`] cell and gives `Ok(None)` for an empty one. What it can't read is a
//! [`BadCell`], never a guess. Ranges (marks of 0 to 5, no negative amount) are the caller's matter,
//! but for the years 2000 to 2099, which tell a date from a number.

mod clean;
mod date;
mod number;
mod scan;
mod serial;
mod words;

pub use clean::{clean_line, clean_text};
pub use date::{date, date_time, iso_duration, time_of_day};
pub use number::{hours, number};
pub use serial::from_1904;
pub use words::{email, list, long_text, shortest, text, yes_no};

use std::borrow::Cow;

/// What a workbook's cell holds, whatever the format of the workbook.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Raw<'a> {
    /// Nothing.
    Empty,
    /// A text, as it stands in the workbook.
    Text(&'a str),
    /// A number that isn't formatted as a date.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// Days since 1899-12-30, the time of day as fraction: a number formatted as date or time. The
    /// serial of a 1904 workbook must have gone through [`from_1904`].
    Date(f64, DateKind),
    /// A date, date and time, or duration of an .ods or strict .xlsx workbook: ISO 8601.
    IsoDate(&'a str),
    /// An error value: `#N/A`.
    Error(&'a str),
    /// A formula that no program ever calculated.
    Uncalculated,
}

/// What a number's format makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateKind {
    /// A date, a time of day, or both.
    DateTime,
    /// Elapsed time: `[h]:mm`.
    Duration,
}

/// A cell that can't be read as what its column asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?}: {shown}")]
pub struct BadCell {
    /// What is wrong with it.
    pub kind: BadKind,
    /// The cell's content as the coordinator knows it, on one line, at most 80 characters.
    pub shown: String,
}

/// Why a cell can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadKind {
    /// DON02 (DON03 for an e-mail address): not of the column's type.
    Unreadable,
    /// DON02: a formula without a cached value.
    Uncalculated,
    /// DON06: an Excel error value.
    ErrorValue,
}

/// How much of a cell a message shows.
const SHOWN_CHARS: usize = 80;

/// A cell with something in it.
enum Content<'a> {
    /// Cleaned, on one line, not blank.
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    Date(f64, DateKind),
    Iso(&'a str),
}

impl<'a> Raw<'a> {
    /// Whether nothing is in the cell: blanks only, or a formula that gives "", count as nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) | Self::IsoDate(text) => clean_line(text).is_empty(),
            _ => false,
        }
    }

    /// The bytes that its text takes.
    #[must_use]
    pub fn text_bytes(&self) -> u64 {
        match self {
            Self::Text(text) | Self::IsoDate(text) | Self::Error(text) => text.len() as u64,
            _ => 0,
        }
    }

    /// The cell as the coordinator knows it, for a message: on one line, at most 80 characters.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::IsoDate(text) | Self::Error(text) => shorten(clean_line(text)),
            Self::Number(number) => shortest(*number),
            Self::Bool(value) => words::french_bool(*value).to_owned(),
            Self::Date(serial, kind) => serial::shown(*serial, *kind),
            Self::Uncalculated => "formule non calculée".to_owned(),
        }
    }

    fn content(self) -> Result<Option<Content<'a>>, BadCell> {
        Ok(Some(match self {
            Self::Empty => return Ok(None),
            Self::Text(text) => {
                let line = clean_line(text);
                if line.is_empty() {
                    return Ok(None);
                }
                Content::Text(line)
            }
            Self::Number(number) => Content::Number(number),
            Self::Bool(value) => Content::Bool(value),
            Self::Date(serial, kind) => Content::Date(serial, kind),
            Self::IsoDate(text) => Content::Iso(text),
            Self::Error(_) => return Err(self.bad(BadKind::ErrorValue)),
            Self::Uncalculated => return Err(self.bad(BadKind::Uncalculated)),
        }))
    }

    fn bad(self, kind: BadKind) -> BadCell {
        let shown = self.shown();
        BadCell { kind, shown }
    }

    /// Reads a cell that isn't empty with `read`, which gives none for what it can't read.
    fn read_with<T>(
        self,
        read: impl FnOnce(Content<'a>) -> Option<T>,
    ) -> Result<Option<T>, BadCell> {
        let Some(content) = self.content()? else {
            return Ok(None);
        };
        match read(content) {
            Some(value) => Ok(Some(value)),
            None => Err(self.bad(BadKind::Unreadable)),
        }
    }
}

fn shorten(line: Cow<'_, str>) -> String {
    match line.char_indices().nth(SHOWN_CHARS) {
        None => line.into_owned(),
        Some(_) => line
            .chars()
            .take(SHOWN_CHARS - 1)
            .chain(std::iter::once('…'))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
