//! A patched package against its source: all that should be equal is, and our cells read as planned.

use std::collections::BTreeSet;

use super::container::Container;
use super::edit::{CellFormat, SheetEdit};
use super::opc::{self, Workbook};
use super::outline::Outline;
use super::patch::find_sheet;
use super::refusal::Refusal;
use super::styles::Styles;
use super::tables::{self, Table};
use super::verify_parts;
use super::verify_sheet::{self, Sides};

/// What is not as it should be after patching: a fault of the patcher, never to be kept silent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// One of the two can't be read.
    #[error("can't be read: {0}")]
    Unreadable(#[from] Refusal),
    /// Parts came, went or changed places.
    #[error("the parts are not the same, or not in the same order")]
    Parts,
    /// A part, or what had to stay of it, is another.
    #[error("part {part:?} is not as it should be: {detail}")]
    Part {
        /// The part's name.
        part: String,
        /// What is wrong.
        detail: String,
    },
    /// A cell is not as planned, or changed without a plan.
    #[error("sheet {sheet:?}: {cell}: {detail}")]
    Cell {
        /// The sheet's name.
        sheet: String,
        /// The cell, or the row.
        cell: String,
        /// What is wrong.
        detail: &'static str,
    },
}

/// Proves that `after` is `before` with the edits made, and nothing else.
///
/// Parts that had to stay are compared as they lie in the zip; sheets, tables and styles that had to
/// change, by what had to stay of them; every owned cell is read back.
///
/// # Errors
///
/// The first [`Difference`] found.
pub fn verify(before: &[u8], after: &[u8], edits: &[SheetEdit]) -> Result<(), Difference> {
    let old = Container::open(before)?;
    let new = Container::open(after)?;
    let book = Workbook::find(&old)?;
    same_list(&old, &new)?;

    let styles = check_styles(&old, &new, &book, edits)?;
    let mut differ: BTreeSet<usize> = book.styles.into_iter().collect();
    for edit in edits {
        let part = find_sheet(&book, &edit.sheet)?;
        differ.insert(part.entry);
        let tables = tables::of_sheet(&new, &part.key)?;
        let sides = Sides {
            old: &old,
            new: &new,
            book: &book,
            part,
            edit,
            tables: &tables,
            styles: &styles,
        };
        let added = verify_sheet::verify(&sides)?;
        for table in &tables {
            differ.insert(table.entry);
            check_table(&old, &new, table, edit, &added)?;
        }
    }
    for index in 0..old.entries.len() {
        if !differ.contains(&index) && old.raw(index)? != new.raw(index)? {
            return Err(wrong(&old, index, "it had to stay"));
        }
    }
    Ok(())
}

fn wrong(container: &Container<'_>, index: usize, detail: impl Into<String>) -> Difference {
    Difference::Part {
        part: container.name(index),
        detail: detail.into(),
    }
}

fn same_list(old: &Container<'_>, new: &Container<'_>) -> Result<(), Difference> {
    let names = |container: &Container<'_>| -> Vec<String> {
        let entries = container.entries.iter();
        entries.map(|entry| entry.name.clone()).collect()
    };
    if names(old) != names(new) || old.archive.comment() != new.archive.comment() {
        return Err(Difference::Parts);
    }
    Ok(())
}

/// The style numbers of the patched workbook.
pub(super) struct StyleNumbers {
    wanted: Vec<(CellFormat, Option<u32>)>,
    /// How many there are.
    pub count: usize,
}

impl StyleNumbers {
    /// The number of a format; `None` when the styles could not take it.
    pub fn of(&self, format: &CellFormat) -> Option<u32> {
        let found = self.wanted.iter().find(|(known, _)| known == format);
        found.and_then(|(_, index)| *index)
    }
}

fn check_styles(
    old: &Container<'_>,
    new: &Container<'_>,
    book: &Workbook,
    edits: &[SheetEdit],
) -> Result<StyleNumbers, Difference> {
    let mut numbers = StyleNumbers {
        wanted: Vec::new(),
        count: 0,
    };
    let Some(entry) = book.styles else {
        return Ok(numbers);
    };
    let (before, after) = (old.read(entry)?, new.read(entry)?);
    let name = old.name(entry);
    let (was, is) = (opc::outline(&name, &before)?, opc::outline(&name, &after)?);
    verify_parts::only_appended(&was, &is).map_err(|detail| wrong(old, entry, detail))?;
    let Some(mut styles) = Styles::open(&is) else {
        return Ok(numbers);
    };
    numbers.count = styles.count();
    let cells = edits
        .iter()
        .flat_map(|edit| &edit.columns)
        .flat_map(|column| &column.cells);
    for (_, cell) in cells {
        if numbers
            .wanted
            .iter()
            .any(|(known, _)| *known == cell.format)
        {
            continue;
        }
        let index = match cell.format {
            CellFormat::PLAIN => None,
            format => styles.index(&format),
        };
        numbers.wanted.push((cell.format, index));
    }
    if !styles.splices().is_empty() {
        return Err(wrong(old, entry, "a format was not appended"));
    }
    Ok(numbers)
}

fn check_table(
    old: &Container<'_>,
    new: &Container<'_>,
    table: &Table,
    edit: &SheetEdit,
    added: &[Option<u32>],
) -> Result<(), Difference> {
    let entry = table.entry;
    let joined: Vec<&str> = edit
        .columns
        .iter()
        .zip(added)
        .filter(|(_, column)| {
            column.is_some_and(|column| {
                (table.area.first_column..=table.area.last_column).contains(&column)
            })
        })
        .map(|(owned, _)| owned.header.as_ref())
        .collect();
    if joined.is_empty() {
        if old.raw(entry)? != new.raw(entry)? {
            return Err(wrong(old, entry, "it had to stay"));
        }
        return Ok(());
    }
    let (before, after) = (old.read(entry)?, new.read(entry)?);
    let name = old.name(entry);
    let was: Outline<'_> = opc::outline(&name, &before)?;
    let is = opc::outline(&name, &after)?;
    verify_parts::only_joined(&was, &is, &joined).map_err(|detail| wrong(old, entry, detail))
}
