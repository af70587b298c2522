//! One sheet of the report: a title row, rows, widths, and how it prints.

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLine, ChartSolidFill, Color, Format, FormatAlign, FormatBorder,
    Worksheet, XlsxError,
};

const DEEP: Color = Color::RGB(0x1F_4E5F);
const LINE: Color = Color::RGB(0xC9_D6DA);
/// In characters; longer texts wrap.
const WIDEST: usize = 46;

/// What a cell of the report holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, never a formula.
    Text(String),
    /// A whole number.
    Count(u32),
    /// A number with up to two decimals: hours, means.
    Hours(f64),
}

impl Cell {
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub fn count(count: usize) -> Self {
        Self::Count(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn width(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Empty | Self::Count(_) | Self::Hours(_) => 8,
        }
    }
}

/// A sheet of the report.
pub(super) struct Sheet<'a> {
    pub name: &'a str,
    pub heads: &'a [&'a str],
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet<'_> {
    /// Writes it: A4, landscape, one page wide, the header on every page.
    pub fn write(&self, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
        worksheet.set_name(self.name)?;
        let head = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(DEEP)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        let cell = Format::new()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_border_bottom(FormatBorder::Thin)
            .set_border_color(LINE);
        let number = cell.clone().set_num_format("#,##0.##");
        worksheet.set_row_height(0, 32)?;
        for (column, title) in (0u16..).zip(self.heads) {
            worksheet.write_string_with_format(0, column, *title, &head)?;
            worksheet.set_column_width(column, self.width(usize::from(column)))?;
        }
        for (row, cells) in (1u32..).zip(&self.rows) {
            worksheet.set_row_height(row, height(cells))?;
            for (column, value) in (0u16..).zip(cells) {
                match value {
                    Cell::Empty => worksheet.write_blank(row, column, &cell)?,
                    Cell::Text(text) => {
                        worksheet.write_string_with_format(row, column, text, &cell)?
                    }
                    Cell::Count(count) => {
                        worksheet.write_number_with_format(row, column, *count, &cell)?
                    }
                    Cell::Hours(hours) => {
                        worksheet.write_number_with_format(row, column, *hours, &number)?
                    }
                };
            }
        }
        worksheet.set_freeze_panes(1, 0)?;
        worksheet.set_repeat_rows(0, 0)?;
        worksheet
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0);
        worksheet.set_footer("&L&A&R&P / &N");
        Ok(())
    }

    fn width(&self, column: usize) -> u16 {
        let cells = self
            .rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(Cell::width);
        let head = self
            .heads
            .get(column)
            .map_or(0, |head| head.chars().count().min(16));
        let widest = cells.chain([head]).max().unwrap_or(8).min(WIDEST) + 3;
        u16::try_from(widest).unwrap_or(8)
    }

    /// Adds a column of this sheet to a chart, with its header as the name.
    pub fn series(&self, chart: &mut Chart, categories: u16, column: u16, colour: u32) {
        let last = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let colour = Color::RGB(colour);
        chart
            .add_series()
            .set_format(
                ChartFormat::new()
                    .set_solid_fill(ChartSolidFill::new().set_color(colour))
                    .set_line(ChartLine::new().set_color(colour)),
            )
            .set_name((self.name, 0, column))
            .set_categories((self.name, 1, categories, last, categories))
            .set_values((self.name, 1, column, last, column));
    }
}

/// A line for each [`WIDEST`] characters: not every program sets heights by itself.
fn height(cells: &[Cell]) -> u16 {
    let lines = cells.iter().map(|cell| cell.width().div_ceil(WIDEST)).max();
    u16::try_from(lines.unwrap_or(1).clamp(1, 20)).unwrap_or(1) * 16
}
