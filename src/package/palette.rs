//! The wanted formats as style numbers, ready for the pass over the rows.

use super::edit::{CellFormat, SheetEdit};
use super::styles::Styles;

/// Which style number stands for which format.
#[derive(Debug, Default)]
pub(super) struct Palette {
    known: Vec<(CellFormat, Option<u32>)>,
    loud: Vec<bool>,
    /// A format could not be had.
    pub lacking: bool,
}

impl Palette {
    /// Appends what is missing to the styles, in the order of the edits.
    pub fn mix(edits: &[SheetEdit], styles: Option<&mut Styles<'_, '_>>) -> Self {
        let mut palette = Self::default();
        let mut styles = styles;
        if let Some(styles) = &styles {
            let count = u32::try_from(styles.count()).unwrap_or(u32::MAX);
            palette.loud = (0..count).map(|index| styles.is_loud(index)).collect();
        }
        let cells = edits
            .iter()
            .flat_map(|edit| &edit.columns)
            .flat_map(|column| &column.cells);
        for (_, cell) in cells {
            let format = cell.format;
            if format == CellFormat::PLAIN || palette.find(&format).is_some() {
                continue;
            }
            let index = styles.as_mut().and_then(|styles| styles.index(&format));
            palette.lacking |= index.is_none();
            palette.known.push((format, index));
        }
        palette
    }

    fn find(&self, format: &CellFormat) -> Option<&(CellFormat, Option<u32>)> {
        self.known.iter().find(|known| known.0 == *format)
    }

    /// The style of a cell: as wanted, else as it is.
    pub fn style(&self, format: &CellFormat, present: Option<u32>) -> Option<u32> {
        if *format == CellFormat::PLAIN {
            return present;
        }
        self.find(format).and_then(|known| known.1).or(present)
    }

    /// See [`Styles::is_loud`].
    pub fn is_loud(&self, style: u32) -> bool {
        self.loud.get(style as usize).copied().unwrap_or(false)
    }
}
