//! The report as a workbook: what a funder asks for on one page, with charts, and the tables behind.

use chrono::NaiveDate;
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartType, DocProperties, Workbook, Worksheet, XlsxError,
};

use super::Closing;
use super::sheets::Sheet;
use super::tables;
use crate::french::typographic;
use crate::french::words::count;
use crate::report::sheet::chart::{Places, Source, blank, bold, bound, hang, lying};
use crate::report::sheet::{look, tiles};

const BRIEF: &str = "En bref";
/// The grid of the first page: equal columns, four figures side by side.
const COLUMNS: u16 = 12;
const WIDTH: f64 = 10.8;
/// Where the charts stand, and how large they are in pixels.
const CHARTS: Places = [(7, 0, 0), (7, 6, 10), (19, 0, 0), (19, 6, 10)];
const SIZE: (u32, u32) = (478, 244);
const LAST_ROW: u32 = 31;

/// What stands in a chart's place while there is nothing to draw.
const NOTHING: [&str; 4] = [
    "Heures par accompagnement : pas d’accompagnement.",
    "Ateliers : pas d’atelier.",
    "Heures par axe : pas d’axe.",
    "Évaluations : aucune réponse.",
];

/// `bilan.xlsx`. The same figures on the same day give the same bytes.
///
/// # Errors
/// The workbook can't be made.
pub fn workbook(closing: &Closing, today: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let made = today.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let mut book = Workbook::new();
    book.set_properties(
        &DocProperties::new()
            .set_title(format!("Bilan — {}", closing.title))
            .set_creation_datetime(&made),
    );
    let mut behind = Vec::new();
    let mut add = |sheet: &Sheet| -> Result<Option<(u32, u32)>, XlsxError> {
        let mut worksheet = Worksheet::new();
        let rows = sheet.write(&mut worksheet, &closing.title)?;
        behind.push(worksheet);
        Ok(rows)
    };
    let of_supports = add(&tables::supports(closing))?;
    let of_axes = add(&tables::axes(closing))?;
    add(&tables::persons(closing))?;
    let of_workshops = add(&tables::workshops(closing))?;
    let of_marks = add(&tables::evaluations(closing))?;
    add(&tables::words(closing))?;
    let answered = of_marks.filter(|_| closing.evaluations.count > 0);
    let charts = [
        of_supports.map(|rows| Box::new(hours(closing, source(tables::SUPPORTS, rows)))),
        of_workshops.map(|rows| Box::new(filling(source(tables::WORKSHOPS, rows)))),
        of_axes.map(|rows| Box::new(by_axis(source(tables::AXES, rows)))),
        answered.map(|rows| Box::new(marks(closing, source(tables::EVALUATIONS, rows)))),
    ];
    book.push_worksheet(brief(closing, charts)?);
    for sheet in behind {
        book.push_worksheet(sheet);
    }
    book.save_to_buffer()
}

fn source(tab: &str, rows: (u32, u32)) -> Source<'_> {
    Source {
        tab,
        rows,
        names: 0,
    }
}

/// The page that a funder reads.
fn brief(closing: &Closing, charts: [Option<Box<Chart>>; 4]) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(BRIEF)?;
    sheet.set_column_range_width(0, COLUMNS - 1, WIDTH)?;
    // LibreOffice would draw empty rows lower than Excel does, and the charts with them.
    for row in 0..LAST_ROW {
        sheet.set_row_height(row, 16)?;
    }
    sheet.set_row_height(0, 30)?;
    let day = typographic(&format!("Bilan au {}", closing.day));
    sheet.merge_range(0, 0, 0, COLUMNS - 1, &closing.title, &look::title())?;
    sheet.merge_range(1, 0, 1, COLUMNS - 1, &day, &look::aside())?;
    tiles::draw(&mut sheet, (3, 0), 3, &closing.figures())?;
    hang(&mut sheet, CHARTS, 6, charts, NOTHING)?;
    look::page(&mut sheet, BRIEF, &closing.title, None)?;
    Ok(sheet)
}

fn hours(closing: &Closing, table: Source) -> Chart {
    let (least, most) = closing.bounds;
    let mut chart = blank(ChartType::Column, "Heures par accompagnement", SIZE);
    table.bars(&mut chart, tables::support::HELD, "Réalisées", look::DEEP);
    let mut lines = Chart::new(ChartType::Line);
    let (minimum, maximum) = (tables::support::MINIMUM, tables::support::MAXIMUM);
    table.limit(&mut lines, minimum, &bound("Minimum", least), look::WARM);
    table.limit(&mut lines, maximum, &bound("Maximum", most), look::LIMIT);
    chart.combine(&lines);
    chart
        .y_axis()
        .set_major_unit(7)
        .set_min(0)
        .set_num_format("0");
    chart
}

fn filling(table: Source) -> Chart {
    let mut chart = blank(ChartType::Column, "Places, inscriptions et présences", SIZE);
    for (column, name, color) in [
        (tables::workshop::PLACES, "Places", look::FAINT),
        (tables::workshop::SEATED, "Inscrit·e·s", look::MID),
        (tables::workshop::PRESENT, "Présent·e·s", look::DEEP),
    ] {
        table.bars(&mut chart, column, name, color).set_overlap(0);
    }
    chart.y_axis().set_major_unit(4).set_min(0);
    chart
}

fn by_axis(table: Source) -> Chart {
    let mut chart = blank(ChartType::Bar, "Heures réalisées par axe", SIZE);
    labelled(&table, &mut chart, tables::axis::HOURS, "General\" h\"");
    chart
}

fn marks(closing: &Closing, table: Source) -> Chart {
    let answers = count(closing.evaluations.count, "réponse", "réponses");
    let title = format!("Évaluations : moyennes sur 5 ({answers})");
    let mut chart = blank(ChartType::Bar, &title, SIZE);
    labelled(&table, &mut chart, tables::mark::MEAN, "0.0");
    chart.x_axis().set_max(5);
    chart
}

/// One bar a row, its figure beside it, the first row on top.
fn labelled(table: &Source, chart: &mut Chart, column: u16, format: &str) {
    let label = ChartDataLabel::new()
        .show_value()
        .set_num_format(format)
        .set_font(&bold())
        .clone();
    table
        .bars(chart, column, "", look::MID)
        .set_data_label(&label);
    lying(chart);
}
