//! What a coordinator adds around her tables over the months: a title and totals above one, colours
//! that follow the values, a chart, and the hidden sheet that feeds it. The program must leave all
//! of it as it is.

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLine, ChartSolidFill, ChartType, Color, ConditionalFormat2ColorScale,
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, Format,
    FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::super::choices::LAST_ROW;
use super::super::content::{Content, Value};
use super::super::paint;
use super::super::sheet::calculated;
use crate::config::Settings;
use crate::model::Role;
use crate::model::place::column_letters;

/// The hidden sheet behind the chart.
pub const HELPER: &str = "Calculs";

/// How many rows stand above a sheet's header.
pub fn rows_above(role: Role) -> u32 {
    if role == Role::Workshops { 2 } else { 0 }
}

/// Adds what is hers to a sheet.
pub fn decorate(
    sheet: &mut Worksheet,
    content: &Content,
    contents: &[Content],
    settings: &Settings,
) -> Result<(), XlsxError> {
    match content.role {
        Role::Members => colour_rows(sheet, content, "Payée le", "=\"\"", unpaid()),
        Role::Applications => colour_column(sheet, content, "Décision", "retenue", &kept()),
        Role::CommitteeMarks => scale_marks(sheet, content),
        Role::Meetings => colour_rows(sheet, content, "État", "=\"annulé\"", struck()),
        Role::Registrations => colour_rows(sheet, content, "État", "=\"annulée\"", struck()),
        Role::Workshops => {
            add_title(sheet, content, contents, settings)?;
            add_chart(sheet, content)
        }
        _ => Ok(()),
    }
}

/// Adds the hidden sheets that a workbook's extras need.
pub fn add_helpers(workbook: &mut Workbook, contents: &[Content]) -> Result<(), XlsxError> {
    let find = |role| contents.iter().find(|content| content.role == role);
    match (find(Role::Workshops), find(Role::Registrations)) {
        (Some(workshops), Some(registrations)) => {
            add_counts(workbook.add_worksheet(), workshops, registrations)
        }
        _ => Ok(()),
    }
}

fn unpaid() -> Format {
    Format::new().set_background_color(Color::RGB(0xFC_E4D6))
}

fn kept() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::RGB(0x00_6100))
}

fn struck() -> Format {
    Format::new()
        .set_font_strikethrough()
        .set_font_color(Color::RGB(0x8C_8C8C))
}

/// Formats the rows whose cell in a column meets a condition.
fn colour_rows(
    sheet: &mut Worksheet,
    content: &Content,
    header: &str,
    condition: &str,
    format: Format,
) -> Result<(), XlsxError> {
    let Some(column) = content.position(header) else {
        return Ok(());
    };
    let letters = column_letters(u32::from(column));
    let (first, last) = (content.header_row + 1, content.last_row());
    let rule = ConditionalFormatFormula::new()
        .set_rule(format!("=${letters}{}{condition}", first + 1).as_str())
        .set_format(format);
    sheet.add_conditional_format(first, 0, last, content.last_column(), &rule)?;
    Ok(())
}

/// Formats the cells of a column that hold a word.
fn colour_column(
    sheet: &mut Worksheet,
    content: &Content,
    header: &str,
    word: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let Some(column) = content.position(header) else {
        return Ok(());
    };
    let rule = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::EqualTo(word))
        .set_format(format);
    sheet.add_conditional_format(
        content.header_row + 1,
        column,
        content.last_row(),
        column,
        &rule,
    )?;
    Ok(())
}

/// Pale to green with the marks.
fn scale_marks(sheet: &mut Worksheet, content: &Content) -> Result<(), XlsxError> {
    let marks = content.position("Note adéquation");
    let (Some(from), Some(to)) = (marks, content.position("Note collaboration")) else {
        return Ok(());
    };
    let scale = ConditionalFormat2ColorScale::new()
        .set_minimum_color(Color::RGB(0xFF_FFFF))
        .set_maximum_color(Color::RGB(0x8F_C7A4));
    sheet.add_conditional_format(content.header_row + 1, from, content.last_row(), to, &scale)?;
    Ok(())
}

