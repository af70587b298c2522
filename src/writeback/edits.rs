//! From what is planned to what is asked of a workbook.

use super::look;
use crate::model::Season;
use crate::model::owned::owned_columns;
use crate::package::{OwnedColumn, SheetEdit};
use crate::plan::{ColumnPlan, SheetPlan};

/// The edits of one workbook, sheet by sheet.
pub fn of_workbook(season: &Season, position: u16, plans: &[SheetPlan]) -> Vec<SheetEdit> {
    plans
        .iter()
        .filter_map(|plan| {
            let sheet = season.sheet(plan.sheet)?;
            if sheet.workbook != position {
                return None;
            }
            let columns = plan
                .columns
                .iter()
                .map(|column| {
                    let seen = owned_columns(sheet.role)
                        .iter()
                        .zip(&sheet.owned)
                        .find(|(owned, _)| **owned == column.owned)
                        .and_then(|(_, column)| *column);
                    of_column(column, sheet.header_row, seen)
                })
                .collect();
            Some(SheetEdit {
                sheet: sheet.name.to_string(),
                columns,
            })
        })
        .collect()
}

fn of_column(plan: &ColumnPlan, header_row: u32, column: Option<u32>) -> OwnedColumn {
    OwnedColumn {
        header: plan.owned.header().into(),
        header_row: header_row.saturating_sub(1),
        column,
        cells: plan
            .cells
            .iter()
            .map(|(row, value)| (row.saturating_sub(1), look::cell(value)))
            .collect(),
        width: Some(look::width(plan.owned)),
    }
}
