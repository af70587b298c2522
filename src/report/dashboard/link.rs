//! Links from the dashboard to cells of her workbooks, or of their copies beside it.
//!
//! A relative link is resolved from the folder of the workbook that it stands in, by Excel as by
//! LibreOffice: the copy `controles/ateliers.xlsx` is `ateliers.xlsx`, her own is
//! `../ateliers.xlsx`. The folder may be moved, or reached by another path.

use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

use crate::apply::WorkbookDone;
use crate::model::column::Column;
use crate::model::place::column_letters;
use crate::model::{Place, Season};

/// Excel allows 65,530 links a sheet.
pub const MOST: usize = 65_530;

/// Where the cells are.
#[derive(Debug)]
pub(super) struct Links<'a> {
    season: &'a Season,
    /// The file of each workbook, as seen from the dashboard; none where no link can name it.
    files: Vec<Option<String>>,
}

impl<'a> Links<'a> {
    /// Links to what the run wrote; where it could not, to her own workbook.
    pub fn new(season: &'a Season, written: &[WorkbookDone]) -> Self {
        let files = season.workbooks.iter().map(|workbook| {
            let done = written.iter().find(|done| *done.workbook == *workbook.name);
            let file = done.and_then(|done| done.file.as_deref());
            address(file.unwrap_or(&workbook.name))
        });
        Self {
            season,
            files: files.collect(),
        }
    }

    /// The cell's name, `C12`; the row's first cell where the finding is about the row.
    pub fn cell(&self, place: Place, column: Option<Column>) -> String {
        let header = column.and_then(|column| self.season.header(place.sheet, column));
        let column = header.map_or(0, |header| header.column);
        format!("{}{}", column_letters(column), place.row)
    }

    /// The sheet's name and the cell's: « Rendez-vous B12 ».
    pub fn sheet_and_cell(&self, place: Place, column: Option<Column>) -> String {
        let name = self
            .season
            .sheet(place.sheet)
            .map_or("", |sheet| &sheet.name);
        format!("{name} {}", self.cell(place, column))
    }

    /// The address of a cell; none where there can be no link to it.
    pub fn address(&self, place: Place, column: Option<Column>) -> Option<String> {
        let sheet = self.season.sheet(place.sheet)?;
        let file = self.files.get(usize::from(sheet.workbook))?.as_deref()?;
        let name = sheet.name.replace('\'', "''");
        Some(format!(
            "file:///{file}#'{name}'!{}",
            self.cell(place, column)
        ))
    }

    /// Writes a text as a link to a cell, or alone.
    pub fn write(
        &self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        (text, place, column): (&str, Place, Option<Column>),
        (linked, plain): (&Format, &Format),
    ) -> Result<(), XlsxError> {
        let address = self.address(place, column);
        // Excel takes no more than 2,080 characters.
        match address.filter(|address| address.chars().count() < 2_000) {
            Some(address) => {
                let url = Url::new(address).set_text(text);
                sheet.write_url_with_format(row, at, url, linked)?;
            }
            None => {
                sheet.write_string_with_format(row, at, text, plain)?;
            }
        }
        Ok(())
    }
}

/// A file of the programme folder, as seen from `controles/`.
fn address(file: &str) -> Option<String> {
    // It would begin the name of a sheet.
    if file.contains('#') {
        return None;
    }
    let escaped = file.replace('%', "%25").replace(' ', "%20");
    Some(match escaped.strip_prefix("controles/") {
        Some(beside) => beside.to_owned(),
        None => format!("../{escaped}"),
    })
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_file_is_named_as_seen_from_the_dashboard() {
        assert_eq!(
            address("controles/ateliers.xlsx").as_deref(),
            Some("ateliers.xlsx")
        );
        assert_eq!(
            address("ateliers.xlsx").as_deref(),
            Some("../ateliers.xlsx")
        );
        assert_eq!(
            address("mes ateliers (contrôles).xlsx").as_deref(),
            Some("../mes%20ateliers%20(contrôles).xlsx")
        );
        assert_eq!(address("100 %.xlsx").as_deref(), Some("../100%20%25.xlsx"));
        assert_eq!(address("a#b.xlsx"), None);
    }
}
