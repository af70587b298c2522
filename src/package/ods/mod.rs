//! The cells of an `OpenDocument` spreadsheet (ODF 1.2 part 1), read in one pass and within bounded
//! memory: repeated rows and columns count for what they come to.
//!
//! Elements are known by the prefixes that every producer writes; a document that binds them to
//! something else is refused.

mod content;
mod stream;

use super::container::Container;
use super::opc::Visibility;
use super::reader::Visit;
use super::refusal::Refusal;
use super::rows::Rows;

/// An `OpenDocument` spreadsheet, read.
#[derive(Debug)]
pub struct OdsBook {
    sheets: Vec<Sheet>,
}

#[derive(Debug)]
struct Sheet {
    name: String,
    visibility: Visibility,
    rows: Rows,
}

const CONTENT: &str = "content.xml";

impl OdsBook {
    /// Reads a document.
    ///
    /// # Errors
    /// A [`Refusal`] with the cause. Parts that aren't read are not looked at:
    /// [`inspect_ods`](super::inspect_ods) does that.
    pub fn open(source: &[u8]) -> Result<Self, Refusal> {
        let container = Container::open(source)?;
        let entry = container.find(CONTENT).ok_or(Refusal::NotAWorkbook {
            detail: "no content.xml",
        })?;
        let sheets = container.stream(entry, |from| content::read(from))?;
        let sheets = sheets.map_err(|cause| cause.refusal(&container, entry))?;
        Ok(Self { sheets })
    }

    /// The sheets in the order of their tabs: names and whether they show.
    pub fn sheets(&self) -> impl Iterator<Item = (&str, Visibility)> {
        let sheets = self.sheets.iter();
        sheets.map(|sheet| (sheet.name.as_str(), sheet.visibility))
    }

    /// Visits the rows of a sheet that hold something, from the top; stops when told to. No sheet, no rows.
    pub fn visit(&self, sheet: &str, visit: &mut Visit) {
        let found = self.sheets.iter().find(|known| known.name == sheet);
        let whole = found.is_none_or(|sheet| sheet.rows.visit(visit));
        debug_assert!(whole, "rows that were just written");
    }
}

#[cfg(test)]
mod tests;
