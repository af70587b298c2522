//! What was forgotten, and the rows of the coordinator's own sheets, which only she may change.

use std::io::{self, Write};

use chrono::NaiveDate;

use crate::apply::Forgot;
use crate::french::{typographic, words};
use crate::model::time::short_date;
use crate::model::{RowRef, Season};

/// Writes what was forgotten of a person; `None`: nothing yet, it was only looked at.
///
/// # Errors
/// The output can't be written.
pub fn write(
    out: &mut impl Write,
    season: &Season,
    who: &str,
    forgot: Option<&Forgot>,
    rows: &[RowRef],
) -> io::Result<()> {
    writeln!(out, "{who}")?;
    match forgot {
        None => {
            let text = "Rien n’a été effacé. Pour oublier cette personne (registre des courriels, fichiers de controles, sauvegardes), relancez avec --yes.";
            writeln!(out, "{}", typographic(text))?;
        }
        Some(forgot) => writeln!(out, "{}", typographic(&erased(forgot)))?,
    }
    if rows.is_empty() {
        return writeln!(out, "Aucune ligne de vos classeurs ne la nomme.");
    }
    let text = "\nCes lignes de vos classeurs la nomment ; vous seul·e pouvez les effacer :";
    writeln!(out, "{}", typographic(text))?;
    for row in rows {
        let workbook = season
            .place(*row)
            .and_then(|place| season.sheet(place.sheet))
            .and_then(|sheet| season.workbook_of(sheet))
            .map_or("", |workbook| &workbook.name);
        let line = format!("  {workbook}, {}", words::line_of(season, *row));
        writeln!(out, "{}", typographic(&line))?;
    }
    Ok(())
}

fn erased(forgot: &Forgot) -> String {
    let mut lines = vec![format!(
        "Effacés : {} du registre, {} de controles (refaits la nuit prochaine), {}.",
        words::count(forgot.messages, "courriel", "courriels"),
        words::count(forgot.outputs, "élément", "éléments"),
        words::count(forgot.backups, "sauvegarde", "sauvegardes"),
    )];
    if forgot.kept > 0 {
        let kept = words::count(forgot.kept, "courriel", "courriels");
        lines.push(format!("{kept} à d’autres personnes la nomment et annoncent quelque chose à venir : relancez cette commande quand ce sera passé."));
    }
    lines.join("\n")
}

/// Writes what was purged.
///
/// # Errors
/// The output can't be written.
pub fn write_purged(
    out: &mut impl Write,
    before: NaiveDate,
    messages: usize,
    kept: usize,
) -> io::Result<()> {
    let text = format!(
        "Courriels d’avant le {} : {} du registre ; {} encore utiles.",
        short_date(before),
        words::count(messages, "effacé", "effacés"),
        words::count(kept, "gardé, car", "gardés, car")
    );
    writeln!(out, "{}", typographic(&text))
}
