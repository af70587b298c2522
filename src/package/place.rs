//! Where each owned column stands or will stand, before a byte is planned.

use super::edit::{OwnedColumn, OwnedValue, SheetEdit};
use super::refs::{self, Area};
use super::refusal::Refusal;
use super::survey::{HeaderCell, Survey};
use super::tables::Table;
use super::text;

/// A column's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seat {
    pub column: u32,
    pub added: bool,
    /// The style of the header to its left, for a header that we add.
    pub header_style: Option<u32>,
    /// Totals rows of the table that holds it, first and last: hers unless listed.
    pub spared: Option<(u32, u32)>,
}

/// The places of all columns of an edit.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// In the order of the edit.
    pub seats: Vec<Seat>,
    /// The table that the new columns join, by its place in the list.
    pub joined: Option<usize>,
    /// Why they don't join the one that they stand beside.
    pub apart: Option<&'static str>,
}

pub(super) fn place(
    edit: &SheetEdit,
    survey: &Survey,
    tables: &[Table],
    pivots: &[Area],
) -> Result<Layout, Refusal> {
    let mut layout = Layout::default();
    let mut seats = Vec::new();
    for (index, column) in edit.columns.iter().enumerate() {
        check_edit(&edit.sheet, column)?;
        let mut before = edit.columns.iter().take(index);
        if before.any(|other| text::same_header(&other.header, &column.header)) {
            return Err(wrong(&edit.sheet, "two owned columns of one name"));
        }
        seats.push(standing(&edit.sheet, column, &survey.headers)?);
    }
    let added: Vec<&OwnedColumn> = seats
        .iter()
        .zip(&edit.columns)
        .filter_map(|(seat, column)| seat.is_none().then_some(column))
        .collect();
    let mut next = first_free(edit, &added, survey, tables, pivots, &mut layout)?;
    for (seat, owned) in seats.into_iter().zip(&edit.columns) {
        let (column, is_new) = seat.map_or((next, true), |column| (column, false));
        next += u32::from(is_new);
        if column > refs::LAST_COLUMN {
            return Err(Refusal::NoRoom {
                sheet: edit.sheet.clone(),
            });
        }
        if layout.seats.iter().any(|seat| seat.column == column) {
            return Err(wrong(&edit.sheet, "two owned columns at one place"));
        }
        layout.seats.push(Seat {
            column,
            added: is_new,
            header_style: neighbour(&survey.headers, owned.header_row, column),
            spared: spared(tables, &layout, column, is_new),
        });
    }
    refuse_conflicts(edit, &layout, survey)?;
    Ok(layout)
}

fn wrong(sheet: &str, detail: impl Into<String>) -> Refusal {
    Refusal::WrongEdit {
        sheet: sheet.to_owned(),
        detail: detail.into(),
    }
}

fn check_edit(sheet: &str, column: &OwnedColumn) -> Result<(), Refusal> {
    let length = column.header.chars().count();
    if column.header.trim().is_empty() || length > 255 {
        return Err(wrong(sheet, "a header has 1 to 255 characters"));
    }
    let mut above = column.header_row;
    for (row, cell) in &column.cells {
        if *row <= above || *row > refs::LAST_ROW {
            let detail = format!("row {row} of {:?} is out of order", column.header);
            return Err(wrong(sheet, detail));
        }
        above = *row;
        if matches!(cell.value, OwnedValue::Number(number) if !number.is_finite()) {
            let detail = format!("row {row} of {:?} is no finite number", column.header);
            return Err(wrong(sheet, detail));
        }
    }
    Ok(())
}

/// The column where an owned column stands already.
pub(super) fn standing(
    sheet: &str,
    owned: &OwnedColumn,
    headers: &[HeaderCell],
) -> Result<Option<u32>, Refusal> {
    let row = owned.header_row;
    let headers = headers.iter().filter(|header| header.row == row);
    let Some(column) = owned.column else {
        let mut same = headers.filter(|header| text::same_header(header.read(), &owned.header));
        let first = same.next();
        if same.next().is_some() {
            return Err(Refusal::HeaderTwice {
                sheet: sheet.to_owned(),
                header: owned.header.to_string(),
            });
        }
        return Ok(first.map(|header| header.column));
    };
    let mut headers = headers;
    let found = headers.find(|header| header.column == column);
    let found = found.map_or("", HeaderCell::read);
    if !text::same_header(found, &owned.header) {
        return Err(Refusal::HeaderDiffers {
            sheet: sheet.to_owned(),
            cell: refs::name(row, column),
            expected: owned.header.to_string(),
            found: found.to_owned(),
        });
    }
    Ok(Some(column))
}

