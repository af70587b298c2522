//! What our charts have in common: title in our ink, legend below, light lines, dashed limits.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartSeries,
    ChartSolidFill, ChartType, Color, Worksheet, XlsxError,
};

use super::look;
use crate::french::typographic;
use crate::french::words::number;

/// A chart of our manners; its size in pixels.
pub fn blank(kind: ChartType, title: &str, size: (u32, u32)) -> Chart {
    let mut chart = Chart::new(kind);
    chart.set_width(size.0).set_height(size.1);
    let mut font = ChartFont::new();
    font.set_bold().set_size(12).set_color(look::DEEP);
    chart
        .title()
        .set_name(typographic(title).as_str())
        .set_font(&font)
        .set_overlay(false);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let frame = ChartLine::new().set_color(look::LINE).clone();
    chart
        .chart_area()
        .set_format(ChartFormat::new().set_border(&frame));
    let grid = ChartLine::new().set_color(Color::RGB(0xE6_ECEE)).clone();
    chart.y_axis().set_major_gridlines_line(&grid);
    chart
}

/// The ink of figures beside bars.
pub fn bold() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_bold().set_size(10);
    font
}

/// Makes a bar chart one of figures beside bars: the first row on top, no scale, no legend.
pub fn lying(chart: &mut Chart) {
    chart.legend().set_hidden();
    // In a bar chart the vertical axis is y.
    chart.y_axis().set_reverse();
    chart
        .x_axis()
        .set_hidden(true)
        .set_min(0)
        .set_major_gridlines(false);
}

/// Where charts stand on a page: row, column, pixels to its right.
pub type Places = [(u32, u16, u32); 4];

/// Puts charts where they stand, each so many columns wide; words in place of one that would show
/// nothing.
pub fn hang(
    sheet: &mut Worksheet,
    places: Places,
    width: u16,
    charts: [Option<Box<Chart>>; 4],
    nothing: [&str; 4],
) -> Result<(), XlsxError> {
    for (((row, column, right), chart), nothing) in places.into_iter().zip(charts).zip(nothing) {
        if let Some(chart) = chart {
            sheet.insert_chart_with_offset(row, column, &chart, right, 0)?;
        } else {
            let (text, last) = (typographic(nothing), column + width - 1);
            sheet.merge_range(row, column, row, last, &text, &look::aside())?;
        }
    }
    Ok(())
}

/// The name of a limit in hours: « Minimum : 14 h ».
pub fn bound(word: &str, value: f64) -> String {
    typographic(&format!("{word} : {} h", number(value)))
}

/// The table that a chart shows.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// Its sheet.
    pub tab: &'t str,
    /// Its first and last rows, from 0.
    pub rows: (u32, u32),
    /// The column of the names.
    pub names: u16,
}

impl Source<'_> {
    /// Adds a column of the table, as bars.
    pub fn bars<'c>(
        &self,
        chart: &'c mut Chart,
        column: u16,
        name: &str,
        color: Color,
    ) -> &'c mut ChartSeries {
        let fill = ChartSolidFill::new().set_color(color).clone();
        self.series(chart, column, name)
            .set_gap(60)
            .set_overlap(100)
            .set_format(ChartFormat::new().set_solid_fill(&fill))
    }

    /// Adds a column of the table, as a dashed line at a limit.
    pub fn limit(&self, chart: &mut Chart, column: u16, name: &str, color: Color) {
        let line = ChartLine::new()
            .set_color(color)
            .set_width(1.75)
            .set_dash_type(ChartLineDashType::Dash)
            .clone();
        self.series(chart, column, name)
            .set_format(ChartFormat::new().set_line(&line));
    }

    fn series<'c>(&self, chart: &'c mut Chart, column: u16, name: &str) -> &'c mut ChartSeries {
        let (first, last) = self.rows;
        chart
            .add_series()
            .set_name(name)
            .set_categories((self.tab, first, self.names, last, self.names))
            .set_values((self.tab, first, column, last, column))
    }
}
