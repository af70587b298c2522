//! A page that is one table: title, what it is for, frozen header, filter.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::look;
use crate::french::typographic;

/// The table while its rows are written, from the top.
pub struct Table<'s> {
    /// The page.
    pub sheet: &'s mut Worksheet,
    /// Where the headers stand.
    pub header_row: u32,
    columns: u16,
    next: u32,
}

impl<'s> Table<'s> {
    /// Writes the title, the intro and the headers.
    pub fn begin(
        sheet: &'s mut Worksheet,
        title: &str,
        intro: &str,
        columns: &[(&str, f64)],
    ) -> Result<Self, XlsxError> {
        let width: f64 = columns.iter().map(|(_, width)| width).sum();
        sheet.write_with_format(0, 0, title, &look::title())?;
        sheet.set_row_height(0, 30)?;
        let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(0);
        sheet.merge_range(1, 0, 1, last, intro, &look::aside())?;
        sheet.set_row_height(1, 15 * look::lines(intro, width) + 6)?;
        let header_row = 2;
        let lines = columns
            .iter()
            .map(|(name, width)| look::lines(name, *width));
        sheet.set_row_height(header_row, 15 * lines.max().unwrap_or(1) + 9)?;
        for (column, (name, width)) in (0..).zip(columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_with_format(header_row, column, typographic(name), &look::header())?;
        }
        sheet.set_freeze_panes(header_row + 1, 0)?;
        Ok(Self {
            sheet,
            header_row,
            columns: last,
            next: header_row + 1,
        })
    }

    /// The next row.
    pub fn next_row(&mut self) -> u32 {
        let row = self.next;
        self.next += 1;
        row
    }

    /// Filters a table whose rows are written later, down to this row.
    pub fn end_at(self, last: u32) -> Result<(), XlsxError> {
        self.sheet
            .autofilter(self.header_row, 0, last, self.columns)?;
        Ok(())
    }

    /// Says what there is to say of an empty table; else filters it.
    pub fn end(self, nothing: &str) -> Result<(), XlsxError> {
        let first = self.header_row + 1;
        if self.next == first {
            let text = typographic(nothing);
            self.sheet
                .merge_range(first, 0, first, self.columns, &text, &look::aside())?;
            return Ok(());
        }
        // A writer that lets its rows leave memory writes the last one twice when it has a height
        // (rust_xlsxwriter 0.102, `flush_last_row`): one without a height comes last.
        self.sheet.write_blank(self.next, 0, &look::clear())?;
        self.sheet
            .autofilter(self.header_row, 0, self.next - 1, self.columns)?;
        Ok(())
    }
}
