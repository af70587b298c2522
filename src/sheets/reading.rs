//! From workbooks to a season: which sheet is what, which rows count, what stops the run.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::cells::Raw;
use super::fields::Fields;
use super::header::{Wanted, find_header, proposal, top_rows};
use super::problem::{InputProblem, ProblemCode};
use super::row::Ledgers;
use super::rows::Rows;
use super::source::Source;
use super::unreadable::Unreadable;
use super::vocabulary::Vocabulary;
use crate::config::{FILE_NAME, Settings};
use crate::model::fold::Folded;
use crate::model::season::{Bytes, Sheet, Workbook, columns_of};
use crate::model::{Place, Role, Season, SheetId};
use crate::package::Totals;

/// A season in the making.
pub struct Reading {
    vocabulary: Vocabulary,
    roles: Vec<RoleNames>,
    workbooks: Vec<Workbook>,
    sheets: Vec<Sheet>,
    /// Every sheet's name, for proposals: known or not.
    seen: Vec<String>,
    rows: Rows,
    ledgers: Ledgers,
    problems: Vec<InputProblem>,
    carries_mail_history: bool,
    /// Bytes of text in fields, over all workbooks.
    text: u64,
}

/// All fields together hold less text: what a cell takes in a workbook says nothing, since a
/// million cells may share one string.
const MAX_TEXT: u64 = 128 << 20;

/// How a role is recognised.
struct RoleNames {
    role: Role,
    names: Vec<Folded>,
    wanted: Wanted,
}

/// The roles that a role's rows refer to: their sheets must be there (programme.md §3).
fn required_by(role: Role) -> &'static [Role] {
    match role {
        Role::Meetings => &[Role::Supports, Role::ResourcePersons],
        Role::Evaluations => &[Role::Supports],
        Role::Registrations => &[Role::Workshops],
        Role::Workshops => &[Role::ResourcePersons],
        Role::CommitteeMarks => &[Role::Applications],
        _ => &[],
    }
}

impl Reading {
    /// Nothing read yet; a column that `programme.toml` renames but no sheet has is a problem.
    pub fn new(settings: &Settings) -> Self {
        let roles: Vec<RoleNames> = Role::ALL
            .into_iter()
            .map(|role| RoleNames::new(role, settings))
            .collect();
        let mut problems = Vec::new();
        for names in &roles {
            for (line, key) in names.wanted.unknown_renames(settings) {
                let headers: Vec<&str> = columns_of(names.role)
                    .iter()
                    .map(|spec| spec.header)
                    .collect();
                problems.push(InputProblem::new(
                    ProblemCode::BadSettings,
                    format!(
                        "{FILE_NAME}:{line}: sheets.{}.columns: \"{key}\" is no column of {}; {}",
                        names.role.key(),
                        names.role.french(),
                        proposal(&key, &headers),
                    ),
                ));
            }
        }
        Self {
            vocabulary: Vocabulary::new(settings),
            roles,
            workbooks: Vec::new(),
            sheets: Vec::new(),
            seen: Vec::new(),
            rows: Rows::default(),
            ledgers: Ledgers::default(),
            problems,
            carries_mail_history: false,
            text: 0,
        }
    }

    /// Notes a problem.
    pub fn problem(&mut self, problem: InputProblem) {
        self.problems.push(problem);
    }

    /// Keeps the bytes of the workbook that was added last: they are what will be patched.
    pub fn keep(&mut self, bytes: Vec<u8>) {
        if let Some(workbook) = self.workbooks.last_mut() {
            workbook.bytes = Some(Bytes(bytes));
        }
    }

