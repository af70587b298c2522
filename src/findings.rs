//! What is wrong or worth knowing, at a cell, in French: the output of the rules.

use serde::Serialize;

use crate::model::column::Column;
use crate::model::place::column_letters;
use crate::model::{Place, Role, RowRef, Season, SheetId};

/// How much a finding matters (programme.md §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// To be looked at.
    Warning,
    /// The row can't be used as it is.
    Blocking,
}

impl Severity {
    /// The word that the coordinator reads.
    pub fn french(self) -> &'static str {
        match self {
            Self::Info => "Information",
            Self::Warning => "À vérifier",
            Self::Blocking => "Bloquant",
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row.
    Row(RowRef),
    /// A sheet as a whole: the finding stands on its header row.
    Sheet(SheetId),
}

/// Something that the coordinator should see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code, `DON01` to `EVA02`.
    pub code: &'static str,
    /// After `[levels]`.
    pub severity: Severity,
    /// What it is about.
    pub target: Target,
    /// Where it stands.
    pub place: Place,
    /// The column at fault; none for a finding about the row or the sheet as a whole.
    pub column: Option<Column>,
    /// What is wrong, with the actual values, and what to do; in French.
    pub message: Box<str>,
}

impl Finding {
    /// The row it is about, unless it is about a sheet.
    pub fn row(&self) -> Option<RowRef> {
        match self.target {
            Target::Row(row) => Some(row),
            Target::Sheet(_) => None,
        }
    }

    /// The row's key in words; empty for a sheet.
    pub fn key<'a>(&self, season: &'a Season) -> &'a str {
        self.row()
            .and_then(|row| season.head(row))
            .map_or("", |head| &head.key)
    }

    /// The column in Excel's letters, when the sheet has it.
    pub fn letters(&self, season: &Season) -> Option<String> {
        let header = season.header(self.place.sheet, self.column?)?;
        Some(column_letters(header.column))
    }
}

/// All findings, ordered by workbook, sheet, row, code (programme.md §7), then column.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Puts findings in order.
    pub fn sorted(mut list: Vec<Finding>, season: &Season) -> Self {
        let order = sheet_order(season);
        let rank = |sheet: SheetId| order.get(usize::from(sheet.0)).copied();
        list.sort_by(|a, b| {
            (rank(a.place.sheet), a.place.row, a.code, a.column)
                .cmp(&(rank(b.place.sheet), b.place.row, b.code, b.column))
                .then_with(|| a.message.cmp(&b.message))
        });
        Self { list }
    }

    /// The findings, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them is blocking.
    pub fn has_blocking(&self) -> bool {
        self.list
            .iter()
            .any(|finding| finding.severity == Severity::Blocking)
    }
}

/// The rank of each sheet when sorted by the names of its workbook and of itself.
fn sheet_order(season: &Season) -> Vec<usize> {
    let name = |position: usize| {
        let sheet = season.sheets.get(position)?;
        Some((&*season.workbook_of(sheet)?.name, &*sheet.name))
    };
    let mut positions: Vec<usize> = (0..season.sheets.len()).collect();
    positions.sort_by_key(|position| (name(*position), *position));
    let mut ranks = vec![0; positions.len()];
    for (rank, position) in positions.into_iter().enumerate() {
        if let Some(slot) = ranks.get_mut(position) {
            *slot = rank;
        }
    }
    ranks
}

/// What the findings of one row amount to, for the decisions that depend on them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowFindings {
    /// A blocking finding.
    pub blocking: bool,
    /// A blocking finding of the ELI family.
    pub ineligible: bool,
    /// CAN01, whatever its severity.
    pub late: bool,
}

/// What the findings of each row of a role amount to.
#[derive(Debug, Default)]
pub struct FindingsOfRole {
    rows: Vec<RowFindings>,
}

impl FindingsOfRole {
    /// What the findings so far amount to, for each of the role's rows.
    pub fn of(role: Role, findings: &[Finding], season: &Season) -> Self {
        let mut rows = vec![RowFindings::default(); season.row_count(role)];
        for finding in findings {
            let Some(row) = finding.row().filter(|row| row.role == role) else {
                continue;
            };
            let Some(marks) = rows.get_mut(row.index as usize) else {
                continue;
            };
            let blocking = finding.severity == Severity::Blocking;
            marks.blocking |= blocking;
            marks.ineligible |= blocking && finding.code.starts_with("ELI");
            marks.late |= finding.code == "CAN01";
        }
        Self { rows }
    }

    /// What those of one row amount to.
    pub fn get(&self, index: u32) -> RowFindings {
        self.rows.get(index as usize).copied().unwrap_or_default()
    }
}
