//! The cells that change, sheet by sheet.

use chrono::NaiveDate;

use super::changes::{CellChange, RowChanges, SheetChanges};
use super::html::{Html, text};
use super::{Preview, lines};
use crate::findings::Severity;
use crate::french::words::count;
use crate::model::time::short_date;

/// A first run changes every row of every sheet: so many of them say enough.
const MOST_ROWS: usize = 200;
/// A sheet with so many rows is open from the start.
const FEW_ROWS: usize = 12;

pub(super) fn write(out: &mut Html, preview: &Preview) {
    let cells = preview.cells();
    out.raw(&format!(
        "<section id=\"cellules\" aria-labelledby=\"titre-cellules\">\n<h2 id=\"titre-cellules\">{} <span class=\"count\">{cells}</span></h2>\n",
        text("Cellules qui changent")
    ));
    if cells == 0 {
        out.tag("p", "hint", "Aucune cellule ne change : les colonnes « (auto) » disent déjà ce qu’elles doivent dire.");
    } else {
        out.tag("p", "hint", "Seules les colonnes « (auto) » sont écrites ; tout le reste de vos classeurs reste tel quel. « Avant » est ce que contient aujourd’hui le fichier qui sera écrit ; « Après » compte déjà les courriels de la nuit.");
    }
    for sheet in preview
        .changes
        .iter()
        .filter(|sheet| !sheet.rows.is_empty())
    {
        write_sheet(out, sheet);
    }
    let same: Vec<&str> = preview
        .changes
        .iter()
        .filter(|sheet| sheet.rows.is_empty())
        .map(|sheet| sheet.sheet.as_str())
        .collect();
    if !same.is_empty() && cells > 0 {
        out.tag(
            "p",
            "hint",
            &format!("Sans changement : {}.", same.join(", ")),
        );
    }
    out.raw("</section>\n");
}

fn write_sheet(out: &mut Html, sheet: &SheetChanges) {
    let open = if sheet.rows.len() <= FEW_ROWS {
        " open"
    } else {
        ""
    };
    out.raw(&format!(
        "<details class=\"sheet\"{open}><summary><span class=\"who\">"
    ));
    out.text(&sheet.sheet);
    out.raw("</span> <span class=\"subject\">");
    out.text(&format!(
        "{} sur {}, dans {}",
        count(sheet.count(), "cellule", "cellules"),
        lines(sheet.rows.len()),
        sheet.file
    ));
    out.raw(
        "</span></summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"",
    );
    out.text(&format!("Changements de la feuille {}", sheet.sheet));
    out.raw("\"><table>\n<thead><tr><th scope=\"col\">Ligne</th><th scope=\"col\">Colonne</th><th scope=\"col\">Avant</th><th scope=\"col\">Après</th></tr></thead>\n");
    for row in sheet.rows.iter().take(MOST_ROWS) {
        write_row(out, row);
    }
    out.raw("</table></div>\n");
    let more = sheet.rows.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        out.tag("p", "hint", &format!("… et {} de plus.", lines(more)));
    }
    out.raw("</details>\n");
}

fn write_row(out: &mut Html, row: &RowChanges) {
    out.raw("<tbody>\n");
    for (position, cell) in row.cells.iter().enumerate() {
        out.raw("<tr>");
        if position == 0 {
            out.raw(&format!(
                "<th scope=\"rowgroup\" rowspan=\"{}\"><span class=\"row\">{}</span> <span class=\"key\">",
                row.cells.len(),
                row.row
            ));
            out.verbatim(&in_words(&row.key));
            out.raw("</span></th>");
        }
        write_cell(out, cell);
        out.raw("</tr>\n");
    }
    out.raw("</tbody>\n");
}

/// A row's key as she would say it: dates as she writes them.
fn in_words(key: &str) -> String {
    let parts = key.split(" | ").map(|part| {
        let day = part.parse::<NaiveDate>();
        day.map_or_else(|_| part.to_owned(), short_date)
    });
    parts.collect::<Vec<String>>().join(" · ")
}

fn write_cell(out: &mut Html, cell: &CellChange) {
    out.raw("<td class=\"column\">");
    out.text(cell.header);
    out.raw("</td><td class=\"before\" data-label=\"Avant\">");
    value(out, &cell.before);
    out.raw("</td><td class=\"after\" data-label=\"Après\">");
    match cell.verdict {
        Some(worst) => {
            out.raw(&format!("<span class=\"verdict {}\">", tone(worst)));
            out.verbatim(&cell.after);
            out.raw("</span>");
        }
        None => value(out, &cell.after),
    }
    out.raw("</td>");
}

fn value(out: &mut Html, value: &str) {
    if value.is_empty() {
        out.raw("<span class=\"none\">vide</span>");
    } else {
        out.verbatim(value);
    }
}

fn tone(worst: Option<Severity>) -> &'static str {
    match worst {
        None => "ok",
        Some(Severity::Info) => "info",
        Some(Severity::Warning) => "warning",
        Some(Severity::Blocking) => "blocking",
    }
}
