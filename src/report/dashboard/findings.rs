//! « Constats »: every finding, the gravest first, with a link to its cell.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::link::{self, Links};
use super::{Table, look, tabs};
use crate::findings::{Finding, Findings, Severity};
use crate::model::Season;
use crate::report::morning::Changes;
use crate::report::table;

const COLUMNS: [(&str, f64); 8] = [
    ("Gravité", 12.0),
    ("Nouveau", 10.5),
    ("Code", 8.5),
    ("Classeur", 21.0),
    ("Feuille", 19.0),
    ("Cellule", 9.0),
    ("Ligne concernée", 38.0),
    ("Constat, et que faire", 84.0),
];
const KEY: usize = 6;
const MESSAGE: usize = 7;

/// Excel has 1,048,576 rows.
const MOST: usize = 1_040_000;

/// Writes the sheet; `sheet` may be one whose rows leave memory as they are written.
pub(super) fn write(
    sheet: &mut Worksheet,
    season: &Season,
    findings: &Findings,
    changes: &Changes,
    links: &Links,
    programme: &str,
) -> Result<(), XlsxError> {
    let intro = format!(
        "{} Filtrez par gravité, par feuille ou par code ; le lien de la colonne « Cellule » ouvre le classeur à la bonne ligne.",
        if findings.is_empty() {
            table::summary(findings)
        } else {
            format!("{}.", table::summary(findings))
        }
    );
    let mut page = Table::begin(sheet, tabs::FINDINGS, &intro, &COLUMNS)?;
    let header = page.header_row;
    let paint = Paint::new();
    let mut list: Vec<(&Finding, bool)> = findings
        .iter()
        .zip(
            changes
                .is_new
                .iter()
                .copied()
                .chain(std::iter::repeat(false)),
        )
        .collect();
    list.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
    for (position, (finding, is_new)) in list.into_iter().take(MOST).enumerate() {
        let row = page.next_row();
        let line = Line {
            finding,
            is_new,
            linked: position < link::MOST,
        };
        line.write(page.sheet, row, season, links, &paint)?;
    }
    page.end("Aucun constat : tout est en ordre.")?;
    look::page(sheet, tabs::FINDINGS, programme, Some((header, header)))
}

struct Line<'a> {
    finding: &'a Finding,
    is_new: bool,
    linked: bool,
}

impl Line<'_> {
    fn write(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        season: &Season,
        links: &Links,
        paint: &Paint,
    ) -> Result<(), XlsxError> {
        let finding = self.finding;
        let read = season.sheet(finding.place.sheet);
        let workbook = read.and_then(|sheet| season.workbook_of(sheet));
        let severity = paint.severity(finding.severity);
        let key = look::fit(finding.key(season));
        let message = look::fit(&finding.message);
        look::height(
            sheet,
            row,
            &[(&key, COLUMNS[KEY].1), (&message, COLUMNS[MESSAGE].1)],
        )?;
        sheet.write_string_with_format(row, 0, finding.severity.french(), severity)?;
        let new = if self.is_new { "nouveau" } else { "" };
        sheet.write_string_with_format(row, 1, new, &paint.new)?;
        sheet.write_string_with_format(row, 2, finding.code, &paint.centred)?;
        let workbook = workbook.map_or("", |workbook| &workbook.name);
        sheet.write_string_with_format(row, 3, look::fit(workbook), &paint.cell)?;
        let name = read.map_or("", |sheet| &*sheet.name);
        sheet.write_string_with_format(row, 4, name, &paint.cell)?;
        let cell = links.cell(finding.place, finding.column);
        if self.linked {
            let target = (cell.as_str(), finding.place, finding.column);
            links.write(sheet, (row, 5), target, (&paint.link, &paint.centred))?;
        } else {
            sheet.write_string_with_format(row, 5, cell, &paint.centred)?;
        }
        sheet.write_string_with_format(row, 6, key, &paint.cell)?;
        sheet.write_string_with_format(row, 7, message, &paint.cell)?;
        Ok(())
    }
}

struct Paint {
    cell: Format,
    centred: Format,
    new: Format,
    link: Format,
    severities: [Format; 3],
}

impl Paint {
    fn new() -> Self {
        Self {
            cell: look::cell(),
            centred: look::centred(),
            new: look::centred().set_bold().set_font_color(look::DEEP),
            link: look::link(),
            severities: [Severity::Info, Severity::Warning, Severity::Blocking].map(look::severity),
        }
    }

    fn severity(&self, severity: Severity) -> &Format {
        let [info, warning, blocking] = &self.severities;
        match severity {
            Severity::Info => info,
            Severity::Warning => warning,
            Severity::Blocking => blocking,
        }
    }
}
