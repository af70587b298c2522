//! The reading process: bytes in, rows out. The only file that speaks to calamine.

use std::io::{self, Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    CellErrorType, Data, ExcelDateTime, Range, Reader, SheetType, SheetVisible, Xls, XlsError,
};

use super::{MEMORY, PASSWORD, PROCESSOR_SECONDS, Sheet, XlsBook, wire};
use crate::package::{Rows, Value, Visibility};
use crate::platform;

/// Reads a workbook from standard input, and writes its rows to standard output.
///
/// # Errors
/// Input or output fails: the other process is gone.
pub fn serve() -> io::Result<()> {
    platform::limit_this_process(MEMORY, PROCESSOR_SECONDS)?;
    // Her cells are nobody's business in a log.
    std::panic::set_hook(Box::new(|_| {}));
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let mut out = io::stdout().lock();
    wire::write(read(&bytes), &mut out)?;
    out.flush()
}

/// Reads a workbook; on damage, the reader's own words.
pub(super) fn read(bytes: &[u8]) -> Result<XlsBook, String> {
    catch_unwind(AssertUnwindSafe(|| read_unguarded(bytes)))
        .unwrap_or_else(|_| Err("a damaged record stopped the reader".to_owned()))
}

fn read_unguarded(bytes: &[u8]) -> Result<XlsBook, String> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => PASSWORD.to_owned(),
        other => other.to_string(),
    })?;
    let epoch_1904 = book.has_1904_epoch();
    let tabs = book.sheets_metadata().to_vec();
    let mut sheets: Vec<Sheet> = Vec::new();
    for tab in tabs {
        let mut rows = Rows::default();
        if tab.typ == SheetType::WorkSheet {
            let range = book.worksheet_range(&tab.name);
            let range = range.map_err(|error| error.to_string())?;
            push_rows(&mut rows, &range)?;
        }
        if tab.name.contains(char::is_control) {
            return Err("a control character in a sheet's name".to_owned());
        }
        if sheets.iter().any(|known| known.name == tab.name) {
            return Err("two sheets bear one name".to_owned());
        }
        sheets.push(Sheet {
            name: tab.name,
            visibility: match tab.visible {
                SheetVisible::Visible => Visibility::Visible,
                SheetVisible::Hidden => Visibility::Hidden,
                SheetVisible::VeryHidden => Visibility::VeryHidden,
            },
            rows,
        });
    }
    Ok(XlsBook { epoch_1904, sheets })
}

fn push_rows(rows: &mut Rows, range: &Range<Data>) -> Result<(), String> {
    let Some((top, left)) = range.start() else {
        return Ok(());
    };
    for (row, cells) in (top..).zip(range.rows()) {
        let values: Vec<(u32, Value<'_>)> = (left..)
            .zip(cells)
            .filter_map(|(column, data)| Some((column, value(data)?)))
            .collect();
        rows.push(row, 1, &values)
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// In this format every formula has its value beside it.
fn value(data: &Data) -> Option<Value<'_>> {
    Some(match data {
        Data::Empty => return None,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a cell's whole number is a double in every format"
        )]
        Data::Int(number) => Value::Number(*number as f64),
        Data::Float(number) if number.is_finite() => Value::Number(*number),
        Data::Float(_) => Value::Error("#NUM!"),
        Data::String(text) => Value::Text(text),
        Data::Bool(value) => Value::Bool(*value),
        Data::DateTime(serial) => date(*serial),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Iso(text),
        Data::Error(error) => Value::Error(error_text(error)),
    })
}

fn date(serial: ExcelDateTime) -> Value<'static> {
    let days = serial.as_f64();
    if !days.is_finite() {
        Value::Error("#NUM!")
    } else if serial.is_duration() {
        Value::Duration(days)
    } else {
        Value::Date(days)
    }
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}
