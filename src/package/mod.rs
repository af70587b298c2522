//! A workbook as a zip of XML parts: patching cells and leaving every other byte.
//!
//! Her workbook comes back whole: only the cells that the caller owns change, with what they need
//! (the sheet's dimension, a row's spans, the table that they join, styles that are appended). Every
//! other part of the file is the same, byte for byte, and so is every other byte of those parts.
//! Where that can't be had, the workbook is refused with its reason ([`Refusal`]).
//!
//! Parts are found by following relationships, elements by namespace and local name. Nothing here
//! knows of the programme.
//!
//! ```
//! use peer_culture::package::{CellFormat, OwnedCell, OwnedColumn, OwnedValue, SheetEdit, patch};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut book = rust_xlsxwriter::Workbook::new();
//! book.add_worksheet().set_name("Ateliers")?.write(0, 0, "Titre")?.write(1, 0, "Budget")?;
//! let source = book.save_to_buffer()?;
//!
//! let flag = OwnedCell {
//!     value: OwnedValue::Text("OK".into()),
//!     format: CellFormat { bold: true, ..CellFormat::PLAIN },
//! };
//! let edit = SheetEdit {
//!     sheet: "Ateliers".to_owned(),
//!     columns: vec![OwnedColumn {
//!         header: "Contrôle (auto)".into(),
//!         header_row: 0,
//!         column: None, // wherever it stands, else right of the last used column
//!         cells: vec![(1, flag)],
//!         width: Some(16.0),
//!     }],
//! };
//! let once = patch(&source, std::slice::from_ref(&edit))?;
//! assert!(once.changed && once.columns[0].added);
//! let twice = patch(&once.bytes, &[edit])?;
//! assert!(!twice.changed && twice.bytes == once.bytes);
//! # Ok(())
//! # }
//! ```

mod audit;
mod cell;
mod container;
mod deflate;
mod edit;
mod formulas;
mod french;
mod head;
mod inspect;
mod ods;
mod opc;
mod outline;
mod palette;
mod patch;
mod pivots;
mod place;
mod plan;
mod reader;
mod refill;
mod refs;
mod refusal;
mod render;
mod rezip;
mod row;
mod rows;
mod scan;
mod scan_outside;
mod splice;
mod stale;
mod strings;
mod style_xml;
mod styles;
mod survey;
mod tables;
mod tail;
mod text;
mod totals;
mod verify;
mod verify_parts;
mod verify_sheet;
mod window;
mod xml;

pub use audit::{Flaw, flaws};
pub use container::inspect_compound;
pub use edit::{
    CellFormat, OwnedCell, OwnedColumn, OwnedValue, Patched, Placed, Remark, Rgb, SheetEdit,
};
pub use inspect::{PackageFacts, SheetFacts, inspect, inspect_ods};
pub use ods::OdsBook;
pub use opc::Visibility;
pub use patch::patch;
pub use reader::{Book, Value, Visit};
pub use refill::{Refill, push_attribute, push_text_cell, refill};
pub use refusal::Refusal;
pub use rows::{Rows, TooMany};
pub use tail::check_whole;
pub use totals::Totals;
pub use verify::{Difference, verify};

#[cfg(test)]
mod tests;
