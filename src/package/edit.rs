//! What a caller asks for, and what it gets back.

use std::borrow::Cow;

/// The columns that the caller owns on one sheet.
#[derive(Debug, Clone, Default)]
pub struct SheetEdit {
    /// The sheet's name, as its tab and `workbook.xml` have it.
    pub sheet: String,
    /// The columns; new ones are added side by side in this order.
    pub columns: Vec<OwnedColumn>,
}

/// One column that belongs to the caller, from the row below its header to the sheet's end.
///
/// Every cell below the header holds just what `cells` says: a row that is not listed is emptied.
/// Only the totals row of an Excel table is left alone when it is not listed, since its formula is
/// hers even under our column.
#[derive(Debug, Clone, Default)]
pub struct OwnedColumn {
    /// The header's text, 1 to 255 characters (the limit of a table column's name).
    pub header: Cow<'static, str>,
    /// 0-based row of the header.
    pub header_row: u32,
    /// 0-based column when the caller saw it on the sheet; its header must then read like `header`.
    /// `None`: where `header` stands in the header row, else right of the last used column.
    pub column: Option<u32>,
    /// The cells by 0-based row, strictly ascending, all below the header.
    pub cells: Vec<(u32, OwnedCell)>,
    /// Width in characters of the default font, given to a column that we add; an existing one keeps hers.
    pub width: Option<f64>,
}

/// A value and how it looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnedCell {
    /// What the cell holds.
    pub value: OwnedValue,
    /// How it looks; plain keeps the style that the cell has.
    pub format: CellFormat,
}

impl OwnedCell {
    /// It asks for neither a value nor a look: where no cell is, none is written.
    pub(super) fn is_nothing(&self) -> bool {
        self.value.is_empty() && self.format == CellFormat::PLAIN
    }
}

impl OwnedValue {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.is_empty(),
            Self::Number(_) => false,
        }
    }
}

/// What an owned cell holds; never a formula.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum OwnedValue {
    /// Nothing.
    #[default]
    Empty,
    /// Text, whatever its first character; cut with an ellipsis after 32,767 UTF-16 units.
    Text(Cow<'static, str>),
    /// A finite number.
    Number(f64),
}

/// The look of a cell, appended to the workbook's styles where no equal one is there yet.
///
/// [`CellFormat::PLAIN`] asks for nothing: an existing cell keeps its style.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CellFormat {
    /// Background.
    pub fill: Option<Rgb>,
    /// Colour of the letters.
    pub ink: Option<Rgb>,
    /// Heavy letters.
    pub bold: bool,
    /// Lines broken within the cell, text at its top; the row keeps its height.
    pub wrap: bool,
    /// A number format in Excel's own code, such as `#,##0.00 "€"` or `0.0`.
    pub number: Option<&'static str>,
}

impl CellFormat {
    /// No wish at all.
    pub const PLAIN: Self = Self {
        fill: None,
        ink: None,
        bold: false,
        wrap: false,
        number: None,
    };
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The workbook after [`patch`](super::patch).
#[derive(Debug, Clone)]
pub struct Patched {
    /// The whole file. Where nothing had to change, the very bytes of the source.
    pub bytes: Vec<u8>,
    /// Whether `bytes` differ from the source. Nothing needs to be written when they don't.
    pub changed: bool,
    /// Where each column stands, in the order of the edits.
    pub columns: Vec<Placed>,
    /// What the coordinator may want to know.
    pub remarks: Vec<Remark>,
}

/// Where an owned column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The sheet's name.
    pub sheet: String,
    /// The header asked for.
    pub header: String,
    /// 0-based column.
    pub column: u32,
    /// It was not there before.
    pub added: bool,
}

/// What was done with care, and is worth a line in a log or a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Remark {
    /// The sheet is locked against editing by hand; the lock stays, our cells were written.
    #[error("sheet {sheet:?} is protected: our cells were written, the protection stays")]
    Protected {
        /// The sheet's name.
        sheet: String,
    },
    /// A new column stands beside a table, with a blank column between.
    #[error("sheet {sheet:?}: the new columns stand apart from the table: {why}")]
    TableNotJoined {
        /// The sheet's name.
        sheet: String,
        /// What forbids joining.
        why: &'static str,
    },
    /// Formulas of hers read a column of ours: they show what they computed before, until Excel
    /// calculates anew.
    #[error("formulas read {header:?} of sheet {sheet:?} and were not calculated anew")]
    ReadByFormulas {
        /// Our sheet's name.
        sheet: String,
        /// The header of the first such column.
        header: String,
        /// The sheet where a formula stands.
        reader: String,
    },
    /// The styles could not take a format; the cells have their values without it.
    #[error("the styles can't take another format: some cells were written without it")]
    WithoutFormat,
}
