//! Our cells, read again: by our own reader, and by calamine, which shares no code with the patcher.

mod calamine;

use std::ops::ControlFlow;

use crate::model::season::Format;
use crate::package::{OwnedColumn, OwnedValue, Placed, SheetEdit};
use crate::sheets::cells::{self, Raw, clean_line};
use crate::sheets::source::{self, Visit};

/// Excel's limit of a text, in UTF-16 units: beyond it a text is cut.
const LONGEST: usize = 32_767;

/// Whether every owned cell of `after` reads back as planned, in our reader and in calamine.
///
/// calamine is no judge of a sheet that it doesn't read right before we touched it (Strict packages,
/// alternate content).
pub fn check(
    before: &[u8],
    after: &[u8],
    edits: &[SheetEdit],
    placed: &[Placed],
) -> Result<(), String> {
    let mut ours = source::open(after, Format::Package).map_err(in_words)?;
    let mut placed = placed;
    for edit in edits {
        let Some((here, others)) = placed.split_at_checked(edit.columns.len()) else {
            return Err("a column has no place".to_owned());
        };
        placed = others;
        check_sheet(edit, here, |visit| {
            ours.visit(&edit.sheet, visit).map_err(in_words)
        })?;
        let by_calamine = check_sheet(edit, here, |visit| {
            calamine::visit(after, &edit.sheet, visit)
        });
        if by_calamine.is_err() && calamine::sees_what_we_see(before, &edit.sheet) {
            return by_calamine;
        }
    }
    Ok(())
}

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// An owned column and the cells of it that were not met yet.
struct Awaited<'e> {
    column: u32,
    owned: &'e OwnedColumn,
    next: usize,
}

impl Awaited<'_> {
    /// What is planned for the row; rows come in order.
    fn planned(&mut self, row: u32) -> Option<&OwnedValue> {
        let (at, cell) = self.owned.cells.get(self.next)?;
        if *at != row {
            return None;
        }
        self.next += 1;
        Some(&cell.value)
    }

    /// Rows without any cell are not visited: nothing may have been planned for those passed over.
    fn skip_empty_before(&mut self, row: u32) -> Result<(), String> {
        while let Some((at, cell)) = self.owned.cells.get(self.next) {
            if *at >= row {
                break;
            }
            if !is_empty(&cell.value) {
                return Err(format!("row {} is missing", at + 1));
            }
            self.next += 1;
        }
        Ok(())
    }
}

