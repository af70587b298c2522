//! The totals rows of Excel tables: labels and sums below the data, which are no data.

use super::refs::Area;
use super::tables::Table;

/// The cells of a sheet that are totals of its Excel tables.
///
/// Rows that a program appended below a table are none of them, nor is what stands beside it.
#[derive(Debug, Clone, Default)]
pub struct Totals(Vec<Area>);

impl Totals {
    pub(super) fn of(tables: &[Table]) -> Self {
        let areas = tables.iter().filter_map(|table| {
            let (first_row, last_row) = table.totals()?;
            Some(Area {
                first_row,
                last_row,
                ..table.area
            })
        });
        Self(areas.collect())
    }

    /// Whether a row has such cells; rows count from 0.
    #[must_use]
    pub fn meet(&self, row: u32) -> bool {
        let mut areas = self.0.iter();
        areas.any(|area| (area.first_row..=area.last_row).contains(&row))
    }

    /// Whether a cell is one; rows and columns count from 0.
    #[must_use]
    pub fn hold(&self, row: u32, column: u32) -> bool {
        self.0.iter().any(|area| area.holds(row, column))
    }
}
