//! The charts of « En chiffres », over the tables that stand below them.

use rust_xlsxwriter::{Chart, ChartDataLabel, ChartFormat, ChartPoint, ChartSolidFill, ChartType};

use super::figures::{Rows, decided, hours, marks, seats};
use super::{look, tabs};
use crate::french::words::count;
use crate::report::morning::Figures;
use crate::report::sheet::chart::{Source, blank, bold, bound, lying};

/// How large they are, in pixels.
const SIZE: (u32, u32) = (478, 288);

pub(super) fn of_seats(rows: Rows, figures: &Figures) -> Chart {
    let mut chart = blank(ChartType::ColumnStacked, "Places par atelier", SIZE);
    table(rows).bars(&mut chart, seats::TAKEN, "Prises", look::DEEP);
    table(rows).bars(&mut chart, seats::FREE, "Libres", look::FAINT);
    table(rows).bars(&mut chart, seats::WAITING, "En attente", look::WARM);
    let name = format!("Maximum : {}", figures.capacity);
    let mut line = Chart::new(ChartType::Line);
    table(rows).limit(&mut line, seats::CAPACITY, &name, look::LIMIT);
    chart.combine(&line);
    chart.y_axis().set_major_unit(4).set_min(0);
    chart
}

pub(super) fn of_hours(rows: Rows, figures: &Figures) -> Chart {
    let mut chart = blank(ChartType::ColumnStacked, "Heures par accompagnement", SIZE);
    table(rows).bars(&mut chart, hours::HELD, "Réalisées", look::DEEP);
    table(rows).bars(&mut chart, hours::TO_COME, "À venir", look::MID);
    let (minimum, maximum) = figures.bounds;
    let mut lines = Chart::new(ChartType::Line);
    table(rows).limit(
        &mut lines,
        hours::MINIMUM,
        &bound("Minimum", minimum),
        look::WARM,
    );
    table(rows).limit(
        &mut lines,
        hours::MAXIMUM,
        &bound("Maximum", maximum),
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
    let mut chart = blank(ChartType::Bar, &title, SIZE);
    let points = [look::DEEP, look::WARM, look::REFUSED, look::FAINT].map(|color| {
        ChartPoint::new()
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)))
    });
    table(rows)
        .bars(&mut chart, decided::NUMBER, "Nombre", look::DEEP)
        .set_points(&points)
        .set_data_label(ChartDataLabel::new().show_value().set_font(&bold()));
    lying(&mut chart);
    chart
}

pub(super) fn of_marks(rows: Rows, figures: &Figures) -> Chart {
    let title = format!(
        "Évaluations : moyennes sur 5 ({})",
        count(figures.evaluations.count, "réponse", "réponses")
    );
    let mut chart = blank(ChartType::Bar, &title, SIZE);
    let mut questions = table(rows);
    questions.names = marks::QUESTION.0;
    questions
        .bars(&mut chart, marks::MEAN, "Moyenne", look::MID)
        .set_data_label(
            ChartDataLabel::new()
                .show_value()
                .set_num_format("0.0")
                .set_font(&bold()),
        );
    lying(&mut chart);
    chart.x_axis().set_max(5);
    chart
}

fn table(rows: Rows) -> Source<'static> {
    Source {
        tab: tabs::FIGURES,
        rows: (rows.first, rows.last),
        names: 0,
    }
}
