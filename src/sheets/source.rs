//! The rows of a workbook's sheets, whatever its format.

use std::ops::ControlFlow;

use super::cells::{DateKind, Raw, from_1904};
use super::unreadable::Unreadable;
use super::xls::{self, XlsBook};
use crate::model::season::Format;
use crate::package::{Book, OdsBook, Totals, Value, Visibility};

/// A row as it is visited: its number from 0, and its cells with their columns from 0.
pub type Visit<'v> = dyn FnMut(u32, &[(u32, Raw<'_>)]) -> ControlFlow<()> + 'v;

/// A workbook whose sheets can be read row by row.
pub trait Source {
    /// The sheets in tab order, hidden ones too.
    fn sheet_names(&self) -> Vec<String>;

    /// Whether a sheet's tab shows.
    fn visibility(&self, _sheet: &str) -> Visibility {
        Visibility::Visible
    }

    /// Bare numbers in date columns count from 1904.
    fn epoch_1904(&self) -> bool;

    /// The cells that Excel's tables keep for their totals.
    fn totals(&self, _sheet: &str) -> Totals {
        Totals::default()
    }

    /// Visits the rows that have cells, totals too, from the top; stops when told to.
    ///
    /// # Errors
    /// The sheet is damaged.
    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), Unreadable>;
}

/// Opens a workbook whose bytes [`check`](super::check) has looked at.
///
/// # Errors
/// The workbook is damaged.
pub fn open<'b>(bytes: &'b [u8], format: Format) -> Result<Box<dyn Source + 'b>, Unreadable> {
    Ok(match format {
        Format::Package => Box::new(Book::open(bytes)?),
        Format::Ods => Box::new(OdsBook::open(bytes)?),
        Format::Xls => Box::new(xls::open(bytes)?),
    })
}

impl Source for Book<'_> {
    fn sheet_names(&self) -> Vec<String> {
        self.sheets().map(|(name, _)| name.to_owned()).collect()
    }

    fn visibility(&self, sheet: &str) -> Visibility {
        found(self.sheets(), sheet)
    }

    fn epoch_1904(&self) -> bool {
        Book::epoch_1904(self)
    }

    fn totals(&self, sheet: &str) -> Totals {
        Book::totals(self, sheet)
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), Unreadable> {
        let epoch_1904 = Book::epoch_1904(self);
        Ok(Book::visit(self, sheet, &mut |row, cells| {
            visit(row, &raws(cells, epoch_1904))
        })?)
    }
}

impl Source for OdsBook {
    fn sheet_names(&self) -> Vec<String> {
        self.sheets().map(|(name, _)| name.to_owned()).collect()
    }

    fn visibility(&self, sheet: &str) -> Visibility {
        found(self.sheets(), sheet)
    }

    fn epoch_1904(&self) -> bool {
        false
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), Unreadable> {
        OdsBook::visit(self, sheet, &mut |row, cells| {
            visit(row, &raws(cells, false))
        });
        Ok(())
    }
}

impl Source for XlsBook {
    fn sheet_names(&self) -> Vec<String> {
        self.sheets().map(|(name, _)| name.to_owned()).collect()
    }

    fn visibility(&self, sheet: &str) -> Visibility {
        found(self.sheets(), sheet)
    }

    fn epoch_1904(&self) -> bool {
        XlsBook::epoch_1904(self)
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), Unreadable> {
        let epoch_1904 = XlsBook::epoch_1904(self);
        XlsBook::visit(self, sheet, &mut |row, cells| {
            visit(row, &raws(cells, epoch_1904))
        })
    }
}

fn found<'s>(mut sheets: impl Iterator<Item = (&'s str, Visibility)>, wanted: &str) -> Visibility {
    let found = sheets.find(|(name, _)| *name == wanted);
    found.map_or(Visibility::Visible, |(_, visibility)| visibility)
}

fn raws<'r>(cells: &[(u32, Value<'r>)], epoch_1904: bool) -> Vec<(u32, Raw<'r>)> {
    let cells = cells.iter();
    cells
        .map(|(column, value)| (*column, raw(*value, epoch_1904)))
        .collect()
}

fn raw(value: Value<'_>, epoch_1904: bool) -> Raw<'_> {
    match value {
        Value::Text(text) => Raw::Text(text),
        Value::Number(number) => Raw::Number(number),
        Value::Bool(value) => Raw::Bool(value),
        Value::Date(days) => date(days, DateKind::DateTime, epoch_1904),
        Value::Duration(days) => date(days, DateKind::Duration, epoch_1904),
        Value::Iso(text) => Raw::IsoDate(text),
        Value::Error(text) => Raw::Error(text),
        Value::Uncalculated => Raw::Uncalculated,
    }
}

fn date(days: f64, kind: DateKind, epoch_1904: bool) -> Raw<'static> {
    let days = if epoch_1904 {
        from_1904(days, kind)
    } else {
        days
    };
    Raw::Date(days, kind)
}
