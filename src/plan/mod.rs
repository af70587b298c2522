//! What a night comes to, before anything is changed: a value that compares and prints.

pub mod cells;

use std::collections::BTreeMap;

use crate::decide::Decisions;
use crate::facts::Night;
use crate::facts::Told;
use crate::findings::Findings;
use crate::mails::{self, Detail, Due, History, Standing, Untold};
use crate::programme::Programme;
use crate::rules;

pub use cells::{CellValue, ColumnPlan, SheetPlan};

/// What was found and decided.
#[derive(Debug)]
pub struct Verdict {
    /// What the rules found.
    pub findings: Findings,
    /// Seats, ranking, suggestions.
    pub decisions: Decisions,
}

impl Verdict {
    /// Checks and decides, from what was read and from what was sent before.
    pub fn of(programme: &Programme, history: &History) -> Self {
        let told = history.seats();
        let (findings, decisions) = rules::run(&night(programme, &told));
        Self {
            findings,
            decisions,
        }
    }

    /// Looks at what holds tonight, beside what was told before.
    pub fn standing<T>(
        &self,
        programme: &Programme,
        history: &History,
        look: impl FnOnce(&Standing) -> T,
    ) -> T {
        let told = history.seats();
        let night = night(programme, &told);
        look(&Standing::of(
            &night,
            &self.decisions,
            &self.findings,
            history,
        ))
    }

    /// The e-mails that are due.
    pub fn mails(&self, programme: &Programme, history: &History, detail: Detail) -> Due {
        let told = history.seats();
        let night = night(programme, &told);
        mails::due(&night, &self.decisions, &self.findings, history, detail)
    }
}

/// Everything that a run would write and send.
#[derive(Debug)]
pub struct Plan {
    /// What was found and decided.
    pub verdict: Verdict,
    /// The e-mails that are due, and the keys that are settled without one.
    pub due: Due,
    /// What would be written into the columns that the program owns, sheet by sheet.
    pub sheets: Vec<SheetPlan>,
}

impl Plan {
    /// Checks, decides and plans, from what was read and from what was sent before.
    pub fn of(programme: &Programme, history: &History) -> Self {
        let verdict = Verdict::of(programme, history);
        let due = verdict.mails(programme, history, Detail::Full);
        let told = history.seats();
        let sheets = cells::plan(&night(programme, &told), &verdict);
        Self {
            verdict,
            due,
            sheets,
        }
    }

    /// Fills « Dernier courriel (auto) »: what each registrant was last sent, by row of Inscriptions.
    pub fn fill_last_mails(&mut self, last: &BTreeMap<u32, String>) {
        cells::fill_last_mails(&mut self.sheets, last);
    }
}

/// Who was told of something that has changed since, and gets no e-mail about it.
#[must_use]
pub fn untold(programme: &Programme, history: &History) -> Vec<Untold> {
    // What it compares has no part in the seats.
    mails::untold(&night(programme, &Told::default()), history)
}

fn night<'a>(programme: &'a Programme, told: &'a Told) -> Night<'a> {
    Night {
        season: &programme.season,
        settings: &programme.settings,
        today: programme.now.today,
        told,
    }
}
