//! Everything that was read of one programme, read-only, with the place of every cell.

use std::fmt;

use super::application::Application;
use super::column::{Column, ColumnSpec};
use super::committee_mark::CommitteeMark;
use super::evaluation::Evaluation;
use super::fault::Fault;
use super::index::Index;
use super::meeting::Meeting;
use super::member::Member;
use super::name::Interner;
use super::owned::{Owned, owned_columns};
use super::place::{Place, RowRef, SheetId};
use super::proximity::Proximity;
use super::registration::Registration;
use super::resource_person::ResourcePerson;
use super::role::Role;
use super::support::Support;
use super::table::{Head, Row, Table};
use super::workshop::Workshop;

/// What a workbook's file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.xlsx` or `.xlsm`: a package of XML parts that can be patched.
    Package,
    /// `.ods`: its copy is a new workbook.
    Ods,
    /// `.xls`: its copy is a new workbook.
    Xls,
}

/// One of the coordinator's files.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// The file's name in the programme folder.
    pub name: Box<str>,
    /// What it is.
    pub format: Format,
    /// SHA-256 of the bytes that were read: a later write refuses when the file has changed since.
    pub fingerprint: [u8; 32],
    /// The bytes that were read, where the workbook itself will be written: they are patched, and
    /// no others.
    pub bytes: Option<Bytes>,
}

/// A file's bytes, which no log and no failed test shows.
#[derive(Clone)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A workbook that was not read: a sync client's copy of another one, which holds the same rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its name in the programme folder.
    pub name: Box<str>,
    /// The workbook that it is a copy of, which was read.
    pub of: Box<str>,
}

/// A sheet that one of the roles was recognised in.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Index into [`Season::workbooks`].
    pub workbook: u16,
    /// The sheet's name as she wrote it.
    pub name: Box<str>,
    /// What it holds.
    pub role: Role,
    /// The header row as Excel counts, from 1; 0 for a sheet without any cell.
    pub header_row: u32,
    /// The last row with a cell, as Excel counts.
    pub last_row: u32,
    /// Where each of the role's columns stands, from 0; indexed by [`Column`].
    pub columns: Vec<Option<HeaderCell>>,
    /// The columns of ours that are there already, by their place in [`owned_columns`].
    pub owned: Vec<Option<HeaderCell>>,
    /// The first text in a column of ours that the program can't have written.
    pub foreign: Option<Foreign>,
}

impl Sheet {
    /// The columns of ours that are there already, and their headers as they are written there.
    pub fn ours(&self) -> impl Iterator<Item = (Owned, &HeaderCell)> {
        let owned = owned_columns(self.role).iter().zip(&self.owned);
        owned.filter_map(|(owned, header)| Some((*owned, header.as_ref()?)))
    }
}

/// A text of hers in a column of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The row as Excel counts.
    pub row: u32,
    /// The column, from 0.
    pub column: u32,
    /// Which of ours.
    pub owned: Owned,
    /// The text, its beginning if it is long.
    pub text: Box<str>,
}

/// A header that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderCell {
    /// The column, from 0.
    pub column: u32,
    /// The header as she wrote it, on one line.
    pub text: Box<str>,
}

/// The rows of every role; `None` for a role without a sheet: its checks are not made
/// (programme.md §3).
#[derive(Debug, Default)]
pub struct Tables {
    /// Adhérents.
    pub members: Option<Table<Member>>,
    /// Candidatures.
    pub applications: Option<Table<Application>>,
    /// Notes comité.
    pub committee_marks: Option<Table<CommitteeMark>>,
    /// Personnes ressources.
    pub resource_persons: Option<Table<ResourcePerson>>,
    /// Proximités.
    pub proximities: Option<Table<Proximity>>,
    /// Accompagnements.
    pub supports: Option<Table<Support>>,
    /// Rendez-vous.
    pub meetings: Option<Table<Meeting>>,
    /// Ateliers.
    pub workshops: Option<Table<Workshop>>,
    /// Inscriptions.
    pub registrations: Option<Table<Registration>>,
    /// Évaluations.
    pub evaluations: Option<Table<Evaluation>>,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Season {
    /// The files, by name.
    pub workbooks: Vec<Workbook>,
    /// The recognised sheets, in the order of file, then tab.
    pub sheets: Vec<Sheet>,
    /// The rows.
    pub tables: Tables,
    /// What the cells themselves have wrong.
    pub faults: Vec<Fault>,
    /// Lookups by key.
    pub index: Index,
    /// The keys of names seen.
    pub names: Interner,
    /// A column « Dernier courriel (auto) » holds something: this folder has been written about before.
    pub carries_mail_history: bool,
    /// The copies of workbooks that were left unread.
    pub conflicts: Vec<Conflict>,
}

impl Season {
    /// The season of what was read: lookups are made and repeated rows marked.
    pub fn new(
        workbooks: Vec<Workbook>,
        sheets: Vec<Sheet>,
        mut tables: Tables,
        faults: Vec<Fault>,
        names: Interner,
        carries_mail_history: bool,
    ) -> Self {
        let index = Index::build(&mut tables);
        Self {
            workbooks,
            sheets,
            tables,
            faults,
            index,
            names,
            carries_mail_history,
            conflicts: Vec::new(),
        }
    }

