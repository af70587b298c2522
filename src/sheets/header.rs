//! Finding a role's header row, and which column is which (programme.md §2).

use std::ops::ControlFlow;

use super::cells::{self, Raw};
use super::problem::ProblemCode;
use super::source::Source;
use super::unreadable::Unreadable;
use crate::config::{FILE_NAME, Settings};
use crate::model::column::{Column, Need};
use crate::model::fold::{Folded, nearest};
use crate::model::owned::owned_columns;
use crate::model::place::column_letters;
use crate::model::role::Role;
use crate::model::season::{HeaderCell, columns_of};

/// The header row is one of so many rows at the top.
const TOP_ROWS: u32 = 10;

/// What a role's header row may look like.
pub struct Wanted {
    role: Role,
    columns: Vec<WantedColumn>,
    owned: Vec<Folded>,
}

struct WantedColumn {
    header: &'static str,
    required: bool,
    ours: Folded,
    theirs: Option<Folded>,
}

/// A row held against what a role wants.
#[derive(Debug, Default)]
pub struct Match {
    /// Where each column stands; indexed by [`Column`].
    pub columns: Vec<Option<HeaderCell>>,
    /// The columns of ours that are there.
    pub owned: Vec<Option<HeaderCell>>,
    /// One message for each name that several columns match.
    pub repeated: Vec<String>,
    /// The required columns that are not there.
    pub missing: Vec<Column>,
}

/// A row of texts: the column from 0, the text on one line, its folded form.
pub type HeaderTexts = Vec<(u32, String, Folded)>;

/// The texts of a row that might be a header row.
pub fn texts(cells: &[(u32, Raw)]) -> HeaderTexts {
    cells
        .iter()
        .filter_map(|(column, raw)| {
            let text = cells::text(*raw).ok()??.into_owned();
            let folded = Folded::new(&text);
            Some((*column, text, folded))
        })
        .collect()
}

impl Wanted {
    /// What a role wants, with the headers that the settings give it.
    pub fn new(role: Role, settings: &Settings) -> Self {
        let renames = &settings.sheets.of(role).columns;
        let theirs = |header: &str| {
            let ours = Folded::new(header);
            renames
                .iter()
                .find(|(key, _)| Folded::new(key).matches(&ours))
                .map(|(_, rename)| Folded::new(&rename.header))
        };
        let columns = columns_of(role)
            .iter()
            .map(|spec| WantedColumn {
                header: spec.header,
                required: spec.need != Need::Optional,
                ours: Folded::new(spec.header),
                theirs: theirs(spec.header),
            })
            .collect();
        let owned = owned_columns(role)
            .iter()
            .map(|owned| Folded::new(owned.header()))
            .collect();
        Self {
            role,
            columns,
            owned,
        }
    }

    /// The lines of `programme.toml` that rename a column which the role doesn't have.
    pub fn unknown_renames(&self, settings: &Settings) -> Vec<(usize, String)> {
        settings
            .sheets
            .of(self.role)
            .columns
            .iter()
            .filter(|(key, _)| {
                let key = Folded::new(key);
                !self.columns.iter().any(|column| column.ours.matches(&key))
            })
            .map(|(key, rename)| (rename.line, key.clone()))
            .collect()
    }

    /// Holds a row against what the role wants: the settings' headers first, ours among the columns
    /// that are left.
    pub fn match_row(&self, texts: &HeaderTexts) -> Match {
        let mut found = Match {
            columns: vec![None; self.columns.len()],
            ..Match::default()
        };
        let mut claimed = vec![false; texts.len()];
        for pass in [Pass::Theirs, Pass::Ours] {
            for (slot, column) in found.columns.iter_mut().zip(&self.columns) {
                let wanted = match pass {
                    Pass::Theirs => column.theirs.as_ref(),
                    Pass::Ours => Some(&column.ours),
                };
                if let Some(wanted) = wanted.filter(|_| slot.is_none()) {
                    *slot = claim(texts, &mut claimed, wanted, &mut found.repeated);
                }
            }
        }
        for wanted in &self.owned {
            let cell = claim(texts, &mut claimed, wanted, &mut found.repeated);
            found.owned.push(cell);
        }
        found.missing = (0u8..)
            .zip(self.columns.iter().zip(&found.columns))
            .filter(|(_, (column, cell))| column.required && cell.is_none())
            .map(|(index, _)| Column(index))
            .collect();
        found
    }

