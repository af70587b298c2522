//! Sheets and columns that an earlier run read and this one no longer finds: somebody gave them
//! another name, or took them away. Their findings then look solved, and nobody is written to about
//! their rows; without a column like « Ne pas écrire », people are written to who should not be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::Memory;
use crate::model::column::Column;
use crate::model::season::{Sheet, columns_of};
use crate::model::time::short_date;
use crate::model::{Role, Season};

/// So long she is told of it, and asked.
const TOLD_DAYS: u64 = 14;

/// What e-mails are made of. Without one of their columns people are written to who should not be
/// (« Ne pas écrire », « État »), who have paid, have no seat, or read other hours.
const TOLD_OF: [Role; 3] = [Role::Registrations, Role::Meetings, Role::Workshops];

/// What was read, and the last day on which it was.
pub(super) type Read = BTreeMap<String, NaiveDate>;

/// A sheet, or a column of one, that is no longer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    role: Role,
    what: What,
    /// The last day on which it was read.
    since: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Every sheet of the role.
    Role,
    /// One of several, by its place.
    Sheet(String),
    /// A column, in every sheet of the role.
    Column(Column),
    /// A column of one of several sheets, by the sheet's place.
    ColumnOf(String, Column),
}

impl Lost {
    /// Whether e-mails are to wait for her yes meanwhile.
    #[must_use]
    pub fn holds_the_night(&self) -> bool {
        let is_column = matches!(self.what, What::Column(_) | What::ColumnOf(..));
        is_column && TOLD_OF.contains(&self.role)
    }

    /// What is missing since when, in French with plain spaces: « La colonne « État » de la feuille
    /// « Inscriptions », lue le 12/01/2021, n’est plus là ».
    #[must_use]
    pub fn in_words(&self) -> String {
        let (role, since) = (self.role.french(), short_date(self.since));
        let what = match &self.what {
            What::Role => format!("La feuille « {role} »"),
            What::Sheet(place) => {
                let (workbook, sheet) = parts(place);
                format!("La feuille « {sheet} » ({role}) du classeur « {workbook} »")
            }
            What::ColumnOf(place, column) => {
                let header = header(self.role, *column).unwrap_or_default();
                let (workbook, sheet) = parts(place);
                format!(
                    "La colonne « {header} » de la feuille « {sheet} » du classeur « {workbook} »"
                )
            }
            What::Column(column) => {
                let header = header(self.role, *column).unwrap_or_default();
                format!("La colonne « {header} » de la feuille « {role} »")
            }
        };
        format!("{what}, lue le {since}, n’est plus là")
    }

    /// What to do about it, likewise.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.what {
            What::Column(_) | What::ColumnOf(..) => {
                "rendez-lui son nom ou, si vous l’avez retirée exprès, remettez une colonne vide de ce nom."
            }
            What::Role | What::Sheet(_) => {
                "ses lignes ne sont plus contrôlées, et rien n’est écrit à leur sujet. Rendez-lui son nom, ou remettez son classeur dans le dossier. Si c’est voulu, ce rappel cesse de lui-même au bout de deux semaines."
            }
        }
    }
}

/// What is read tonight, and what was read in the last days. What holds the nights is known until it
/// is there again: the first night that goes without it would write to people wrongly.
pub(super) fn read(season: &Season, day: NaiveDate, before: Option<&Memory>) -> Read {
    let now = names(season);
    let mut read = Read::new();
    if let Some(before) = before {
        let earliest = day.checked_sub_days(Days::new(TOLD_DAYS));
        let held: BTreeSet<String> = held_names().collect();
        let of_one_sheet = TOLD_OF.map(|role| format!("{}{OF_ONE}", role.key()));
        let is_held = |name: &String| {
            let mut prefixes = of_one_sheet.iter();
            held.contains(name) || prefixes.any(|prefix| name.starts_with(prefix))
        };
        let moved = moved(before, &now);
        let is_kept = |(name, last): &(&String, &NaiveDate)| {
            let is_recent = earliest.is_none_or(|earliest| **last >= earliest);
            (is_recent || is_held(name)) && !moved.contains(name.as_str())
        };
        let kept = before.read.iter().filter(is_kept);
        read.extend(kept.map(|(name, last)| (name.clone(), *last)));
    }
    read.extend(now.into_iter().map(|name| (name, day)));
    read
}

