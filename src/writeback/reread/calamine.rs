//! A sheet as calamine reads it.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};

use crate::model::season::Format;
use crate::sheets::cells::Raw;
use crate::sheets::source::{self, Visit};

/// Visits the rows that have texts or numbers. Whatever else a cell holds is not ours, and given as
/// an error value.
pub fn visit(bytes: &[u8], sheet: &str, visit: &mut Visit) -> Result<(), String> {
    // It panics on some damaged references.
    catch_unwind(AssertUnwindSafe(|| stream(bytes, sheet, visit)))
        .unwrap_or_else(|_| Err("calamine panicked".to_owned()))
}

fn stream(bytes: &[u8], sheet: &str, visit: &mut Visit) -> Result<(), String> {
    let in_words = |error: XlsxError| error.to_string();
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(in_words)?;
    let mut reader = book.worksheet_cells_reader(sheet).map_err(in_words)?;
    let mut at = 0;
    let mut row: Vec<(u32, DataRef)> = Vec::new();
    loop {
        let cell = match reader.next_cell() {
            Ok(None) => break,
            Ok(Some(cell)) => cell,
            // A newer error value, which it doesn't know: none of ours.
            Err(XlsxError::CellError(_)) => continue,
            Err(error) => return Err(error.to_string()),
        };
        let (here, column) = cell.get_position();
        if here != at {
            if give(at, &row, visit).is_break() {
                return Ok(());
            }
            row.clear();
            at = here;
        }
        if *cell.get_value() != DataRef::Empty {
            row.push((column, cell.get_value().clone()));
        }
    }
    // Nothing comes after the last row.
    let _ = give(at, &row, visit);
    Ok(())
}

fn give(at: u32, row: &[(u32, DataRef)], visit: &mut Visit) -> ControlFlow<()> {
    if row.is_empty() {
        return ControlFlow::Continue(());
    }
    let cells: Vec<(u32, Raw)> = row
        .iter()
        .map(|(column, value)| (*column, raw(value)))
        .collect();
    visit(at, &cells)
}

fn raw<'r>(value: &'r DataRef<'_>) -> Raw<'r> {
    match value {
        DataRef::String(text) => Raw::Text(text),
        DataRef::SharedString(text) => Raw::Text(text),
        DataRef::Float(number) => Raw::Number(*number),
        DataRef::DateTime(serial) => Raw::Number(serial.as_f64()),
        _ => Raw::Error("not ours"),
    }
}

/// Whether calamine finds texts and numbers where our reader finds them.
pub fn sees_what_we_see(bytes: &[u8], sheet: &str) -> bool {
    let mut theirs = Vec::new();
    let read = visit(bytes, sheet, &mut |row, cells| {
        note(&mut theirs, row, cells);
        ControlFlow::Continue(())
    });
    let mut ours = Vec::new();
    let opened = source::open(bytes, Format::Package);
    let by_us = opened.and_then(|mut book| {
        book.visit(sheet, &mut |row, cells| {
            note(&mut ours, row, cells);
            ControlFlow::Continue(())
        })
    });
    read.is_ok() && by_us.is_ok() && theirs == ours
}

fn note(places: &mut Vec<(u32, u32)>, row: u32, cells: &[(u32, Raw)]) {
    let is_plain = |raw: &Raw| match raw {
        Raw::Text(text) => !text.is_empty(),
        Raw::Number(_) | Raw::Date(..) => true,
        _ => false,
    };
    let plain = cells.iter().filter(|(_, raw)| is_plain(raw));
    places.extend(plain.map(|(column, _)| (row, *column)));
}
