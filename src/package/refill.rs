//! Parts of a workbook of ours written anew: tens of thousands of rows go into a new workbook at the
//! cost of their bytes, where a library that builds cell by cell looks up each cell's format.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::container::Container;
use super::opc::part_key;
use super::refusal::Refusal;
use super::render::{CellXml, Value};
use super::rezip::{self, Content, Fill};
use super::text;

/// Rows that are looked at for one morning: half of the time of level 5, for a seventh more bytes.
const LEVEL: u32 = 2;

/// A part to be written anew.
pub struct Refill<'r> {
    /// Its name, `xl/worksheets/sheet1.xml`.
    pub part: &'r str,
    /// Given what it holds, writes what it is to hold.
    pub write: &'r dyn Fn(&str, &mut dyn Write) -> io::Result<()>,
}

/// A package with these parts written anew, all others as they were.
///
/// # Errors
/// A part isn't there or is no text, or the package can't be read.
pub fn refill(source: &[u8], parts: &[Refill<'_>]) -> Result<Vec<u8>, Refusal> {
    let container = Container::open(source)?;
    let mut held = Vec::with_capacity(parts.len());
    for part in parts {
        let missing = |detail: &str| Refusal::DamagedPart {
            part: part.part.to_owned(),
            detail: detail.to_owned(),
        };
        let entry = container.find(&part_key(part.part));
        let entry = entry.ok_or_else(|| missing("it is not there"))?;
        let old = String::from_utf8(container.read(entry)?);
        held.push((entry, part, old.map_err(|_| missing("it is no text"))?));
    }
    let fills: Vec<(usize, Box<Fill<'_>>)> = held
        .iter()
        .map(|(entry, part, old)| {
            let fill: Box<Fill<'_>> = Box::new(|into: &mut dyn Write| (part.write)(old, into));
            (*entry, fill)
        })
        .collect();
    let contents: BTreeMap<usize, Content<'_>> = fills
        .iter()
        .map(|(entry, fill)| (*entry, Content::Written(&**fill, LEVEL)))
        .collect();
    rezip::rewrite(&container, source, &contents)
}

/// Appends a cell with a text, or an empty one (rows and columns from 0 on), in a style of the workbook.
pub fn push_text_cell(out: &mut Vec<u8>, (row, column): (u32, u32), style: u32, text: &str) {
    let value = if text.is_empty() {
        Value::Empty
    } else {
        Value::Text(text)
    };
    let cell = CellXml {
        row,
        column,
        style: Some(style),
        value,
    };
    cell.push(out, b"");
}

/// Appends the value of an attribute, for `"`.
pub fn push_attribute(out: &mut Vec<u8>, value: &str) {
    text::push_attribute(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Book;

    fn book() -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "x").unwrap();
        book.add_worksheet().write(0, 0, "y").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn a_part_holds_what_was_written_and_the_others_what_they_held() {
        let source = book();
        let write = |old: &str, into: &mut dyn Write| {
            let (head, _) = old.split_once("<sheetData>").unwrap_or_default();
            let (_, tail) = old.split_once("</sheetData>").unwrap_or_default();
            let mut row = b"<row r=\"1\">".to_vec();
            push_text_cell(&mut row, (0, 0), 0, "a < b & c");
            push_text_cell(&mut row, (0, 1), 0, "");
            row.extend_from_slice(b"</row>");
            write!(into, "{head}<sheetData>")?;
            into.write_all(&row)?;
            write!(into, "</sheetData>{tail}")
        };
        let part = Refill {
            part: "xl/worksheets/sheet1.xml",
            write: &write,
        };
        let made = refill(&source, &[part]).unwrap();
        let mut seen = Vec::new();
        let reader = Book::open(&made).unwrap();
        for sheet in ["Sheet1", "Sheet2"] {
            reader
                .visit(sheet, &mut |row, cells| {
                    seen.push(format!("{row} {cells:?}"));
                    std::ops::ControlFlow::Continue(())
                })
                .unwrap();
        }
        assert_eq!(
            seen,
            ["0 [(0, Text(\"a < b & c\"))]", "0 [(0, Text(\"y\"))]"]
        );
    }

    #[test]
    fn a_part_that_is_not_there_or_cannot_be_written_is_an_error() {
        let failing = |_: &str, _: &mut dyn Write| Err(io::Error::other("no"));
        for part in ["xl/worksheets/sheet9.xml", "xl/worksheets/sheet1.xml"] {
            let write = &failing;
            assert!(refill(&book(), &[Refill { part, write }]).is_err());
        }
    }
}