fn add_title(
    sheet: &mut Worksheet,
    content: &Content,
    contents: &[Content],
    settings: &Settings,
) -> Result<(), XlsxError> {
    let programme = &settings.programme;
    let title = format!("{} {} : les ateliers", programme.name, programme.session);
    sheet.write_string_with_format(0, 0, title, &paint::title())?;
    sheet.set_row_height(0, 26)?;
    let right = paint::aside().set_align(FormatAlign::Right);
    sheet.write_string_with_format(1, 1, "En tout :", &right)?;
    let bold = Format::new()
        .set_bold()
        .set_font_color(paint::DEEP)
        .set_align(FormatAlign::Left);
    let seats_format = bold.clone().set_num_format("0\\ \"places proposées\"");
    let count_format = bold.set_num_format("0\\ \"inscriptions\"");
    if let Some(seats) = content.range("Places", content.last_row() + 1) {
        let sum: f64 = column_of(content, "Places")
            .map(|value| match value {
                Value::Number(number) => *number,
                _ => 0.0,
            })
            .sum();
        sheet.write_formula_with_format(
            1,
            2,
            calculated(&format!("=SUM({seats})"), &sum),
            &seats_format,
        )?;
    }
    let registrations = contents
        .iter()
        .find(|content| content.role == Role::Registrations);
    if let Some(range) = registrations.and_then(|content| content.range("Atelier", LAST_ROW)) {
        let count = registrations.map_or(0, |content| content.rows.len());
        sheet.write_formula_with_format(
            1,
            3,
            calculated(&format!("=COUNTA({range})"), &count),
            &count_format,
        )?;
    }
    Ok(())
}

/// A workshop a row: its reference, and its registrations that are not annulées.
fn add_counts(
    sheet: &mut Worksheet,
    workshops: &Content,
    registrations: &Content,
) -> Result<(), XlsxError> {
    sheet.set_name(HELPER)?.set_hidden(true);
    sheet.write_string(0, 0, "Pour le graphique de la feuille Ateliers")?;
    let ranges = (
        registrations.range("Atelier", LAST_ROW),
        registrations.range("État", LAST_ROW),
        workshops
            .position("Référence")
            .map(|column| column_letters(u32::from(column))),
    );
    let (Some(of), Some(states), Some(letters)) = ranges else {
        return Ok(());
    };
    for (row, reference) in (1u32..).zip(column_of(workshops, "Référence")) {
        let Value::Text(name) = reference else {
            continue;
        };
        let place = format!(
            "='{}'!{letters}{}",
            workshops.role.french(),
            workshops.header_row + row + 1
        );
        sheet.write_formula(row, 0, calculated(&place, &name))?;
        let count = column_of(registrations, "Atelier")
            .zip(column_of(registrations, "État"))
            .filter(|(workshop, state)| *workshop == reference && **state != Value::Text("annulée"))
            .count();
        let formula = format!("=COUNTIFS({of},A{},{states},\"<>annulée\")", row + 1);
        sheet.write_formula(row, 1, calculated(&formula, &count))?;
    }
    Ok(())
}

/// Registrations by workshop, below the table.
fn add_chart(sheet: &mut Worksheet, content: &Content) -> Result<(), XlsxError> {
    let last = u32::try_from(content.rows.len()).unwrap_or(u32::MAX);
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_categories((HELPER, 1, 0, last, 0))
        .set_values((HELPER, 1, 1, last, 1))
        .set_name("Inscriptions")
        .set_format(
            ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(paint::DEEP)),
        );
    let mut pale = ChartLine::new();
    pale.set_color(paint::PALE);
    chart
        .y_axis()
        .set_major_gridlines_line(&pale)
        .set_major_unit(4);
    chart.title().set_name("Inscriptions par atelier");
    chart.legend().set_hidden();
    chart.set_width(560).set_height(260);
    // Two rows free for the workshops to come.
    sheet.insert_chart(content.last_row() + 3, 1, &chart)?;
    Ok(())
}

fn column_of<'c>(content: &'c Content, header: &str) -> impl Iterator<Item = &'c Value> {
    let column = content.position(header).map_or(usize::MAX, usize::from);
    content
        .rows
        .iter()
        .filter_map(move |row| row.get(column).map(|entry| &entry.value))
}
