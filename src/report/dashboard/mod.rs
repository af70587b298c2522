//! `controles/tableau-de-bord.xlsx`: what the coordinator opens in the morning (programme.md §5,
//! last paragraph). A new workbook each night, and the same bytes for the same night.

pub mod answers;
mod calls;
mod charts;
mod figures;
mod findings;
mod link;
mod mails;
mod many;
mod suggestions;
pub mod tabs;
mod tiles;
mod today;

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::morning::{MailDesk, Morning};
use super::sheet::{Table, look};
use crate::apply::WorkbookDone;
use crate::config::Transport;
use crate::plan::Verdict;
use crate::programme::Programme;
use link::Links;
use many::Many;

/// Its name in `controles/`.
pub const FILE: &str = "tableau-de-bord.xlsx";
/// Beside it, where it could not be replaced: she had it open.
pub const FILE_BESIDE: &str = "tableau-de-bord (nouveau).xlsx";
/// What becomes of one that could not be read: her answers may be in it.
pub const FILE_UNREADABLE: &str = "tableau-de-bord (illisible).xlsx";

/// From so many rows on, those of « Constats » are written by [`many`], those of « Courriels » leave
/// memory as they are written, through a file without a name. Below, nothing of hers touches another
/// file.
const MANY: usize = 5_000;

/// What the dashboard shows.
#[derive(Debug)]
pub struct Dashboard<'a> {
    /// The folder.
    pub programme: &'a Programme,
    /// What was found and decided.
    pub verdict: &'a Verdict,
    /// What to know first.
    pub morning: &'a Morning,
    /// The e-mails.
    pub mails: &'a MailDesk,
    /// What became of the workbooks: links lead to what was written.
    pub workbooks: &'a [WorkbookDone],
    /// Where the rows of large sheets may be put while they are written: a folder that nobody else
    /// looks into.
    pub scratch: &'a Path,
}

impl Dashboard<'_> {
    /// The workbook.
    ///
    /// # Errors
    /// Something does not fit into a workbook, or a large sheet's temporary file can't be made.
    pub fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let season = &self.programme.season;
        let (findings, morning) = (&self.verdict.findings, self.morning);
        let title = morning.programme.as_str();
        let links = Links::new(season, self.workbooks);
        let by_file = self.programme.settings.mail.transport == Transport::File;
        let mut book = self.book()?;
        let sheet = book.add_worksheet().set_name(tabs::TODAY)?;
        today::write(sheet, morning, findings, &links, by_file)?;
        let sheet = book.add_worksheet().set_name(tabs::FIGURES)?;
        figures::write(sheet, morning)?;
        let sheet = book.add_worksheet().set_name(tabs::FINDINGS)?;
        let many = (findings.len() >= MANY).then_some(Many {
            season,
            findings,
            changes: &morning.changes,
            links: &links,
        });
        match &many {
            Some(many) => many.prepare(sheet, title)?,
            None => findings::write(sheet, season, findings, &morning.changes, &links, title)?,
        }
        let sheet = book.add_worksheet().set_name(tabs::SUGGESTIONS)?;
        suggestions::write(sheet, self.programme, self.verdict, title)?;
        let rows = self.mails.accepted.len() + self.mails.awaiting.len();
        let sheet = sheet_for(&mut book, rows)?.set_name(tabs::MAILS)?;
        mails::write(sheet, self.mails, title)?;
        let sheet = book.add_worksheet().set_name(tabs::CALLS)?;
        calls::write(sheet, &morning.calls, &links, title)?;
        for (sheet, color) in book.worksheets_mut().iter_mut().zip(TAB_COLORS) {
            sheet.set_tab_color(color);
        }
        let bytes = book.save_to_buffer()?;
        match many {
            Some(many) => many.fill(&bytes),
            None => Ok(bytes),
        }
    }

    fn book(&self) -> Result<Workbook, XlsxError> {
        let mut book = Workbook::new();
        // The same night gives the same bytes: no moment of creation.
        let epoch = ExcelDateTime::from_ymd(2020, 1, 1)?;
        book.set_properties(
            &DocProperties::new()
                .set_title("Tableau de bord")
                .set_subject(&self.morning.programme)
                .set_creation_datetime(&epoch),
        );
        if self.mails.accepted.len() + self.mails.awaiting.len() >= MANY {
            book.set_tempdir(self.scratch)?;
            book.set_zip_compression_level(1);
        }
        Ok(book)
    }
}

/// Those that ask something of her stand out.
const TAB_COLORS: [rust_xlsxwriter::Color; 6] = [
    look::DEEP,
    look::DEEP,
    look::LIMIT,
    look::MID,
    look::WARM,
    look::WARM,
];

fn sheet_for(book: &mut Workbook, rows: usize) -> Result<&mut Worksheet, XlsxError> {
    if rows >= MANY {
        book.add_worksheet_with_constant_memory()
    } else {
        Ok(book.add_worksheet())
    }
}
