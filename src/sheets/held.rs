//! What the program's own columns hold now, in a workbook or in the copy of one: for the preview,
//! which shows what a run would change. A run itself never asks.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::cells::{Raw, clean_text};
use super::folder::format_by_name;
use super::source::{self, Source};
use super::unreadable::Unreadable;
use super::{Reading, check, read_file};
use crate::config::Settings;
use crate::model::owned::Owned;
use crate::model::season::{Sheet, Workbook};
use crate::model::{RowRef, Season, SheetId};

/// What a cell of ours holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A text, its lines ending with `\n`.
    Text(String),
    /// A number.
    Number(f64),
}

/// What the program's columns hold in one workbook. Rows are known by their key, wherever they
/// stand; of rows with one key, by their order.
#[derive(Debug, Default)]
pub struct HeldCells {
    cells: BTreeMap<(String, String, usize), BTreeMap<Owned, Held>>,
}

impl HeldCells {
    /// Reads a workbook.
    ///
    /// # Errors
    /// It can't be read.
    pub fn read(path: &Path, settings: &Settings) -> Result<Self, Unreadable> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(format) = format_by_name(&name) else {
            return Ok(Self::default());
        };
        let bytes = read_file(path)?;
        check(&bytes, format)?;
        let workbook = Workbook {
            name: name.as_ref().into(),
            format,
            fingerprint: Sha256::digest(&bytes).into(),
            bytes: None,
        };
        catch_unwind(AssertUnwindSafe(|| {
            let mut source = source::open(&bytes, format)?;
            let mut reading = Reading::new(settings);
            reading.add(workbook, source.as_mut())?;
            Self::of(&reading.as_far_as_it_goes(), source.as_mut())
        }))
        .unwrap_or(Err(Unreadable::Stumbled))
    }

    /// What a cell of ours holds: in the row of that key, the `nth` one of those that have it.
    pub fn get(&self, sheet: &str, key: &str, nth: usize, owned: Owned) -> Option<&Held> {
        let row = (sheet.to_owned(), key.to_owned(), nth);
        self.cells.get(&row)?.get(&owned)
    }

    fn of(season: &Season, source: &mut dyn Source) -> Result<Self, Unreadable> {
        let mut held = Self::default();
        for (id, sheet) in (0u16..).zip(&season.sheets) {
            held.read_sheet(season, SheetId(id), sheet, source)?;
        }
        Ok(held)
    }

    fn read_sheet(
        &mut self,
        season: &Season,
        id: SheetId,
        sheet: &Sheet,
        source: &mut dyn Source,
    ) -> Result<(), Unreadable> {
        let ours: Vec<(u32, Owned)> = sheet
            .ours()
            .map(|(owned, header)| (header.column, owned))
            .collect();
        if ours.is_empty() {
            return Ok(());
        }
        let keys = keys_of_rows(season, id, sheet);
        source.visit(&sheet.name, &mut |row, cells| {
            let Some((key, nth)) = keys.get(&(row + 1)) else {
                return ControlFlow::Continue(());
            };
            let found = cells.iter().filter_map(|(column, raw)| {
                let (_, owned) = ours.iter().find(|(ours, _)| ours == column)?;
                Some((*owned, held(raw)?))
            });
            let row = (sheet.name.to_string(), key.clone(), *nth);
            self.cells.insert(row, found.collect());
            ControlFlow::Continue(())
        })
    }
}

/// The key of each row, and how many rows above it have the same, by row as Excel counts.
pub fn keys_of_rows(season: &Season, id: SheetId, sheet: &Sheet) -> BTreeMap<u32, (String, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut keys = BTreeMap::new();
    for index in (0u32..).take(season.row_count(sheet.role)) {
        let row = RowRef {
            role: sheet.role,
            index,
        };
        let Some(head) = season.head(row).filter(|head| head.at.sheet == id) else {
            continue;
        };
        let key = head.key.to_string();
        let nth = seen.entry(key.clone()).or_default();
        keys.insert(head.at.row, (key, *nth));
        *nth += 1;
    }
    keys
}

fn held(raw: &Raw) -> Option<Held> {
    Some(match raw {
        Raw::Empty | Raw::Uncalculated => return None,
        Raw::Text(text) | Raw::IsoDate(text) | Raw::Error(text) => {
            let text = clean_text(text);
            if text.is_empty() {
                return None;
            }
            Held::Text(text.into_owned())
        }
        Raw::Number(number) | Raw::Date(number, _) => Held::Number(*number),
        Raw::Bool(value) => Held::Text(if *value { "VRAI" } else { "FAUX" }.to_owned()),
    })
}
