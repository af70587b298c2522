//! How pages look: the colours of the starter's workbooks and of « Contrôle (auto) », and
//! pages that print on A4.

use std::borrow::Cow;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::findings::Severity;
use crate::mails::State;

/// The ink of titles, and behind headers.
pub const DEEP: Color = Color::RGB(0x1F_4E5F);
/// Beside the deep colour, in charts.
pub const MID: Color = Color::RGB(0x7F_B3C0);
/// What is free, in charts.
pub const FAINT: Color = Color::RGB(0xD3_E3E8);
/// Behind what is set apart.
pub const PALE: Color = Color::RGB(0xE4_EFF2);
/// Lines between cells.
pub const LINE: Color = Color::RGB(0xC9_D6DA);
/// Ink of what stands back.
pub const SOFT: Color = Color::RGB(0x5A_6B70);
/// What waits, in charts.
pub const WARM: Color = Color::RGB(0xE3_A857);
/// What was refused, in charts.
pub const REFUSED: Color = Color::RGB(0x8F_A3A9);
/// Limits, in charts.
pub const LIMIT: Color = Color::RGB(0xB3_3A3A);
/// Ink of links.
const LINK: Color = Color::RGB(0x1F_5FA8);

/// A pale fill and its dark ink: Excel's own pairs, which the flags in her sheets have too.
type Tone = (Color, Color);
const GREEN: Tone = (Color::RGB(0xC6_EFCE), Color::RGB(0x00_6100));
const BLUE: Tone = (Color::RGB(0xDD_EBF7), Color::RGB(0x1F_4E78));
const AMBER: Tone = (Color::RGB(0xFF_EB9C), Color::RGB(0x7F_6000));
const RED: Tone = (Color::RGB(0xFF_C7CE), Color::RGB(0x9C_0006));
const GREY: Tone = (Color::RGB(0xEE_F1F2), Color::RGB(0x5A_6B70));

/// A4, in Excel's list of papers.
const A4: u8 = 9;

/// A row of one line, with some air.
const ROW: u32 = 18;

/// The title of a page, 18 points.
pub fn title() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(18)
        .set_font_color(DEEP)
        .set_align(FormatAlign::VerticalCenter)
}

/// What a page is for, under its title.
pub fn aside() -> Format {
    Format::new()
        .set_font_color(SOFT)
        .set_align(FormatAlign::Top)
        .set_text_wrap()
}

/// Nothing to be seen, where a cell must be.
pub fn clear() -> Format {
    Format::new().set_text_wrap()
}

/// The title of a part of a page.
pub fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(13)
        .set_font_color(DEEP)
        .set_border_bottom(FormatBorder::Medium)
        .set_border_bottom_color(DEEP)
}

/// What a figure is.
pub fn tile_label() -> Format {
    tile()
        .set_font_size(9)
        .set_font_color(SOFT)
        .set_border_top(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}

/// A figure, to be read from afar.
pub fn tile_value() -> Format {
    tile()
        .set_bold()
        .set_font_size(20)
        .set_font_color(DEEP)
        .set_align(FormatAlign::VerticalCenter)
}

/// What a figure is measured against.
pub fn tile_detail() -> Format {
    tile()
        .set_font_size(9)
        .set_font_color(SOFT)
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::Top)
        .set_text_wrap()
}

fn tile() -> Format {
    Format::new()
        .set_background_color(PALE)
        .set_align(FormatAlign::Center)
        .set_border_left(FormatBorder::Thin)
        .set_border_right(FormatBorder::Thin)
        .set_border_color(Color::White)
}

/// The tag of what is solved.
pub fn done() -> Format {
    toned(GREEN)
}

/// The header of a column.
pub fn header() -> Format {
    lined()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(DEEP)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_indent(1)
}

/// A cell of a table: on as many lines as it takes, off the line at its left.
pub fn cell() -> Format {
    plain().set_align(FormatAlign::Left).set_indent(1)
}