/// The column of the first new one: beside the last used, in a table that ends there, or apart from it.
fn first_free(
    edit: &SheetEdit,
    added: &[&OwnedColumn],
    survey: &Survey,
    tables: &[Table],
    pivots: &[Area],
    layout: &mut Layout,
) -> Result<u32, Refusal> {
    let Some(first) = added.first() else {
        return Ok(0);
    };
    let header_row = first.header_row;
    if added.iter().any(|column| column.header_row != header_row) {
        return Err(wrong(&edit.sheet, "new columns with several header rows"));
    }
    // A merged range shows nothing of what it covers, a refreshed pivot table writes over it.
    let taken = survey.tail.merges.iter().chain(pivots);
    let taken = taken.filter(|area| area.last_row >= header_row);
    let last = survey
        .last_used
        .into_iter()
        .chain(tables.iter().map(|table| table.area.last_column))
        .chain(taken.map(|area| area.last_column))
        .max();
    let Some(last) = last else {
        return Ok(0);
    };
    let beside = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| table.area.last_column == last && table.area.last_row >= header_row)
        .max_by_key(|(_, table)| table.has_header && table.area.first_row == header_row);
    let Some((index, table)) = beside else {
        return Ok(last + 1);
    };
    match refuse_to_join(table, added, survey) {
        None => {
            layout.joined = Some(index);
            Ok(last + 1)
        }
        Some(why) => {
            layout.apart = Some(why);
            Ok(last + 2)
        }
    }
}

/// What keeps the new columns from joining a table that ends beside them.
fn refuse_to_join(table: &Table, added: &[&OwnedColumn], survey: &Survey) -> Option<&'static str> {
    let header_row = added.first()?.header_row;
    if !table.has_header || table.area.first_row != header_row {
        return Some("its header is in another row");
    }
    if table.closed.is_some() {
        return table.closed;
    }
    let mut area = table.area;
    area.last_column += u32::try_from(added.len()).unwrap_or(0);
    if survey.tail.merges.iter().any(|merge| merge.meets(&area)) {
        return Some("it has merged cells");
    }
    let clash = |name: &str| {
        let mut names = table.names.iter();
        names.any(|known| known.to_lowercase() == name.to_lowercase())
    };
    let mut names: Vec<String> = added.iter().map(|c| c.header.to_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < added.len() || added.iter().any(|column| clash(&column.header)) {
        return Some("it has a column of that name");
    }
    let (from, to) = table.totals()?;
    let written = added
        .iter()
        .flat_map(|column| &column.cells)
        .any(|(row, cell)| (from..=to).contains(row) && !cell.value.is_empty());
    written.then_some("its totals row would be written into")
}

/// The style of the nearest filled header to the left.
fn neighbour(headers: &[HeaderCell], row: u32, column: u32) -> Option<u32> {
    let left = headers
        .iter()
        .filter(|header| header.row == row && header.column < column);
    left.max_by_key(|header| header.column)?.style
}

fn spared(tables: &[Table], layout: &Layout, column: u32, added: bool) -> Option<(u32, u32)> {
    if added {
        return tables.get(layout.joined?)?.totals();
    }
    let mut holding = tables
        .iter()
        .filter(|table| (table.area.first_column..=table.area.last_column).contains(&column));
    holding.find_map(Table::totals)
}

/// Merged ranges that would hide a value, array formulas that fill owned cells.
fn refuse_conflicts(edit: &SheetEdit, layout: &Layout, survey: &Survey) -> Result<(), Refusal> {
    for (seat, owned) in layout.seats.iter().zip(&edit.columns) {
        let from = owned.header_row + u32::from(!seat.added);
        let below = Area {
            first_row: from,
            first_column: seat.column,
            last_row: refs::LAST_ROW,
            last_column: seat.column,
        };
        if let Some(array) = survey.arrays.iter().find(|array| array.meets(&below)) {
            return Err(Refusal::ArrayFormula {
                sheet: edit.sheet.clone(),
                cell: refs::name(array.first_row.max(from), seat.column),
                range: array.to_string(),
            });
        }
        for merge in survey
            .tail
            .merges
            .iter()
            .filter(|merge| merge.meets(&below))
        {
            if let Some(row) = hidden_value(owned, seat, merge) {
                return Err(Refusal::Merged {
                    sheet: edit.sheet.clone(),
                    cell: refs::name(row, seat.column),
                    range: merge.to_string(),
                });
            }
        }
    }
    Ok(())
}

/// The first row of a column whose value a merged range would hide.
fn hidden_value(owned: &OwnedColumn, seat: &Seat, merge: &Area) -> Option<u32> {
    let shows = |row: u32| row == merge.first_row && seat.column == merge.first_column;
    if seat.added && merge.holds(owned.header_row, seat.column) && !shows(owned.header_row) {
        return Some(owned.header_row);
    }
    let from = owned
        .cells
        .partition_point(|(row, _)| *row < merge.first_row);
    owned
        .cells
        .iter()
        .skip(from)
        .take_while(|(row, _)| *row <= merge.last_row)
        .find(|(row, cell)| !cell.value.is_empty() && !shows(*row))
        .map(|(row, _)| *row)
}
