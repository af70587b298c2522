//! A sheet of the report that is one table.

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::french::typographic;
use crate::report::sheet::{Table, look};

/// What a cell of the report holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, never a formula.
    Text(String),
    /// A whole number.
    Count(u32),
    /// Hours.
    Hours(f64),
    /// A mean, a mark: two decimals.
    Mark(f64),
    /// A day.
    Day(NaiveDate),
}

impl Cell {
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub fn count(count: usize) -> Self {
        Self::Count(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

/// A sheet of the report.
pub(super) struct Sheet<'a> {
    /// Its tab, which is its title too.
    pub name: &'a str,
    /// What it shows, under the title.
    pub intro: &'a str,
    /// Headers, and widths in characters.
    pub columns: &'a [(&'a str, f64)],
    pub rows: Vec<Vec<Cell>>,
    /// What stands in place of rows.
    pub nothing: &'a str,
}

/// The formats of cells.
struct Formats {
    text: Format,
    count: Format,
    hours: Format,
    mark: Format,
    day: Format,
}

impl Sheet<'_> {
    /// Writes it; gives back its first and last rows, from 0, if it has any.
    pub fn write(
        &self,
        worksheet: &mut Worksheet,
        programme: &str,
    ) -> Result<Option<(u32, u32)>, XlsxError> {
        worksheet.set_name(self.name)?;
        let intro = typographic(self.intro);
        let mut table = Table::begin(worksheet, self.name, &intro, self.columns)?;
        let header = table.header_row;
        let formats = Formats {
            text: look::cell(),
            count: look::centred(),
            hours: look::hours(),
            mark: look::centred().set_num_format("0.0#"),
            day: look::day(),
        };
        let mut last = None;
        for cells in &self.rows {
            let row = table.next_row();
            self.row(table.sheet, row, cells, &formats)?;
            last = Some(row);
        }
        table.end(self.nothing)?;
        look::page(worksheet, self.name, programme, Some((header, header)))?;
        Ok(last.map(|last| (header + 1, last)))
    }

    fn row(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        cells: &[Cell],
        formats: &Formats,
    ) -> Result<(), XlsxError> {
        let widths = self.columns.iter().map(|(_, width)| *width);
        let texts: Vec<(&str, f64)> = cells
            .iter()
            .zip(widths)
            .filter_map(|(cell, width)| match cell {
                Cell::Text(text) => Some((text.as_str(), width)),
                _ => None,
            })
            .collect();
        look::height(sheet, row, &texts)?;
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => sheet.write_blank(row, column, &formats.text)?,
                Cell::Text(text) => {
                    sheet.write_string_with_format(row, column, look::fit(text), &formats.text)?
                }
                Cell::Count(count) => {
                    sheet.write_number_with_format(row, column, *count, &formats.count)?
                }
                Cell::Hours(hours) => {
                    sheet.write_number_with_format(row, column, *hours, &formats.hours)?
                }
                Cell::Mark(mark) => {
                    sheet.write_number_with_format(row, column, *mark, &formats.mark)?
                }
                Cell::Day(day) => {
                    sheet.write_datetime_with_format(row, column, day, &formats.day)?
                }
            };
        }
        Ok(())
    }
}
