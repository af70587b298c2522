//! The rows of a workbook's sheets, whatever its format: the one place that speaks to calamine.

use std::io::Cursor;
use std::ops::ControlFlow;

use calamine::{
    CellErrorType, Data, DataRef, ExcelDateTime, Ods, Range, Reader, Xls, Xlsx, XlsxError,
};

use super::cells::{DateKind, Raw, from_1904};
use crate::model::season::Format;

/// A row as it is visited: its number from 0, and its cells with their columns from 0.
pub type Visit<'v> = dyn FnMut(u32, &[(u32, Raw<'_>)]) -> ControlFlow<()> + 'v;

/// A workbook whose sheets can be read row by row.
pub trait Source {
    /// The sheets in tab order, hidden ones too.
    fn sheet_names(&self) -> Vec<String>;

    /// Bare numbers in date columns count from 1904.
    fn epoch_1904(&self) -> bool;

    /// Visits the rows that have cells, from the top; stops when told to.
    ///
    /// # Errors
    /// The sheet is damaged: the reader's own words.
    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), String>;
}

/// Opens a workbook by its content.
///
/// # Errors
/// The workbook is damaged: the reader's own words.
pub fn open<'b>(bytes: &'b [u8], format: Format) -> Result<Box<dyn Source + 'b>, String> {
    let cursor = Cursor::new(bytes);
    Ok(match format {
        Format::Package => Box::new(Package(Xlsx::new(cursor).map_err(in_words)?)),
        Format::Ods => Box::new(OdsBook(Ods::new(cursor).map_err(in_words)?)),
        Format::Xls => Box::new(XlsBook(Xls::new(cursor).map_err(in_words)?)),
    })
}

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// `.xlsx` and `.xlsm`, streamed.
struct Package<'b>(Xlsx<Cursor<&'b [u8]>>);

impl Source for Package<'_> {
    fn sheet_names(&self) -> Vec<String> {
        self.0.sheet_names()
    }

    fn epoch_1904(&self) -> bool {
        self.0.has_1904_epoch()
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), String> {
        let epoch_1904 = self.epoch_1904();
        let mut odd = Vec::new();
        loop {
            match self.stream(sheet, epoch_1904, &odd, visit)? {
                Streamed::Done => return Ok(()),
                // calamine knows seven error values; the newer ones (#SPILL!, #CALC!…) stop it
                // without saying where. Their place is found by counting cells, and the sheet is
                // read again from the top.
                Streamed::OddError => odd = self.odd_error_places(sheet)?,
            }
        }
    }
}

/// A cell whose error value calamine does not know: its ordinal in the sheet, its row and column.
type OddError = (usize, (u32, u32));

enum Streamed {
    Done,
    OddError,
}

impl Package<'_> {
    fn stream(
        &mut self,
        sheet: &str,
        epoch_1904: bool,
        odd: &[OddError],
        visit: &mut Visit,
    ) -> Result<Streamed, String> {
        let mut reader = match self.0.worksheet_cells_reader(sheet) {
            Ok(reader) => reader,
            // A chart sheet or a dialog has no cells.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(Streamed::Done),
            Err(error) => return Err(in_words(error)),
        };
        let mut row = RowBuffer::default();
        for ordinal in 0.. {
            let (position, value) = match reader.next_cell_with_formula_metadata() {
                Ok(None) => break,
                Ok(Some(cell)) if cell.value == DataRef::Empty && cell.formula.is_none() => {
                    continue;
                }
                Ok(Some(cell)) if cell.value == DataRef::Empty => (cell.pos, Held::Uncalculated),
                Ok(Some(cell)) => (cell.pos, Held::Value(cell.value)),
                Err(XlsxError::CellError(text)) => {
                    let Ok(at) = odd.binary_search_by_key(&ordinal, |(ordinal, _)| *ordinal) else {
                        return Ok(Streamed::OddError);
                    };
                    let Some((_, position)) = odd.get(at) else {
                        continue;
                    };
                    (*position, Held::OddError(text))
                }
                Err(error) => return Err(in_words(error)),
            };
            if row.flush_before(position.0, epoch_1904, visit).is_break() {
                return Ok(Streamed::Done);
            }
            row.push(position, value);
        }
        // The last row: whether the visitor wants more does not matter any longer.
        let _ = row.flush(epoch_1904, visit);
        Ok(Streamed::Done)
    }

    /// The places of the cells whose error value calamine does not know, by their ordinal.
    fn odd_error_places(&mut self, sheet: &str) -> Result<Vec<OddError>, String> {
        let mut ordinals = Vec::new();
        let mut reader = self.0.worksheet_cells_reader(sheet).map_err(in_words)?;
        for ordinal in 0.. {
            match reader.next_cell() {
                Ok(None) => break,
                Ok(Some(_)) => {}
                Err(XlsxError::CellError(_)) => ordinals.push(ordinal),
                Err(error) => return Err(in_words(error)),
            }
        }
        drop(reader);
        let mut reader = self.0.worksheet_cells_reader(sheet).map_err(in_words)?;
        let mut places = Vec::with_capacity(ordinals.len());
        let mut wanted = ordinals.into_iter().peekable();
        for ordinal in 0.. {
            let Some(cell) = reader.next_formula().map_err(in_words)? else {
                break;
            };
            if wanted.next_if_eq(&ordinal).is_some() {
                places.push((ordinal, cell.get_position()));
            }
        }
        Ok(places)
    }
}

