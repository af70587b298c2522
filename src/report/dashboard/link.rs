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

/// Where a link leads.
#[derive(Debug)]
pub(super) struct Target {
    /// The workbook's position in the season.
    pub workbook: usize,
    /// The place in it: `'Ateliers'!C12`.
    pub location: String,
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

    /// Where a link to a cell leads; none where there can be no link to it.
    pub fn target(&self, place: Place, column: Option<Column>) -> Option<Target> {
        let sheet = self.season.sheet(place.sheet)?;
        let workbook = usize::from(sheet.workbook);
        let file = self.files.get(workbook)?.as_deref()?;
        let name = sheet.name.replace('\'', "''");
        let location = format!("'{name}'!{}", self.cell(place, column));
        // Excel takes no more than 2,080 characters.
        let is_short = file.len() + location.len() < 1_980
            || file.chars().count() + location.chars().count() < 1_980;
        is_short.then_some(Target { workbook, location })
    }

    /// The address of a cell, as the crate that writes workbooks takes it.
    pub fn address(&self, target: &Target) -> String {
        let file = self.files.get(target.workbook);
        let file = file.and_then(Option::as_deref).unwrap_or_default();
        format!("file:///{file}#{}", target.location)
    }

    /// Writes a text as a link.
    pub fn write_to(
        &self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        text: &str,
        target: &Target,
        linked: &Format,
    ) -> Result<(), XlsxError> {
        let url = Url::new(self.address(target)).set_text(text);
        sheet.write_url_with_format(row, at, url, linked)?;
        Ok(())
    }

    /// Writes a text as a link to a cell, or alone.
    pub fn write(
        &self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        (text, place, column): (&str, Place, Option<Column>),
        (linked, plain): (&Format, &Format),
    ) -> Result<(), XlsxError> {
        if let Some(target) = self.target(place, column) {
            return self.write_to(sheet, (row, at), text, &target, linked);
        }
        sheet.write_string_with_format(row, at, text, plain)?;
        Ok(())
    }

    /// A target in each workbook that a link can name, by the workbook's position.
    pub fn one_in_each(&self) -> impl Iterator<Item = Target> {
        let files = self.files.iter().enumerate();
        files
            .filter(|(_, file)| file.is_some())
            .map(|(workbook, _)| Target {
                workbook,
                location: "A1".to_owned(),
            })
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
