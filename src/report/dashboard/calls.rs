//! « Personnes à appeler »: whom no e-mail reaches.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::link::Links;
use super::{Table, look, tabs};
use crate::french::typographic;
use crate::report::morning::Call;

const COLUMNS: [(&str, f64); 7] = [
    ("Personne", 22.0),
    ("Structure", 26.0),
    ("Téléphone", 16.0),
    ("Adresse", 28.0),
    ("Pourquoi", 52.0),
    ("Au sujet de", 34.0),
    ("À corriger", 20.0),
];

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    calls: &[Call],
    links: &Links,
    programme: &str,
) -> Result<(), XlsxError> {
    let intro = typographic(
        "Ces personnes n’ont pas d’adresse utilisable, un courriel leur a été refusé, ou ce qui leur a été annoncé a changé sans qu’aucun courriel le leur dise : « Pourquoi » dit ce qui est en cause. La ligne disparaît d’ici une fois l’adresse corrigée dans votre classeur, le courriel accepté (pour le réessayer : peer-culture outbox retry), ou la date passée.",
    );
    let mut page = Table::begin(sheet, tabs::CALLS, &intro, &COLUMNS)?;
    let header = page.header_row;
    let (cell, centred, link) = (look::cell(), look::centred(), look::link());
    let bold = look::cell().set_bold();
    for call in calls {
        let row = page.next_row();
        let texts = [
            &call.name,
            &call.structure,
            &call.phone,
            &call.address,
            &call.why,
            &call.about,
        ]
        .map(|text| look::fit(text));
        let measured: Vec<(&str, f64)> = texts
            .iter()
            .zip(COLUMNS)
            .map(|(text, (_, width))| (&**text, width))
            .collect();
        look::height(page.sheet, row, &measured)?;
        for (column, text) in (0..).zip(&texts) {
            let format = if matches!(column, 0 | 2) {
                &bold
            } else {
                &cell
            };
            page.sheet
                .write_string_with_format(row, column, &**text, format)?;
        }
        match call.place {
            Some((place, column)) => {
                let text = links.sheet_and_cell(place, Some(column));
                let target = (text.as_str(), place, Some(column));
                links.write(page.sheet, (row, 6), target, (&link, &centred))?;
            }
            None => {
                page.sheet.write_blank(row, 6, &centred)?;
            }
        }
    }
    page.end("Tout le monde a une adresse qui se lit, le serveur n’a rien refusé, et ce qui a été annoncé tient.")?;
    look::page(sheet, tabs::CALLS, programme, Some((header, header)))
}