/// A cell held until its row is complete.
enum Held<'a> {
    Value(DataRef<'a>),
    OddError(String),
    Uncalculated,
}

impl Held<'_> {
    fn raw(&self, epoch_1904: bool) -> Raw<'_> {
        match self {
            Self::Value(value) => raw(value, epoch_1904),
            Self::OddError(text) => Raw::Error(text),
            Self::Uncalculated => Raw::Uncalculated,
        }
    }
}

/// The cells of the row that is being read.
#[derive(Default)]
struct RowBuffer<'a> {
    row: u32,
    cells: Vec<(u32, Held<'a>)>,
}

impl<'a> RowBuffer<'a> {
    fn push(&mut self, (row, column): (u32, u32), value: Held<'a>) {
        self.row = row;
        self.cells.push((column, value));
    }

    fn flush_before(&mut self, row: u32, epoch_1904: bool, visit: &mut Visit) -> ControlFlow<()> {
        if row == self.row {
            return ControlFlow::Continue(());
        }
        self.flush(epoch_1904, visit)
    }

    fn flush(&mut self, epoch_1904: bool, visit: &mut Visit) -> ControlFlow<()> {
        if self.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        let cells: Vec<(u32, Raw)> = self
            .cells
            .iter()
            .map(|(column, held)| (*column, held.raw(epoch_1904)))
            .collect();
        let flow = visit(self.row, &cells);
        self.cells.clear();
        flow
    }
}

/// `.ods`: calamine gives a rectangle, and formulas beside it.
struct OdsBook<'b>(Ods<Cursor<&'b [u8]>>);

impl Source for OdsBook<'_> {
    fn sheet_names(&self) -> Vec<String> {
        self.0.sheet_names()
    }

    fn epoch_1904(&self) -> bool {
        false
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), String> {
        let values = self.0.worksheet_range(sheet).map_err(in_words)?;
        let formulas = self.0.worksheet_formula(sheet).map_err(in_words)?;
        visit_range(&values, Some(&formulas), false, visit);
        Ok(())
    }
}

/// `.xls`: every formula has its value there.
struct XlsBook<'b>(Xls<Cursor<&'b [u8]>>);

impl Source for XlsBook<'_> {
    fn sheet_names(&self) -> Vec<String> {
        self.0.sheet_names()
    }

    fn epoch_1904(&self) -> bool {
        self.0.has_1904_epoch()
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), String> {
        let values = self.0.worksheet_range(sheet).map_err(in_words)?;
        visit_range(&values, None, self.epoch_1904(), visit);
        Ok(())
    }
}

fn visit_range(
    values: &Range<Data>,
    formulas: Option<&Range<String>>,
    epoch_1904: bool,
    visit: &mut Visit,
) {
    let Some((top, left)) = values.start() else {
        return;
    };
    for (row, cells) in (top..).zip(values.rows()) {
        let held: Vec<(u32, DataRef)> = (left..).zip(cells.iter().map(borrow)).collect();
        let raws: Vec<(u32, Raw)> = held
            .iter()
            .map(|(column, value)| {
                let formula = formulas.and_then(|range| range.get_value((row, *column)));
                let uncalculated =
                    *value == DataRef::Empty && formula.is_some_and(|text| !text.is_empty());
                let raw = if uncalculated {
                    Raw::Uncalculated
                } else {
                    raw(value, epoch_1904)
                };
                (*column, raw)
            })
            .filter(|(_, raw)| *raw != Raw::Empty)
            .collect();
        if !raws.is_empty() && visit(row, &raws).is_break() {
            return;
        }
    }
}

fn borrow(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(serial) => DataRef::DateTime(*serial),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn raw<'r>(value: &'r DataRef<'_>, epoch_1904: bool) -> Raw<'r> {
    match value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a cell's whole number is a double in every format"
        )]
        DataRef::Int(number) => Raw::Number(*number as f64),
        DataRef::Float(number) => Raw::Number(*number),
        DataRef::String(text) => Raw::Text(text),
        DataRef::SharedString(text) => Raw::Text(text),
        DataRef::Bool(value) => Raw::Bool(*value),
        DataRef::DateTime(serial) => date(*serial, epoch_1904),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::IsoDate(text),
        DataRef::Error(error) => Raw::Error(error_text(error)),
        DataRef::Empty => Raw::Empty,
    }
}

fn date(serial: ExcelDateTime, epoch_1904: bool) -> Raw<'static> {
    let kind = if serial.is_duration() {
        DateKind::Duration
    } else {
        DateKind::DateTime
    };
    let days = serial.as_f64();
    Raw::Date(
        if epoch_1904 {
            from_1904(days, kind)
        } else {
            days
        },
        kind,
    )
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
