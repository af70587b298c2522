//! Tables (ECMA-376 part 1, 18.5): their columns, their header cells, their names.

use std::collections::BTreeSet;

use super::super::outline::{Element, Outline};
use super::super::refs::{self, Area};
use super::super::survey::HeaderCell;
use super::super::text;
use super::super::xml::Namespace;
use super::book::Book;
use super::{Audit, order};

/// The longest name of a table's column, in UTF-16 units (MS-OI29500 2.1.681).
const LONGEST_NAME: usize = 255;

/// A table of a sheet.
#[derive(Debug)]
pub(super) struct Table {
    entry: usize,
    area: Area,
    has_header: bool,
    names: Vec<String>,
    id: Option<u32>,
    name: String,
}

impl Table {
    pub fn header_row(&self) -> u32 {
        self.area.first_row
    }
}

/// What must be unlike in the whole workbook.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ids: BTreeSet<u32>,
    names: BTreeSet<String>,
}

impl Seen {
    pub fn with(book: &Book) -> Self {
        Self {
            ids: BTreeSet::new(),
            names: book.names.clone(),
        }
    }
}

/// The tables that are linked to a sheet, each looked at by itself.
pub(super) fn of_sheet(audit: &mut Audit<'_, '_>, key: &str) -> Vec<Table> {
    let links = audit.links.of(key).iter();
    let targets: BTreeSet<String> = links
        .filter(|link| link.kind == "table")
        .filter_map(|link| link.target.clone())
        .collect();
    let mut tables = Vec::new();
    for target in targets {
        let Some(entry) = audit.container.find(&target) else {
            continue;
        };
        let Some(data) = audit.read(entry) else {
            continue;
        };
        let Some(outline) = audit.outline(entry, &data) else {
            continue;
        };
        tables.extend(table(audit, entry, &outline));
    }
    tables
}

fn table(audit: &mut Audit<'_, '_>, entry: usize, outline: &Outline<'_>) -> Option<Table> {
    let root = outline.root();
    order::look(audit, entry, root, order::TABLE);
    let Some(area) = root.raw("ref").and_then(Area::parse) else {
        audit.note(entry, "", "a table without a range");
        return None;
    };
    let listed = root.child("tableColumns");
    let columns: Vec<Element<'_, '_>> = listed
        .into_iter()
        .flat_map(Element::children)
        .filter(|child| child.is(Namespace::Sheet, "tableColumn"))
        .collect();
    let width = (area.last_column - area.first_column + 1) as usize;
    if columns.len() != width {
        audit.note(
            entry,
            area,
            "as many columns as its range has are not listed",
        );
    }
    let names: Vec<String> = columns
        .iter()
        .map(|column| text::decode(&column.attribute("name").unwrap_or_default()))
        .collect();
    names_and_ids(audit, entry, &columns, &names);
    let rows =
        root.number("headerRowCount").unwrap_or(1) + root.number("totalsRowCount").unwrap_or(0);
    if area.last_row - area.first_row < rows.saturating_sub(1) {
        audit.note(entry, area, "a range too small for its header and totals");
    }
    if let Some(filter) = root.child("autoFilter") {
        let range = filter.raw("ref").and_then(Area::parse);
        let fits = |range: Area| {
            area.holds(range.first_row, range.first_column)
                && area.holds(range.last_row, range.last_column)
        };
        if range.is_some_and(|range| !fits(range)) {
            audit.note(entry, area, "a filter that leaves the table");
        }
    }
    let name = root.attribute("displayName").unwrap_or_default();
    Some(Table {
        entry,
        area,
        has_header: root.number("headerRowCount").unwrap_or(1) > 0,
        names,
        id: root.number("id"),
        name: text::decode(&name),
    })
}

fn names_and_ids(
    audit: &mut Audit<'_, '_>,
    entry: usize,
    columns: &[Element<'_, '_>],
    names: &[String],
) {
    let (mut known, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (column, name) in columns.iter().zip(names) {
        if !known.insert(name.to_lowercase()) {
            audit.note(entry, name, "the name of two columns");
        }
        if name.is_empty() || name.encode_utf16().count() > LONGEST_NAME {
            audit.note(entry, name, "a column's name that is empty or too long");
        }
        if !column
            .number("id")
            .is_some_and(|id| id > 0 && ids.insert(id))
        {
            audit.note(entry, name, "a column's id that is missing or there twice");
        }
    }
}

/// The tables of a sheet against its cells, its merged ranges and each other.
pub(super) fn look(
    audit: &mut Audit<'_, '_>,
    sheet: usize,
    tables: &[Table],
    headers: &[HeaderCell],
    merges: &[Area],
    seen: &mut Seen,
) {
    for (index, table) in tables.iter().enumerate() {
        if !table.id.is_some_and(|id| seen.ids.insert(id)) {
            audit.note(table.entry, "", "the id of two tables, or none");
        }
        if table.name.is_empty() || !seen.names.insert(table.name.to_lowercase()) {
            audit.note(table.entry, &table.name, "a name that is empty or taken");
        }
        let mut before = tables.iter().take(index);
        if before.any(|other| other.area.meets(&table.area)) {
            audit.note(table.entry, table.area, "a table across another");
        }
        if let Some(merge) = merges.iter().find(|merge| merge.meets(&table.area)) {
            audit.note(sheet, merge, "a merged range within a table");
        }
        if table.has_header {
            header_cells(audit, sheet, table, headers);
        }
    }
}

/// Each header cell is a text, and the name of its column.
fn header_cells(audit: &mut Audit<'_, '_>, sheet: usize, table: &Table, headers: &[HeaderCell]) {
    for (column, name) in (table.area.first_column..).zip(&table.names) {
        let row = table.area.first_row;
        let found = headers
            .iter()
            .find(|cell| cell.row == row && cell.column == column);
        let place = || refs::name(row, column);
        match found {
            None => audit.note(sheet, place(), "a table's header that is no text"),
            Some(cell) if !same(cell.read(), name) => {
                audit.note(
                    sheet,
                    place(),
                    "a header that is not its table column's name",
                );
            }
            Some(_) => {}
        }
    }
}

/// Excel compares them without looking at how lines are broken.
fn same(cell: &str, name: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    plain(cell) == plain(name)
}
