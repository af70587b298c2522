//! The charts of « En chiffres », over the tables that stand below them.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartPoint, ChartSolidFill, ChartType, Color,
};

use super::figures::{Rows, decided, hours, marks, seats};
use super::{look, tabs};
use crate::french::typographic;
use crate::french::words::{count, number};
use crate::report::morning::Figures;

/// How large they are, in pixels.
const SIZE: (u32, u32) = (478, 288);

pub(super) fn of_seats(rows: Rows, figures: &Figures) -> Chart {
    let mut chart = blank(ChartType::ColumnStacked, "Places par atelier");
    series(&mut chart, rows, seats::TAKEN, "Prises", look::DEEP);
    series(&mut chart, rows, seats::FREE, "Libres", look::FAINT);
    series(&mut chart, rows, seats::WAITING, "En attente", look::WARM);
    let name = format!("Maximum : {}", figures.capacity);
    let mut line = Chart::new(ChartType::Line);
    limit(&mut line, rows, seats::CAPACITY, &name, look::LIMIT);
    chart.combine(&line);
    chart.y_axis().set_major_unit(4).set_min(0);
    chart
}

pub(super) fn of_hours(rows: Rows, figures: &Figures) -> Chart {
    let mut chart = blank(ChartType::ColumnStacked, "Heures par accompagnement");
    series(&mut chart, rows, hours::HELD, "Réalisées", look::DEEP);
    series(&mut chart, rows, hours::TO_COME, "À venir", look::MID);
    let (minimum, maximum) = figures.bounds;
    let mut lines = Chart::new(ChartType::Line);
    let name = |word: &str, value: f64| typographic(&format!("{word} : {} h", number(value)));
    limit(
        &mut lines,
        rows,
        hours::MINIMUM,
        &name("Minimum", minimum),
        look::WARM,
    );
    limit(
        &mut lines,
        rows,
        hours::MAXIMUM,
        &name("Maximum", maximum),
        look::LIMIT,
    );
    chart.combine(&lines);
    chart
        .y_axis()
        .set_major_unit(7)
        .set_min(0)
        .set_num_format("0");
    chart
}

pub(super) fn of_applications(rows: Rows, figures: &Figures) -> Chart {
    let received: usize = figures.applications.iter().map(|(_, number)| number).sum();
    let title = format!(
        "Candidatures : {} pour {} places",
        count(received, "reçue", "reçues"),
        figures.places
    );
    let mut chart = blank(ChartType::Bar, &title);
    let points = [look::DEEP, look::WARM, look::REFUSED, look::FAINT].map(|color| {
        ChartPoint::new()
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)))
    });
    series(&mut chart, rows, decided::NUMBER, "Nombre", look::DEEP)
        .set_points(&points)
        .set_data_label(ChartDataLabel::new().show_value().set_font(&bold()));
    chart.legend().set_hidden();
    // The first decision on top: in a bar chart the vertical axis is y.
    chart.y_axis().set_reverse();
    chart
        .x_axis()
        .set_hidden(true)
        .set_min(0)
        .set_major_gridlines(false);
    chart
}

pub(super) fn of_marks(rows: Rows, figures: &Figures) -> Chart {
    let title = format!(
        "Évaluations : moyennes sur 5 ({})",
        count(figures.evaluations.count, "réponse", "réponses")
    );
    let mut chart = blank(ChartType::Bar, &title);
    series(&mut chart, rows, marks::MEAN, "Moyenne", look::MID)
        .set_categories((
            tabs::FIGURES,
            rows.first,
            marks::QUESTION.0,
            rows.last,
            marks::QUESTION.0,
        ))
        .set_data_label(
            ChartDataLabel::new()
                .show_value()
                .set_num_format("0.0")
                .set_font(&bold()),
        );
    chart.legend().set_hidden();
    chart.y_axis().set_reverse();
    chart
        .x_axis()
        .set_hidden(true)
        .set_min(0)
        .set_max(5)
        .set_major_gridlines(false);
    chart
}

fn bold() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_bold().set_size(10);
    font
}

/// A chart of our size and manners: its title in our ink, its legend below, light lines.
fn blank(kind: ChartType, title: &str) -> Chart {
    let mut chart = Chart::new(kind);
    chart.set_width(SIZE.0).set_height(SIZE.1);
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

fn series<'c>(
    chart: &'c mut Chart,
    rows: Rows,
    column: u16,
    name: &str,
    color: Color,
) -> &'c mut rust_xlsxwriter::ChartSeries {
    chart
        .add_series()
        .set_name(name)
        .set_categories((tabs::FIGURES, rows.first, 0, rows.last, 0))
        .set_values((tabs::FIGURES, rows.first, column, rows.last, column))
        .set_gap(60)
        .set_overlap(100)
        .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)))
}

/// A dashed line at a limit.
fn limit(chart: &mut Chart, rows: Rows, column: u16, name: &str, color: Color) {
    let line = ChartLine::new()
        .set_color(color)
        .set_width(1.75)
        .set_dash_type(ChartLineDashType::Dash)
        .clone();
    chart
        .add_series()
        .set_name(name)
        .set_categories((tabs::FIGURES, rows.first, 0, rows.last, 0))
        .set_values((tabs::FIGURES, rows.first, column, rows.last, column))
        .set_format(ChartFormat::new().set_line(&line));
}