    /// A sheet that was read.
    pub fn sheet(&self, id: SheetId) -> Option<&Sheet> {
        self.sheets.get(usize::from(id.0))
    }

    /// The first sheet of a role: where a finding about the sheet as a whole is placed.
    pub fn first_sheet(&self, role: Role) -> Option<SheetId> {
        let position = self.sheets.iter().position(|sheet| sheet.role == role)?;
        u16::try_from(position).ok().map(SheetId)
    }

    /// The file that a sheet lies in.
    pub fn workbook_of(&self, sheet: &Sheet) -> Option<&Workbook> {
        self.workbooks.get(usize::from(sheet.workbook))
    }

    /// A row as the coordinator finds it, and as the ledger names it: « ateliers.xlsx, Inscriptions,
    /// ligne 5 ».
    pub fn row_in_words(&self, row: RowRef) -> Option<String> {
        let place = self.place(row)?;
        let sheet = self.sheet(place.sheet)?;
        let workbook = self.workbook_of(sheet)?;
        Some(format!(
            "{}, {}, ligne {}",
            workbook.name, sheet.name, place.row
        ))
    }

    /// Where a column stands on a sheet, and under which header.
    pub fn header(&self, sheet: SheetId, column: Column) -> Option<&HeaderCell> {
        self.sheet(sheet)?
            .columns
            .get(usize::from(column.0))?
            .as_ref()
    }

    /// Where a row stands and what it is called.
    pub fn head(&self, row: RowRef) -> Option<&Head> {
        fn of<T: Row>(table: Option<&Table<T>>, index: u32) -> Option<&Head> {
            table?.get(index).map(Row::head)
        }
        let tables = &self.tables;
        match row.role {
            Role::Members => of(tables.members.as_ref(), row.index),
            Role::Applications => of(tables.applications.as_ref(), row.index),
            Role::CommitteeMarks => of(tables.committee_marks.as_ref(), row.index),
            Role::ResourcePersons => of(tables.resource_persons.as_ref(), row.index),
            Role::Proximities => of(tables.proximities.as_ref(), row.index),
            Role::Supports => of(tables.supports.as_ref(), row.index),
            Role::Meetings => of(tables.meetings.as_ref(), row.index),
            Role::Workshops => of(tables.workshops.as_ref(), row.index),
            Role::Registrations => of(tables.registrations.as_ref(), row.index),
            Role::Evaluations => of(tables.evaluations.as_ref(), row.index),
        }
    }

    /// Where a row stands.
    pub fn place(&self, row: RowRef) -> Option<Place> {
        self.head(row).map(|head| head.at)
    }

    /// How many rows a role has; 0 for a role without a sheet.
    pub fn row_count(&self, role: Role) -> usize {
        fn of<T: Row>(table: Option<&Table<T>>) -> usize {
            table.map_or(0, Table::len)
        }
        let tables = &self.tables;
        match role {
            Role::Members => of(tables.members.as_ref()),
            Role::Applications => of(tables.applications.as_ref()),
            Role::CommitteeMarks => of(tables.committee_marks.as_ref()),
            Role::ResourcePersons => of(tables.resource_persons.as_ref()),
            Role::Proximities => of(tables.proximities.as_ref()),
            Role::Supports => of(tables.supports.as_ref()),
            Role::Meetings => of(tables.meetings.as_ref()),
            Role::Workshops => of(tables.workshops.as_ref()),
            Role::Registrations => of(tables.registrations.as_ref()),
            Role::Evaluations => of(tables.evaluations.as_ref()),
        }
    }
}

/// The columns of a role.
pub fn columns_of(role: Role) -> &'static [ColumnSpec] {
    match role {
        Role::Members => super::member::COLUMNS,
        Role::Applications => super::application::COLUMNS,
        Role::CommitteeMarks => super::committee_mark::COLUMNS,
        Role::ResourcePersons => super::resource_person::COLUMNS,
        Role::Proximities => super::proximity::COLUMNS,
        Role::Supports => super::support::COLUMNS,
        Role::Meetings => super::meeting::COLUMNS,
        Role::Workshops => super::workshop::COLUMNS,
        Role::Registrations => super::registration::COLUMNS,
        Role::Evaluations => super::evaluation::COLUMNS,
    }
}
