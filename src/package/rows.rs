//! Rows held in memory as bytes, for formats that can't be read twice or row by row.

use std::ops::ControlFlow;

use super::reader::{Value, Visit};

/// More bytes than that are more than a table that people keep.
const MAX_BYTES: usize = 256 << 20;
/// The cells that repeated rows and columns come to.
const MAX_CELLS: u64 = 20_000_000;
/// A row's number, how often it repeats, how many cells it has.
const ROW_HEAD: usize = 12;

/// The rows of a sheet.
///
/// A row is its number, how often it repeats below itself and how many cells it has (four bytes
/// each, little-endian, like all numbers here); a cell its column (four bytes), the tag of its kind
/// and its value: eight bytes of a number, one of a boolean, or a text's length (four bytes) and bytes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Rows {
    bytes: Vec<u8>,
    cells: u64,
}

/// The rows are more than is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more cells than a table that people keep")]
pub struct TooMany;

const TEXT: u8 = 0;
const NUMBER: u8 = 1;
const BOOL: u8 = 2;
const DATE: u8 = 3;
const DURATION: u8 = 4;
const ISO: u8 = 5;
const ERROR: u8 = 6;
const UNCALCULATED: u8 = 7;

impl Rows {
    /// Adds a row that stands `repeated` times from number `row` (from 0) on; one without cells counts for nothing.
    ///
    /// # Errors
    /// It is too much.
    pub fn push(
        &mut self,
        row: u32,
        repeated: u32,
        cells: &[(u32, Value<'_>)],
    ) -> Result<(), TooMany> {
        if cells.is_empty() {
            return Ok(());
        }
        let count = u32::try_from(cells.len()).map_err(|_| TooMany)?;
        self.cells += u64::from(count) * u64::from(repeated);
        if self.cells > MAX_CELLS {
            return Err(TooMany);
        }
        for number in [row, repeated, count] {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        for (column, value) in cells {
            self.push_cell(*column, *value)?;
        }
        Ok(())
    }

    fn push_cell(&mut self, column: u32, value: Value<'_>) -> Result<(), TooMany> {
        self.bytes.extend_from_slice(&column.to_le_bytes());
        match value {
            Value::Text(text) => self.push_text(TEXT, text),
            Value::Iso(text) => self.push_text(ISO, text),
            Value::Error(text) => self.push_text(ERROR, text),
            Value::Number(number) => self.push_number(NUMBER, number),
            Value::Date(number) => self.push_number(DATE, number),
            Value::Duration(number) => self.push_number(DURATION, number),
            Value::Bool(value) => self.bytes.extend_from_slice(&[BOOL, u8::from(value)]),
            Value::Uncalculated => self.bytes.push(UNCALCULATED),
        }
        if self.bytes.len() > MAX_BYTES {
            return Err(TooMany);
        }
        Ok(())
    }

    fn push_number(&mut self, tag: u8, number: f64) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn push_text(&mut self, tag: u8, text: &str) {
        // Longer than four bytes can say is longer than all that is held.
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// The rows as bytes, to be handed to another process.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The rows that another process handed over.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes, cells: 0 }
    }

    /// Visits the rows from the top; stops when told to. False when the bytes are not whole rows.
    #[must_use]
    pub fn visit(&self, visit: &mut Visit) -> bool {
        let mut rest = self.bytes.as_slice();
        let mut cells = Vec::new();
        while !rest.is_empty() {
            let Some((row, repeated)) = take_row(&mut rest, &mut cells) else {
                return false;
            };
            for row in (row..).take(repeated as usize) {
                if visit(row, &cells) == ControlFlow::Break(()) {
                    return true;
                }
            }
        }
        true
    }
}

fn take_row<'r>(rest: &mut &'r [u8], cells: &mut Vec<(u32, Value<'r>)>) -> Option<(u32, u32)> {
    cells.clear();
    let mut head = take(rest, ROW_HEAD)?;
    let (row, repeated) = (take_u32(&mut head)?, take_u32(&mut head)?);
    for _ in 0..take_u32(&mut head)? {
        let column = take_u32(rest)?;
        cells.push((column, take_value(rest)?));
    }
    Some((row, repeated))
}

fn take_value<'r>(rest: &mut &'r [u8]) -> Option<Value<'r>> {
    let tag = *take(rest, 1)?.first()?;
    Some(match tag {
        TEXT => Value::Text(take_text(rest)?),
        ISO => Value::Iso(take_text(rest)?),
        ERROR => Value::Error(take_text(rest)?),
        NUMBER => Value::Number(take_f64(rest)?),
        DATE => Value::Date(take_f64(rest)?),
        DURATION => Value::Duration(take_f64(rest)?),
        BOOL => Value::Bool(take(rest, 1)? != [0]),
        UNCALCULATED => Value::Uncalculated,
        _ => return None,
    })
}

fn take<'r>(rest: &mut &'r [u8], count: usize) -> Option<&'r [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?))
}

fn take_f64(rest: &mut &[u8]) -> Option<f64> {
    Some(f64::from_le_bytes(take(rest, 8)?.try_into().ok()?))
}

fn take_text<'r>(rest: &mut &'r [u8]) -> Option<&'r str> {
    let length = take_u32(rest)? as usize;
    std::str::from_utf8(take(rest, length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: [(u32, Value<'_>); 8] = [
        (0, Value::Text("é")),
        (1, Value::Number(0.1)),
        (2, Value::Bool(true)),
        (3, Value::Date(44208.5)),
        (4, Value::Duration(-1.0)),
        (5, Value::Iso("2021-01-12")),
        (9, Value::Error("#N/A")),
        (16_383, Value::Uncalculated),
    ];

    #[test]
    fn rows_come_back_as_often_as_they_repeat() {
        let mut rows = Rows::default();
        rows.push(3, 2, &CELLS).unwrap();
        rows.push(7, 1, &[]).unwrap();
        rows.push(9, 1, &CELLS[..1]).unwrap();
        let mut seen = Vec::new();
        let again = Rows::from_bytes(rows.as_bytes().to_vec());
        assert!(again.visit(&mut |row, cells| {
            assert_eq!(cells, &CELLS[..cells.len()]);
            seen.push((row, cells.len()));
            ControlFlow::Continue(())
        }));
        assert_eq!(seen, [(3, 8), (4, 8), (9, 1)]);
    }

    #[test]
    fn stops_when_told_and_says_when_bytes_are_cut() {
        let mut rows = Rows::default();
        rows.push(0, u32::MAX / 1_000, &CELLS[..1]).unwrap();
        let mut count = 0;
        assert!(rows.visit(&mut |_, _| {
            count += 1;
            ControlFlow::Break(())
        }));
        assert_eq!(count, 1);
        let bytes = rows.as_bytes();
        for cut in 1..bytes.len() {
            let cut = Rows::from_bytes(bytes[..cut].to_vec());
            assert!(!cut.visit(&mut |_, _| ControlFlow::Continue(())));
        }
    }

    #[test]
    fn more_cells_than_people_keep_are_refused() {
        let mut rows = Rows::default();
        assert_eq!(rows.push(0, 1_048_576, &[CELLS[1]; 20]), Err(TooMany));
        let long = "a".repeat(1 << 20);
        let mut rows = Rows::default();
        let full = (0..300).find(|row| rows.push(*row, 1, &[(0, Value::Text(&long))]).is_err());
        assert_eq!(full, Some(255));
    }
}
