//! Findings as a table that reads well in a terminal, by workbook and sheet.

use std::io::{self, Write};

use crate::findings::{Finding, Findings, Severity};
use crate::model::{Season, SheetId};

/// Writes the findings, then how many there are of each severity.
///
/// # Errors
/// The output can't be written.
pub fn write(
    out: &mut impl Write,
    title: &str,
    season: &Season,
    findings: &Findings,
) -> io::Result<()> {
    writeln!(out, "{title}")?;
    let mut sheet: Option<SheetId> = None;
    for finding in findings.iter() {
        if sheet != Some(finding.place.sheet) {
            sheet = Some(finding.place.sheet);
            writeln!(out, "\n{}", sheet_title(season, finding.place.sheet))?;
        }
        writeln!(out, "  {}", line(season, finding))?;
    }
    writeln!(out, "\n{}", summary(findings))
}

fn sheet_title(season: &Season, id: SheetId) -> String {
    let Some(sheet) = season.sheet(id) else {
        return String::new();
    };
    let workbook = season
        .workbook_of(sheet)
        .map_or("", |workbook| &workbook.name);
    format!("{workbook} › {}", sheet.name)
}

fn line(season: &Season, finding: &Finding) -> String {
    let cell = format!(
        "{}{}",
        finding.letters(season).unwrap_or_default(),
        finding.place.row
    );
    let key = finding.key(season);
    let about = if key.is_empty() {
        String::new()
    } else {
        format!(" [{key}]")
    };
    format!(
        "{cell:<7} {:<11} {}{about} {}",
        finding.severity.french(),
        finding.code,
        finding.message
    )
}

/// « 3 constats bloquants, 12 à vérifier, 5 informations »
pub fn summary(findings: &Findings) -> String {
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    if findings.is_empty() {
        return "Aucun constat : tout est en ordre.".to_owned();
    }
    let blocking = count(Severity::Blocking);
    let info = count(Severity::Info);
    format!(
        "{blocking} {}, {} à vérifier, {info} {}",
        if blocking < 2 {
            "constat bloquant"
        } else {
            "constats bloquants"
        },
        count(Severity::Warning),
        if info < 2 {
            "information"
        } else {
            "informations"
        },
    )
}
