//! « Personnes suggérées »: who could help in each support, and why.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{Table, look, tabs};
use crate::decide::Suggestion;
use crate::french::typographic;
use crate::french::words::count;
use crate::model::Table as Rows;
use crate::model::axis::Axis;
use crate::model::support::Support;
use crate::plan::Verdict;
use crate::programme::Programme;

/// A list of axes, on two lines mostly.
const PLAN: f64 = 38.0;

const COLUMNS: [(&str, f64); 9] = [
    ("Réf.", 9.5),
    ("Structure", 25.0),
    ("Bénéficiaire", 20.0),
    ("Axes du plan", PLAN),
    ("Rang", 6.5),
    ("Personne suggérée", 21.0),
    ("Axes qu’elle connaît", PLAN),
    ("Proximité", 12.0),
    ("Heures déjà prévues", 13.0),
];

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    programme: &Programme,
    verdict: &Verdict,
    title: &str,
) -> Result<(), XlsxError> {
    let intro = typographic(
        "Pour chaque accompagnement en diagnostic ou en cours : d’abord qui connaît le plus d’axes du plan, puis qui est le moins proche de la structure, puis qui a le moins d’heures. Jamais une personne de la structure elle-même.",
    );
    let mut page = Table::begin(sheet, tabs::SUGGESTIONS, &intro, &COLUMNS)?;
    let header = page.header_row;
    let supports = programme.season.tables.supports.iter().flat_map(Rows::all);
    let mut shaded = false;
    for ((_, support), suggestions) in supports.zip(&verdict.decisions.suggestions) {
        if suggestions.is_empty() {
            continue;
        }
        for (rank, suggestion) in (1u32..).zip(suggestions) {
            let row = page.next_row();
            write_row(
                page.sheet, row, programme, support, rank, suggestion, shaded,
            )?;
        }
        shaded = !shaded;
    }
    page.end("Aucun accompagnement n’attend de personne ressource.")?;
    look::page(sheet, tabs::SUGGESTIONS, title, Some((header, header)))
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    programme: &Programme,
    support: &Support,
    rank: u32,
    suggestion: &Suggestion,
    shaded: bool,
) -> Result<(), XlsxError> {
    let plan = support.axes.value().map_or(&[][..], |list| &list.items);
    let (plan, covers) = (axes(programme, plan), axes(programme, &suggestion.covers));
    let structure = support.structure.value();
    let structure = look::fit(structure.map_or("", |name| &name.text));
    let beneficiary = support.beneficiary.value();
    let beneficiary = look::fit(beneficiary.map_or("", |name| &name.text));
    look::height(
        sheet,
        row,
        &[(&plan, PLAN), (&covers, PLAN), (&structure, 25.0)],
    )?;
    let tint = |format: rust_xlsxwriter::Format| {
        if shaded {
            format.set_background_color(look::PALE)
        } else {
            format
        }
    };
    let (cell, centred) = (tint(look::cell()), tint(look::centred()));
    let reference = look::fit(&support.head.key);
    sheet.write_string_with_format(row, 0, reference, &cell)?;
    sheet.write_string_with_format(row, 1, structure, &cell)?;
    sheet.write_string_with_format(row, 2, beneficiary, &cell)?;
    sheet.write_string_with_format(row, 3, plan, &cell)?;
    sheet.write_number_with_format(row, 4, rank, &centred)?;
    let person = cell.clone().set_bold();
    sheet.write_string_with_format(row, 5, look::fit(&suggestion.name), &person)?;
    sheet.write_string_with_format(row, 6, covers, &cell)?;
    let proximity = suggestion
        .proximity
        .map_or_else(|| "inconnue".to_owned(), |degree| format!("{degree} sur 3"));
    sheet.write_string_with_format(row, 7, proximity, &centred)?;
    sheet.write_number_with_format(row, 8, suggestion.hours, &tint(look::hours()))?;
    Ok(())
}

/// « 2 axes : stratégie des activités, conditions de travail »
fn axes(programme: &Programme, axes: &[Axis]) -> String {
    let names: Vec<&str> = axes
        .iter()
        .filter_map(|axis| programme.settings.axes.get(usize::from(axis.0)))
        .map(String::as_str)
        .collect();
    if names.is_empty() {
        return String::new();
    }
    let number = count(names.len(), "axe", "axes");
    look::fit(&typographic(&format!("{number} : {}", names.join(", ")))).into_owned()
}
