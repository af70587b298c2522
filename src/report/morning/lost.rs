//! Sheets and columns that an earlier run read and this one no longer finds: somebody gave them
//! another name, or took them away. Their findings then look solved, and nobody is written to about
//! their rows; without a column like « Ne pas écrire », people are written to who should not be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::Memory;
use crate::model::column::Column;
use crate::model::season::columns_of;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    role: Role,
    column: Option<Column>,
    /// The last day on which it was read.
    since: NaiveDate,
}

impl Lost {
    /// Whether e-mails are to wait for her yes meanwhile.
    #[must_use]
    pub fn holds_the_night(self) -> bool {
        self.column.is_some() && TOLD_OF.contains(&self.role)
    }

    /// What is missing since when, in French with plain spaces: « La colonne « État » de la feuille
    /// « Inscriptions », lue le 12/01/2021, n’est plus là ».
    #[must_use]
    pub fn in_words(self) -> String {
        let (sheet, since) = (self.role.french(), short_date(self.since));
        let header = self.column.and_then(|column| header(self.role, column));
        match header {
            Some(header) => format!(
                "La colonne « {header} » de la feuille « {sheet} », lue le {since}, n’est plus là"
            ),
            None => format!("La feuille « {sheet} », lue le {since}, n’est plus là"),
        }
    }

    /// What to do about it, likewise.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self.column {
            Some(_) => {
                "rendez-lui son nom ou, si vous l’avez retirée exprès, remettez une colonne vide de ce nom."
            }
            None => {
                "ses lignes ne sont plus contrôlées, et rien n’est écrit à leur sujet. Rendez-lui son nom, ou remettez son classeur dans le dossier. Si c’est voulu, ce rappel cesse de lui-même au bout de deux semaines."
            }
        }
    }
}

/// What is read tonight, and what was read in the last days.
pub(super) fn read(season: &Season, day: NaiveDate, before: Option<&Memory>) -> Read {
    let earliest = day.checked_sub_days(Days::new(TOLD_DAYS));
    let known = before.into_iter().flat_map(|before| &before.read);
    let known = known.filter(|(_, last)| earliest.is_none_or(|earliest| **last >= earliest));
    let mut read: Read = known.map(|(name, last)| (name.clone(), *last)).collect();
    read.extend(names(season).into_iter().map(|name| (name, day)));
    read
}

/// What the run before this day's knew and this one doesn't find.
pub(super) fn lost(before: &Memory, season: &Season) -> Vec<Lost> {
    let now = names(season);
    let lost = |role: Role, column: Option<Column>| {
        let name = name(role, column);
        let since = *before.read.get(&name).filter(|_| !now.contains(&name))?;
        Some(Lost {
            role,
            column,
            since,
        })
    };
    let mut all = Vec::new();
    for role in Role::ALL {
        if let Some(sheet) = lost(role, None) {
            all.push(sheet);
            continue;
        }
        all.extend(columns(role).filter_map(|column| lost(role, Some(column))));
    }
    all
}

/// The sheets by their role, and the columns that a sheet of it has.
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
        names.insert(name(role, None));
        let is_there = |column: &Column| {
            let place = usize::from(column.0);
            let mut sheets = sheets.iter();
            sheets.any(|sheet| matches!(sheet.columns.get(place), Some(Some(_))))
        };
        let found = columns(role).filter(is_there);
        names.extend(found.map(|column| name(role, Some(column))));
    }
    names
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

fn name(role: Role, column: Option<Column>) -> String {
    let header = column.and_then(|column| header(role, column));
    header.map_or_else(
        || role.key().to_owned(),
        |header| format!("{}|{header}", role.key()),
    )
}
