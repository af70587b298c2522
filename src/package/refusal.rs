//! Why a workbook is left alone.

/// A cause for not touching a workbook, or not reading it. `Display` is for logs, in English;
/// [`Refusal::french`] tells the coordinator what it is and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A password protects the file (MS-OFFCRYPTO).
    #[error("the workbook is encrypted with a password")]
    Encrypted,
    /// The binary format of Excel 97 to 2003; or a wrapping around an encrypted workbook that is too
    /// damaged to be known for one.
    #[error("the workbook is a legacy .xls file, or encrypted")]
    LegacyXls,
    /// The binary format `.xlsb`.
    #[error("the workbook is a binary .xlsb file")]
    BinaryWorkbook,
    /// The file is no zip.
    #[error("the file is not a zip package")]
    NotAZip,
    /// The zip's end is missing, or something follows it.
    #[error("the zip package is cut short or has trailing bytes")]
    Truncated,
    /// The zip's directory can't be read.
    #[error("the zip package is damaged: {detail}")]
    DamagedZip {
        /// What the zip reader says.
        detail: String,
    },
    /// A part can't be inflated, fails its checksum, is no XML, or contradicts another part.
    #[error("part {part:?} is damaged: {detail}")]
    DamagedPart {
        /// The part's name.
        part: String,
        /// What is wrong with it.
        detail: String,
    },
    /// Two parts bear names that some readers take for the same.
    #[error("part {part:?} is there twice, or its name is also a folder's")]
    DuplicatePart {
        /// The part's name.
        part: String,
    },
    /// A zip entry is encrypted.
    #[error("part {part:?} is encrypted")]
    EncryptedPart {
        /// The part's name.
        part: String,
    },
    /// A zip entry is neither stored nor deflated.
    #[error("part {part:?} is compressed by a method other than deflate")]
    UnsupportedMethod {
        /// The part's name.
        part: String,
    },
    /// More zip entries than a workbook has.
    #[error("the package has {count} parts")]
    TooManyParts {
        /// How many there are.
        count: usize,
    },
    /// A part, or all of them together, is larger than what is handled.
    #[error("part {part:?} is too large once inflated ({size} bytes)")]
    TooLarge {
        /// The part's name.
        part: String,
        /// Its size in bytes, or that of all parts.
        size: u64,
    },
    /// A part inflates beyond all proportion.
    #[error("part {part:?} inflates {ratio} times, like a zip bomb")]
    Bomb {
        /// The part's name.
        part: String,
        /// Inflated size over compressed size.
        ratio: u64,
    },
    /// A zip, but no spreadsheet in it.
    #[error("the package holds no workbook: {detail}")]
    NotAWorkbook {
        /// What is missing.
        detail: &'static str,
    },
    /// A part has a document type declaration, which Office never writes.
    #[error("part {part:?} has a DOCTYPE")]
    Doctype {
        /// The part's name.
        part: String,
    },
    /// A part is not in UTF-8.
    #[error("part {part:?} is encoded in {encoding}, not in UTF-8")]
    Encoding {
        /// The part's name.
        part: String,
        /// The encoding found.
        encoding: String,
    },
    /// A part announces more items than its bytes can hold.
    #[error("part {part:?} announces {declared} items in {size} bytes")]
    FalseCount {
        /// The part's name.
        part: String,
        /// The count announced.
        declared: u64,
        /// The part's size in bytes.
        size: u64,
    },
    /// A digital signature would break.
    #[error("the workbook is digitally signed")]
    Signed,
    /// No sheet of that name.
    #[error("there is no sheet {sheet:?}")]
    SheetMissing {
        /// The name asked for.
        sheet: String,
    },
    /// A chart sheet or a dialog sheet.
    #[error("sheet {sheet:?} has no cells")]
    NotCells {
        /// The sheet's name.
        sheet: String,
    },
    /// Rows or cells out of order, or there twice.
    #[error("sheet {sheet:?}: {cell} is out of order or there twice")]
    Disorder {
        /// The sheet's name.
        sheet: String,
        /// The cell or row.
        cell: String,
    },
    /// Legal perhaps, but nothing that we dare to edit.
    #[error("sheet {sheet:?}: {detail}")]
    Unusual {
        /// The sheet's name.
        sheet: String,
        /// What stands there.
        detail: String,
    },
    /// A cell's value can't be what its type says.
    #[error("sheet {sheet:?}: {cell} is damaged: {detail}")]
    DamagedCell {
        /// The sheet's name.
        sheet: String,
        /// The cell.
        cell: String,
        /// What is wrong with it.
        detail: &'static str,
    },
    /// A formula stands in an owned column.
    #[error("sheet {sheet:?}: {cell} holds a formula")]
    Formula {
        /// The sheet's name.
        sheet: String,
        /// The cell.
        cell: String,
    },
    /// A formula that other cells share stands in an owned column.
    #[error("sheet {sheet:?}: {cell} holds the master of a shared formula")]
    SharedFormula {
        /// The sheet's name.
        sheet: String,
        /// The cell.
        cell: String,
    },
    /// An array formula or data table covers an owned cell.
    #[error("sheet {sheet:?}: {cell} lies in the array formula {range}")]
    ArrayFormula {
        /// The sheet's name.
        sheet: String,
        /// The cell.
        cell: String,
        /// The range that the formula fills.
        range: String,
    },
    /// A picture in a cell, a data type or a dynamic array stands in an owned column.
    #[error("sheet {sheet:?}: {cell} holds a rich value")]
    RichValue {
        /// The sheet's name.
        sheet: String,
        /// The cell.
        cell: String,
    },
    /// An owned cell is hidden in a merged range.
    #[error("sheet {sheet:?}: {cell} lies in the merged range {range}")]
    Merged {
        /// The sheet's name.
        sheet: String,
        /// The cell.
        cell: String,
        /// The merged range.
        range: String,
    },
    /// The column bears another header than the caller saw.
    #[error("sheet {sheet:?}: {cell} reads {found:?}, not {expected:?}")]
    HeaderDiffers {
        /// The sheet's name.
        sheet: String,
        /// The header's cell.
        cell: String,
        /// The header asked for.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// The header stands in the header row more than once.
    #[error("sheet {sheet:?}: the header {header:?} is there more than once")]
    HeaderTwice {
        /// The sheet's name.
        sheet: String,
        /// The header.
        header: String,
    },
    /// No column is free right of the last used one.
    #[error("sheet {sheet:?} is used up to its last column")]
    NoRoom {
        /// The sheet's name.
        sheet: String,
    },
    /// The caller asks for what can't be: a fault of the program, not of the workbook.
    #[error("sheet {sheet:?}: the edit itself is wrong: {detail}")]
    WrongEdit {
        /// The sheet's name.
        sheet: String,
        /// What is wrong.
        detail: String,
    },
}
