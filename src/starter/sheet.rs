//! One sheet of the coordinator's: a table under a frozen header, ready to print.

use rust_xlsxwriter::{
    Format, Formula, IgnoreError, Note, Table, TableColumn, TableStyle, Worksheet, XlsxError,
};

use super::choices::{self, LAST_ROW};
use super::content::{Content, Entry, Head, Value};
use super::{layout, paint, typeset};
use crate::config::Settings;

/// A4, in Excel's list of papers.
const A4: u8 = 9;

/// Writes a sheet; `contents` are all those of the workbook, which drop-down lists refer to.
pub fn write(
    sheet: &mut Worksheet,
    content: &Content,
    contents: &[Content],
    settings: &Settings,
) -> Result<(), XlsxError> {
    sheet
        .set_name(content.role.french())?
        .set_tab_color(paint::DEEP)
        .set_default_note_author(&settings.programme.name);
    for (column, head) in content.numbered() {
        write_column(sheet, column, head, content)?;
        if let Some(rule) = choices::validation(head, content, contents, settings)? {
            let first = content.header_row + 1;
            sheet.add_data_validation(first, column, LAST_ROW - 1, column, &rule)?;
        }
    }
    write_rows(sheet, content, settings)?;
    add_table(sheet, content)?;
    print_setup(sheet, content.header_row, settings)?;
    sheet.set_landscape();
    Ok(())
}

fn write_column(
    sheet: &mut Worksheet,
    column: u16,
    head: &Head,
    content: &Content,
) -> Result<(), XlsxError> {
    let width = u32::try_from(width(content, column, head)).unwrap_or(u32::MAX);
    sheet.set_column_width(column, width)?;
    let below = Format::new().set_num_format(paint::number_format(head));
    sheet.set_column_format(column, &below)?;
    if head.holds_digits() {
        sheet.ignore_error_range(
            content.header_row + 1,
            column,
            LAST_ROW - 1,
            column,
            IgnoreError::NumberStoredAsText,
        )?;
    }
    if let Some(spec) = head.spec {
        sheet.insert_note(content.header_row, column, &note(&typeset(spec.help)))?;
    }
    Ok(())
}

/// How wide a column is, in characters.
fn width(content: &Content, column: u16, head: &Head) -> usize {
    let cells = content
        .rows
        .iter()
        .filter_map(|row| row.get(usize::from(column)));
    paint::width(head, cells)
}

/// The lines that a row takes.
fn lines(entries: &[Entry], content: &Content, widths: &[usize]) -> u32 {
    let lines = entries
        .iter()
        .zip(&content.columns)
        .zip(widths)
        .map(|((entry, head), width)| paint::lines(entry, head, *width))
        .max();
    u32::try_from(lines.unwrap_or(1)).unwrap_or(1)
}

/// A comment as large as its text.
fn note(text: &str) -> Note {
    let lines = u32::try_from(text.chars().count() / 30 + 1).unwrap_or(1);
    Note::new(text)
        .add_author_prefix(false)
        .set_width(200)
        .set_height(16 * lines + 14)
}

fn write_rows(
    sheet: &mut Worksheet,
    content: &Content,
    settings: &Settings,
) -> Result<(), XlsxError> {
    sheet.set_row_height(content.header_row, 32)?;
    let widths: Vec<usize> = content
        .numbered()
        .map(|(column, head)| width(content, column, head))
        .collect();
    for row in content.header_row + 1..=content.last_row() {
        let index = usize::try_from(row - content.header_row - 1).unwrap_or(usize::MAX);
        let entries = content.rows.get(index);
        let lines = lines(entries.map_or(&[], Vec::as_slice), content, &widths);
        // LibreOffice gives a row without a height one line; Excel as many as it takes, and those
        // of the program's remarks too.
        if lines > 1 {
            sheet.set_row_height(row, 15 * lines)?;
        }
        for (column, head) in content.numbered() {
            let entry = entries.and_then(|entries| entries.get(usize::from(column)));
            let format = paint::cell(head, entry.and_then(|entry| entry.tint));
            match entry {
                Some(entry) => write_entry(sheet, (row, column), entry, &format, settings)?,
                None => {
                    sheet.write_blank(row, column, &format)?;
                }
            }
        }
    }
    Ok(())
}

fn write_entry(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    entry: &Entry,
    format: &Format,
    settings: &Settings,
) -> Result<(), XlsxError> {
    match entry.value {
        Value::Empty => sheet.write_blank(row, column, format)?,
        Value::Text(text) => sheet.write_string_with_format(row, column, text, format)?,
        Value::Number(number) => sheet.write_number_with_format(row, column, number, format)?,
        Value::Date(day) => sheet.write_datetime_with_format(row, column, day, format)?,
        Value::DateTime(instant) => {
            sheet.write_datetime_with_format(row, column, instant, format)?
        }
        Value::Time(time) => sheet.write_datetime_with_format(row, column, time, format)?,
    };
    if let Some(text) = entry.note {
        let signed = note(&typeset(text)).set_author(&settings.coordinator.name);
        sheet.insert_note(row, column, &signed)?;
    }
    Ok(())
}

fn add_table(sheet: &mut Worksheet, content: &Content) -> Result<(), XlsxError> {
    let columns: Vec<TableColumn> = content
        .columns
        .iter()
        .map(|head| {
            TableColumn::new()
                .set_header(head.header)
                .set_header_format(paint::header(head))
        })
        .collect();
    let table = Table::new()
        .set_name(layout::table_name(content.role))
        .set_style(TableStyle::Light20)
        .set_columns(&columns);
    sheet.add_table(
        content.header_row,
        0,
        content.last_row(),
        content.last_column(),
        &table,
    )?;
    sheet.set_freeze_panes(content.header_row + 1, 1)?;
    Ok(())
}

/// A4, one page wide, the header on every page.
pub fn print_setup(
    sheet: &mut Worksheet,
    header_row: u32,
    settings: &Settings,
) -> Result<(), XlsxError> {
    let programme = &settings.programme;
    // `&` starts a code in a page's footer.
    let name = format!("{} {}", programme.name, programme.session).replace('&', "&&");
    sheet
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
        .set_footer(format!("&L{name}&C&A&RPage &P sur &N"))
        .set_repeat_rows(header_row, header_row)?;
    Ok(())
}

/// A formula with the value that Excel would show: nobody calculates it before she opens the file.
pub fn calculated(formula: &str, value: &impl ToString) -> Formula {
    Formula::new(formula).set_result(value.to_string())
}