fn check_sheet(
    edit: &SheetEdit,
    placed: &[Placed],
    read: impl FnOnce(&mut Visit) -> Result<(), String>,
) -> Result<(), String> {
    let columns = edit.columns.iter().zip(placed);
    let mut awaited: Vec<Awaited> = columns
        .map(|(owned, placed)| Awaited {
            column: placed.column,
            owned,
            next: 0,
        })
        .collect();
    let mut wrong = None;
    read(&mut |row, cells| {
        for column in &mut awaited {
            if let Err(what) = check_cell(column, row, cells) {
                wrong = Some(what);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    let at_end = awaited
        .iter_mut()
        .try_for_each(|column| column.skip_empty_before(u32::MAX));
    wrong
        .map_or(at_end, Err)
        .map_err(|what| format!("sheet {:?}: {what}", edit.sheet))
}

fn check_cell(column: &mut Awaited, row: u32, cells: &[(u32, Raw)]) -> Result<(), String> {
    column.skip_empty_before(row)?;
    let found = cells.iter().find(|(at, _)| *at == column.column);
    let found = found.map_or(Raw::Empty, |(_, raw)| *raw);
    let header = &column.owned.header;
    let right = if row == column.owned.header_row {
        reads_as_header(&found, header)
    } else {
        let Some(planned) = column.planned(row) else {
            return Ok(());
        };
        reads_as(&found, planned)
    };
    if right {
        return Ok(());
    }
    Err(format!(
        "column {}, row {} does not read as planned",
        column.column + 1,
        row + 1
    ))
}

fn is_empty(value: &OwnedValue) -> bool {
    match value {
        OwnedValue::Empty => true,
        OwnedValue::Text(text) => text.is_empty(),
        OwnedValue::Number(_) => false,
    }
}

fn reads_as(found: &Raw, planned: &OwnedValue) -> bool {
    match planned {
        OwnedValue::Empty => reads_as_text(found, ""),
        OwnedValue::Text(text) => reads_as_text(found, text),
        OwnedValue::Number(number) => match found {
            // To the last digit that is written.
            // A style of hers may make a date of it.
            Raw::Number(found) | Raw::Date(found, _) => {
                (found - number).abs() <= f64::EPSILON * number.abs()
            }
            _ => false,
        },
    }
}

/// A header that she wrote may have a line break or blanks around it.
fn reads_as_header(found: &Raw, planned: &str) -> bool {
    let read = cells::text(*found).ok().flatten();
    read.is_some_and(|read| read == clean_line(planned))
}

fn reads_as_text(found: &Raw, planned: &str) -> bool {
    match found {
        Raw::Empty => planned.is_empty(),
        Raw::Text(found) => *found == planned || reads_otherwise(planned),
        _ => false,
    }
}

/// Texts that Excel keeps in a form of its own (`_x000D_`), which readers give as it stands, or
/// cuts: `package::verify` reads those.
fn reads_otherwise(text: &str) -> bool {
    let control = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    text.contains("_x")
        || text.contains(control)
        || text.encode_utf16().count() > LONGEST
        || text.contains(['\u{FFFE}', '\u{FFFF}'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{CellFormat, OwnedCell, patch};

    fn text(value: &str) -> OwnedValue {
        OwnedValue::Text(value.to_owned().into())
    }

    fn edit(cells: Vec<(u32, OwnedValue)>) -> SheetEdit {
        let cells = cells.into_iter().map(|(row, value)| {
            let format = CellFormat::PLAIN;
            (row, OwnedCell { value, format })
        });
        SheetEdit {
            sheet: "Ateliers".to_owned(),
            columns: vec![OwnedColumn {
                header: "Contrôle (auto)".into(),
                header_row: 0,
                column: None,
                cells: cells.collect(),
                width: None,
            }],
        }
    }

    fn book() -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet().set_name("Ateliers").expect("a name");
        for row in 0..6 {
            sheet.write(row, 0, "x").expect("written");
        }
        book.save_to_buffer().expect("a workbook")
    }

    #[test]
    fn what_was_planned_reads_back() {
        let edits = [edit(vec![
            (1, text("OK")),
            (2, text(" =1+1\n& deux <lignes> ")),
            (3, OwnedValue::Empty),
            (4, OwnedValue::Number(3.5)),
            (5, text("_x000D_ et \r")),
            (9, text("loin")),
        ])];
        let patched = patch(&book(), &edits).expect("patched");
        let checked = check(&book(), &patched.bytes, &edits, &patched.columns);
        assert_eq!(checked, Ok(()));
        assert!(calamine::sees_what_we_see(&book(), "Ateliers"));
    }

    #[test]
    fn what_differs_is_told_with_its_place() {
        let made = patch(
            &book(),
            &[edit(vec![(1, text("OK")), (4, OwnedValue::Number(1.0))])],
        )
        .expect("patched");
        let wrong = "sheet \"Ateliers\": column 2, row 2 does not read as planned";
        for (cells, message) in [
            (vec![(1, text("KO"))], wrong),
            (vec![(1, OwnedValue::Empty)], wrong),
            (vec![(1, OwnedValue::Number(1.0))], wrong),
            (
                vec![(9, text("OK"))],
                "sheet \"Ateliers\": row 10 is missing",
            ),
        ] {
            let edits = [edit(cells)];
            let error = check(&book(), &made.bytes, &edits, &made.columns).expect_err("differs");
            assert_eq!(error, message);
            let error = check_sheet(&edits[0], &made.columns, |visit| {
                calamine::visit(&made.bytes, "Ateliers", visit)
            });
            assert_eq!(error.expect_err("differs"), message);
        }
    }
}
