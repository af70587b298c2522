//! What a night comes to, before anything is changed: a value that compares and prints.

pub mod cells;

use crate::decide::{Decisions, Told};
use crate::findings::Findings;
use crate::programme::Programme;
use crate::rules::{self, Night};

pub use cells::{CellValue, ColumnPlan, SheetPlan};

/// Everything that a run would write and send.
#[derive(Debug)]
pub struct Plan {
    /// What the rules found.
    pub findings: Findings,
    /// Seats, ranking, suggestions.
    pub decisions: Decisions,
    /// What would be written into the columns that the program owns, sheet by sheet.
    pub sheets: Vec<SheetPlan>,
}

impl Plan {
    /// Checks, decides and plans.
    pub fn of(programme: &Programme, told: &Told) -> Self {
        let night = Night {
            season: &programme.season,
            settings: &programme.settings,
            today: programme.now.today,
            told,
        };
        let (findings, decisions) = rules::run(&night);
        let sheets = cells::plan(&night, &findings, &decisions);
        Self {
            findings,
            decisions,
            sheets,
        }
    }
}
