//! The copy of a workbook that can't be patched (`.ods`, `.xls`): a new `.xlsx` with every sheet's
//! values and dates, readable widths, and our columns.

use std::ops::ControlFlow;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format as Look, FormatAlign, Workbook, Worksheet,
    XlsxError,
};

use crate::model::season::Format;
use crate::package::{CellFormat, OwnedCell, OwnedColumn, OwnedValue, Rgb, SheetEdit, Visibility};
use crate::sheets::cells::{DateKind, Raw, iso_duration};
use crate::sheets::source::{self, Source};

/// Columns are as wide as their longest text, within these bounds (characters).
const WIDTHS: (f64, f64) = (9.0, 50.0);
const DATE: &str = "dd/mm/yyyy";
const DATE_TIME: &str = "dd/mm/yyyy hh:mm";
/// A time of day, or hours of work that may pass 24.
const TIME: &str = "[h]:mm";
const SECONDS_A_DAY: f64 = 86_400.0;
const MAX_UNITS: usize = 32_767;

/// Makes the copy.
pub fn as_xlsx(source: &[u8], format: Format, edits: &[SheetEdit]) -> Result<Vec<u8>, String> {
    crate::sheets::check(source, format).map_err(|error| error.to_string())?;
    let mut read = source::open(source, format).map_err(|error| error.to_string())?;
    let mut book = Workbook::new();
    // The same input gives the same bytes: no moment of creation.
    let epoch = ExcelDateTime::from_ymd(2020, 1, 1).map_err(|error| error.to_string())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    // A workbook opens on a sheet that can be seen.
    let mut opens_here = true;
    for name in read.sheet_names() {
        let edit = edits.iter().find(|edit| edit.sheet == name);
        let sheet = book.add_worksheet();
        write_sheet(sheet, &name, read.as_mut(), edit)?;
        match read.visibility(&name) {
            Visibility::Visible => {
                sheet.set_active(opens_here);
                opens_here = false;
            }
            Visibility::Hidden => {
                sheet.set_hidden(true);
            }
            Visibility::VeryHidden => {
                sheet.set_very_hidden(true);
            }
        }
    }
    book.save_to_buffer().map_err(|error| error.to_string())
}

fn write_sheet(
    sheet: &mut Worksheet,
    name: &str,
    read: &mut dyn Source,
    edit: Option<&SheetEdit>,
) -> Result<(), String> {
    sheet.set_name(name).map_err(|error| error.to_string())?;
    let mut widths: Vec<f64> = Vec::new();
    let mut failed = Ok(());
    read.visit(name, &mut |row, cells| {
        failed = write_row(sheet, row, cells, &mut widths);
        if failed.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })
    .map_err(|error| error.to_string())?;
    failed.map_err(|error| error.to_string())?;
    write_ours(sheet, &widths, edit).map_err(|error| error.to_string())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    cells: &[(u32, Raw<'_>)],
    widths: &mut Vec<f64>,
) -> Result<(), XlsxError> {
    for (column, value) in cells {
        let column = u16::try_from(*column).unwrap_or(u16::MAX);
        widths.resize(widths.len().max(usize::from(column) + 1), 0.0);
        write_value(sheet, row, column, value)?;
        if let Some(widest) = widths.get_mut(usize::from(column)) {
            *widest = widest.max(wanted_width(value));
        }
    }
    Ok(())
}

fn write_ours(
    sheet: &mut Worksheet,
    widths: &[f64],
    edit: Option<&SheetEdit>,
) -> Result<(), XlsxError> {
    for (column, width) in (0u16..).zip(widths) {
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

/// Writes a value as what it is.
fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Raw<'_>,
) -> Result<(), XlsxError> {
    match value {
        Raw::Empty | Raw::Uncalculated => return Ok(()),
        Raw::Number(number) => sheet.write_number(row, column, *number)?,
        Raw::Bool(value) => sheet.write_boolean(row, column, *value)?,
        // Below one day it is a time alone: as a date it would read "00/01/1900".
        Raw::Date(days, DateKind::DateTime) if !(0.0..1.0).contains(days) => {
            let look = date_look(days.fract() == 0.0);
            sheet.write_number_with_format(row, column, *days, &look)?
        }
        Raw::Date(days, _) => write_time(sheet, row, column, *days)?,
        Raw::IsoDate(text) => return write_iso(sheet, row, column, text),
        Raw::Text(text) | Raw::Error(text) => sheet.write_string(row, column, fit(text))?,
    };
    Ok(())
}

fn write_iso(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    if let Some(moment) = iso_moment(text) {
        let midnight = moment.time() == chrono::NaiveTime::MIN;
        sheet.write_datetime_with_format(row, column, moment, &date_look(midnight))?;
    } else if let Some(seconds) = iso_duration(text).and_then(|all| i32::try_from(all).ok()) {
        write_time(sheet, row, column, f64::from(seconds) / SECONDS_A_DAY)?;
    } else {
        sheet.write_string(row, column, fit(text))?;
    }
    Ok(())
}

/// A cell holds 32,767 UTF-16 units in `.xlsx`, and more in `.ods`.
fn fit(text: &str) -> String {
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units <= MAX_UNITS
    };
    text.chars().take_while(fits).collect()
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

fn date_look(midnight: bool) -> Look {
    Look::new().set_num_format(if midnight { DATE } else { DATE_TIME })
}

fn iso_moment(text: &str) -> Option<chrono::NaiveDateTime> {
    if let Ok(day) = text.parse::<chrono::NaiveDate>() {
        return Some(day.and_time(chrono::NaiveTime::MIN));
    }
    text.parse().ok()
}

fn wanted_width(value: &Raw<'_>) -> f64 {
    let longest = match value {
        Raw::Text(text) => text.lines().map(|line| line.chars().count()).max(),
        other => Some(other.shown().chars().count()),
    };
    f64::from(u32::try_from(longest.unwrap_or(0)).unwrap_or(u32::MAX)) + 2.0
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
