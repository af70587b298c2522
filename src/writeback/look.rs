//! How our cells look: colours that stay legible in print, wide enough columns.

use crate::findings::Severity;
use crate::model::owned::Owned;
use crate::package::{CellFormat, OwnedCell, OwnedValue, Rgb};
use crate::plan::CellValue;

/// Excel's own pairs of a pale fill and a dark ink: the reader knows them.
const GREEN: (Rgb, Rgb) = (Rgb(0xC6, 0xEF, 0xCE), Rgb(0x00, 0x61, 0x00));
const BLUE: (Rgb, Rgb) = (Rgb(0xDD, 0xEB, 0xF7), Rgb(0x1F, 0x4E, 0x78));
const AMBER: (Rgb, Rgb) = (Rgb(0xFF, 0xEB, 0x9C), Rgb(0x7F, 0x60, 0x00));
const RED: (Rgb, Rgb) = (Rgb(0xFF, 0xC7, 0xCE), Rgb(0x9C, 0x00, 0x06));

const HOURS: &str = "0.0";
const EUROS: &str = "#,##0.00\\ \"€\"";

/// How every cell of ours looks: text at the top, where her eyes are, whatever the row's height.
const OURS: CellFormat = CellFormat {
    wrap: true,
    ..CellFormat::PLAIN
};

/// A planned value as a cell.
pub fn cell(value: &CellValue) -> OwnedCell {
    let (value, format) = match value {
        CellValue::Empty => (OwnedValue::Empty, CellFormat::PLAIN),
        CellValue::Text(text) => (OwnedValue::Text(text.clone()), OURS),
        CellValue::Verdict(worst) => (OwnedValue::Text(verdict(*worst).into()), tone(*worst)),
        CellValue::Number(number) => (OwnedValue::Number(*number), OURS),
        CellValue::Hours(hours) => (OwnedValue::Number(*hours), numbered(HOURS)),
        CellValue::Euros(euros) => (OwnedValue::Number(*euros), numbered(EUROS)),
    };
    OwnedCell { value, format }
}

/// The word of « Contrôle (auto) ».
fn verdict(worst: Option<Severity>) -> &'static str {
    worst.map_or("OK", Severity::french)
}

fn tone(worst: Option<Severity>) -> CellFormat {
    let (fill, ink) = match worst {
        None => GREEN,
        Some(Severity::Info) => BLUE,
        Some(Severity::Warning) => AMBER,
        Some(Severity::Blocking) => RED,
    };
    CellFormat {
        fill: Some(fill),
        ink: Some(ink),
        bold: worst == Some(Severity::Blocking),
        ..OURS
    }
}

fn numbered(code: &'static str) -> CellFormat {
    CellFormat {
        number: Some(code),
        ..OURS
    }
}

/// The width of a column that we add, in characters.
pub fn width(owned: Owned) -> f64 {
    match owned {
        Owned::Alerts => 110.0,
        Owned::Suggestions => 60.0,
        Owned::LastMail => 34.0,
        Owned::Seat | Owned::HoursHeld | Owned::HoursPlanned | Owned::HoursLeft => 22.0,
        _ => 18.0,
    }
}
