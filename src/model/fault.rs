//! What a cell has wrong by itself: the matter of the rules DON01, DON02, DON03 and DON06.

use super::column::Column;
use super::place::RowRef;

/// A cell that gives no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row.
    pub row: RowRef,
    /// The column.
    pub column: Column,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong with the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// Required and empty.
    Missing,
    /// Not a value of its type, out of its range, or not among the choices.
    Unreadable {
        /// The text of the cell.
        shown: Box<str>,
        /// What was expected, as the end of a French sentence: « une date, par exemple 12/01/2021 ».
        expected: Box<str>,
        /// The nearest choice.
        near: Option<Box<str>>,
    },
    /// A formula whose value was never calculated.
    Uncalculated,
    /// Not one valid e-mail address.
    BadEmail {
        /// The text of the cell.
        shown: Box<str>,
    },
    /// An Excel error value.
    ErrorValue {
        /// `#N/A` and the like.
        shown: Box<str>,
    },
}
