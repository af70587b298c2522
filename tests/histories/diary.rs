//! Her meetings as a value, and what she does to them.

use chrono::{Days, NaiveDate};
use proptest::sample::Index;

use super::season::day_of;

/// A support, the one person who leads it, and their addresses.
pub struct Support {
    pub reference: &'static str,
    pub structure: &'static str,
    pub beneficiary: [&'static str; 2],
    pub person: [&'static str; 2],
}

pub const SUPPORTS: [Support; 2] = [
    Support {
        reference: "ACC-1",
        structure: "Atelier Nord",
        beneficiary: ["Lou Garcia", "lou@example.org"],
        person: ["Anna Blanc", "anna@example.org"],
    },
    Support {
        reference: "ACC-2",
        structure: "Atelier Sud",
        beneficiary: ["Max Vidal", "max@example.org"],
        person: ["Eva Noir", "eva@example.org"],
    },
];

/// As many rows as don't come to more hours than a support may have.
const MOST: usize = 6;

/// What she does.
#[derive(Debug, Clone)]
pub enum Op {
    /// For which support, on which day, in the afternoon, in which row.
    Fix(Index, u32, bool, Index),
    Move(Index, u32),
    Elsewhere(Index),
    Cancel(Index),
    /// A cancelled row counts again.
    Revive(Index),
    Copy(Index),
    Delete(Index),
}

/// A day and a half of it.
pub type When = (NaiveDate, bool);

#[derive(Debug, Clone)]
pub struct Row {
    pub support: usize,
    pub when: When,
    pub place: String,
    pub is_cancelled: bool,
}

#[derive(Debug, Clone)]
pub struct Diary {
    pub rows: Vec<Row>,
    places: usize,
}

impl Diary {
    pub fn new() -> Self {
        let mut diary = Self {
            rows: Vec::new(),
            places: 0,
        };
        for (support, day, afternoon) in [(0, 15, false), (0, 20, true), (1, 18, false)] {
            diary.fix(support, day, afternoon, usize::MAX);
        }
        diary
    }

    fn fix(&mut self, support: usize, day: u32, afternoon: bool, at: usize) {
        if self.rows.len() < MOST {
            let row = Row {
                support,
                when: (day_of(day), afternoon),
                place: self.new_place(),
                is_cancelled: false,
            };
            self.rows.insert(at.min(self.rows.len()), row);
        }
    }

    fn new_place(&mut self) -> String {
        self.places += 1;
        format!("Bureau {}.", self.places)
    }

    pub fn change(&mut self, op: &Op) {
        let place = self.new_place();
        let rows = self.rows.len();
        match op {
            Op::Fix(support, day, afternoon, at) => {
                let at = at.index(rows + 1);
                self.fix(support.index(SUPPORTS.len()), *day, *afternoon, at);
            }
            _ if rows == 0 => {}
            Op::Move(row, days) => {
                let (day, _) = &mut self.rows[row.index(rows)].when;
                *day = *day + Days::new(u64::from(*days));
            }
            Op::Elsewhere(row) => self.rows[row.index(rows)].place = place,
            Op::Cancel(row) => self.rows[row.index(rows)].is_cancelled = true,
            Op::Revive(row) => self.rows[row.index(rows)].is_cancelled = false,
            Op::Copy(row) if rows < MOST => {
                let row = row.index(rows);
                self.rows.insert(row, self.rows[row].clone());
            }
            Op::Copy(_) => {}
            Op::Delete(row) => drop(self.rows.remove(row.index(rows))),
        }
    }

    /// Where the support meets then, if it does: of several rows the first speaks.
    pub fn place(&self, support: usize, when: When) -> Option<&str> {
        let mut rows = self.rows.iter();
        let row = rows.find(|row| row.support == support && row.when == when && !row.is_cancelled);
        row.map(|row| row.place.as_str())
    }

    /// The meetings of a support after a day.
    pub fn after(&self, support: usize, day: NaiveDate) -> Vec<(When, &str)> {
        let rows = self.rows.iter();
        let mut all: Vec<When> = rows
            .filter(|row| row.support == support && row.when.0 > day)
            .map(|row| row.when)
            .collect();
        all.sort_unstable();
        all.dedup();
        let place = |when| Some((when, self.place(support, when)?));
        all.into_iter().filter_map(place).collect()
    }

    /// Her rows of Rendez-vous.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.rows.iter().map(|row| {
            let support = &SUPPORTS[row.support];
            let (day, afternoon) = row.when;
            format!(
                "{};{};{};{};{};{}",
                support.reference,
                support.person[0],
                day.format("%d/%m/%Y"),
                if afternoon { "après-midi" } else { "matin" },
                row.place,
                if row.is_cancelled { "annulé" } else { "" }
            )
        })
    }
}
