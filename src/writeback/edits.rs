//! From what is planned to what is asked of a workbook.

use super::look;
use crate::model::Season;
use crate::model::season::HeaderCell;
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
                    let seen = sheet.ours().find(|(owned, _)| *owned == column.owned);
                    of_column(column, sheet.header_row, seen.map(|(_, header)| header))
                })
                .collect();
            Some(SheetEdit {
                sheet: sheet.name.to_string(),
                columns,
            })
        })
        .collect()
}

/// `seen`: the header where it stands already, which stays as it is written there: in capitals, say,
/// or without an accent (programme.md §2).
fn of_column(plan: &ColumnPlan, header_row: u32, seen: Option<&HeaderCell>) -> OwnedColumn {
    OwnedColumn {
        header: seen.map_or(plan.owned.header().into(), |seen| {
            seen.text.to_string().into()
        }),
        header_row: header_row.saturating_sub(1),
        column: seen.map(|seen| seen.column),
        cells: plan
            .cells
            .iter()
            .map(|(row, value)| (row.saturating_sub(1), look::cell(value)))
            .collect(),
        width: Some(look::width(plan.owned)),
    }
}