    /// Reads the recognised sheets of a workbook.
    ///
    /// # Errors
    /// A sheet is damaged.
    pub fn add(&mut self, workbook: Workbook, source: &mut dyn Source) -> Result<(), Unreadable> {
        let position = u16::try_from(self.workbooks.len()).map_err(|_| Unreadable::TooMany)?;
        let name = workbook.name.clone();
        self.workbooks.push(workbook);
        for sheet in source.sheet_names() {
            let folded = Folded::new(&sheet);
            let fitting: Vec<usize> = self
                .roles
                .iter()
                .enumerate()
                .filter(|(_, names)| names.names.iter().any(|name| name.matches(&folded)))
                .map(|(position, _)| position)
                .collect();
            self.seen.push(sheet.clone());
            match fitting.as_slice() {
                [] => {}
                [role] => self.add_sheet(position, *role, &sheet, source)?,
                several => {
                    let roles: Vec<&str> = several
                        .iter()
                        .filter_map(|role| self.roles.get(*role))
                        .map(|names| names.role.french())
                        .collect();
                    let message = format!(
                        "its name fits several kinds of sheet: {}; rename it, or change its name in {FILE_NAME}",
                        roles.join(", ")
                    );
                    self.problems.push(
                        InputProblem::new(ProblemCode::AmbiguousSheet, message)
                            .in_workbook(&name)
                            .in_sheet(&sheet),
                    );
                }
            }
        }
        Ok(())
    }

    fn add_sheet(
        &mut self,
        workbook: u16,
        role: usize,
        name: &str,
        source: &mut dyn Source,
    ) -> Result<(), Unreadable> {
        let top = top_rows(name, source)?;
        if top.is_empty() {
            // Without any cell: as if the sheet were absent.
            return Ok(());
        }
        let Some(names) = self.roles.get(role) else {
            return Ok(());
        };
        let role = names.role;
        let (header_row, found) = match find_header(&names.wanted, &top) {
            Ok(found) => found,
            Err(messages) => {
                let file = self
                    .workbooks
                    .last()
                    .map(|workbook| workbook.name.to_string())
                    .unwrap_or_default();
                self.problems
                    .extend(messages.into_iter().map(|(code, message)| {
                        InputProblem::new(code, message)
                            .in_workbook(&file)
                            .in_sheet(name)
                    }));
                return Ok(());
            }
        };
        let id = SheetId(u16::try_from(self.sheets.len()).map_err(|_| Unreadable::TooMany)?);
        self.sheets.push(Sheet {
            workbook,
            name: name.into(),
            role,
            header_row: header_row + 1,
            last_row: header_row + 1,
            columns: found.columns,
            owned: found.owned,
            foreign: None,
        });
        self.read_rows(id, role, name, header_row, source)
    }

    fn read_rows(
        &mut self,
        id: SheetId,
        role: Role,
        name: &str,
        header_row: u32,
        source: &mut dyn Source,
    ) -> Result<(), Unreadable> {
        let Some(sheet) = self.sheets.get(usize::from(id.0)) else {
            return Ok(());
        };
        let fields = Fields::new(sheet);
        let epoch_1904 = source.epoch_1904();
        let totals = source.totals(name);
        let mut last_row = header_row;
        let mut foreign = None;
        let (vocabulary, ledgers, rows, history, text) = (
            &self.vocabulary,
            &mut self.ledgers,
            &mut self.rows,
            &mut self.carries_mail_history,
            &mut self.text,
        );
        source.visit(name, &mut |row, cells| {
            if row <= header_row {
                return ControlFlow::Continue(());
            }
            last_row = row;
            let cells = &*without_totals(&totals, row, cells);
            let picked = fields.pick(cells);
            *text += picked.iter().map(Raw::text_bytes).sum::<u64>();
            if *text > MAX_TEXT {
                return ControlFlow::Break(());
            }
            *history |= fields.has_last_mail(cells);
            foreign = foreign.take().or_else(|| fields.foreign(row + 1, cells));
            // A lone FALSE is what a check box leaves in a row that nobody filled.
            let has_value = picked
                .iter()
                .any(|raw| !raw.is_empty() && *raw != Raw::Bool(false));
            if has_value {
                let at = Place {
                    sheet: id,
                    row: row + 1,
                };
                rows.read(role, at, &picked, epoch_1904, vocabulary, ledgers);
            }
            ControlFlow::Continue(())
        })?;
        if self.text > MAX_TEXT {
            return Err(Unreadable::TooMuchText);
        }
        if let Some(sheet) = self.sheets.get_mut(usize::from(id.0)) {
            sheet.last_row = last_row + 1;
            sheet.foreign = foreign;
        }
        Ok(())
    }

