//! Figures in a row: what each is, the figure to be read from afar, what it is measured against.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::look;

/// A figure.
pub struct Tile {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub value: String,
    /// What it is measured against.
    pub detail: String,
    /// It should not be so.
    pub alarms: bool,
}

/// The rows of a row of figures.
pub const ROWS: u32 = 3;

/// Draws them side by side from a cell on, each so many columns wide.
pub fn draw(
    sheet: &mut Worksheet,
    (top, left): (u32, u16),
    width: u16,
    tiles: &[Tile],
) -> Result<(), XlsxError> {
    let (label, value, detail) = (look::tile_label(), look::tile_value(), look::tile_detail());
    for (row, height) in (top..).zip([18, 30, 30]) {
        sheet.set_row_height(row, height)?;
    }
    for (position, tile) in (0..).zip(tiles) {
        let first = left + width * position;
        let last = first + width - 1;
        let value = if tile.alarms {
            value.clone().set_font_color(look::LIMIT)
        } else {
            value.clone()
        };
        sheet.merge_range(top, first, top, last, tile.label, &label)?;
        sheet.merge_range(top + 1, first, top + 1, last, &tile.value, &value)?;
        sheet.merge_range(top + 2, first, top + 2, last, &tile.detail, &detail)?;
    }
    Ok(())
}
