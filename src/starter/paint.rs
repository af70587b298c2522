//! How the starter's sheets look: colours, number formats, widths.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use super::content::{Entry, Head, Tint, Value};
use crate::model::column::{Kind, Need};

/// The ink of titles, and behind required headers.
pub const DEEP: Color = Color::RGB(0x1F_4E5F);
/// Behind optional headers.
pub const PALE: Color = Color::RGB(0xD7_E8EC);
/// Behind the coordinator's own headers.
const OWN: Color = Color::RGB(0xEF_EBE3);
/// Lines between cells.
const LINE: Color = Color::RGB(0xC9_D6DA);
/// Ink of what stands back.
const SOFT: Color = Color::RGB(0x5A_6B70);

/// The words of « Contrôle (auto) » with the fill and the ink that write-back gives each.
pub const FLAGS: [(&str, Color, Color); 4] = [
    ("OK", Color::RGB(0xC6_EFCE), Color::RGB(0x00_6100)),
    ("Information", Color::RGB(0xDD_EBF7), Color::RGB(0x1F_4E78)),
    ("À vérifier", Color::RGB(0xFF_EB9C), Color::RGB(0x7F_6000)),
    ("Bloquant", Color::RGB(0xFF_C7CE), Color::RGB(0x9C_0006)),
];

/// Widest column of a sheet, in characters: longer texts wrap.
const WIDEST: usize = 34;
/// An address has no good place to break.
const WIDEST_EMAIL: usize = 44;

/// A header: required ones stand out, her own stand back.
pub fn header(head: &Head) -> Format {
    let base = lined()
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    match head.spec.map(|spec| spec.need) {
        Some(Need::Cell | Need::Column) => required(base),
        Some(Need::Optional) => optional(base),
        None => base
            .set_italic()
            .set_font_color(SOFT)
            .set_background_color(OWN),
    }
}

/// White on the deep colour.
pub fn required(base: Format) -> Format {
    base.set_bold()
        .set_font_color(Color::White)
        .set_background_color(DEEP)
}

/// Deep on the pale colour.
pub fn optional(base: Format) -> Format {
    base.set_bold()
        .set_font_color(DEEP)
        .set_background_color(PALE)
}

/// A cell of the table.
pub fn cell(head: &Head, tint: Option<Tint>) -> Format {
    let format = lined()
        .set_align(FormatAlign::Top)
        .set_num_format(number_format(head));
    let format = match head.kind() {
        Some(Kind::Date | Kind::DateTime | Kind::Time | Kind::Mark | Kind::Count | Kind::YesNo) => {
            format.set_align(FormatAlign::Center)
        }
        Some(Kind::Euros | Kind::Hours | Kind::Email) => format,
        _ => format.set_text_wrap(),
    };
    match tint {
        Some(Tint::Yellow) => format.set_background_color(Color::RGB(0xFF_F2CC)),
        Some(Tint::Green) => format.set_background_color(Color::RGB(0xE2_EFDA)),
        None => format,
    }
}

/// What a column's cells are shown as, those below the table too.
pub fn number_format(head: &Head) -> &'static str {
    match head.kind() {
        Some(Kind::Date) => "dd/mm/yyyy",
        Some(Kind::DateTime) => "dd/mm/yyyy hh:mm",
        Some(Kind::Time) => "hh:mm",
        Some(Kind::Euros) => "#,##0.00\\ \"€\"",
        Some(Kind::Hours) => "0.0\\ \"h\"",
        _ if head.holds_digits() => "@",
        _ => "General",
    }
}

/// Thin lines around a cell.
pub fn lined() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

/// A paragraph.
pub fn prose() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// A title, 16 points.
pub fn title() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(16)
        .set_font_color(DEEP)
}

/// Small print.
pub fn aside() -> Format {
    Format::new().set_italic().set_font_color(SOFT)
}

/// How wide a column should be, in characters: its longest cell, up to where texts wrap.
pub fn width<'e>(head: &Head, cells: impl Iterator<Item = &'e Entry>) -> usize {
    let usual = match head.kind() {
        Some(Kind::DateTime | Kind::Name) => 16,
        Some(Kind::Date | Kind::Euros) => 11,
        Some(Kind::Time | Kind::Hours | Kind::Mark | Kind::Count | Kind::YesNo) => 9,
        Some(Kind::Email | Kind::Axis | Kind::Axes | Kind::Names | Kind::Domains) => 26,
        Some(Kind::Text | Kind::Choice(_) | Kind::LegalForm) | None => 13,
    };
    // Two lines at most, with room for the filter's arrow.
    let words = head.header.split(' ').map(|word| word.chars().count());
    let word = words
        .max()
        .unwrap_or(0)
        .max(head.header.chars().count() / 2 + 2)
        + 3;
    let longest = cells.map(|entry| length(entry) + 1).max().unwrap_or(0);
    let widest = if head.kind() == Some(Kind::Email) {
        WIDEST_EMAIL
    } else {
        WIDEST
    };
    usual.max(word).max(longest.min(widest))
}

/// The lines that a cell takes in a column of this width, words kept whole.
pub fn lines(entry: &Entry, head: &Head, width: usize) -> usize {
    let Value::Text(text) = entry.value else {
        return 1;
    };
    if head.kind() == Some(Kind::Email) {
        return 1;
    }
    // Letters are narrower than the digits that widths are counted in.
    let width = width + 3;
    let mut lines = 1;
    let mut taken = 0;
    for word in text.split(' ').map(|word| word.chars().count()) {
        if taken > 0 && taken + 1 + word > width {
            lines += 1;
            taken = word;
        } else {
            taken += word + usize::from(taken > 0);
        }
    }
    lines
}

fn length(entry: &Entry) -> usize {
    match entry.value {
        Value::Text(text) => text.chars().count(),
        _ => 0,
    }
}
