//! `controles/tableau-de-bord.xlsx`: what the coordinator opens in the morning (programme.md §5,
//! last paragraph). A new workbook each night, and the same bytes for the same night.

pub mod answers;
mod look;
mod mails;
mod table;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::morning::MailDesk;
use table::Table;

/// Its name in `controles/`.
pub const FILE: &str = "tableau-de-bord.xlsx";
/// Beside it, where it could not be replaced: she had it open.
pub const FILE_BESIDE: &str = "tableau-de-bord (nouveau).xlsx";
/// What becomes of one that could not be read: her answers may be in it.
pub const FILE_UNREADABLE: &str = "tableau-de-bord (illisible).xlsx";

/// What the dashboard shows.
#[derive(Debug)]
pub struct Dashboard<'a> {
    /// « PEER CULTURE — Session #2 »
    pub programme: String,
    /// The e-mails.
    pub mails: &'a MailDesk,
}

impl Dashboard<'_> {
    /// The workbook.
    ///
    /// # Errors
    /// Something does not fit into a workbook, or a large sheet's temporary file can't be written.
    pub fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // The same night gives the same bytes: no moment of creation.
        let epoch = ExcelDateTime::from_ymd(2020, 1, 1)?;
        book.set_properties(
            &DocProperties::new()
                .set_title("Tableau de bord")
                .set_subject(&self.programme)
                .set_creation_datetime(&epoch),
        );
        let sheet = book.add_worksheet().set_name(mails::SHEET)?;
        mails::write(sheet, self.mails, &self.programme)?;
        book.save_to_buffer()
    }
}
