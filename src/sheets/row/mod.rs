//! One row's cells to one entity's fields; what can't be read becomes a fault with its place.

mod typed;

use super::cells::{self, BadCell, BadKind, Raw};
use super::vocabulary::Vocabulary;
use crate::model::column::{Column, ColumnSpec, Kind, Need};
use crate::model::fault::{Fault, FaultKind};
use crate::model::name::Interner;
use crate::model::table::Head;
use crate::model::{Cell, List, Name, Place, RowRef};

/// What the reading of all rows adds to.
#[derive(Debug, Default)]
pub struct Ledgers {
    /// Cells that give no value.
    pub faults: Vec<Fault>,
    /// The keys of names.
    pub names: Interner,
    /// The key of the row that is being read.
    key: String,
}

/// Which numbers a column takes; others are DON02 (programme.md §2).
#[derive(Debug, Clone, Copy)]
pub enum Range {
    /// A code of its own says what is out of range.
    Any,
    /// Amounts and hours.
    NotNegative,
    /// Marks.
    ZeroToFive,
}

/// One row, read field by field in the order of its columns.
pub struct RowReader<'r> {
    specs: &'static [ColumnSpec],
    raws: &'r [Raw<'r>],
    row: RowRef,
    place: Place,
    /// Bare numbers in date columns count from 1904.
    epoch_1904: bool,
    vocabulary: &'r Vocabulary,
    ledgers: &'r mut Ledgers,
}

impl<'r> RowReader<'r> {
    /// A reader over the row's cells, indexed by [`Column`].
    pub fn new(
        specs: &'static [ColumnSpec],
        raws: &'r [Raw<'r>],
        (row, place): (RowRef, Place),
        epoch_1904: bool,
        vocabulary: &'r Vocabulary,
        ledgers: &'r mut Ledgers,
    ) -> Self {
        ledgers.key.clear();
        Self {
            specs,
            raws,
            row,
            place,
            epoch_1904,
            vocabulary,
            ledgers,
        }
    }

    /// Where the row stands and what it is called: to be asked for once every key column was read.
    pub fn head(&self) -> Head {
        Head {
            at: self.place,
            key: self.ledgers.key.as_str().into(),
        }
    }

    /// The words of choices.
    pub fn vocabulary(&self) -> &'r Vocabulary {
        self.vocabulary
    }

    /// Says that a cell, readable or empty as it is, gives no value after all.
    pub fn unreadable<T>(&mut self, column: Column, expected: &str, near: Option<&str>) -> Cell<T> {
        let shown = self.raw(column).shown().into();
        self.fault(
            column,
            FaultKind::Unreadable {
                shown,
                expected: expected.into(),
                near: near.map(Into::into),
            },
        );
        Cell::Bad
    }

    /// Says that a cell which may be empty elsewhere must not be here (DON01).
    pub fn missing<T>(&mut self, column: Column) -> Cell<T> {
        self.fault(column, FaultKind::Missing);
        Cell::Bad
    }

    fn raw(&self, column: Column) -> Raw<'r> {
        self.raws
            .get(usize::from(column.0))
            .copied()
            .unwrap_or(Raw::Empty)
    }

    /// The cell of a date column, where a bare number is a date of the workbook's date system.
    fn dated(&self, column: Column) -> Raw<'r> {
        match self.raw(column) {
            Raw::Number(serial) if self.epoch_1904 => {
                Raw::Number(cells::from_1904(serial, cells::DateKind::DateTime))
            }
            raw => raw,
        }
    }

    fn spec(&self, column: Column) -> Option<&'static ColumnSpec> {
        self.specs.get(usize::from(column.0))
    }

    /// The words of a choice, without their synonyms: « matin » ou « après-midi ».
    fn expected_words(&self, column: Column) -> String {
        match self.spec(column).map(|spec| spec.kind) {
            Some(Kind::Choice(words)) => one_of(words.iter().copied()),
            Some(Kind::Axis | Kind::Axes) => one_of(self.vocabulary.axes.words()),
            Some(Kind::LegalForm) => {
                one_of(self.vocabulary.legal_form_words.iter().map(String::as_str))
            }
            _ => String::new(),
        }
    }

    fn read<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(Raw<'r>) -> Result<Option<T>, BadCell>,
        expected: &str,
    ) -> Cell<T> {
        let read = parse(self.raw(column));
        self.settle(column, read, expected)
    }

    fn settle<T>(
        &mut self,
        column: Column,
        read: Result<Option<T>, BadCell>,
        expected: &str,
    ) -> Cell<T> {
        let bad = match read {
            Ok(Some(value)) => return Cell::Is(value),
            Ok(None)
                if self
                    .spec(column)
                    .is_some_and(|spec| spec.need == Need::Cell) =>
            {
                return self.missing(column);
            }
            Ok(None) => return Cell::Empty,
            Err(bad) => bad,
        };
        let kind = match bad.kind {
            BadKind::Unreadable => FaultKind::Unreadable {
                shown: bad.shown.into(),
                expected: expected.into(),
                near: None,
            },
            BadKind::Uncalculated => FaultKind::Uncalculated,
            BadKind::ErrorValue => FaultKind::ErrorValue {
                shown: bad.shown.into(),
            },
        };
        self.fault(column, kind);
        Cell::Bad
    }

    fn ranged(
        &mut self,
        column: Column,
        cell: Cell<f64>,
        range: Range,
        expected: &str,
    ) -> Cell<f64> {
        let Cell::Is(value) = cell else { return cell };
        let fits = match range {
            Range::Any => true,
            Range::NotNegative => value >= 0.0,
            Range::ZeroToFive => (0.0..=5.0).contains(&value),
        };
        if fits {
            return cell;
        }
        self.unreadable(column, expected, None)
    }

    /// A list cell that gave no items: empty, or already at fault.
    fn without_items<T>(&self, column: Column) -> Cell<List<T>> {
        let at_fault = self
            .ledgers
            .faults
            .last()
            .is_some_and(|fault| fault.row == self.row && fault.column == column);
        if at_fault { Cell::Bad } else { Cell::Empty }
    }

    fn intern(&mut self, text: &str) -> Name {
        self.ledgers.names.name(text)
    }

    fn fault(&mut self, column: Column, kind: FaultKind) {
        self.ledgers.faults.push(Fault {
            row: self.row,
            column,
            kind,
        });
    }

    fn is_key(&self, column: Column) -> bool {
        self.spec(column).is_some_and(|spec| spec.key)
    }

    /// Adds a key column to the row's key: its text as typed, or what was made of it where that has
    /// a form of its own (programme.md §7: dates in ISO form).
    fn add_to_key(&mut self, column: Column, text: Option<&str>) {
        if !self.is_key(column) {
            return;
        }
        let is_first = self
            .specs
            .iter()
            .take(usize::from(column.0))
            .all(|spec| !spec.key);
        if !is_first {
            self.ledgers.key.push_str(" | ");
        }
        match text {
            Some(text) => self.ledgers.key.push_str(text),
            None => {
                if let Ok(Some(typed)) = cells::text(self.raw(column)) {
                    self.ledgers.key.push_str(&typed);
                }
            }
        }
    }
}

/// « matin », « après-midi » ou « journée »
fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("« {word} »")).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} ou {last}", others.join(", ")),
    }
}
