//! Drop-down lists, and what a cell accepts without a question.
//!
//! Nothing is ever refused: the program reads more than Excel's lists know (`aprem`, two axes in one
//! cell, « mardi 12 janvier 2021 »), so that an unusual value only brings up a question.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula,
    Worksheet, XlsxError,
};

use super::content::{Content, Head};
use super::{paint, typeset};
use crate::config::Settings;
use crate::model::Role;
use crate::model::column::{ColumnSpec, Kind};

/// The hidden sheet that holds the words of the settings.
pub const LISTS: &str = "Listes";

/// The last row, as Excel counts, that drop-down lists and formulas reach.
pub const LAST_ROW: u32 = 1000;

/// The columns of the hidden sheet.
fn lists(settings: &Settings) -> [(&'static str, &'static str, &[String]); 3] {
    [
        ("Axes", "A", &settings.axes),
        ("Domaines", "B", &settings.eligibility.domains),
        ("Formes juridiques", "C", &settings.eligibility.legal_forms),
    ]
}

/// Writes the hidden sheet of the words that the settings list.
pub fn write_lists(sheet: &mut Worksheet, settings: &Settings) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?.set_hidden(true);
    for (column, (header, _, words)) in (0u16..).zip(lists(settings)) {
        sheet.set_column_width(column, 46)?;
        sheet.write_string_with_format(0, column, header, &paint::required(paint::lined()))?;
        for (row, word) in (1u32..).zip(words) {
            sheet.write_string(row, column, word)?;
        }
    }
    Ok(())
}

/// What a column's cells offer and accept; none for a free text.
pub fn validation(
    head: &Head,
    content: &Content,
    contents: &[Content],
    settings: &Settings,
) -> Result<Option<DataValidation>, XlsxError> {
    let Some(spec) = head.spec else {
        return Ok(None);
    };
    let rule = DataValidation::new();
    let rule = match spec.kind {
        Kind::Choice(words) => asks(rule.allow_list_strings(words)?)?,
        Kind::YesNo => asks(rule.allow_list_strings(&["oui", "non"])?)?,
        Kind::Axis => asks(rule.allow_list_formula(word_list("Axes", settings)))?,
        Kind::LegalForm => asks(rule.allow_list_formula(word_list("Formes juridiques", settings)))?,
        // Several in one cell: the list proposes, and nothing is asked.
        Kind::Axes => rule
            .allow_list_formula(word_list("Axes", settings))
            .show_error_message(false),
        Kind::Domains => rule
            .allow_list_formula(word_list("Domaines", settings))
            .show_error_message(false),
        Kind::Name | Kind::Names => match referred(content.role, spec, contents) {
            Some(list) => rule.allow_list_formula(list).show_error_message(false),
            None => return Ok(None),
        },
        Kind::Date | Kind::DateTime => asks(rule.allow_date(DataValidationRule::Between(
            ExcelDateTime::from_ymd(2000, 1, 1)?,
            ExcelDateTime::from_ymd(2099, 12, 31)?,
        )))?,
        Kind::Euros | Kind::Hours => {
            asks(rule.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)))?
        }
        Kind::Mark => {
            // An evaluation's marks start at 1 (EVA02), a committee's at 0.
            let least = if content.role == Role::Evaluations {
                1.0
            } else {
                0.0
            };
            asks(rule.allow_decimal_number(DataValidationRule::Between(least, 5.0)))?
        }
        Kind::Count => asks(rule.allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)))?,
        Kind::Text | Kind::Email | Kind::Time => return Ok(None),
    };
    Ok(Some(rule))
}

/// An unusual value is asked about, never refused.
fn asks(rule: DataValidation) -> Result<DataValidation, XlsxError> {
    rule.set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title(typeset("Est-ce bien cela ?"))?
        .set_error_message(typeset(
            "Cette valeur n'est pas de celles qu'on attend ici : la note du titre de la colonne dit lesquelles. Vous pouvez la garder, le programme vous dira s'il ne sait pas la lire.",
        ))
}

fn word_list(name: &str, settings: &Settings) -> Formula {
    let (letter, count) = lists(settings)
        .into_iter()
        .find(|(header, ..)| *header == name)
        .map_or(("A", 1), |(_, letter, words)| (letter, words.len()));
    Formula::new(format!("={LISTS}!${letter}$2:${letter}${}", count + 1))
}

/// The keys of the sheet that a column refers to, when it lies in the same workbook. Only as many
/// as are filled: Excel opens a list that ends in blanks at its end.
fn referred(role: Role, spec: &ColumnSpec, contents: &[Content]) -> Option<Formula> {
    let (target, header) = match (role, spec.header) {
        (Role::CommitteeMarks, "Structure") => (Role::Applications, "Structure"),
        (Role::Meetings, "Accompagnement") => (Role::Supports, "Référence"),
        (Role::Meetings, "Personne ressource") => (Role::ResourcePersons, "Nom"),
        (Role::Registrations, "Atelier") => (Role::Workshops, "Référence"),
        _ => return None,
    };
    let content = contents.iter().find(|content| content.role == target)?;
    let all = content.range(header, LAST_ROW)?;
    let first = all.split(':').next()?;
    Some(Formula::new(format!(
        "={first}:INDEX({all},MAX(1,COUNTA({all})))"
    )))
}
