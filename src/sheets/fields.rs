//! Which cells of a row are fields of its role.

use super::cells::Raw;
use crate::model::owned::Owned;
use crate::model::season::{Foreign, Sheet};

/// So much of a text is enough to find it again.
const SHOWN: usize = 60;

/// Which cells of a row are fields of the role.
pub struct Fields {
    /// Field by column of the sheet.
    by_column: Vec<Option<u8>>,
    count: usize,
    last_mail: Option<u32>,
    owned: Vec<(u32, Owned)>,
}

impl Fields {
    /// The fields of a sheet.
    pub fn new(sheet: &Sheet) -> Self {
        let width = sheet
            .columns
            .iter()
            .flatten()
            .map(|cell| cell.column as usize + 1)
            .max()
            .unwrap_or(0);
        let mut by_column = vec![None; width];
        for (field, cell) in (0u8..).zip(&sheet.columns) {
            let slot = cell
                .as_ref()
                .and_then(|cell| by_column.get_mut(cell.column as usize));
            if let Some(slot) = slot {
                *slot = Some(field);
            }
        }
        let last_mail = sheet.ours().find(|(owned, _)| *owned == Owned::LastMail);
        Self {
            by_column,
            count: sheet.columns.len(),
            last_mail: last_mail.map(|(_, header)| header.column),
            owned: sheet
                .ours()
                .map(|(owned, header)| (header.column, owned))
                .collect(),
        }
    }

    /// The first text in a column of ours that the program can't have written. `row` is Excel's.
    pub fn foreign(&self, row: u32, cells: &[(u32, Raw)]) -> Option<Foreign> {
        if self.owned.is_empty() {
            return None;
        }
        cells.iter().find_map(|(column, raw)| {
            let Raw::Text(text) = raw else {
                return None;
            };
            let (_, owned) = self.owned.iter().find(|(at, _)| at == column)?;
            let is_hers = !owned.may_have_written(text);
            is_hers.then(|| Foreign {
                row,
                column: *column,
                owned: *owned,
                text: text.chars().take(SHOWN).collect::<String>().into(),
            })
        })
    }

    /// The row's cells by column of the role; those of other columns are the coordinator's own.
    pub fn pick<'r>(&self, cells: &[(u32, Raw<'r>)]) -> Vec<Raw<'r>> {
        let mut raws = vec![Raw::Empty; self.count];
        for (column, raw) in cells {
            let field = self.by_column.get(*column as usize).copied().flatten();
            if let Some(slot) = field.and_then(|field| raws.get_mut(usize::from(field))) {
                *slot = *raw;
            }
        }
        raws
    }

    /// « Dernier courriel (auto) » holds something in this row.
    pub fn has_last_mail(&self, cells: &[(u32, Raw)]) -> bool {
        self.last_mail.is_some_and(|wanted| {
            cells
                .iter()
                .any(|(column, raw)| *column == wanted && !raw.is_empty())
        })
    }
}
