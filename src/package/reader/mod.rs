//! The cells of a package, read row by row in one pass and within bounded memory.
//!
//! Sheets stream through a window; only the shared strings and the number formats are held. Every
//! cell's place is checked: within the sheet, after the one before. A sheet is read to the last byte
//! of its part, so that its checksum and its end count too.

mod formats;
mod texts;
mod value;

use std::io::Read;
use std::ops::ControlFlow;

use super::container::Container;
use super::opc::{SheetPart, Visibility, Workbook};
use super::refusal::Refusal;
use super::scan::{Cell, Item, Scanner, Where};
use super::tables;
use super::totals::Totals;
use formats::Formats;
use texts::Texts;
use value::Row;

/// A row's texts come to less: as much as 2,000 full cells.
pub(super) const MAX_ROW_TEXT: usize = 64 << 20;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A text, escapes undone.
    Text(&'a str),
    /// A number that isn't formatted as a date; always finite.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// A number formatted as date or time: a serial in the workbook's own system (see
    /// [`Book::epoch_1904`]); always finite.
    Date(f64),
    /// A number formatted as elapsed time, in days; always finite.
    Duration(f64),
    /// A date as ISO 8601 text, in Strict workbooks.
    Iso(&'a str),
    /// An error value, as it stands there: `#N/A`.
    Error(&'a str),
    /// A formula that no program ever calculated.
    Uncalculated,
}

/// A row as it is visited: its number from 0, and its cells that hold something with their columns
/// from 0, from left to right.
pub type Visit<'v> = dyn FnMut(u32, &[(u32, Value<'_>)]) -> ControlFlow<()> + 'v;

/// A package that is open for reading.
pub struct Book<'a> {
    container: Container<'a>,
    workbook: Workbook,
    texts: Texts,
    formats: Formats,
}

impl<'a> Book<'a> {
    /// Opens a package: reads its shared strings and its number formats.
    ///
    /// # Errors
    /// A [`Refusal`] with the cause. [`inspect`](super::inspect) refuses more, and costs little.
    pub fn open(source: &'a [u8]) -> Result<Self, Refusal> {
        let container = Container::open(source)?;
        let workbook = Workbook::find(&container)?;
        let texts = match workbook.strings {
            Some(entry) => Texts::read(&container, entry)?,
            None => Texts::default(),
        };
        let formats = match workbook.styles {
            Some(entry) => Formats::read(&container, entry)?,
            None => Formats::default(),
        };
        Ok(Self {
            container,
            workbook,
            texts,
            formats,
        })
    }

    /// The sheets in the order of their tabs: names and whether they show.
    pub fn sheets(&self) -> impl Iterator<Item = (&str, Visibility)> {
        let sheets = self.workbook.sheets.iter();
        sheets.map(|sheet| (sheet.name.as_str(), sheet.visibility))
    }

    /// Dates count from 1904.
    #[must_use]
    pub fn epoch_1904(&self) -> bool {
        self.workbook.epoch_1904
    }

    /// What is totals of the sheet's Excel tables. Where a table can't be read, none are known: its
    /// cells can be read without it, and [`patch`](super::patch) refuses it with its reason.
    #[must_use]
    pub fn totals(&self, sheet: &str) -> Totals {
        let part = self.workbook.sheet(sheet);
        let tables = part.and_then(|part| tables::of_sheet(&self.container, &part.key).ok());
        tables.map_or_else(Totals::default, |tables| Totals::of(&tables))
    }

    /// Visits the rows of a sheet that hold something, from the top; stops when told to. A chart
    /// sheet has none.
    ///
    /// # Errors
    /// The sheet is missing or damaged. What was visited before the damage was there.
    pub fn visit(&self, sheet: &str, visit: &mut Visit) -> Result<(), Refusal> {
        let part = self.workbook.sheet(sheet);
        let part = part.ok_or_else(|| Refusal::SheetMissing {
            sheet: sheet.to_owned(),
        })?;
        if part.kind != "worksheet" {
            return Ok(());
        }
        self.container
            .stream(part.entry, |from| self.read(part, from, visit))?
    }

    fn read(
        &self,
        part: &SheetPart,
        from: &mut dyn Read,
        visit: &mut Visit,
    ) -> Result<(), Refusal> {
        let place = Where {
            sheet: part.name.clone(),
            part: self.container.name(part.entry),
        };
        let mut scanner = match Scanner::open(from, place) {
            Ok(scanner) => scanner,
            Err(Refusal::NotCells { .. }) => return Ok(()),
            Err(refusal) => return Err(refusal),
        };
        let prefix = scanner.head().prefix.clone();
        let mut row = Row::default();
        while let Some(item) = scanner.next()? {
            match item {
                Item::Row(start, _) => row.start(start.index),
                Item::Cell(cell) => self.take(&mut row, &cell, &prefix, part)?,
                Item::RowEnd(_) => {
                    if row.visit(&self.texts, visit).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        scanner.finish().map(drop)
    }

    fn take(
        &self,
        row: &mut Row,
        cell: &Cell<'_>,
        prefix: &[u8],
        part: &SheetPart,
    ) -> Result<(), Refusal> {
        let kind = self.formats.of(cell.raw.style);
        row.push(cell, prefix, kind, &self.texts)
            .map_err(|detail| Refusal::DamagedCell {
                sheet: part.name.clone(),
                cell: super::refs::name(cell.row, cell.column),
                detail,
            })
    }
}
