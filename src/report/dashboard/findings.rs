//! « Constats »: every finding, the gravest first, with a link to its cell.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::link::{self, Links, Target};
use super::{Table, look, tabs};
use crate::findings::{Finding, Findings, Severity};
use crate::model::Season;
use crate::report::morning::Changes;
use crate::report::table;

pub(super) const COLUMNS: [(&str, f64); 8] = [
    ("Gravité", 12.0),
    ("Nouveau", 10.5),
    ("Code", 8.5),
    ("Classeur", 21.0),
    ("Feuille", 19.0),
    ("Cellule", 9.0),
    ("Ligne concernée", 38.0),
    ("Constat, et que faire", 84.0),
];
/// The column of the link to the cell.
pub(super) const LINK: u16 = 5;
const KEY: usize = 6;
const MESSAGE: usize = 7;

/// Excel has 1,048,576 rows.
pub(super) const MOST: usize = 1_040_000;

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    season: &Season,
    findings: &Findings,
    changes: &Changes,
    links: &Links,
    programme: &str,
) -> Result<(), XlsxError> {
    let mut page = begin(sheet, findings)?;
    let header = page.header_row;
    let paint = Paint::new();
    for line in lines(findings, changes) {
        let row = page.next_row();
        line.write(page.sheet, row, season, links, &paint)?;
    }
    page.end("Aucun constat : tout est en ordre.")?;
    look::page(sheet, tabs::FINDINGS, programme, Some((header, header)))
}

/// The sheet down to its headers.
pub(super) fn begin<'s>(
    sheet: &'s mut Worksheet,
    findings: &Findings,
) -> Result<Table<'s>, XlsxError> {
    let intro = format!(
        "{} Filtrez par gravité, par feuille ou par code ; le lien de la colonne « Cellule » ouvre le classeur à la bonne ligne.",
        if findings.is_empty() {
            table::summary(findings)
        } else {
            format!("{}.", table::summary(findings))
        }
    );
    Table::begin(sheet, tabs::FINDINGS, &intro, &COLUMNS)
}

/// The lines of the sheet, the gravest first.
pub(super) fn lines<'a>(
    findings: &'a Findings,
    changes: &'a Changes,
) -> impl Iterator<Item = Line<'a>> {
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
    let list = list.into_iter().take(MOST).enumerate();
    list.map(|(position, (finding, is_new))| Line {
        finding,
        is_new,
        linked: position < link::MOST,
    })
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Cell,
    Centred,
    New,
    Link,
    Severity(Severity),
}

impl Ink {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::Cell,
        Self::Centred,
        Self::New,
        Self::Link,
        Self::Severity(Severity::Info),
        Self::Severity(Severity::Warning),
        Self::Severity(Severity::Blocking),
    ];
}

/// One finding.
pub(super) struct Line<'a> {
    finding: &'a Finding,
    is_new: bool,
    linked: bool,
}

/// What its cells hold, from the left.
pub(super) struct Cells<'a> {
    /// The text of each, and how it looks where it is no link.
    pub texts: [(Cow<'a, str>, Ink); COLUMNS.len()],
    /// Where the cell in [`LINK`] leads.
    pub link: Option<Target>,
    /// In points, where the texts ask for more than a line.
    pub height: Option<u32>,
}

impl<'a> Line<'a> {
    pub fn cells(&self, season: &'a Season, links: &Links) -> Cells<'a> {
        let finding = self.finding;
        let read = season.sheet(finding.place.sheet);
        let workbook = read.and_then(|sheet| season.workbook_of(sheet));
        let key = look::fit(finding.key(season));
        let message = look::fit(&finding.message);
        let height = look::row_height(&[(&key, COLUMNS[KEY].1), (&message, COLUMNS[MESSAGE].1)]);
        let new = if self.is_new { "nouveau" } else { "" };
        let workbook = workbook.map_or("", |workbook| &workbook.name);
        let name = read.map_or("", |sheet| &*sheet.name);
        let cell = links.cell(finding.place, finding.column);
        let severity = finding.severity;
        Cells {
            texts: [
                (severity.french().into(), Ink::Severity(severity)),
                (new.into(), Ink::New),
                (finding.code.into(), Ink::Centred),
                (look::fit(workbook), Ink::Cell),
                (name.into(), Ink::Cell),
                (cell.into(), Ink::Centred),
                (key, Ink::Cell),
                (message, Ink::Cell),
            ],
            link: self.target(links),
            height,
        }
    }

    /// Where its link leads, if it has one.
    pub fn target(&self, links: &Links) -> Option<Target> {
        if !self.linked {
            return None;
        }
        links.target(self.finding.place, self.finding.column)
    }

    fn write(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        season: &Season,
        links: &Links,
        paint: &Paint,
    ) -> Result<(), XlsxError> {
        let cells = self.cells(season, links);
        if let Some(height) = cells.height {
            sheet.set_row_height(row, height)?;
        }
        for (column, (text, ink)) in (0..).zip(cells.texts) {
            match &cells.link {
                Some(target) if column == LINK => {
                    links.write_to(sheet, (row, column), &text, target, paint.of(Ink::Link))?;
                }
                _ => {
                    sheet.write_string_with_format(row, column, text, paint.of(ink))?;
                }
            }
        }
        Ok(())
    }
}

/// The format of each [`Ink`].
pub(super) struct Paint {
    cell: Format,
    centred: Format,
    new: Format,
    link: Format,
    severities: [Format; 3],
}

impl Paint {
    pub fn new() -> Self {
        Self {
            cell: look::cell(),
            centred: look::centred(),
            new: look::centred().set_bold().set_font_color(look::DEEP),
            link: look::link(),
            severities: [Severity::Info, Severity::Warning, Severity::Blocking].map(look::severity),
        }
    }

    pub fn of(&self, ink: Ink) -> &Format {
        let [info, warning, blocking] = &self.severities;
        match ink {
            Ink::Cell => &self.cell,
            Ink::Centred => &self.centred,
            Ink::New => &self.new,
            Ink::Link => &self.link,
            Ink::Severity(Severity::Info) => info,
            Ink::Severity(Severity::Warning) => warning,
            Ink::Severity(Severity::Blocking) => blocking,
        }
    }
}
