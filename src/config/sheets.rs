//! `[sheets.ROLE]`: the coordinator's own names for sheets and columns (`programme.md` §2, §3).

use std::collections::BTreeMap;

use super::kinds::{Keys, List, MapOf, NAME};
use super::reader::{Kind, Reader, Section};
use super::report::{Given, Report};
use crate::model::role::Role;

/// `[sheets]`: what each role's sheet and columns are called, beside the names of §3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetSettings {
    roles: BTreeMap<Role, SheetNames>,
}

/// `[sheets.ROLE]`: names of one role, as typed; they are compared folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetNames {
    /// Names of sheets that hold this role too, beside ours. Default: none.
    pub names: Vec<String>,
    /// By our header, theirs. Whether the keys are headers of this role is not judged here.
    /// Default: none.
    pub columns: BTreeMap<String, Rename>,
}

/// A column's header in the coordinator's sheet, which is looked for before ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// Their header.
    pub header: String,
    /// The line of `programme.toml` that says so, to report a header of ours that doesn't exist.
    pub line: usize,
}

impl SheetSettings {
    /// The names of a role.
    #[must_use]
    pub fn of(&self, role: Role) -> &SheetNames {
        static NONE: SheetNames = SheetNames {
            names: Vec::new(),
            columns: BTreeMap::new(),
        };
        self.roles.get(&role).unwrap_or(&NONE)
    }
}

impl Default for SheetSettings {
    fn default() -> Self {
        let roles = Role::ALL.map(|role| (role, SheetNames::default()));
        Self {
            roles: roles.into(),
        }
    }
}

impl Section for SheetSettings {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        for (role, names) in &mut self.roles {
            table.section(role.key(), names);
        }
    }
}

impl Section for SheetNames {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        const COLUMNS: MapOf<Renamed> = MapOf {
            keys: Keys::Any,
            of: Renamed,
        };
        table.read("names", &List::of(NAME), &mut self.names);
        table.read("columns", &COLUMNS, &mut self.columns);
    }
}

/// Their header, with its line.
struct Renamed;

impl Kind for Renamed {
    type Value = Rename;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<Rename> {
        let header = NAME.read(given, report)?;
        let line = given.line;
        Some(Rename { header, line })
    }
}
