//! From workbooks to a season: which sheet is what, which rows count, what stops the run.

use std::ops::ControlFlow;

use super::cells::Raw;
use super::header::{self, HeaderTexts, Match, TOP_ROWS, Wanted};
use super::problem::{InputProblem, ProblemCode};
use super::row::{Ledgers, RowReader};
use super::source::Source;
use super::vocabulary::Vocabulary;
use crate::config::{FILE_NAME, Settings};
use crate::model::fold::{Folded, nearest};
use crate::model::owned::{Owned, owned_columns};
use crate::model::season::{Sheet, Tables, Workbook, columns_of};
use crate::model::{Place, Role, Row, RowRef, Season, SheetId, Table};

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
}

/// How a role is recognised.
struct RoleNames {
    role: Role,
    names: Vec<Folded>,
    wanted: Wanted,
}

/// The rows of every role as they are read.
#[derive(Default)]
struct Rows {
    members: Vec<crate::model::member::Member>,
    applications: Vec<crate::model::application::Application>,
    committee_marks: Vec<crate::model::committee_mark::CommitteeMark>,
    resource_persons: Vec<crate::model::resource_person::ResourcePerson>,
    proximities: Vec<crate::model::proximity::Proximity>,
    supports: Vec<crate::model::support::Support>,
    meetings: Vec<crate::model::meeting::Meeting>,
    workshops: Vec<crate::model::workshop::Workshop>,
    registrations: Vec<crate::model::registration::Registration>,
    evaluations: Vec<crate::model::evaluation::Evaluation>,
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
        }
    }

    /// Notes a problem.
    pub fn problem(&mut self, problem: InputProblem) {
        self.problems.push(problem);
    }

    /// Reads the recognised sheets of a workbook.
    ///
    /// # Errors
    /// A sheet is damaged: the reader's own words.
    pub fn add(&mut self, workbook: Workbook, source: &mut dyn Source) -> Result<(), String> {
        let position =
            u16::try_from(self.workbooks.len()).map_err(|_| "too many workbooks".to_owned())?;
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
    ) -> Result<(), String> {
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
        let id =
            SheetId(u16::try_from(self.sheets.len()).map_err(|_| "too many sheets".to_owned())?);
        self.sheets.push(Sheet {
            workbook,
            name: name.into(),
            role,
            header_row: header_row + 1,
            last_row: header_row + 1,
            columns: found.columns,
            owned: found.owned,
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
    ) -> Result<(), String> {
        let Some(sheet) = self.sheets.get(usize::from(id.0)) else {
            return Ok(());
        };
        let fields = Fields::new(sheet);
        let epoch_1904 = source.epoch_1904();
        let mut last_row = header_row;
        let (vocabulary, ledgers, rows, history) = (
            &self.vocabulary,
            &mut self.ledgers,
            &mut self.rows,
            &mut self.carries_mail_history,
        );
        source.visit(name, &mut |row, cells| {
            if row <= header_row {
                return ControlFlow::Continue(());
            }
            last_row = row;
            let picked = fields.pick(cells);
            *history |= fields.has_last_mail(cells);
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
        if let Some(sheet) = self.sheets.get_mut(usize::from(id.0)) {
            sheet.last_row = last_row + 1;
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
        let sheets = &self.sheets;
        let present = |role| sheets.iter().any(|sheet| sheet.role == role);
        let tables = self.rows.into_tables(present);
        Ok(Season::new(
            self.workbooks,
            self.sheets,
            tables,
            self.ledgers.faults,
            self.ledgers.names,
            self.carries_mail_history,
        ))
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
            .map(|(role, because)| {
                let because = because.map_or_else(String::new, |role| format!(", which the sheet \"{}\" refers to", role.french()));
                let message = format!(
                    "the sheet \"{}\"{because}, is missing or empty in the workbooks that could be read; {}",
                    role.french(),
                    proposal(role.french(), &seen),
                );
                InputProblem::new(ProblemCode::MissingSheet, message)
            })
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

/// Which cells of a row are fields of the role.
struct Fields {
    /// Field by column of the sheet.
    by_column: Vec<Option<u8>>,
    count: usize,
    last_mail: Option<u32>,
}

impl Fields {
    fn new(sheet: &Sheet) -> Self {
        let width = sheet
            .columns
            .iter()
            .flatten()
            .map(|cell| cell.column as usize + 1)
            .max()
            .unwrap_or(0);
        let mut by_column = vec![None; width];
        for (field, cell) in (0u8..).zip(&sheet.columns) {
            let slot = cell
                .as_ref()
                .and_then(|cell| by_column.get_mut(cell.column as usize));
            if let Some(slot) = slot {
                *slot = Some(field);
            }
        }
        let last_mail = owned_columns(sheet.role)
            .iter()
            .zip(&sheet.owned)
            .find(|(owned, _)| **owned == Owned::LastMail)
            .and_then(|(_, column)| *column);
        Self {
            by_column,
            count: sheet.columns.len(),
            last_mail,
        }
    }

    fn pick<'r>(&self, cells: &[(u32, Raw<'r>)]) -> Vec<Raw<'r>> {
        let mut raws = vec![Raw::Empty; self.count];
        for (column, raw) in cells {
            let field = self.by_column.get(*column as usize).copied().flatten();
            if let Some(slot) = field.and_then(|field| raws.get_mut(usize::from(field))) {
                *slot = *raw;
            }
        }
        raws
    }

    fn has_last_mail(&self, cells: &[(u32, Raw)]) -> bool {
        self.last_mail.is_some_and(|wanted| {
            cells
                .iter()
                .any(|(column, raw)| *column == wanted && !raw.is_empty())
        })
    }
}

impl Rows {
    fn read(
        &mut self,
        role: Role,
        at: Place,
        raws: &[Raw],
        epoch_1904: bool,
        vocabulary: &Vocabulary,
        ledgers: &mut Ledgers,
    ) {
        let index = u32::try_from(self.count(role)).unwrap_or(u32::MAX);
        let row = RowRef { role, index };
        let reader = &mut RowReader::new(
            columns_of(role),
            raws,
            (row, at),
            epoch_1904,
            vocabulary,
            ledgers,
        );
        match role {
            Role::Members => self.members.push(super::member::read(reader)),
            Role::Applications => self.applications.push(super::application::read(reader)),
            Role::CommitteeMarks => self
                .committee_marks
                .push(super::committee_mark::read(reader)),
            Role::ResourcePersons => self
                .resource_persons
                .push(super::resource_person::read(reader)),
            Role::Proximities => self.proximities.push(super::proximity::read(reader)),
            Role::Supports => self.supports.push(super::support::read(reader)),
            Role::Meetings => self.meetings.push(super::meeting::read(reader)),
            Role::Workshops => self.workshops.push(super::workshop::read(reader)),
            Role::Registrations => self.registrations.push(super::registration::read(reader)),
            Role::Evaluations => self.evaluations.push(super::evaluation::read(reader)),
        }
    }

    fn count(&self, role: Role) -> usize {
        match role {
            Role::Members => self.members.len(),
            Role::Applications => self.applications.len(),
            Role::CommitteeMarks => self.committee_marks.len(),
            Role::ResourcePersons => self.resource_persons.len(),
            Role::Proximities => self.proximities.len(),
            Role::Supports => self.supports.len(),
            Role::Meetings => self.meetings.len(),
            Role::Workshops => self.workshops.len(),
            Role::Registrations => self.registrations.len(),
            Role::Evaluations => self.evaluations.len(),
        }
    }

    fn into_tables(self, present: impl Fn(Role) -> bool) -> Tables {
        fn table<T: Row>(rows: Vec<T>, present: impl Fn(Role) -> bool) -> Option<Table<T>> {
            present(T::ROLE).then(|| Table::new(rows))
        }
        Tables {
            members: table(self.members, &present),
            applications: table(self.applications, &present),
            committee_marks: table(self.committee_marks, &present),
            resource_persons: table(self.resource_persons, &present),
            proximities: table(self.proximities, &present),
            supports: table(self.supports, &present),
            meetings: table(self.meetings, &present),
            workshops: table(self.workshops, &present),
            registrations: table(self.registrations, &present),
            evaluations: table(self.evaluations, &present),
        }
    }
}

/// The texts of the rows at the top that have any; none for a sheet without any cell.
fn top_rows(sheet: &str, source: &mut dyn Source) -> Result<Vec<(u32, HeaderTexts)>, String> {
    let mut top = Vec::new();
    let mut any = false;
    source.visit(sheet, &mut |row, cells| {
        any |= cells.iter().any(|(_, raw)| !raw.is_empty());
        if row < TOP_ROWS {
            top.push((row, header::texts(cells)));
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
fn find_header(
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
fn proposal(wanted: &str, found: &[&str]) -> String {
    match nearest(wanted, found.iter().copied()).first() {
        Some(near) => format!("the nearest name found is \"{near}\""),
        None => format!("add it, or give its name in {FILE_NAME}"),
    }
}