fn plain() -> Format {
    lined()
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// A cell with a day.
pub fn day() -> Format {
    centred().set_num_format("dd/mm/yyyy")
}

/// A cell in the middle of its column.
pub fn centred() -> Format {
    plain().set_align(FormatAlign::Center)
}

/// A cell with hours.
pub fn hours() -> Format {
    centred().set_num_format("General\" h\"")
}

/// A cell with a link.
pub fn link() -> Format {
    linked(&centred())
}

/// The same format with a link's ink.
pub fn linked(format: &Format) -> Format {
    format
        .clone()
        .set_font_color(LINK)
        .set_underline(rust_xlsxwriter::FormatUnderline::Single)
}

/// A cell that stands back.
pub fn small() -> Format {
    centred()
        .set_font_size(8)
        .set_font_color(Color::RGB(0x9A_A7AB))
}

/// A cell that she fills in.
pub fn answer() -> Format {
    centred()
        .set_bold()
        .set_background_color(Color::RGB(0xFF_F9DB))
        .set_border(FormatBorder::Medium)
        .set_border_color(WARM)
}

/// The word of a severity.
pub fn severity(severity: Severity) -> Format {
    toned(match severity {
        Severity::Info => BLUE,
        Severity::Warning => AMBER,
        Severity::Blocking => RED,
    })
}

/// The word of a state.
pub fn state(state: State) -> Format {
    toned(match state {
        State::AwaitingApproval | State::Unknown => AMBER,
        State::Refused => RED,
        State::Deferred | State::HandingOver | State::Planned => BLUE,
        State::Accepted => GREEN,
        State::Rejected | State::Obsolete | State::Settled => GREY,
    })
}

fn toned((fill, ink): Tone) -> Format {
    cell().set_background_color(fill).set_font_color(ink)
}

fn lined() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

/// A page that prints on A4: landscape, as wide as the paper, its header row on each page, its
/// name and number below.
///
/// # Errors
/// The rows are beyond the sheet.
pub fn page(
    sheet: &mut Worksheet,
    name: &str,
    programme: &str,
    repeated: Option<(u32, u32)>,
) -> Result<(), XlsxError> {
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3)
        // A single & begins a code in headers and footers.
        .set_footer(format!(
            "&L&8{}&C&8{}&R&8Page &P sur &N",
            programme.replace('&', "&&"),
            name.replace('&', "&&")
        ))
        .set_screen_gridlines(false)
        .set_default_row_height(ROW);
    if let Some((first, last)) = repeated {
        sheet.set_repeat_rows(first, last)?;
    }
    Ok(())
}

/// A text as long as a cell reads well; Excel refuses more than 32,767 characters.
pub fn fit(text: &str) -> Cow<'_, str> {
    const MOST: usize = 1_500;
    match text.char_indices().nth(MOST) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or(text))),
    }
}

/// Makes a row as high as the longest of these texts in a column of this width. Excel would do so by
/// itself; LibreOffice gives a row without a height one line.
///
/// # Errors
/// The row is beyond the sheet.
pub fn height(sheet: &mut Worksheet, row: u32, texts: &[(&str, f64)]) -> Result<(), XlsxError> {
    if let Some(height) = row_height(texts) {
        sheet.set_row_height(row, height)?;
    }
    Ok(())
}

/// That height in points; none where a line will do.
pub fn row_height(texts: &[(&str, f64)]) -> Option<u32> {
    let lines = texts.iter().map(|(text, width)| lines(text, *width)).max();
    let lines = lines.unwrap_or(1).min(27);
    (lines > 1).then_some(15 * lines + 5)
}

/// How many lines a text takes in a column of this width (in characters), words kept whole.
pub fn lines(text: &str, width: f64) -> u32 {
    // Widths are counted in digits; letters are narrower, and an indent takes one.
    let width = ((width - 1.5) * 1.25).max(1.0);
    text.split('\n').map(|line| lines_of(line, width)).sum()
}

fn lines_of(line: &str, width: f64) -> u32 {
    let mut lines = 1;
    let mut taken = 0.0;
    for word in line.split(' ') {
        let length = f64::from(u32::try_from(word.chars().count()).unwrap_or(u32::MAX));
        if taken > 0.0 && taken + 1.0 + length > width {
            lines += 1;
            taken = length;
        } else if taken == 0.0 {
            taken = length;
        } else {
            taken += 1.0 + length;
        }
        // What is longer than a line, an address for instance, goes on below.
        while taken > width {
            lines += 1;
            taken -= width;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_text_takes_the_lines_that_its_words_need() {
        assert_eq!(lines("", 10.0), 1);
        assert_eq!(lines("dix lettres", 10.0), 2);
        assert_eq!(lines("dix lettres", 12.0), 1);
        assert_eq!(lines("un deux trois", 8.0), 2);
        assert_eq!(lines(&"a".repeat(31), 13.5), 3);
        assert_eq!(lines("un\ndeux", 40.0), 2);
    }
}
