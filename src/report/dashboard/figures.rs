//! « En chiffres »: four charts that a coordinator would draw herself, on one printed page, and the
//! tables that they show.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::{charts, look, tabs};
use crate::report::morning::{Figures, Morning};
use crate::report::sheet::chart::{self, Places};

const COLUMNS: u16 = 11;
const WIDTH: f64 = 11.8;
/// Where the charts stand.
const CHARTS: Places = [(2, 0, 0), (2, 5, 48), (16, 0, 0), (16, 5, 48)];
/// The first row of the tables: the charts have a page of their own.
const TABLES: u32 = 31;
/// More bars than this are no picture any more.
const BARS: usize = 40;

/// What stands in a chart's place while there is nothing to draw.
const NOTHING: [&str; 4] = [
    "Places par atelier : pas encore d’atelier.",
    "Heures par accompagnement : pas encore d’accompagnement.",
    "Candidatures : pas encore de candidature.",
    "Évaluations : pas encore d’évaluation.",
];

/// Writes the page.
pub(super) fn write(sheet: &mut Worksheet, morning: &Morning) -> Result<(), XlsxError> {
    sheet.set_column_range_width(0, COLUMNS - 1, WIDTH)?;
    sheet.set_row_height(0, 30)?;
    sheet.merge_range(0, 0, 0, COLUMNS - 1, tabs::FIGURES, &look::title())?;
    // LibreOffice would draw empty rows lower than Excel does, and the charts with them.
    for row in 1..TABLES {
        sheet.set_row_height(row, 16)?;
    }
    let figures = &morning.figures;
    let mut tables = Tables { sheet, row: TABLES };
    let seats = tables.workshops(figures)?;
    let hours = tables.supports(figures)?;
    let [applications, marks] = tables.short(figures)?;
    let charts = [
        seats.map(|rows| Box::new(charts::of_seats(rows, figures))),
        hours.map(|rows| Box::new(charts::of_hours(rows, figures))),
        applications.map(|rows| Box::new(charts::of_applications(rows, figures))),
        marks.map(|rows| Box::new(charts::of_marks(rows, figures))),
    ];
    chart::hang(sheet, CHARTS, 5, charts, NOTHING)?;
    sheet.set_page_breaks(&[TABLES])?;
    look::page(sheet, tabs::FIGURES, &morning.programme, None)
}

/// The rows of a table that a chart shows.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// The first, from 0.
    pub first: u32,
    /// The last.
    pub last: u32,
}

/// The tables, one below the other.
struct Tables<'s> {
    sheet: &'s mut Worksheet,
    row: u32,
}

/// Columns of the seats' table.
pub(super) mod seats {
    pub const TAKEN: u16 = 7;
    pub const FREE: u16 = 8;
    pub const WAITING: u16 = 9;
    pub const CAPACITY: u16 = 10;
}

/// Columns of the hours' table.
pub(super) mod hours {
    pub const HELD: u16 = 6;
    pub const TO_COME: u16 = 7;
    pub const AGREED: u16 = 8;
    pub const MINIMUM: u16 = 9;
    pub const MAXIMUM: u16 = 10;
}

/// Columns of the applications' table.
pub(super) mod decided {
    pub const NUMBER: u16 = 3;
}

/// Columns of the evaluations' table, which stands beside it.
pub(super) mod marks {
    pub const QUESTION: (u16, u16) = (5, 6);
    pub const MEAN: u16 = 7;
    pub const LOWEST: u16 = 8;
    pub const HIGHEST: u16 = 9;
    pub const COUNT: u16 = 10;
}

