//! A first look over a sheet: what is used, what the header rows say, what is merged or spilled into.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::cell::Formula;
use super::container::Container;
use super::formulas::Reads;
use super::opc::Workbook;
use super::refs::Area;
use super::refusal::Refusal;
use super::scan::{Cell, Head, Item, Scanner, Tail};
use super::stale;
use super::strings::{self, CellText};

/// What a sheet is like before anything is planned.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    pub head: Head,
    pub tail: Tail,
    /// The last column with a value or a formula; a cell that is only formatted doesn't count.
    pub last_used: Option<u32>,
    /// The filled cells of the header rows asked for.
    pub headers: Vec<HeaderCell>,
    /// What array formulas and data tables fill.
    pub arrays: Vec<Area>,
    /// What its formulas read.
    pub reads: Reads,
    /// See [`Scanner::is_plain`].
    pub plain: bool,
}

/// A filled cell of a header row.
#[derive(Debug, Clone)]
pub(super) struct HeaderCell {
    pub row: u32,
    pub column: u32,
    pub style: Option<u32>,
    pub text: CellText,
}

impl HeaderCell {
    pub fn read(&self) -> &str {
        match &self.text {
            CellText::Here(text) => text,
            CellText::Shared(_) => "",
        }
    }
}

/// Reads a sheet to its end.
pub(super) fn survey<R: Read>(
    mut scanner: Scanner<R>,
    sheet: &str,
    header_rows: &BTreeSet<u32>,
) -> Result<Survey, Refusal> {
    let head = scanner.head().clone();
    let mut found = Survey {
        head,
        tail: Tail::default(),
        last_used: None,
        headers: Vec::new(),
        arrays: Vec::new(),
        reads: Reads::default(),
        plain: false,
    };
    while let Some(item) = scanner.next()? {
        if let Item::Cell(cell) = item
            && cell.raw.filled
        {
            found.note(&cell, sheet, header_rows)?;
        }
    }
    found.plain = scanner.is_plain();
    found.tail = scanner.finish()?;
    Ok(found)
}

impl Survey {
    fn note(
        &mut self,
        cell: &Cell<'_>,
        sheet: &str,
        header_rows: &BTreeSet<u32>,
    ) -> Result<(), Refusal> {
        self.last_used = self.last_used.max(Some(cell.column));
        if let Some(Formula::Array(range)) = &cell.raw.formula {
            let area = Area::parse(range).ok_or_else(|| Refusal::Unusual {
                sheet: sheet.to_owned(),
                detail: "an array formula off the sheet".to_owned(),
            })?;
            // What it fills is used, though not every cell of it need be there.
            self.last_used = self.last_used.max(Some(area.last_column));
            self.arrays.push(area);
        }
        if cell.raw.formula.is_some() {
            stale::note_cell(&mut self.reads, cell, &self.head.prefix);
        }
        if header_rows.contains(&cell.row) {
            let header = HeaderCell::of(cell, &self.head.prefix);
            self.headers.push(header);
        }
        Ok(())
    }
}

impl HeaderCell {
    pub fn of(cell: &Cell<'_>, prefix: &[u8]) -> Self {
        Self {
            row: cell.row,
            column: cell.column,
            style: cell.raw.style,
            text: strings::cell_text(cell.bytes, prefix, cell.raw.kind),
        }
    }
}

/// The header rows alone: the sheet is read no further than the last of them.
pub(super) fn headers<R: Read>(
    mut scanner: Scanner<R>,
    header_rows: &BTreeSet<u32>,
) -> Result<Vec<HeaderCell>, Refusal> {
    let prefix = scanner.head().prefix.clone();
    let mut found = Vec::new();
    while let Some(item) = scanner.next()? {
        match item {
            Item::Row(row, _) if header_rows.last().is_none_or(|last| row.index > *last) => break,
            Item::Cell(cell) if cell.raw.filled && header_rows.contains(&cell.row) => {
                found.push(HeaderCell::of(&cell, &prefix));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Reads the headers that are shared strings.
pub(super) fn read_shared(
    headers: &mut [HeaderCell],
    container: &Container<'_>,
    workbook: &Workbook,
) -> Result<(), Refusal> {
    let wanted: BTreeSet<usize> = headers
        .iter()
        .filter_map(|header| match header.text {
            CellText::Shared(index) => Some(index),
            CellText::Here(_) => None,
        })
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    // A header that can't be read must not pass for one that is not there.
    let lost = || Refusal::DamagedPart {
        part: "sharedStrings".to_owned(),
        detail: "a header's text is missing".to_owned(),
    };
    let entry = workbook.strings.ok_or_else(lost)?;
    let texts: BTreeMap<usize, String> = container
        .stream(entry, |from| strings::shared(from, &wanted))?
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::Unsupported => Refusal::Doctype {
                part: container.name(entry),
            },
            _ => container.part_damage(entry, &error),
        })?;
    for header in headers {
        if let CellText::Shared(index) = header.text {
            let text = texts.get(&index).ok_or_else(lost)?;
            header.text = CellText::Here(text.clone());
        }
    }
    Ok(())
}
