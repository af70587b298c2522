//! A patched sheet against its source, row by row: two scanners side by side.

use std::collections::BTreeSet;
use std::io::Read;

use super::cell::CellType;
use super::container::Container;
use super::edit::{CellFormat, OwnedCell, OwnedColumn, OwnedValue, SheetEdit};
use super::opc::{SheetPart, Workbook};
use super::place;
use super::refs;
use super::refusal::Refusal;
use super::scan::{Cell, Head, Item, Row, Scanner, Where};
use super::strings::{self, CellText};
use super::survey;
use super::tables::Table;
use super::text;
use super::verify::{Difference, StyleNumbers};
use super::verify_parts::raw_attributes_but;

/// Both packages and what was wanted of one sheet.
pub(super) struct Sides<'v, 's> {
    pub old: &'v Container<'s>,
    pub new: &'v Container<'s>,
    pub book: &'v Workbook,
    pub part: &'v SheetPart,
    pub edit: &'v SheetEdit,
    /// The tables of the patched sheet.
    pub tables: &'v [Table],
    pub styles: &'v StyleNumbers,
}

/// The columns that were added, by owned column.
pub(super) fn verify(sides: &Sides<'_, '_>) -> Result<Vec<Option<u32>>, Difference> {
    let was = sides.columns(sides.old)?;
    let is = sides.columns(sides.new)?;
    let mut owned = Vec::new();
    for ((was, is), column) in was.iter().zip(&is).zip(&sides.edit.columns) {
        let place = is.ok_or_else(|| sides.cell(column.header_row, 0, "our header is missing"))?;
        if was.is_some_and(|was| was != place) {
            return Err(sides.cell(column.header_row, place, "our column moved"));
        }
        owned.push(Owned::new(column, place, was.is_none(), sides.tables));
    }
    sides.old.stream(sides.part.entry, |from| {
        sides.new.stream(sides.part.entry, |new| {
            let left = Scanner::open_keeping(from, sides.place())?;
            let right = Scanner::open_keeping(new, sides.place())?;
            compare(sides, left, right, &mut owned)
        })?
    })??;
    let added = owned
        .iter()
        .map(|owned| owned.added.then_some(owned.column));
    Ok(added.collect())
}

impl Sides<'_, '_> {
    fn place(&self) -> Where {
        Where {
            sheet: self.part.name.clone(),
            part: self.old.name(self.part.entry),
        }
    }

    fn cell(&self, row: u32, column: u32, detail: &'static str) -> Difference {
        Difference::Cell {
            sheet: self.edit.sheet.clone(),
            cell: refs::name(row, column),
            detail,
        }
    }

    fn outside(&self, detail: &str) -> Difference {
        Difference::Part {
            part: self.old.name(self.part.entry),
            detail: detail.to_owned(),
        }
    }

    /// Where the owned columns stand in one of the two.
    fn columns(&self, side: &Container<'_>) -> Result<Vec<Option<u32>>, Refusal> {
        let rows: BTreeSet<u32> = self.edit.columns.iter().map(|c| c.header_row).collect();
        let mut headers = side.stream(self.part.entry, |from| {
            survey::headers(Scanner::open(from, self.place())?, &rows)
        })??;
        survey::read_shared(&mut headers, side, self.book)?;
        let columns = self.edit.columns.iter();
        columns
            .map(|column| place::standing(&self.edit.sheet, column, &headers))
            .collect()
    }
}

/// An owned column on its way down.
struct Owned<'v> {
    wanted: &'v OwnedColumn,
    column: u32,
    added: bool,
    /// Listed cells that are past.
    past: usize,
    header_seen: bool,
    totals: Option<(u32, u32)>,
}

impl<'v> Owned<'v> {
    fn new(wanted: &'v OwnedColumn, column: u32, added: bool, tables: &[Table]) -> Self {
        let mut holding = tables
            .iter()
            .filter(|table| (table.area.first_column..=table.area.last_column).contains(&column));
        Self {
            wanted,
            column,
            added,
            past: 0,
            header_seen: !added,
            totals: holding.find_map(Table::totals),
        }
    }

