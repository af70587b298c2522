//! What stands on one sheet: its columns, and the sample's rows with the marks of a coordinator.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::sample;
use crate::model::Role;
use crate::model::column::{ColumnSpec, Kind};
use crate::model::place::column_letters;
use crate::model::season::columns_of;

/// The rows that an empty starter's table has ready.
const READY_ROWS: u32 = 12;

/// One sheet.
pub struct Content {
    /// What its rows are.
    pub role: Role,
    /// The header row, from 0.
    pub header_row: u32,
    /// Its columns from the left.
    pub columns: Vec<Head>,
    /// The rows of the sample; none in an empty starter.
    pub rows: Vec<Vec<Entry>>,
}

/// A column.
pub struct Head {
    /// Its header.
    pub header: &'static str,
    /// The column that the program knows; none for one of the coordinator's own.
    pub spec: Option<&'static ColumnSpec>,
}

/// A cell.
#[derive(Debug, Default, PartialEq)]
pub struct Entry {
    /// What it holds.
    pub value: Value,
    /// Her colour.
    pub tint: Option<Tint>,
    /// Her comment.
    pub note: Option<&'static str>,
}

/// What a cell holds.
#[derive(Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(&'static str),
    /// A number, an amount or hours.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A day and a time.
    DateTime(NaiveDateTime),
    /// A time of day.
    Time(NaiveTime),
}

/// The colours with which the sample's coordinator marks a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tint {
    /// `{jaune}`: to come back to.
    Yellow,
    /// `{vert}`: good news.
    Green,
}

impl Content {
    /// The sheet of a role.
    pub fn new(role: Role, with_sample: bool) -> Self {
        if with_sample {
            return Self::of_sample(role);
        }
        let columns = columns_of(role)
            .iter()
            .map(|spec| Head {
                header: spec.header,
                spec: Some(spec),
            })
            .collect();
        Self {
            role,
            header_row: 0,
            columns,
            rows: Vec::new(),
        }
    }

    fn of_sample(role: Role) -> Self {
        let mut lines = sample::text(role).lines();
        let specs = columns_of(role);
        let columns: Vec<Head> = split(lines.next().unwrap_or_default())
            .map(|header| Head {
                header,
                spec: specs.iter().find(|spec| spec.header == header),
            })
            .collect();
        let rows = lines
            .map(|line| {
                split(line)
                    .zip(&columns)
                    .map(|(cell, head)| Entry::read(cell, head.kind()))
                    .collect()
            })
            .collect();
        Self {
            role,
            header_row: sample::extras::rows_above(role),
            columns,
            rows,
        }
    }

    /// The last row of the table, from 0.
    pub fn last_row(&self) -> u32 {
        let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let rows = if rows == 0 { READY_ROWS } else { rows };
        self.header_row.saturating_add(rows)
    }

    /// The last column of the table, from 0.
    pub fn last_column(&self) -> u16 {
        u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    /// The columns with their positions.
    pub fn numbered(&self) -> impl Iterator<Item = (u16, &Head)> {
        (0u16..).zip(&self.columns)
    }

    /// Where a column stands, from 0.
    pub fn position(&self, header: &str) -> Option<u16> {
        self.numbered()
            .find(|(_, head)| head.header == header)
            .map(|(column, _)| column)
    }

    /// The cells of a column down to a row as Excel counts, for a formula on another sheet:
    /// `Ateliers!$A$2:$A$1000`.
    pub fn range(&self, header: &str, last_row: u32) -> Option<String> {
        let letters = column_letters(u32::from(self.position(header)?));
        let first = self.header_row.saturating_add(2);
        let sheet = self.role.french();
        Some(format!(
            "'{sheet}'!${letters}${first}:${letters}${last_row}"
        ))
    }
}

impl Head {
    /// What its cells hold; none for a column of her own.
    pub fn kind(&self) -> Option<Kind> {
        self.spec.map(|spec| spec.kind)
    }

    /// Numbers that are names: as numbers Excel would show a SIRET as 1,23E+13, and drop the zero
    /// that a postcode or a telephone number starts with.
    pub fn holds_digits(&self) -> bool {
        ["Immatriculation", "Code postal", "Téléphone"]
            .iter()
            .any(|start| self.header.starts_with(start))
    }
}

impl Entry {
    /// A cell of the sample's text: see [`sample`].
    fn read(text: &'static str, kind: Option<Kind>) -> Self {
        let mut entry = Self::default();
        let mut text = text;
        while let Some((before, mark)) = text
            .strip_suffix('}')
            .and_then(|inner| inner.rsplit_once('{'))
        {
            text = before.trim_end();
            match mark {
                "jaune" => entry.tint = Some(Tint::Yellow),
                "vert" => entry.tint = Some(Tint::Green),
                note => entry.note = note.strip_prefix("note: "),
            }
        }
        entry.value = Value::read(text, kind);
        entry
    }
}

impl Value {
    fn read(text: &'static str, kind: Option<Kind>) -> Self {
        if text.is_empty() {
            return Self::Empty;
        }
        if let Some(as_typed) = text.strip_prefix('\'') {
            return Self::Text(as_typed);
        }
        let read = match kind {
            Some(Kind::Date) => NaiveDate::parse_from_str(text, "%d/%m/%Y")
                .ok()
                .map(Self::Date),
            Some(Kind::DateTime) => {
                let formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"];
                formats
                    .iter()
                    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
                    .map(Self::DateTime)
            }
            Some(Kind::Time) => NaiveTime::parse_from_str(text, "%H:%M")
                .ok()
                .map(Self::Time),
            Some(Kind::Euros | Kind::Hours | Kind::Mark | Kind::Count) => {
                text.replace(',', ".").parse().ok().map(Self::Number)
            }
            _ => None,
        };
        read.unwrap_or(Self::Text(text))
    }
}

fn split(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split('|').map(str::trim)
}