impl Tables<'_> {
    fn workshops(&mut self, figures: &Figures) -> Result<Option<Rows>, XlsxError> {
        self.heading("Places par atelier")?;
        self.header(&[
            ((0, 0), "Atelier"),
            ((1, 5), "Titre"),
            ((6, 6), "Date"),
            ((seats::TAKEN, seats::TAKEN), "Prises"),
            ((seats::FREE, seats::FREE), "Libres"),
            ((seats::WAITING, seats::WAITING), "En attente"),
            ((seats::CAPACITY, seats::CAPACITY), "Maximum"),
        ])?;
        let first = self.row;
        let (cell, centred, day) = (look::cell(), look::centred(), look::day());
        for workshop in &figures.workshops {
            look::height(self.sheet, self.row, &[(&workshop.title, 5.0 * WIDTH)])?;
            self.text((0, 0), &workshop.reference, &cell)?;
            self.text((1, 5), &workshop.title, &cell)?;
            match workshop.date {
                Some(date) => self
                    .sheet
                    .write_datetime_with_format(self.row, 6, date, &day)?,
                None => self
                    .sheet
                    .write_string_with_format(self.row, 6, "à fixer", &centred)?,
            };
            for (column, value) in [
                (seats::TAKEN, workshop.taken),
                (seats::FREE, workshop.free),
                (seats::WAITING, workshop.waiting),
                (seats::CAPACITY, figures.capacity),
            ] {
                self.sheet
                    .write_number_with_format(self.row, column, value, &centred)?;
            }
            self.row += 1;
        }
        self.end(first, (0, COLUMNS - 1))
    }

    fn supports(&mut self, figures: &Figures) -> Result<Option<Rows>, XlsxError> {
        self.heading("Heures par accompagnement")?;
        self.header(&[
            ((0, 0), "Réf."),
            ((1, 3), "Structure"),
            ((4, 5), "Statut"),
            ((hours::HELD, hours::HELD), "Réalisées"),
            ((hours::TO_COME, hours::TO_COME), "À venir"),
            ((hours::AGREED, hours::AGREED), "Convenues"),
            ((hours::MINIMUM, hours::MINIMUM), "Minimum"),
            ((hours::MAXIMUM, hours::MAXIMUM), "Maximum"),
        ])?;
        let first = self.row;
        let (cell, format) = (look::cell(), look::hours());
        for support in &figures.supports {
            look::height(self.sheet, self.row, &[(&support.structure, 3.0 * WIDTH)])?;
            self.text((0, 0), &support.reference, &cell)?;
            self.text((1, 3), &support.structure, &cell)?;
            self.text((4, 5), support.status, &cell)?;
            let (minimum, maximum) = figures.bounds;
            for (column, value) in [
                (hours::HELD, Some(support.held)),
                (hours::TO_COME, Some(support.to_come)),
                (hours::AGREED, support.agreed),
                (hours::MINIMUM, Some(minimum)),
                (hours::MAXIMUM, Some(maximum)),
            ] {
                match value {
                    Some(value) => self
                        .sheet
                        .write_number_with_format(self.row, column, value, &format)?,
                    None => self.sheet.write_blank(self.row, column, &format)?,
                };
            }
            self.row += 1;
        }
        self.end(first, (0, COLUMNS - 1))
    }

    /// The two short tables, side by side: applications, evaluations.
    fn short(&mut self, figures: &Figures) -> Result<[Option<Rows>; 2], XlsxError> {
        self.heading("Candidatures et évaluations")?;
        let top = self.row;
        let applications = self.applications(figures)?;
        let below = self.row;
        self.row = top;
        let marks = self.evaluations(figures)?;
        self.row = self.row.max(below);
        Ok([applications, marks])
    }

    fn applications(&mut self, figures: &Figures) -> Result<Option<Rows>, XlsxError> {
        let one = |column| (column, column);
        self.header(&[((0, 2), "Décision"), (one(decided::NUMBER), "Nombre")])?;
        let first = self.row;
        let (cell, centred) = (look::cell(), look::centred());
        let received: usize = figures.applications.iter().map(|(_, number)| number).sum();
        let shown = figures.applications.iter().filter(|_| received > 0);
        for (decision, number) in shown {
            self.text((0, 2), decision, &cell)?;
            let number = u32::try_from(*number).unwrap_or(u32::MAX);
            self.sheet
                .write_number_with_format(self.row, decided::NUMBER, number, &centred)?;
            self.row += 1;
        }
        self.end(first, (0, decided::NUMBER))
    }

    fn evaluations(&mut self, figures: &Figures) -> Result<Option<Rows>, XlsxError> {
        let one = |column| (column, column);
        self.header(&[
            (marks::QUESTION, "Question"),
            (one(marks::MEAN), "Moyenne"),
            (one(marks::LOWEST), "Plus basse"),
            (one(marks::HIGHEST), "Plus haute"),
            (one(marks::COUNT), "Réponses"),
        ])?;
        let first = self.row;
        let cell = look::cell();
        let mark = look::centred().set_num_format("0.0");
        let whole = look::centred();
        for (question, spread) in &figures.evaluations.marks {
            let Some(spread) = spread else { continue };
            self.text(marks::QUESTION, question, &cell)?;
            for (column, value, format) in [
                (marks::MEAN, spread.mean, &mark),
                (marks::LOWEST, spread.lowest, &mark),
                (marks::HIGHEST, spread.highest, &mark),
                (marks::COUNT, f64::from(spread.count), &whole),
            ] {
                self.sheet
                    .write_number_with_format(self.row, column, value, format)?;
            }
            self.row += 1;
        }
        self.end(first, (marks::QUESTION.0, marks::COUNT))
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 22)?;
        self.sheet
            .merge_range(self.row, 0, self.row, COLUMNS - 1, text, &look::heading())?;
        self.row += 1;
        Ok(())
    }

    fn header(&mut self, columns: &[((u16, u16), &str)]) -> Result<(), XlsxError> {
        let format = look::header();
        for (span, name) in columns {
            self.text(*span, name, &format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn text(
        &mut self,
        (first, last): (u16, u16),
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let text = look::fit(text);
        if first == last {
            self.sheet
                .write_string_with_format(self.row, first, text, format)?;
        } else {
            self.sheet
                .merge_range(self.row, first, self.row, last, &text, format)?;
        }
        Ok(())
    }

    /// The rows that were written, of which a chart shows no more than are legible; none without.
    fn end(&mut self, first: u32, span: (u16, u16)) -> Result<Option<Rows>, XlsxError> {
        let written = self.row - first;
        if written == 0 {
            self.text(span, "Rien pour l’instant.", &look::aside())?;
            self.row += 1;
        }
        self.row += 1;
        let shown = written.min(u32::try_from(BARS).unwrap_or(u32::MAX));
        Ok((written > 0).then(|| Rows {
            first,
            last: first + shown - 1,
        }))
    }
}
