//! What a night comes to, before anything is changed: a value that compares and prints.

pub mod cells;

use crate::decide::Decisions;
use crate::findings::Findings;
use crate::mails::{self, Due, History};
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
    /// The e-mails that are due, and the keys that are settled without one.
    pub due: Due,
    /// What would be written into the columns that the program owns, sheet by sheet.
    pub sheets: Vec<SheetPlan>,
}

impl Plan {
    /// Checks, decides and plans, from what was read and from what was sent before.
    pub fn of(programme: &Programme, history: &History) -> Self {
        let told = history.seats();
        let night = Night {
            season: &programme.season,
            settings: &programme.settings,
            today: programme.now.today,
            told: &told,
        };
        let (findings, decisions) = rules::run(&night);
        let due = mails::due(&night, &decisions, &findings, history);
        let sheets = cells::plan(&night, &findings, &decisions);
        Self {
            findings,
            decisions,
            due,
            sheets,
        }
    }
}