    /// The header of a column, as §3 names it.
    pub fn header(&self, column: Column) -> &'static str {
        self.columns
            .get(usize::from(column.0))
            .map_or("", |column| column.header)
    }
}

#[derive(Clone, Copy)]
enum Pass {
    Theirs,
    Ours,
}

/// The first column that no other name took and that matches; more than one is a problem.
fn claim(
    texts: &HeaderTexts,
    claimed: &mut [bool],
    wanted: &Folded,
    repeated: &mut Vec<String>,
) -> Option<HeaderCell> {
    let mut cells = Vec::new();
    for ((column, text, folded), claimed) in texts.iter().zip(claimed.iter_mut()) {
        if !*claimed && folded.matches(wanted) {
            *claimed = true;
            cells.push(HeaderCell {
                column: *column,
                text: text.as_str().into(),
            });
        }
    }
    if let [first, second, ..] = cells.as_slice() {
        repeated.push(format!(
            "columns {} (\"{}\") and {} (\"{}\") match the same name; rename or remove one of them",
            column_letters(first.column),
            first.text,
            column_letters(second.column),
            second.text,
        ));
    }
    cells.into_iter().next()
}

/// The texts of the rows at the top that have any; none for a sheet without any cell.
pub fn top_rows(
    sheet: &str,
    source: &mut dyn Source,
) -> Result<Vec<(u32, HeaderTexts)>, Unreadable> {
    let mut top = Vec::new();
    let mut any = false;
    source.visit(sheet, &mut |row, cells| {
        any |= cells.iter().any(|(_, raw)| !raw.is_empty());
        if row < TOP_ROWS {
            top.push((row, texts(cells)));
            return ControlFlow::Continue(());
        }
        // One cell further down is enough to know that the sheet isn't empty.
        if any {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    if !any {
        return Ok(Vec::new());
    }
    if top.is_empty() {
        top.push((0, HeaderTexts::new()));
    }
    Ok(top)
}

/// The first of the top rows that holds all required columns; else what the best of them lacks.
pub fn find_header(
    wanted: &Wanted,
    top: &[(u32, HeaderTexts)],
) -> Result<(u32, Match), Vec<(ProblemCode, String)>> {
    let mut best: Option<(usize, &HeaderTexts, Match)> = None;
    for (row, texts) in top {
        let found = wanted.match_row(texts);
        if found.missing.is_empty() {
            if found.repeated.is_empty() {
                return Ok((*row, found));
            }
            return Err(found
                .repeated
                .into_iter()
                .map(|message| (ProblemCode::RepeatedColumn, message))
                .collect());
        }
        let matched = found.columns.iter().flatten().count();
        if best.as_ref().is_none_or(|(most, _, _)| matched > *most) {
            best = Some((matched, texts, found));
        }
    }
    let Some((_, texts, found)) = best else {
        return Err(Vec::new());
    };
    let headers: Vec<&str> = texts.iter().map(|(_, text, _)| text.as_str()).collect();
    let mut problems: Vec<(ProblemCode, String)> = found
        .missing
        .iter()
        .map(|column| {
            let header = wanted.header(*column);
            let message = format!(
                "the required column \"{header}\" is missing in the first {TOP_ROWS} rows; {}",
                proposal(header, &headers)
            );
            (ProblemCode::MissingColumn, message)
        })
        .collect();
    problems.extend(
        found
            .repeated
            .into_iter()
            .map(|message| (ProblemCode::RepeatedColumn, message)),
    );
    Err(problems)
}

/// "the nearest name found is …", or what to do where nothing comes near.
pub fn proposal(wanted: &str, found: &[&str]) -> String {
    match nearest(wanted, found.iter().copied()).first() {
        Some(near) => format!("the nearest name found is \"{near}\""),
        None => format!("add it, or give its name in {FILE_NAME}"),
    }
}
