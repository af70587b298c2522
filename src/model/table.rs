//! The rows of one role.

use super::place::Place;
use super::role::Role;

/// Where a row stands, and its key in words.
#[derive(Debug, Clone)]
pub struct Head {
    /// Where it stands.
    pub at: Place,
    /// The values of its key columns joined by ` | `, dates in ISO form (programme.md §7); a cell
    /// that can't be read gives its text.
    pub key: Box<str>,
}

/// An entity that stands in a row.
pub trait Row {
    /// The role it is a row of.
    const ROLE: Role;

    /// Where it stands and what it is called.
    fn head(&self) -> &Head;

    /// Whether the row counts: not annulé(e), and its État could be read (programme.md §4).
    fn counts(&self) -> bool {
        true
    }
}

/// The rows of a role, in the order of file name, then sheet, then row.
#[derive(Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    /// False for a row that repeats an earlier one's key (DON04): it has only its DON checks.
    stands: Vec<bool>,
}

impl<T: Row> Table<T> {
    /// A table of rows that all stand.
    pub fn new(rows: Vec<T>) -> Self {
        let stands = vec![true; rows.len()];
        Self { rows, stands }
    }

    /// Every row, repeated and annulé ones too: for the DON checks and for what is written back.
    pub fn all(&self) -> impl Iterator<Item = (u32, &T)> {
        (0u32..).zip(&self.rows)
    }

    /// The rows that stand for their key.
    pub fn standing(&self) -> impl Iterator<Item = (u32, &T)> {
        (0u32..)
            .zip(self.rows.iter().zip(&self.stands))
            .filter(|(_, (_, stands))| **stands)
            .map(|(index, (row, _))| (index, row))
    }

    /// The rows that stand and count: what nearly every check runs over.
    pub fn live(&self) -> impl Iterator<Item = (u32, &T)> {
        self.standing().filter(|(_, row)| row.counts())
    }

    /// One row.
    pub fn get(&self, index: u32) -> Option<&T> {
        self.rows.get(index as usize)
    }

    /// Whether the row stands for its key.
    pub fn stands(&self, index: u32) -> bool {
        self.stands.get(index as usize).copied().unwrap_or(false)
    }

    /// Whether the row stands and counts.
    pub fn is_live(&self, index: u32) -> bool {
        self.stands(index) && self.get(index).is_some_and(Row::counts)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No row at all.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Marks a row as the repetition of an earlier one.
    pub(super) fn repeat(&mut self, index: u32) {
        if let Some(stands) = self.stands.get_mut(index as usize) {
            *stands = false;
        }
    }
}
