//! The copy of a workbook that can't be patched (`.ods`, `.xls`): a new `.xlsx` with every sheet's
//! values and dates, readable widths, and our columns.

use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, SheetVisible, Xls};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format as Look, FormatAlign, Workbook, Worksheet,
    XlsxError,
};

use crate::model::season::Format;
use crate::package::{CellFormat, OwnedCell, OwnedColumn, OwnedValue, Rgb, SheetEdit};
use crate::sheets::cells::iso_duration;

/// Columns are as wide as their longest text, within these bounds (characters).
const WIDTHS: (f64, f64) = (9.0, 50.0);
const DATE: &str = "dd/mm/yyyy";
const DATE_TIME: &str = "dd/mm/yyyy hh:mm";
/// A time of day, or hours of work that may pass 24.
const TIME: &str = "[h]:mm";
const SECONDS_A_DAY: f64 = 86_400.0;

/// Makes the copy.
pub fn as_xlsx(source: &[u8], format: Format, edits: &[SheetEdit]) -> Result<Vec<u8>, String> {
    let sheets = sheets(source, format).map_err(|error| error.to_string())?;
    let mut book = Workbook::new();
    // The same input gives the same bytes: no moment of creation.
    let epoch = ExcelDateTime::from_ymd(2020, 1, 1).map_err(|error| error.to_string())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    // A workbook opens on a sheet that can be seen.
    let mut opens_here = true;
    for read in &sheets {
        let edit = edits.iter().find(|edit| edit.sheet == read.name);
        let sheet = book.add_worksheet();
        write_sheet(sheet, &read.name, &read.cells, edit).map_err(|error| error.to_string())?;
        match read.visible {
            SheetVisible::Visible => {
                sheet.set_active(opens_here);
                opens_here = false;
            }
            SheetVisible::Hidden => {
                sheet.set_hidden(true);
            }
            SheetVisible::VeryHidden => {
                sheet.set_very_hidden(true);
            }
        }
    }
    book.save_to_buffer().map_err(|error| error.to_string())
}

/// A sheet of hers.
struct Sheet {
    name: String,
    visible: SheetVisible,
    cells: Range<Data>,
}

/// Her sheets in tab order.
fn sheets(source: &[u8], format: Format) -> Result<Vec<Sheet>, calamine::Error> {
    let cursor = Cursor::new(source);
    match format {
        Format::Xls => in_tab_order(Xls::new(cursor)?),
        Format::Ods | Format::Package => in_tab_order(Ods::new(cursor)?),
    }
}

fn in_tab_order<'b, R>(mut book: R) -> Result<Vec<Sheet>, calamine::Error>
where
    R: Reader<Cursor<&'b [u8]>>,
    calamine::Error: From<R::Error>,
{
    let tabs = book.sheets_metadata().to_vec();
    let sheets = tabs.into_iter().map(|tab| {
        let cells = book.worksheet_range(&tab.name)?;
        Ok(Sheet {
            name: tab.name,
            visible: tab.visible,
            cells,
        })
    });
    sheets.collect()
}

fn write_sheet(
    sheet: &mut Worksheet,
    name: &str,
    range: &Range<Data>,
    edit: Option<&SheetEdit>,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let (top, left) = range.start().unwrap_or_default();
    let mut widths: Vec<f64> = Vec::new();
    for (row, column, value) in range.used_cells() {
        let (row, column) = (offset(top, row), column_of(left, column));
        widths.resize(widths.len().max(usize::from(column) + 1), 0.0);
        let width = write_value(sheet, row, column, value)?;
        if let Some(widest) = widths.get_mut(usize::from(column)) {
            *widest = widest.max(width);
        }
    }
    for (column, width) in (0u16..).zip(&widths) {
        sheet.set_column_width(column, width.clamp(WIDTHS.0, WIDTHS.1))?;
    }
    let mut next = u16::try_from(widths.len()).unwrap_or(u16::MAX);
    for owned in edit.iter().flat_map(|edit| &edit.columns) {
        let column = owned
            .column
            .and_then(|column| u16::try_from(column).ok())
            .unwrap_or(next);
        next = next.max(column.saturating_add(1));
        write_owned(sheet, column, owned)?;
    }
    if let Some(first) = edit.and_then(|edit| edit.columns.first()) {
        sheet.set_freeze_panes(first.header_row + 1, 0)?;
    }
    Ok(())
}

