//! Formulas of hers that read what we write. Excel shows what they gave when the file was saved until
//! it calculates anew; we neither calculate nor ask Excel to (that would change the workbook part):
//! the coordinator is told.

use std::collections::BTreeMap;

use super::cell::Formula;
use super::container::Container;
use super::edit::{Remark, SheetEdit};
use super::formulas::{Column, Reads};
use super::opc::{self, SheetPart, Workbook};
use super::place::Layout;
use super::refs::Area;
use super::scan::{Cell, Item, Scanner, Where};
use super::tables::Table;
use super::xml::{self, Namespace};
use super::{strings, text};

/// Another sheet is searched for formulas up to this size; beyond it the remark may be missing.
const SEARCHED: u64 = 64 << 20;

/// A sheet that changes, and what its own formulas read.
#[derive(Debug)]
pub(super) struct Written {
    entry: usize,
    sheet: String,
    columns: Vec<WrittenColumn>,
    reads: Reads,
}

#[derive(Debug)]
struct WrittenColumn {
    header: String,
    column: u32,
    first_row: u32,
    table: Option<String>,
}

impl Written {
    pub fn new(
        entry: usize,
        edit: &SheetEdit,
        layout: &Layout,
        tables: &[Table],
        reads: Reads,
    ) -> Self {
        let joined = layout.joined.and_then(|index| tables.get(index));
        let columns = layout.seats.iter().zip(&edit.columns).map(|(seat, owned)| {
            let mut tables = tables.iter();
            let holding = tables.find(|table| table.area.holds(owned.header_row, seat.column));
            let table = holding.or(joined.filter(|_| seat.added));
            WrittenColumn {
                header: owned.header.to_string(),
                column: seat.column,
                first_row: owned.header_row + 1,
                table: table.map(|table| table.name.clone()),
            }
        });
        Self {
            entry,
            sheet: edit.sheet.clone(),
            columns: columns.collect(),
            reads,
        }
    }

    /// The first column that formulas of a sheet, or names that they use, read.
    fn read_by(&self, home: Option<&str>, reads: &Reads) -> Option<&str> {
        let mut columns = self.columns.iter();
        let found = columns.find(|column| {
            let table = column.table.as_deref();
            let column = Column {
                sheet: &self.sheet,
                at: column.column,
                first_row: column.first_row,
                table: table.map(|table| (column.header.as_str(), table)),
            };
            reads.read(home, &column)
        });
        found.map(|column| column.header.as_str())
    }
}

/// Notes what the formula of a cell reads.
pub(super) fn note_cell(reads: &mut Reads, cell: &Cell<'_>, prefix: &[u8]) {
    let formula = strings::element_text(cell.bytes, prefix, b"f");
    let formula = text::unescape(&formula);
    if !formula.is_empty() {
        let shared = cell.raw.formula == Some(Formula::SharedMaster);
        let spread = if shared { spread(cell, prefix) } else { (0, 0) };
        reads.note(&formula, spread);
    }
}

/// How far a formula is shared from its cell, in rows and columns.
fn spread(cell: &Cell<'_>, prefix: &[u8]) -> (u32, u32) {
    let mut at = 0;
    while let Ok(Some(token)) = xml::next_token(cell.bytes, at) {
        at = token.end;
        let tag = token.bytes(cell.bytes);
        if xml::name(tag).strip_prefix(prefix) != Some(b"f") {
            continue;
        }
        let mut attributes = xml::attributes(tag).flatten();
        let area = attributes.find(|attribute| attribute.name == b"ref");
        let area = area.and_then(|area| Area::parse(area.value));
        return area.map_or((0, 0), |area| {
            let down = area.last_row - area.first_row;
            (down, area.last_column - area.first_column)
        });
    }
    (0, 0)
}

/// One remark for each sheet that changes and is read.
pub(super) fn remarks(
    container: &Container<'_>,
    workbook: &Workbook,
    written: &[Written],
) -> Result<Vec<Remark>, super::Refusal> {
    if written.is_empty() {
        return Ok(Vec::new());
    }
    let sheets = workbook
        .sheets
        .iter()
        .filter(|part| part.kind == "worksheet");
    let mut homes: Vec<(&str, Reads)> = Vec::new();
    for part in sheets {
        let known = written.iter().find(|written| written.entry == part.entry);
        let reads = known.map_or_else(
            || of_other(container, part),
            |written| written.reads.clone(),
        );
        if !reads.is_empty() {
            homes.push((&part.name, reads));
        }
    }
    let names = names(container, workbook)?;
    let remarks = written.iter().filter_map(|written| {
        homes.iter().find_map(|(home, reads)| {
            let by_name = || {
                let mut used = names.iter().filter(|(name, _)| reads.uses(name));
                used.find_map(|(_, reads)| written.read_by(None, reads))
            };
            let header = written.read_by(Some(*home), reads).or_else(by_name)?;
            Some(Remark::ReadByFormulas {
                sheet: written.sheet.clone(),
                header: header.to_owned(),
                reader: (*home).to_owned(),
            })
        })
    });
    Ok(remarks.collect())
}

/// What the formulas of a sheet read that is not written. It is hers: what can't be read is left out.
fn of_other(container: &Container<'_>, part: &SheetPart) -> Reads {
    let mut reads = Reads::default();
    if container.size(part.entry) > SEARCHED {
        return reads;
    }
    let data = container.read_whole(part.entry).unwrap_or_default();
    // Every formula that has a text ends so: most sheets need no more than this look.
    if memchr::memmem::find(&data, b"f>").is_none() {
        return reads;
    }
    let place = Where {
        sheet: part.name.clone(),
        part: container.name(part.entry),
    };
    let Ok(mut scanner) = Scanner::open(data.as_slice(), place) else {
        return reads;
    };
    let prefix = scanner.head().prefix.clone();
    while let Ok(Some(item)) = scanner.next() {
        if let Item::Cell(cell) = item
            && cell.raw.formula.is_some()
        {
            note_cell(&mut reads, &cell, &prefix);
        }
    }
    reads
}

/// What the workbook's defined names stand for; Excel's own, such as print areas, left out.
fn names(
    container: &Container<'_>,
    workbook: &Workbook,
) -> Result<BTreeMap<String, Reads>, super::Refusal> {
    let data = container.read(workbook.entry)?;
    let outline = opc::outline(&container.name(workbook.entry), &data)?;
    let mut names = BTreeMap::new();
    let listed = outline.root().child("definedNames");
    let defined = listed.iter().flat_map(|listed| listed.children());
    for element in defined.filter(|child| child.is(Namespace::Sheet, "definedName")) {
        let Some(name) = element.attribute("name") else {
            continue;
        };
        let formula = data.get(element.inner()).unwrap_or_default();
        let reads: &mut Reads = names.entry(name.to_lowercase()).or_default();
        reads.note(&text::unescape(formula), (0, 0));
    }
    names.retain(|name, _| !name.starts_with("_xlnm."));
    Ok(names)
}