/// What the latest run knew and this one doesn't find.
pub(super) fn lost(before: &Memory, season: &Season) -> Vec<Lost> {
    let now = names(season);
    let lost = |role: Role, what: What| {
        let name = name(role, &what);
        let since = *before.read.get(&name).filter(|_| !now.contains(&name))?;
        Some(Lost { role, what, since })
    };
    let moved = moved(before, &now);
    let mut all = Vec::new();
    for role in Role::ALL {
        if !now.contains(&name(role, &What::Role)) {
            all.extend(lost(role, What::Role));
            continue;
        }
        let gone = known_sheets(before, role).filter(|sheet| !moved.contains(sheet));
        let gone = gone.filter_map(|name| name.split_once(PLACE).map(|(_, place)| place));
        all.extend(gone.filter_map(|place| lost(role, What::Sheet(place.to_owned()))));
        for column in columns(role) {
            if let Some(everywhere) = lost(role, What::Column(column)) {
                all.push(everywhere);
                continue;
            }
            let places = places(season, role).into_iter();
            all.extend(places.filter_map(|place| lost(role, What::ColumnOf(place, column))));
        }
    }
    all
}

/// The sheets that were only given another name, or put into another workbook: as many of their role
/// are new as are gone.
fn moved<'m>(before: &'m Memory, now: &BTreeSet<String>) -> BTreeSet<&'m str> {
    let mut moved = BTreeSet::new();
    for role in Role::ALL {
        let known: BTreeSet<&str> = known_sheets(before, role).collect();
        let gone: Vec<&str> = known
            .iter()
            .copied()
            .filter(|sheet| !now.contains(*sheet))
            .collect();
        let prefix = format!("{}{PLACE}", role.key());
        let new = now.iter().filter(|name| name.starts_with(&prefix));
        let new = new.filter(|name| !known.contains(name.as_str())).count();
        if new >= gone.len() {
            moved.extend(gone);
        }
    }
    moved
}

fn known_sheets(before: &Memory, role: Role) -> impl Iterator<Item = &str> {
    let prefix = format!("{}{PLACE}", role.key());
    let names = before.read.keys().map(String::as_str);
    names.filter(move |name| name.starts_with(&prefix))
}

/// The roles that have a sheet, these sheets, and the columns that a sheet of the role has.
fn names(season: &Season) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for role in Role::ALL {
        let sheets: Vec<_> = season
            .sheets
            .iter()
            .filter(|one| one.role == role)
            .collect();
        if sheets.is_empty() {
            continue;
        }
        names.insert(name(role, &What::Role));
        for sheet in &sheets {
            let place = place_of(season, sheet);
            let has = |column: &Column| {
                let column = usize::from(column.0);
                matches!(sheet.columns.get(column), Some(Some(_)))
            };
            for column in columns(role).filter(has) {
                names.insert(name(role, &What::Column(column)));
                if TOLD_OF.contains(&role) {
                    names.insert(name(role, &What::ColumnOf(place.clone(), column)));
                }
            }
            names.insert(name(role, &What::Sheet(place)));
        }
    }
    names
}

/// Where a sheet is: its workbook, and its name there.
fn place_of(season: &Season, sheet: &Sheet) -> String {
    let workbook = season.workbooks.get(usize::from(sheet.workbook));
    let workbook = workbook.map_or("", |workbook| &workbook.name);
    format!("{workbook}/{}", sheet.name)
}

fn places(season: &Season, role: Role) -> Vec<String> {
    let sheets = season.sheets.iter().filter(|sheet| sheet.role == role);
    sheets.map(|sheet| place_of(season, sheet)).collect()
}

/// The workbook and the sheet of a place; no sheet's name has a slash.
fn parts(place: &str) -> (&str, &str) {
    place.rsplit_once('/').unwrap_or(("", place))
}

/// The names of what holds the nights while it is missed.
fn held_names() -> impl Iterator<Item = String> {
    let all = TOLD_OF.into_iter();
    all.flat_map(|role| columns(role).map(move |column| name(role, &What::Column(column))))
}

fn columns(role: Role) -> impl Iterator<Item = Column> {
    (0u8..)
        .zip(columns_of(role))
        .map(|(place, _)| Column(place))
}

fn header(role: Role, column: Column) -> Option<&'static str> {
    let spec = columns_of(role).get(usize::from(column.0))?;
    Some(spec.header)
}

/// Between a role and the place of a sheet; no role's name has it.
const PLACE: char = '@';
/// Between a role and the place of a sheet that has a column.
const OF_ONE: char = '#';

fn name(role: Role, what: &What) -> String {
    let key = role.key();
    match what {
        What::Role => key.to_owned(),
        What::Sheet(place) => format!("{key}{PLACE}{place}"),
        What::Column(column) => {
            let header = header(role, *column).unwrap_or_default();
            format!("{key}|{header}")
        }
        What::ColumnOf(place, column) => {
            let header = header(role, *column).unwrap_or_default();
            format!("{key}{OF_ONE}{place}|{header}")
        }
    }
}