    /// Whether a cell of this column is ours in this row.
    fn holds(&self, row: u32) -> bool {
        let first = self.wanted.header_row + u32::from(!self.added);
        let in_totals = self
            .totals
            .is_some_and(|(from, to)| (from..=to).contains(&row));
        row >= first && (!in_totals || self.listed(row).is_some())
    }

    fn listed(&self, row: u32) -> Option<&'v OwnedCell> {
        let cells = &self.wanted.cells;
        let index = cells.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        cells.get(index).map(|(_, cell)| cell)
    }

    /// What was wanted in this row; `Err` with the row of a listed cell that was never seen.
    fn reach(&mut self, row: u32) -> Result<Option<&'v OwnedCell>, u32> {
        while let Some((listed, cell)) = self.wanted.cells.get(self.past) {
            if *listed > row {
                return Ok(None);
            }
            self.past += 1;
            if *listed == row {
                return Ok(Some(cell));
            }
            if !cell.is_nothing() {
                return Err(*listed);
            }
        }
        Ok(None)
    }
}

/// One row without our cells.
#[derive(Default)]
struct Others {
    row: Option<Row>,
    tag: Vec<u8>,
    /// Column and bytes of every other cell.
    cells: Vec<u8>,
}

fn compare<A: Read, B: Read>(
    sides: &Sides<'_, '_>,
    mut old: Scanner<A>,
    mut new: Scanner<B>,
    owned: &mut [Owned<'_>],
) -> Result<(), Difference> {
    same_head(sides, old.head(), new.head())?;
    let prefix = new.head().prefix.clone();
    let (mut left, mut right) = (Others::default(), Others::default());
    next_row(&mut old, &mut left, |cell| Ok(is_ours(owned, cell)))?;
    loop {
        next_row(&mut new, &mut right, |cell| {
            check_ours(sides, owned, cell, &prefix)
        })?;
        let Some(row) = &right.row else {
            break;
        };
        if left.row.as_ref().is_none_or(|old| row.index < old.index) {
            if row.attributes || !right.cells.is_empty() {
                return Err(sides.cell(row.index, 0, "a row came that is not ours"));
            }
            continue;
        }
        let same_tag =
            raw_attributes_but(&left.tag, &["spans"]) == raw_attributes_but(&right.tag, &["spans"]);
        if left.row.as_ref().map(|old| old.index) != Some(row.index)
            || !same_tag
            || left.cells != right.cells
        {
            return Err(sides.cell(row.index, 0, "what is not ours changed in this row"));
        }
        next_row(&mut old, &mut left, |cell| Ok(is_ours(owned, cell)))?;
    }
    if let Some(row) = &left.row {
        return Err(sides.cell(row.index, 0, "a row is gone"));
    }
    for column in owned {
        if !column.header_seen {
            return Err(sides.cell(
                column.wanted.header_row,
                column.column,
                "our header is missing",
            ));
        }
        if let Err(row) = column.reach(u32::MAX) {
            return Err(sides.cell(row, column.column, "our cell is missing"));
        }
    }
    if old.finish()?.bytes != new.finish()?.bytes {
        return Err(sides.outside("what follows the rows changed"));
    }
    Ok(())
}

fn is_ours(owned: &[Owned<'_>], cell: &Cell<'_>) -> bool {
    let mut mine = owned.iter();
    mine.any(|owned| owned.column == cell.column && owned.holds(cell.row))
}

/// Reads one row; `ours` says which cells to leave out.
fn next_row<R: Read>(
    scanner: &mut Scanner<R>,
    into: &mut Others,
    mut ours: impl FnMut(&Cell<'_>) -> Result<bool, Difference>,
) -> Result<(), Difference> {
    into.cells.clear();
    into.row = None;
    while let Some(item) = scanner.next()? {
        match item {
            Item::Row(row, tag) => {
                let closed = row.self_closed;
                into.row = Some(row);
                into.tag.clear();
                into.tag.extend_from_slice(tag);
                if closed {
                    return Ok(());
                }
            }
            Item::Cell(cell) => {
                if !ours(&cell)? {
                    into.cells.extend_from_slice(&cell.column.to_le_bytes());
                    into.cells.extend_from_slice(cell.bytes);
                }
            }
            Item::RowEnd(_) => return Ok(()),
        }
    }
    Ok(())
}

fn check_ours(
    sides: &Sides<'_, '_>,
    owned: &mut [Owned<'_>],
    cell: &Cell<'_>,
    prefix: &[u8],
) -> Result<bool, Difference> {
    let mut mine = owned.iter_mut().filter(|owned| owned.column == cell.column);
    let Some(column) = mine.next().filter(|owned| owned.holds(cell.row)) else {
        return Ok(false);
    };
    let wrong = |detail| sides.cell(cell.row, cell.column, detail);
    if cell
        .raw
        .style
        .is_some_and(|style| sides.styles.count > 0 && style as usize >= sides.styles.count)
    {
        return Err(wrong("its style is not there"));
    }
    if cell.raw.formula.is_some() || cell.raw.rich {
        return Err(wrong("it is a formula or a rich value"));
    }
    if cell.row == column.wanted.header_row {
        column.header_seen = true;
        if reads_text(cell, prefix, &column.wanted.header) {
            return Ok(true);
        }
        return Err(wrong("our header reads otherwise"));
    }
    let wanted = column.reach(cell.row);
    let wanted = wanted.map_err(|row| sides.cell(row, cell.column, "our cell is missing"))?;
    let right = match wanted.map(|wanted| &wanted.value) {
        Some(OwnedValue::Number(number)) => reads_number(cell, prefix, *number),
        Some(OwnedValue::Text(text)) if !text.is_empty() => reads_text(cell, prefix, text),
        _ => !cell.raw.filled,
    };
    if !right {
        return Err(wrong("it does not hold what was planned"));
    }
    let format = wanted.map_or(CellFormat::PLAIN, |wanted| wanted.format);
    match sides.styles.of(&format) {
        Some(index) if cell.raw.style != Some(index) => Err(wrong("it does not look as planned")),
        _ => Ok(true),
    }
}

fn reads_text(cell: &Cell<'_>, prefix: &[u8], wanted: &str) -> bool {
    cell.raw.kind == CellType::Inline
        && matches!(
            strings::cell_text(cell.bytes, prefix, CellType::Inline),
            CellText::Here(text) if text == text::fit(wanted)
        )
}

fn reads_number(cell: &Cell<'_>, prefix: &[u8], wanted: f64) -> bool {
    let CellText::Here(text) = strings::cell_text(cell.bytes, prefix, cell.raw.kind) else {
        return false;
    };
    // The very same bits, but for the sign of zero.
    cell.raw.kind == CellType::Other
        && text.parse::<f64>().is_ok_and(|number| {
            number.to_bits() == wanted.to_bits() || (number == 0.0 && wanted == 0.0)
        })
}

/// Before the rows, only the dimension and the widths of added columns may differ.
fn same_head(sides: &Sides<'_, '_>, old: &Head, new: &Head) -> Result<(), Difference> {
    let widths = sides.edit.columns.iter().any(|c| c.width.is_some());
    let cols = |head: &Head| head.cols.as_ref().map(|(_, bytes)| bytes.clone());
    if !widths && cols(old) != cols(new) {
        return Err(sides.outside("the widths of columns changed"));
    }
    let tag = |head: &Head| {
        let start = usize::try_from(head.rows.start).unwrap_or(0);
        raw_attributes_but(head.bytes.get(start..).unwrap_or_default(), &[])
    };
    if rest(old) != rest(new) || tag(old) != tag(new) {
        return Err(sides.outside("what precedes the rows changed"));
    }
    Ok(())
}

/// The bytes before the rows without the dimension's value and without `cols`.
fn rest(head: &Head) -> Vec<u8> {
    let mut cut = Vec::new();
    cut.extend(head.dimension.as_ref().map(|(range, _)| range.clone()));
    cut.extend(
        head.cols
            .as_ref()
            .map(|(at, bytes)| *at..*at + bytes.len() as u64),
    );
    cut.push(head.rows.clone());
    let mut out = Vec::new();
    let mut from = 0;
    for range in cut {
        let (start, end) = (
            usize::try_from(range.start).unwrap_or(0),
            usize::try_from(range.end).unwrap_or(0),
        );
        out.extend_from_slice(head.bytes.get(from..start).unwrap_or_default());
        from = end;
    }
    out
}
