//! What would be written, as one number: while it stays the same, so does what was written.

use sha2::{Digest, Sha256};

use crate::model::Season;
use crate::plan::{CellValue, SheetPlan};

/// The workbook as it was read, and every cell that would be written into its copy.
pub fn of_copy(season: &Season, position: u16, plans: &[SheetPlan]) -> [u8; 32] {
    let mut digest = Sha256::new();
    if let Some(workbook) = season.workbooks.get(usize::from(position)) {
        digest.update(workbook.fingerprint);
        // It depends on the workbooks beside it.
        text(&mut digest, &super::name_of_copy(season, workbook));
    }
    digest.update(of_cells(season, position, plans));
    digest.finalize().into()
}

/// Every cell that would be written into a workbook.
pub fn of_cells(season: &Season, position: u16, plans: &[SheetPlan]) -> [u8; 32] {
    let mut digest = Sha256::new();
    // Another version of the program may write the same plan in another way.
    text(&mut digest, env!("CARGO_PKG_VERSION"));
    for plan in plans {
        let Some(sheet) = season
            .sheet(plan.sheet)
            .filter(|sheet| sheet.workbook == position)
        else {
            continue;
        };
        text(&mut digest, &sheet.name);
        for column in &plan.columns {
            text(&mut digest, column.owned.header());
            for (row, value) in &column.cells {
                digest.update(row.to_le_bytes());
                cell(&mut digest, value);
            }
        }
    }
    digest.finalize().into()
}

fn cell(digest: &mut Sha256, value: &CellValue) {
    match value {
        CellValue::Empty => digest.update([0]),
        CellValue::Text(value) => {
            digest.update([1]);
            text(digest, value);
        }
        CellValue::Verdict(worst) => {
            digest.update([2]);
            text(digest, worst.map_or("", crate::findings::Severity::french));
        }
        CellValue::Number(number) => numbered(digest, 3, *number),
        CellValue::Hours(hours) => numbered(digest, 4, *hours),
        CellValue::Euros(euros) => numbered(digest, 5, *euros),
    }
}

fn numbered(digest: &mut Sha256, kind: u8, number: f64) {
    digest.update([kind]);
    digest.update(number.to_le_bytes());
}

/// With its length, so that two texts never run into each other.
fn text(digest: &mut Sha256, value: &str) {
    digest.update(value.len().to_le_bytes());
    digest.update(value);
}
