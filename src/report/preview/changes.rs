//! The cells that a run would change: what they hold now, what they would hold.

use crate::findings::Severity;
use crate::french::words::{euros, hours, number};
use crate::model::Season;
use crate::model::season::Sheet;
use crate::plan::{CellValue, ColumnPlan, SheetPlan};
use crate::sheets::held::{Held, HeldCells, keys_of_rows};

/// Two numbers that differ by less are the same cell.
const TOLERANCE: f64 = 1e-9;

/// What changes on one sheet.
#[derive(Debug)]
pub struct SheetChanges {
    /// The file that would be written, from the programme folder.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The rows in which something changes, from the top.
    pub rows: Vec<RowChanges>,
}

/// What changes in one row.
#[derive(Debug)]
pub struct RowChanges {
    /// The row as Excel counts.
    pub row: u32,
    /// What the row is known by.
    pub key: String,
    /// The cells, in the order of our columns.
    pub cells: Vec<CellChange>,
}

/// What changes in one cell.
#[derive(Debug)]
pub struct CellChange {
    /// The column's header.
    pub header: &'static str,
    /// What it holds; empty: nothing.
    pub before: String,
    /// What it would hold; empty: nothing.
    pub after: String,
    /// For « Contrôle (auto) »: the worst severity of the row, none where nothing is wrong.
    pub verdict: Option<Option<Severity>>,
}

impl SheetChanges {
    /// How many cells change.
    pub fn count(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).sum()
    }

    /// Compares the plan of a sheet with what its workbook holds; `file` is what would be written.
    pub fn of(season: &Season, plan: &SheetPlan, held: &HeldCells, file: &str) -> Option<Self> {
        let sheet = season.sheet(plan.sheet)?;
        let keys = keys_of_rows(season, plan.sheet, sheet);
        let mut changes = Self {
            file: file.to_owned(),
            sheet: sheet.name.to_string(),
            rows: Vec::new(),
        };
        let rows = plan.columns.first().map_or(0, |column| column.cells.len());
        for position in 0..rows {
            changes.compare(plan, position, &keys, held, sheet);
        }
        Some(changes)
    }

    fn compare(
        &mut self,
        plan: &SheetPlan,
        position: usize,
        keys: &std::collections::BTreeMap<u32, (String, usize)>,
        held: &HeldCells,
        sheet: &Sheet,
    ) {
        let row = row_at(plan.columns.first(), position);
        let Some((key, nth)) = row.and_then(|row| keys.get(&row)) else {
            return;
        };
        let mut cells = Vec::new();
        for column in &plan.columns {
            let Some((_, value)) = column.cells.get(position) else {
                continue;
            };
            let before = held.get(&sheet.name, key, *nth, column.owned);
            if is_same(before, value) {
                continue;
            }
            cells.push(CellChange {
                header: column.owned.header(),
                before: before.map_or_else(String::new, |held| shown_as(held, value)),
                after: shown(value),
                verdict: match value {
                    CellValue::Verdict(worst) => Some(*worst),
                    _ => None,
                },
            });
        }
        if let Some(row) = row.filter(|_| !cells.is_empty()) {
            let key = key.clone();
            self.rows.push(RowChanges { row, key, cells });
        }
    }
}

fn row_at(column: Option<&ColumnPlan>, position: usize) -> Option<u32> {
    column?.cells.get(position).map(|(row, _)| *row)
}

fn is_same(before: Option<&Held>, after: &CellValue) -> bool {
    let number = match after {
        CellValue::Number(number) | CellValue::Hours(number) | CellValue::Euros(number) => {
            Some(*number)
        }
        CellValue::Empty | CellValue::Text(_) | CellValue::Verdict(_) => None,
    };
    match (before, number) {
        (None, _) => matches!(after, CellValue::Empty),
        (Some(Held::Number(before)), Some(after)) => (before - after).abs() < TOLERANCE,
        (Some(Held::Text(before)), None) => *before == shown(after).trim(),
        (Some(_), _) => false,
    }
}

/// A planned value as the coordinator reads it.
fn shown(value: &CellValue) -> String {
    match value {
        CellValue::Empty => String::new(),
        CellValue::Text(text) => text.to_string(),
        CellValue::Verdict(worst) => worst.map_or("OK", Severity::french).to_owned(),
        CellValue::Number(value) => number(*value),
        CellValue::Hours(value) => hours(*value),
        CellValue::Euros(value) => euros(*value),
    }
}

/// What a cell holds, written as what would be in its place.
fn shown_as(held: &Held, like: &CellValue) -> String {
    match (held, like) {
        (Held::Text(text), _) => text.clone(),
        (Held::Number(value), CellValue::Hours(_)) => hours(*value),
        (Held::Number(value), CellValue::Euros(_)) => euros(*value),
        (Held::Number(value), _) => number(*value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_says_the_same_is_no_change() {
        let text = |text: &str| Held::Text(text.to_owned());
        for (before, after) in [
            (None, CellValue::Empty),
            (Some(text("OK")), CellValue::Verdict(None)),
            (
                Some(text("Bloquant")),
                CellValue::Verdict(Some(Severity::Blocking)),
            ),
            (Some(text("a\nb")), CellValue::Text("a\nb".into())),
            (Some(Held::Number(3.5)), CellValue::Hours(3.5)),
            (Some(Held::Number(0.3)), CellValue::Number(0.1 + 0.2)),
        ] {
            assert!(is_same(before.as_ref(), &after), "{before:?} {after:?}");
        }
        for (before, after) in [
            (None, CellValue::Number(0.0)),
            (Some(text("OK")), CellValue::Empty),
            (Some(text("3,5")), CellValue::Hours(3.5)),
            (Some(Held::Number(18.0)), CellValue::Euros(17.5)),
            (Some(Held::Number(1.0)), CellValue::Text("1".into())),
        ] {
            assert!(!is_same(before.as_ref(), &after), "{before:?} {after:?}");
        }
    }

    #[test]
    fn both_sides_read_alike() {
        assert_eq!(
            shown_as(&Held::Number(18.0), &CellValue::Euros(0.0)),
            "18 €"
        );
        assert_eq!(
            shown_as(&Held::Number(3.5), &CellValue::Hours(0.0)),
            "3,5 h"
        );
        assert_eq!(shown(&CellValue::Number(12.0)), "12");
    }
}