fn offset(start: u32, position: usize) -> u32 {
    start.saturating_add(u32::try_from(position).unwrap_or(u32::MAX))
}

fn column_of(left: u32, position: usize) -> u16 {
    u16::try_from(offset(left, position)).unwrap_or(u16::MAX)
}

/// Writes a value as what it is; returns the width that it wants.
fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Data,
) -> Result<f64, XlsxError> {
    match value {
        Data::Empty => return Ok(0.0),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a cell's whole number is a double in every format"
        )]
        Data::Int(number) => sheet.write_number(row, column, *number as f64)?,
        Data::Float(number) => sheet.write_number(row, column, *number)?,
        Data::Bool(value) => sheet.write_boolean(row, column, *value)?,
        // Below one day it is a time alone: as a date it would read "00/01/1900".
        Data::DateTime(serial) if serial.is_duration() || (0.0..1.0).contains(&serial.as_f64()) => {
            write_time(sheet, row, column, serial.as_f64())?
        }
        Data::DateTime(serial) => match serial.as_datetime() {
            Some(moment) => write_moment(sheet, row, column, moment)?,
            None => sheet.write_number(row, column, serial.as_f64())?,
        },
        Data::DateTimeIso(text) => match iso_moment(text) {
            Some(moment) => write_moment(sheet, row, column, moment)?,
            None => sheet.write_string(row, column, text)?,
        },
        Data::DurationIso(text) => match iso_duration(text).and_then(|all| i32::try_from(all).ok())
        {
            Some(seconds) => write_time(sheet, row, column, f64::from(seconds) / SECONDS_A_DAY)?,
            None => sheet.write_string(row, column, text)?,
        },
        Data::String(text) => sheet.write_string(row, column, text)?,
        Data::Error(error) => sheet.write_string(row, column, error.to_string())?,
    };
    Ok(wanted_width(value))
}

fn write_time(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    days: f64,
) -> Result<&mut Worksheet, XlsxError> {
    let look = Look::new().set_num_format(TIME);
    sheet.write_number_with_format(row, column, days, &look)
}

fn write_moment(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    moment: chrono::NaiveDateTime,
) -> Result<&mut Worksheet, XlsxError> {
    let midnight = moment.time() == chrono::NaiveTime::MIN;
    let look = Look::new().set_num_format(if midnight { DATE } else { DATE_TIME });
    sheet.write_datetime_with_format(row, column, moment, &look)
}

fn iso_moment(text: &str) -> Option<chrono::NaiveDateTime> {
    if let Ok(day) = text.parse::<chrono::NaiveDate>() {
        return Some(day.and_time(chrono::NaiveTime::MIN));
    }
    text.parse().ok()
}

fn wanted_width(value: &Data) -> f64 {
    let longest = value
        .to_string()
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    f64::from(u32::try_from(longest).unwrap_or(u32::MAX)) + 2.0
}

fn write_owned(sheet: &mut Worksheet, column: u16, owned: &OwnedColumn) -> Result<(), XlsxError> {
    let header = Look::new().set_bold();
    sheet.write_string_with_format(owned.header_row, column, &*owned.header, &header)?;
    if let Some(width) = owned.width {
        sheet.set_column_width(column, width)?;
    }
    for (row, cell) in &owned.cells {
        write_owned_cell(sheet, *row, column, cell)?;
    }
    Ok(())
}

fn write_owned_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &OwnedCell,
) -> Result<(), XlsxError> {
    let look = look(cell.format);
    match &cell.value {
        OwnedValue::Empty => {}
        OwnedValue::Text(text) => {
            sheet.write_string_with_format(row, column, &**text, &look)?;
        }
        OwnedValue::Number(number) => {
            sheet.write_number_with_format(row, column, *number, &look)?;
        }
    }
    Ok(())
}

fn look(format: CellFormat) -> Look {
    let mut look = Look::new();
    if let Some(fill) = format.fill {
        look = look.set_background_color(color(fill));
    }
    if let Some(ink) = format.ink {
        look = look.set_font_color(color(ink));
    }
    if format.bold {
        look = look.set_bold();
    }
    if format.wrap {
        look = look.set_text_wrap().set_align(FormatAlign::Top);
    }
    if let Some(code) = format.number {
        look = look.set_num_format(code);
    }
    look
}

fn color(Rgb(red, green, blue): Rgb) -> Color {
    Color::RGB(u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue))
}