    /// The season, or everything that stops the run.
    ///
    /// # Errors
    /// The problems, sorted.
    pub fn finish(mut self) -> Result<Season, Vec<InputProblem>> {
        self.check_required_sheets();
        if !self.problems.is_empty() {
            self.problems.sort_by(|a, b| {
                (&a.workbook, &a.sheet, a.code, &a.message).cmp(&(
                    &b.workbook,
                    &b.sheet,
                    b.code,
                    &b.message,
                ))
            });
            return Err(self.problems);
        }
        Ok(self.as_far_as_it_goes())
    }

    /// The season of what could be read, whatever is missing: no ground for any decision.
    pub fn as_far_as_it_goes(self) -> Season {
        let sheets = &self.sheets;
        let present = |role| sheets.iter().any(|sheet| sheet.role == role);
        let tables = self.rows.into_tables(present);
        Season::new(
            self.workbooks,
            self.sheets,
            tables,
            self.ledgers.faults,
            self.ledgers.names,
            self.carries_mail_history,
        )
    }

    fn check_required_sheets(&mut self) {
        let present = |role: Role| {
            self.sheets.iter().any(|sheet| sheet.role == role)
                // A sheet that was recognised but has its own problem isn't missing as well.
                || self.problems.iter().any(|problem| {
                    problem.sheet.as_deref().is_some_and(|name| self.fits(role, name))
                })
        };
        let mut missing: Vec<(Role, Option<Role>)> = Vec::new();
        if !present(Role::Members) {
            missing.push((Role::Members, None));
        }
        for role in Role::ALL.into_iter().filter(|role| present(*role)) {
            for needed in required_by(role) {
                if !present(*needed) && !missing.iter().any(|(known, _)| known == needed) {
                    missing.push((*needed, Some(role)));
                }
            }
        }
        let seen: Vec<&str> = self.seen.iter().map(String::as_str).collect();
        let found: Vec<InputProblem> = missing
            .into_iter()
            .map(|(role, because)| missing_sheet(role, because, &seen))
            .collect();
        self.problems.extend(found);
    }

    fn fits(&self, role: Role, sheet: &str) -> bool {
        let folded = Folded::new(sheet);
        self.roles
            .iter()
            .filter(|names| names.role == role)
            .any(|names| names.names.iter().any(|name| name.matches(&folded)))
    }
}

/// A required sheet that none of the names seen is; `because` refers to it.
fn missing_sheet(role: Role, because: Option<Role>, seen: &[&str]) -> InputProblem {
    let name = role.french();
    let because = because.map_or_else(String::new, |role| {
        format!(", which the sheet \"{}\" refers to,", role.french())
    });
    let message = format!(
        "the sheet \"{name}\"{because} is missing or empty in the workbooks that could be read; {}",
        proposal(name, seen),
    );
    InputProblem::new(ProblemCode::MissingSheet, message).in_sheet(name)
}

/// The cells of a row that may be data: labels and sums of an Excel table are none, and what stands
/// beside the table still counts.
fn without_totals<'c, 'r>(
    totals: &Totals,
    row: u32,
    cells: &'c [(u32, Raw<'r>)],
) -> Cow<'c, [(u32, Raw<'r>)]> {
    if !totals.meet(row) {
        return Cow::Borrowed(cells);
    }
    let data = cells
        .iter()
        .filter(|(column, _)| !totals.hold(row, *column));
    Cow::Owned(data.copied().collect())
}

impl RoleNames {
    fn new(role: Role, settings: &Settings) -> Self {
        let added = settings.sheets.of(role).names.iter().map(String::as_str);
        Self {
            role,
            names: std::iter::once(role.french())
                .chain(added)
                .map(Folded::new)
                .collect(),
            wanted: Wanted::new(role, settings),
        }
    }
}
